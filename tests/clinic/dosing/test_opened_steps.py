"""Which steps are open at a chair, since when and what was done: told wrong, somebody waits for
help that nobody called. Pure: rows that no database holds.
"""

from datetime import datetime
from uuid import UUID, uuid4

import pytest

from clinic.dosing import opened
from clinic.dosing.models import RaisedAlarm, SessionEvent
from clinic.dosing.step_cards import elapsed
from kapstone.monitoring.pathways import pathways
from tests.clinic.dosing.scene import after


class Line:
    """A line of events by hand."""

    def __init__(self) -> None:
        self.rows: list[SessionEvent] = []

    def add(self, kind: str, minute: float, pk: UUID | None = None, **body: object) -> SessionEvent:
        at = after(minute)
        row = SessionEvent(
            id=pk or uuid4(), number=len(self.rows) + 1, kind=kind, body=body,
            observed_at=at, recorded_at=at,
        )  # fmt: skip
        self.rows.append(row)
        return row

    def steps(self, kind: str, minute: float, onset: datetime | None = None, **more: str) -> None:
        told = {"pathway": "PATH-HTN", "title": "High pressure"} | more
        self.add(kind, minute, onset=(onset or after(minute)).isoformat(), **told)


def alarm(line: Line, minute: float, rule: str = "ALM-BP2", tier: str = "A2") -> RaisedAlarm:
    seen = line.add("vitals", minute, sbp=205, dbp=110)
    return RaisedAlarm(rule=rule, band="", tier=tier, event_id=seen.pk, raised_at=after(minute + 1))


def open_now(line: Line, *alarms: RaisedAlarm) -> dict[str, opened.Opening]:
    return {one.pathway_id: one for one in opened.now_open(line.rows, alarms)}


def test_nothing_is_open_where_nothing_happened() -> None:
    line = Line()
    line.add("vitals", 1, sbp=120, dbp=80)
    assert opened.now_open(line.rows, ()) == [] and opened.history(line.rows) == []


@pytest.mark.hazard(7)
def test_an_alarm_opens_its_steps_from_the_moment_it_was_true() -> None:
    line = Line()
    found = open_now(line, alarm(line, 10))["PATH-HTN"]
    assert (found.onset, found.opened) == (after(10), None)
    assert found.row is not None and found.row.title == "High pressure without symptoms"
    assert opened.now_open(line.rows, ()) == []  # the reading is calm: nobody did anything here


def test_an_alarm_of_the_nurse_alone_only_offers_them() -> None:
    line = Line()
    assert open_now(line, alarm(line, 10, "ALM-N", "A1")) == {}


@pytest.mark.parametrize("row", pathways(), ids=lambda row: row.id)
def test_every_row_can_be_opened_by_hand(row: object) -> None:
    line, name = Line(), row.id  # type: ignore[attr-defined]
    line.steps("steps_opened", 5, pathway=name)
    assert open_now(line).keys() == {name}


def test_what_was_ticked_stays_open_when_the_alarm_has_ended() -> None:
    """A pressure that falls for a moment must not take away who was called."""
    line = Line()
    high = alarm(line, 10)
    line.steps("step_done", 12, after(10), step="5", did="Call the prescriber.")
    for alarms in ((high,), ()):
        (found,) = opened.now_open(line.rows, alarms)
        assert found.onset == after(10) and found.ticks[5].observed_at == after(12)


def test_a_step_ticked_on_two_consoles_stands_by_the_first() -> None:
    line = Line()
    for minute in (12, 13):
        line.steps("step_done", minute, after(10), step="5", did="Call the prescriber.")
    assert opened.history(line.rows)[0].ticks[5].observed_at == after(12)


def test_closed_steps_stay_closed_for_what_was_there_before_and_open_for_what_comes() -> None:
    line = Line()
    first = alarm(line, 10)
    line.steps("steps_closed", 20, after(10), outcome="over")
    assert open_now(line, first) == {}
    (told,) = opened.history(line.rows)
    assert told.closed is not None and told.closed.body["outcome"] == "over"
    again = alarm(line, 30)
    assert open_now(line, first, again)["PATH-HTN"].onset == after(30)


def test_the_same_steps_twice_are_two() -> None:
    line = Line()
    for minute in (5, 25):
        line.steps("steps_opened", minute)
        line.steps("steps_closed", minute + 5, after(minute), outcome="over")
    assert [one.onset for one in opened.history(line.rows)] == [after(5), after(25)]


def test_signs_of_mania_open_their_steps_until_they_are_answered_otherwise() -> None:
    line = Line()
    line.add("screener", 10, mania=True)
    assert open_now(line)["PATH-MANIA/PSYCH"].onset == after(10)
    line.steps("steps_closed", 11, after(10), pathway="PATH-MANIA/PSYCH", outcome="prescriber")
    assert open_now(line) == {}
    line.add("screener", 12, mania=True)
    assert open_now(line).keys() == {"PATH-MANIA/PSYCH"}
    line.add("screener", 13, mania=False)
    assert open_now(line) == {}


def test_the_hardest_stands_first_and_one_row_stands_once() -> None:
    line = Line()
    tired, gone = alarm(line, 8, "ALM-SED", "A2"), alarm(line, 9, "ALM-RR", "A3")
    found = opened.now_open(line.rows, (tired, gone, alarm(line, 10, "ALM-O1", "A3")))
    assert [one.pathway_id for one in found] == ["PATH-AIR", "PATH-SED"]
    assert found[0].onset == after(9) and len(found[0].alarms) == 2


def test_an_alarm_whose_line_was_corrected_counts_from_when_it_was_raised() -> None:
    line = Line()
    high = alarm(line, 10)
    assert opened.onset_of(high, ()) == after(11)


def test_steps_of_a_row_that_a_release_dropped_stay_readable() -> None:
    line = Line()
    line.steps("steps_opened", 5, pathway="PATH-OLD", title="Once there")
    (found,) = opened.now_open(line.rows, ())
    assert found.row is None and found.title == "Once there"


@pytest.mark.hazard(16)
@pytest.mark.parametrize(
    ("since", "now", "words"),
    [
        ("2026-03-04T12:00:00-05:00", "2026-03-04T12:05:07-05:00", "5:07"),
        ("2026-03-04T23:58:00-05:00", "2026-03-05T00:03:00-05:00", "5:00"),
        ("2026-03-08T01:59:00-05:00", "2026-03-08T03:01:00-04:00", "2:00"),  # clocks go forward
        ("2026-11-01T01:59:00-04:00", "2026-11-01T01:01:00-05:00", "2:00"),  # and back
        ("2026-03-04T12:00:00-05:00", "2026-03-04T11:59:00-05:00", "0:00"),
        ("2026-03-04T12:00:00-05:00", "2026-03-04T13:30:00-05:00", "90:00"),
    ],
)
def test_the_clock_counts_elapsed_time(since: str, now: str, words: str) -> None:
    """A seizure of five minutes is five minutes, whatever night it is."""
    assert elapsed(*map(datetime.fromisoformat, (since, now))) == words
