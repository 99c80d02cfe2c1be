"""A time in which nothing was watched, and that no record shows, reads like a time of calm."""

from datetime import timedelta
from uuid import uuid4

import pytest

from clinic.alerts.models import LoopBeat
from clinic.dosing import actions, outages, screen, unwritten, words
from clinic.dosing.kinds import Chart
from clinic.dosing.models import SessionEvent
from clinic.people.models import AuditEntry
from tests.clinic.dosing.scene import Scene, after


def _beat(minute: float) -> None:
    LoopBeat.objects.update_or_create(
        job=outages.JOB, defaults={"expected_since": after(0), "last_ok_at": after(minute)}
    )


def _gaps() -> list[SessionEvent]:
    return list(SessionEvent.objects.filter(kind="outage").order_by("number"))


@pytest.fixture
def loop() -> outages.Outages:
    """One that has had its first turn."""
    found = outages.Outages()
    found.note(after(0))
    return found


@pytest.mark.hazard(18)
def test_a_gap_stands_on_the_line_and_calls_for_a_look_until_signs_are_taken(
    iv: Scene, loop: outages.Outages
) -> None:
    iv.start()
    _beat(20)
    assert loop.note(after(21)) == 1
    (gap,) = _gaps()
    assert gap.by is None
    assert words.of(gap) == "The clinic's system was down: 12:20:00 to 12:21:00, 60 s"
    assert AuditEntry.objects.filter(action="session outage").count() == 1
    assert "The clinic's system was down" in screen.panel(iv.session, after(21))
    assert screen.build(iv.session, after(21)).down
    iv.chart("vitals", after(22), observed=after(20, 30), hr=70)  # true before the gap's end
    assert screen.build(iv.session, after(22)).down
    iv.chart("vitals", after(23), hr=70)
    assert not screen.build(iv.session, after(23)).down


def test_a_long_gap_is_told_in_minutes(iv: Scene, loop: outages.Outages) -> None:
    iv.start()
    _beat(20)
    loop.note(after(25))
    assert words.of(_gaps()[0]).endswith("5 min")


@pytest.mark.parametrize(("late_s", "gaps"), [(9, 0), (11, 1)])
def test_a_beat_that_is_a_moment_late_is_no_gap(
    iv: Scene, loop: outages.Outages, late_s: float, gaps: int
) -> None:
    iv.start()
    _beat(20)
    assert loop.note(after(20, late_s)) == gaps


@pytest.mark.parametrize(("later_s", "gaps"), [(0.5, 0), (3, 1)])
def test_a_server_that_starts_tells_of_the_time_without_one(
    iv: Scene, later_s: float, gaps: int
) -> None:
    iv.start()
    _beat(20)
    assert outages.Outages().note(after(20, later_s)) == gaps


def test_a_session_that_was_opened_since_has_no_gap(iv: Scene, loop: outages.Outages) -> None:
    iv.start()
    _beat(-1)
    assert loop.note(after(30)) == 0


@pytest.mark.hazard(7)
def test_what_could_not_be_written_calls_all_the_same(iv: Scene, loop: outages.Outages) -> None:
    iv.start()
    told = Chart(uuid4(), "vitals", after(20), {"spo2": 84})
    unwritten.hold(iv.session, told, after(20))
    unwritten.hold(iv.session, Chart(uuid4(), "vitals", after(20), {"spo2": 400}), after(20))
    unwritten.hold(iv.session, Chart(uuid4(), "note", after(20), {"word": "tears"}), after(20))
    html = screen.panel(iv.session, after(20))
    assert "Very low oxygen" in html
    assert "Not on record yet" in html
    assert "data-sounds" in html
    later = screen.build(iv.session, after(55)).unwritten  # it is kept for half an hour
    assert "ALM-O1" not in {one.rule for one in later}
    _beat(20)
    assert loop.note(after(20, 5)) == 1  # refused is a gap, however short
    assert loop.note(after(20, 6)) == 0


@pytest.mark.hazard(7)
def test_charted_again_it_is_on_record_and_no_more_unwritten(iv: Scene) -> None:
    iv.start()
    told = Chart(uuid4(), "vitals", after(20), {"spo2": 84})
    unwritten.hold(iv.session, told, after(20))
    actions.record(session=iv.session, chart=told, by=iv.nurse.user, at=after(21))
    assert not screen.build(iv.session, after(21)).unwritten  # its row stands
    unwritten.drop(iv.session.pk, told.id)
    unwritten.drop(uuid4(), told.id)
    assert "Not on record yet" not in screen.panel(iv.session, after(21))


def test_no_more_is_kept_in_memory_than_a_session_needs(iv: Scene) -> None:
    for number in range(unwritten.MOST + 5):
        moment = after(20) + timedelta(seconds=number)
        unwritten.hold(iv.session, Chart(uuid4(), "vitals", moment, {"hr": 70}), moment)
    assert len(unwritten._held[iv.session.pk]) == unwritten.MOST
