"""A mark that hid a reading, or ended its alarm, would be a way to look away."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from kapstone.errors import InvalidInput
from kapstone.monitoring.events import Event, Kind
from kapstone.monitoring.recovery import State
from kapstone.monitoring.schedules import schedule_for
from kapstone.monitoring.session import fold

T0 = datetime(2026, 3, 1, 15, tzinfo=UTC)
IM = schedule_for("RACEMIC", "IM")
BASE = {"spo2_percent": Decimal(98)}


def at(minute):
    return T0 + timedelta(minutes=minute)


def event(number, kind, minute, marks=None, replaces=None, **values):
    named = {name: one if isinstance(one, bool) else Decimal(one) for name, one in values.items()}
    return Event(number, Kind(kind), at(minute), replaces, named, marks_number=marks)


def tiers(line, minute):
    return {one.rule: str(one.tier) for one in fold(IM, line, at(minute), BASE).alarms}


DOSE = Event(1, Kind.DOSE_START, T0, dose_mg=Decimal(35))
LOW = [DOSE, event(2, "vitals", 1, spo2_percent=84)]
MARKED = [*LOW, event(3, "artefact", 2, marks=2)]


@pytest.mark.hazard(9)
def test_a_marked_reading_stays_visible_and_goes_on_calling():
    shown = fold(IM, MARKED, at(2)).latest["spo2_percent"]
    assert (shown.value, shown.artefact) == (84, True)
    assert not fold(IM, LOW, at(2)).latest["spo2_percent"].artefact
    assert tiers(MARKED, 2) == tiers(LOW, 2) == {"ALM-O1": "A3"}


@pytest.mark.hazard(9)
def test_a_marked_calm_reading_ends_no_alarm_and_an_unmarked_one_does():
    line = [DOSE, event(2, "vitals", 1, spo2_percent=91), event(3, "vitals", 2, spo2_percent=99)]
    assert tiers(line, 3) == {}
    assert tiers([*line, event(4, "artefact", 3, marks=3)], 3) == {"ALM-O1": "A2"}


def test_a_marked_reading_breaks_no_row_of_readings():
    line = [DOSE]
    for number, (minute, systolic) in enumerate([(1, 182), (2, 90), (3, 182)], start=2):
        line.append(event(number, "vitals", minute, systolic_mmhg=systolic))
    assert "ALM-BP2" not in tiers(line, 3)
    assert tiers([*line, event(9, "artefact", 3, marks=3)], 3)["ALM-BP2"] == "A2"


def test_a_mark_that_is_withdrawn_marks_nothing_and_one_of_nothing_does_no_harm():
    taken_back = [*MARKED, event(4, "withdrawn", 3, replaces=3)]
    assert not fold(IM, taken_back, at(3)).latest["spo2_percent"].artefact
    stray = [*LOW, event(4, "artefact", 2, marks=3)]
    assert not fold(IM, stray, at(2)).latest["spo2_percent"].artefact


@pytest.mark.parametrize("marks", [None, 3, 4])
def test_a_mark_names_an_earlier_line(marks):
    with pytest.raises(InvalidInput, match=r"marks: names no earlier event\. Name"):
        event(3, "artefact", 2, marks=marks)


def test_a_marked_reading_was_not_a_reading_taken():
    pressure = {"systolic_mmhg": 120, "diastolic_mmhg": 70, "heart_rate_bpm": 70}
    line = [DOSE, event(2, "vitals", 5, **pressure)]

    def due(events):
        return [one.at for one in fold(IM, events, at(6)).due if one.channel == "bp_hr"]

    assert due(line) == [at(0), at(10)]
    assert due([*line, event(3, "artefact", 6, marks=2)]) == [at(0), at(5)]


@pytest.mark.hazard(14)
def test_nobody_goes_home_on_a_marked_reading_or_on_the_one_before_it():
    breathing = {"spo2_percent": 98, "respiratory_rate_per_min": 14, "on_oxygen": False}
    line = [DOSE, event(2, "vitals", 119, **breathing), event(3, "vitals", 120, **breathing)]

    def state(events, minute=120):
        rows = fold(IM, events, at(minute), BASE).readiness.rows
        return next(row.state for row in rows if row.id == "DIS-06")

    assert state(line) is State.MET
    marked = [*line, event(4, "artefact", 120, marks=3)]
    assert state(marked) is State.UNKNOWN
    assert state([*marked, event(5, "vitals", 121, **breathing)], 121) is State.MET
    assert state([*line, event(4, "artefact", 120, marks=2)]) is State.MET


@pytest.mark.hazard(14)
def test_the_pressure_at_40_minutes_is_the_persons_own():
    spray = schedule_for("ESKETAMINE", "IN")
    line = [
        Event(1, Kind.DEVICE, T0),
        event(2, "vitals", 40, systolic_mmhg=120, diastolic_mmhg=70),
    ]

    def state(events):
        rows = fold(spray, events, at(51)).readiness.rows
        return next(row.state for row in rows if row.id == "MON-INE")

    assert state(line) is State.MET
    assert state([*line, event(3, "artefact", 41, marks=2)]) is State.UNMET


def test_a_marked_reading_is_no_part_of_the_baseline():
    line = [
        event(number, "vitals", minute, heart_rate_bpm=rate, seated=True)
        for number, minute, rate in ((1, -20, 70), (2, -10, 72), (3, -5, 150))
    ]
    marked = [*line, event(4, "artefact", -4, marks=3)]
    assert fold(IM, line, at(0)).baseline == {"heart_rate_bpm": 111}
    assert fold(IM, marked, at(0)).baseline == {"heart_rate_bpm": 71}
