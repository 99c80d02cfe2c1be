"""Recovery and discharge: each criterion met, unmet or not known, with what it was judged on.

Nothing here discharges anybody: a nurse proposes and a prescriber or delegate signs. A value
that is stale, or was charted before the last part of the dose, is not known. Source: protocol 7.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from kapstone.monitoring.course import Course
from kapstone.monitoring.criteria import Criterion, criteria
from kapstone.monitoring.moments import utc
from kapstone.monitoring.triggers import COMPARISONS
from kapstone.monitoring.vitals import Value

Because = dict[str, Value | str]


class State(StrEnum):
    """Three-valued: what is not known is never met."""

    MET = "met"
    UNMET = "unmet"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Judged:
    """One criterion now. overridden: a prescriber has gone on in spite of it, with a reason."""

    id: str
    title: str
    state: State
    because: Mapping[str, Value | str]
    overridable_by: tuple[str, ...]
    overridden: bool


@dataclass(frozen=True, slots=True)
class Readiness:
    """All criteria. ready: each is met, or overridden where that is allowed."""

    rows: tuple[Judged, ...]

    @property
    def ready(self) -> bool:
        """Whether discharge may be proposed."""
        return all(row.state is State.MET or row.overridden for row in self.rows)

    def in_state(self, state: State) -> list[str]:
        """The ids of the criteria in a state that nobody has overridden."""
        return [row.id for row in self.rows if row.state is state and not row.overridden]


def discharge_readiness(
    course: Course, now: datetime, overridden: Collection[str] = ()
) -> Readiness:
    """Each criterion of the course's product judged at `now`.

    overridden: ids that a prescriber has overridden; it counts only where the row allows it, so
    the 120 minutes of esketamine cannot be shortened by anybody.
    """
    moment = utc("now", now)
    rows = []
    for row in criteria():
        if row.product not in (None, course.schedule.product):
            continue
        state, because = JUDGEMENTS[row.computed or "charted"](row, course, moment)
        lifted = state is not State.MET and row.id in overridden and bool(row.overridable_by)
        rows.append(Judged(row.id, row.title, state, because, row.overridable_by, lifted))
    return Readiness(tuple(rows))


def _is(held: bool) -> State:
    return State.MET if held else State.UNMET


def _time(row: Criterion, course: Course, now: datetime) -> tuple[State, Because]:
    """DIS-01: minutes since the last part of the dose and, for IV, since its start."""
    dose, route = course.dose, course.schedule.route
    if dose is None:
        return State.UNKNOWN, {"dose": "none charted"}
    if dose.end is None:
        return State.UNMET, {"dose": "still running"}
    earliest = max(
        dose.end + row.after_last[route],
        dose.start + row.after_first.get(route, timedelta()),
    )
    because: Because = {
        "since_last_part_min": _in_minutes(now - dose.end),
        "since_start_min": _in_minutes(now - dose.start),
        "earliest": earliest.isoformat(),
    }
    return _is(now >= earliest), because


def _in_minutes(span: timedelta) -> Decimal:
    return round(Decimal(int(span.total_seconds())) / 60, 1)


def _forty(row: Criterion, course: Course, now: datetime) -> tuple[State, Because]:
    """MON-INE: the pressure that the label wants near 40 min."""
    if course.dose is None:
        return State.UNKNOWN, {"dose": "none charted"}
    opens, closes = (course.dose.start + edge for edge in row.window)
    read = [
        one
        for one in course.readings.between("systolic_mmhg", opens, min(closes, now))
        if not one.artefact
    ]
    if read:
        return State.MET, dict(read[-1].values)
    return (State.UNMET if now > closes else State.UNKNOWN), {"systolic_mmhg": "not charted"}


def _charted(row: Criterion, course: Course, now: datetime) -> tuple[State, Because]:
    """All conditions of the row on the last charted values, and the symptom it must be free of."""
    states, because = [], Because()
    for one in row.conditions:
        found = course.last(one.parameter, now, any_time=row.any_time)
        value = next((reading.values[one.parameter] for reading in found), None)
        because[one.parameter] = "not charted, or too old" if value is None else value
        states.append(
            State.UNKNOWN if value is None else _is(COMPARISONS[one.op](value, one.limit))
        )
    if row.free_of:
        name, span = row.free_of
        recent = [s for s in course.symptoms if s.name == name and s.present]
        last = max((s.observed_at for s in recent if s.observed_at <= now), default=None)
        states.append(_is(last is None or now - last >= span))
        because[name] = "none charted" if last is None else last.isoformat()
    return _worst(states), because


def _worst(states: Sequence[State]) -> State:
    for state in (State.UNMET, State.UNKNOWN):
        if state in states:
            return state
    return State.MET


def _pressure(row: Criterion, course: Course, now: datetime) -> tuple[State, Because]:
    """DIS-05. Not above SCR-006; 'falling' is read as: the second no higher than the first."""
    pair = course.last("diastolic_mmhg", now, count=2)
    names = ("systolic_mmhg", "diastolic_mmhg")
    levels = [[one.number_of(name) for name in names] for one in pair]
    read = [(s, d) for s, d in levels if s is not None and d is not None]
    if len(read) < 2:
        return State.UNKNOWN, {"blood_pressure": "two pressures after the dose are needed"}
    because: Because = {"blood_pressure": ", ".join(f"{s}/{d}" for s, d in read)}
    (first_s, first_d), (last_s, last_d) = read
    safe = all(_settled(row.figures, s, d, course.baseline) for s, d in read)
    because |= {
        f"baseline.{name}": course.baseline[name] for name in names if name in course.baseline
    }
    return _is(safe and last_s <= first_s and last_d <= first_d), because


def _settled(
    limits: Mapping[str, int], systolic: Decimal, diastolic: Decimal, base: Mapping[str, Decimal]
) -> bool:
    def below(name: str) -> bool:
        highest_s, highest_d = limits[f"{name}_systolic_mmhg"], limits[f"{name}_diastolic_mmhg"]
        return systolic < highest_s and diastolic < highest_d

    def near(value: Decimal, known: Decimal | None) -> bool:
        return known is not None and abs(value - known) * 100 <= known * limits["within_percent"]

    close = near(systolic, base.get("systolic_mmhg")) and near(
        diastolic, base.get("diastolic_mmhg")
    )
    return below("ceiling") and (below("settled") or close)


def _breathing(row: Criterion, course: Course, now: datetime) -> tuple[State, Because]:
    """DIS-06, on room air. Breathing has no number in the protocol: ALM-RR silent is taken."""
    base, because, states = course.baseline.get("spo2_percent"), Because(), []
    limits = row.figures
    least = Decimal(limits["spo2_percent"])
    least = least if base is None else max(least, base - limits["spo2_under_base"])
    checks: tuple[tuple[str, Callable[[Decimal], bool]], ...] = (
        ("spo2_percent", lambda spo2: spo2 >= least),
        ("respiratory_rate_per_min", lambda r: limits["rate_low"] <= r <= limits["rate_high"]),
    )
    for name, good in checks:
        value = next((one.number_of(name) for one in course.last(name, now)), None)
        because[name] = "not charted, or too old" if value is None else value
        states.append(State.UNKNOWN if value is None else _is(good(value)))
    on_oxygen = next((one.values["on_oxygen"] for one in course.last("on_oxygen", now)), None)
    because["on_oxygen"] = "not charted" if on_oxygen is None else on_oxygen
    because["baseline.spo2_percent"] = "not known" if base is None else base
    states.append(State.UNKNOWN if on_oxygen is None else _is(on_oxygen is False))
    states.append(State.UNKNOWN if base is None else State.MET)
    return _worst(states), because


JUDGEMENTS: Mapping[str, Callable[[Criterion, Course, datetime], tuple[State, Because]]] = {
    "time": _time,
    "forty": _forty,
    "pressure": _pressure,
    "breathing": _breathing,
    "charted": _charted,
}
