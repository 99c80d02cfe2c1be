"""A night that nobody covers must be seen while there is still somebody to ask."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from clinic.alerts import hours, roster
from clinic.alerts.beats import LoopBeat, LoopGap
from clinic.people.models import Duty
from clinic.people.roles import DutyKind, Role
from tests.clinic import cast

pytestmark = pytest.mark.django_db

FOUR = datetime(2026, 3, 4, 21, 0, tzinfo=UTC)  # four in the afternoon in New York
MORNING = datetime(2026, 3, 5, 14, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "ends"),
    [
        (FOUR - timedelta(seconds=1), None),
        (FOUR, MORNING),
        (MORNING - timedelta(minutes=1), MORNING),
        (MORNING, None),
        (FOUR + timedelta(days=2), MORNING + timedelta(days=4, hours=-1)),  # over a weekend
    ],
)
def test_the_night_is_looked_at_from_four_until_the_clinic_opens(at, ends) -> None:
    assert hours.tonight(at) == ends


def test_the_first_uncovered_moment_is_found() -> None:
    nurse, other = cast.staff(Role.NURSE), cast.staff(Role.NURSE)
    assert roster.uncovered_from(FOUR, MORNING) == FOUR
    eight, ten = FOUR + timedelta(hours=4), FOUR + timedelta(hours=6)
    cast.on_call(nurse, until=eight)
    assert roster.uncovered_from(FOUR, MORNING) == eight
    Duty.objects.create(staff=other, kind=DutyKind.ON_CALL, starts_at=eight, ends_at=ten)
    assert roster.uncovered_from(FOUR, MORNING) == ten
    Duty.objects.create(staff=nurse, kind=DutyKind.ON_CALL, starts_at=ten)
    assert roster.uncovered_from(FOUR, MORNING) is None


@pytest.mark.hazard(11)
def test_today_says_who_is_on_call_and_that_the_night_is_empty() -> None:
    nurse = cast.staff(Role.NURSE, "Ida Night")
    browser = cast.signed_in(nurse)
    with time_machine.travel(FOUR, tick=False):
        assert "Nobody is on call." in browser.get(reverse("chart:today")).content.decode()
        duty = cast.on_call(nurse, until=FOUR + timedelta(hours=4))
        page = browser.get(reverse("chart:today")).content.decode()
        assert "On call: <strong>Ida Night</strong>" in page
        assert "Nobody is on call tonight from 20:00" in page
        assert "Thursday at 09:00" in page
        duty.ends_at = None
        duty.save()
        assert "tonight" not in browser.get(reverse("chart:today")).content.decode()


@pytest.mark.hazard(24)
def test_the_red_line_is_empty_only_while_alerts_are_delivered() -> None:
    browser = cast.signed_in(cast.staff(Role.FRONT_DESK))
    with time_machine.travel(FOUR, tick=False):
        never = browser.get(reverse("loop-line")).content.decode()
        assert "Alerts are not being delivered. Phone." in never
        beat = LoopBeat.objects.create(job="deliver", expected_since=FOUR, last_ok_at=FOUR)
        assert browser.get(reverse("loop-line")).content == b""
        LoopBeat.objects.filter(pk=beat.pk).update(last_ok_at=FOUR - timedelta(seconds=21))
        line = browser.get(reverse("loop-line")).content.decode()
        assert "Alerts are not being delivered. Phone." in line
        assert "Since Mar 4, 15:59" in line


@pytest.mark.hazard(24)
def test_today_lists_the_silences_of_the_last_day() -> None:
    browser = cast.signed_in(cast.staff(Role.NURSE))
    with time_machine.travel(FOUR, tick=False):
        assert "not delivered for a time" not in browser.get("/today/").content.decode()
        LoopGap.objects.create(
            job="deliver alerts", began_at=FOUR - timedelta(hours=2), ended_at=FOUR
        )
        page = browser.get("/today/").content.decode()
    assert "not delivered for a time" in page
    assert "14:00:00 to Mar 4, 16:00:00 (deliver alerts)" in page
