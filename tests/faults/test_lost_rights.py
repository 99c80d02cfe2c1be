"""Whoever may not watch any more watches no more: a stolen, ended or demoted sign-in.

Real servers on both databases, with the clinic's own periods, while nothing is charted and while
somebody charts.
"""

import http.client
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.faults.clinics import with_tables
from tests.faults.nurses import Nurse
from tests.faults.pg_server import own_postgres
from tests.faults.ward import CSRF, Ward
from tests.faults.watching import Watching

pytestmark = pytest.mark.fault

ENDS_WITHIN_S = 5
SIGN_IN_ENDS = "DELETE FROM django_session WHERE session_key = ?"
SEES_NO_SESSION = """
UPDATE people_rolegrant SET role = 'pharmacist' WHERE staff_id IN (
  SELECT s.id FROM people_staffmember s JOIN people_user u ON u.id = s.user_id WHERE u.name = ?
)"""
STAYS, STOLEN, ENDED, DEMOTED, CHARTS = range(5)


@pytest.fixture(params=["sqlite", "postgresql"])
def ward(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ward]:
    """One session that several nurses may watch."""
    with ExitStack() as stack:
        on_postgres = request.param == "postgresql"
        server = stack.enter_context(own_postgres()) if on_postgres else None
        home, address = (tmp_path, server.address) if server else (with_tables(tmp_path), "")
        ward = stack.enter_context(Ward(home, database=address))
        ward.fill(sessions=1, nurses=5)
        ward.start()
        yield ward


def _sign_out(ward: Ward, nurse: int) -> None:
    """By the button, on the owner's own screen."""
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    with closing(http.client.HTTPConnection("127.0.0.1", ward.port(), timeout=15)) as link:
        body = urlencode({"csrfmiddlewaretoken": CSRF})
        link.request("POST", "/account/logout/", body, ward.headers(nurse) | kind)
        assert link.getresponse().status < 400


def _lose(ward: Ward) -> dict[int, str]:
    """Each loses it in another way; what their streams are told."""
    _sign_out(ward, STOLEN)  # the thief has the same cookie
    ward.change(SIGN_IN_ENDS, ward.told["cookies"][ENDED])
    ward.change(SEES_NO_SESSION, ward.told["names"][DEMOTED])
    return {STOLEN: "signed out", ENDED: "signed out", DEMOTED: "not allowed"}


@pytest.mark.hazard(19)
@pytest.mark.parametrize("charts", [False, True], ids=["quiet", "busy"])
def test_a_stream_ends_within_five_seconds_of_the_right_to_it(
    ward: Ward, charts: bool, record_property: Callable[[str, object], None]
) -> None:
    viewers = {number: Watching(ward, 0, number) for number in (STAYS, STOLEN, ENDED, DEMOTED)}
    for each in viewers.values():
        each.start()
    nurse = Nurse(ward, 0, CHARTS)
    if charts:
        nurse.start()
    until = time.time() + 20
    while not all(each.panel for each in viewers.values()):
        assert time.time() < until
        time.sleep(0.1)
    lost_at, expected = time.time(), _lose(ward)
    until = time.time() + 2 * ENDS_WITHIN_S
    while time.time() < until and not all(viewers[each].closed for each in expected):
        time.sleep(0.1)
    nurse.enough.set()
    assert {each: viewers[each].closed for each in expected} == expected
    slowest_s = max(viewers[each].closed_at for each in expected) - lost_at
    record_property("shown", f"The last of three ended after {slowest_s:.1f} s.")
    assert slowest_s <= ENDS_WITHIN_S
    assert not viewers[STAYS].closed
    viewers[STAYS].enough.set()
