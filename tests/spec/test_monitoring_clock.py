"""On the nights when clocks change, and over midnight, a minute is a minute."""

from datetime import UTC, timedelta
from decimal import Decimal

import pytest

from kapstone.monitoring.events import Event, Kind
from kapstone.monitoring.recovery import State
from kapstone.monitoring.schedules import schedule_for
from kapstone.monitoring.session import fold
from tests.told import NIGHTS

pytestmark = [
    pytest.mark.hazard(16),
    pytest.mark.parametrize("start", NIGHTS.values(), ids=NIGHTS.keys()),
]
SECOND = timedelta(seconds=1)


class Night:
    """A session told on the wall clock of its own zone."""

    def __init__(self, start, product="RACEMIC", route="IM"):
        self.start, self.schedule = start, schedule_for(product, route)
        kind = Kind.DEVICE if product == "ESKETAMINE" else Kind.DOSE_START
        self.line = [Event(1, kind, start, dose_mg=Decimal(28))]

    def at(self, minute):
        """So many minutes of elapsed time later, as the wall clock there says it."""
        moment = self.start.astimezone(UTC) + timedelta(minutes=minute)
        return moment.astimezone(self.start.tzinfo)

    def chart(self, minute, kind="vitals", **values):
        named = {name: Decimal(value) for name, value in values.items()}
        self.line.append(Event(len(self.line) + 1, Kind(kind), self.at(minute), values=named))

    def state(self, minute, later=timedelta()):
        return fold(self.schedule, self.line, (self.at(minute).astimezone(UTC) + later))

    def rules(self, minute, later=timedelta()):
        return {(one.rule, one.band): str(one.tier) for one in self.state(minute, later).alarms}

    def row(self, name, minute, later=timedelta()):
        rows = self.state(minute, later).readiness.rows
        return next(row.state for row in rows if row.id == name)


def test_a_rise_lasts_longer_than_fifteen_minutes_by_what_passed(start):
    night = Night(start)
    night.chart(20, systolic_mmhg=185)
    assert ("ALM-BP2", None) not in night.rules(20)
    night.chart(50, systolic_mmhg=185)
    assert night.rules(50)["ALM-BP2", None] == "A2"


def test_a_fast_pulse_five_minutes_apart(start):
    night = Night(start)
    night.chart(28, heart_rate_bpm=125)
    night.chart(33 - 1 / 60, heart_rate_bpm=125)
    assert ("ALM-HR1", None) not in night.rules(33)
    night.chart(33, heart_rate_bpm=125)
    assert night.rules(33)["ALM-HR1", None] == "A2"


def test_a_value_blanks_and_calls_at_its_limit(start):
    night = Night(start)
    night.chart(20, systolic_mmhg=120, diastolic_mmhg=70, heart_rate_bpm=70)
    assert night.rules(50) == {}
    assert night.state(50).latest["systolic_mmhg"].value == 120
    assert night.rules(50, SECOND) == {("ALM-OLD", "bp_hr"): "A1"}
    assert night.state(50, SECOND).latest["systolic_mmhg"].value is None
    assert night.state(50).latest["systolic_mmhg"].age == timedelta(minutes=30)


def test_readings_are_due_and_missed_by_what_passed(start):
    due = [(one.at - start.astimezone(UTC), one.missed) for one in Night(start).state(65).due]
    assert (timedelta(minutes=60), False) in due
    assert (timedelta(minutes=45), True) in due


def test_an_effect_that_lasts_longer_than_two_hours(start):
    night = Night(start)
    night.chart(120, "moaas", moaas_score=4)
    assert ("ALM-T", None) not in night.rules(121)
    night.chart(120 + 1 / 60, "moaas", moaas_score=4)
    assert night.rules(121)["ALM-T", None] == "A2"


@pytest.mark.hazard(14)
@pytest.mark.parametrize(("route", "minutes"), [("IM", 120), ("PO", 180)])
def test_the_least_time_to_stay(start, route, minutes):
    night = Night(start, route=route)
    assert night.row("DIS-01", minutes, -SECOND) is State.UNMET
    assert night.row("DIS-01", minutes) is State.MET
    assert night.row("DIS-01", minutes, SECOND) is State.MET


@pytest.mark.hazard(14)
def test_the_pressure_at_forty_minutes_of_esketamine(start):
    night = Night(start, "ESKETAMINE", "IN")
    assert night.row("MON-INE", 50) is State.UNKNOWN
    assert night.row("MON-INE", 50, SECOND) is State.UNMET
    night.chart(40, systolic_mmhg=120, diastolic_mmhg=70)
    assert night.row("MON-INE", 50, SECOND) is State.MET
    assert night.row("DIS-01", 120, -SECOND) is State.UNMET
    assert night.row("DIS-01", 120) is State.MET
