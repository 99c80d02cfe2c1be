"""What is kept of a line in memory. A stale or invented reading there would hide an alarm."""

from dataclasses import replace
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from clinic.dosing import actions, lines
from clinic.dosing.kinds import Chart
from clinic.dosing.models import DosingSession
from tests.clinic.dosing.scene import Scene, after


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "_known", type(lines._known)())


def as_read_anew(session: DosingSession) -> tuple[object, ...]:
    return tuple(lines.core_events(session.events.select_related("replaces").order_by("number")))


@pytest.mark.hazard(5)
def test_what_is_kept_is_what_the_rows_say(committed: Scene) -> None:
    row = committed.chart("vitals", after(1), hr=70)
    committed.chart("weight", after(2), weight_kg=70)  # a line that the core does not fold
    withdrawn = Chart(uuid4(), "withdrawn", after(1), {}, replaces=row.pk, reason="other chair")
    actions.record(session=committed.session, chart=withdrawn, by=committed.nurse.user, at=after(3))
    for minute in range(4, 9):
        committed.chart("vitals", after(minute), hr=60 + minute)
    assert lines.read(committed.session).events == as_read_anew(committed.session)


def pulses(session: DosingSession) -> list[object]:
    return [event.values["heart_rate_bpm"] for event in lines.read(session).events]


def test_a_reading_is_not_read_twice(committed: Scene) -> None:
    for minute in range(1, 4):
        committed.chart("vitals", after(minute), hr=70)
    lines.read(committed.session)
    with CaptureQueriesContext(connection) as asked:
        assert len(lines.read(committed.session).events) == 3
    assert [f'"number" > {committed.session.last_number}' in one["sql"] for one in asked] == [True]


@pytest.mark.hazard(5)
def test_what_was_rolled_back_was_never_there(committed: Scene) -> None:
    committed.chart("vitals", after(1), hr=70)
    with transaction.atomic():
        committed.chart("vitals", after(2), hr=190)
        assert pulses(committed.session) == [
            70,
            190,
        ]
        transaction.set_rollback(True)
    committed.reload()
    committed.chart("vitals", after(2), hr=71)
    assert pulses(committed.session) == [70, 71]


def test_only_so_many_events_are_kept(committed: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Streams of sessions that are long over would fill the memory in a month."""
    monkeypatch.setattr(lines, "EVENTS_KEPT", 3)
    for minute in range(1, 4):
        committed.chart("vitals", after(minute), hr=70)
    kept = lines.read(committed.session)
    other = uuid4()
    lines._keep(other, kept)
    assert list(lines._known) == [other]
    monkeypatch.setattr(lines, "EVENTS_KEPT", 0)
    lines._keep(other, replace(kept, number=9))  # the one in use stays, however long it is
    assert list(lines._known) == [other]


def test_only_so_many_sessions_are_kept(committed: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "SESSIONS_KEPT", 2)
    for _ in range(3):
        lines._keep(uuid4(), replace(lines.kept(committed.session), number=1))
    committed.chart("vitals", after(1), hr=70)
    assert len(lines._known) == 2 and committed.session.pk in lines._known
