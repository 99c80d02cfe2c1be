"""A session as a fold over its event line: what the console shows at a moment, and nothing else."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from kapstone.monitoring import marks
from kapstone.monitoring.ageing import too_old
from kapstone.monitoring.alarms import Alarm, Began, evaluate
from kapstone.monitoring.events import DOSE_KINDS, Event, Kind, standing
from kapstone.monitoring.infusion import Infusion, infusion
from kapstone.monitoring.moments import utc
from kapstone.monitoring.recovery import Course, Readiness, discharge_readiness
from kapstone.monitoring.schedules import Dose, Due, Schedule, due, stale
from kapstone.monitoring.vitals import Reading, Value, age, baseline, in_order
from kapstone.pathway import Session

DEVICE_MG = Decimal(28)  # esketamine base in one nasal device. Source: SPR-PI, mark S
_STOPPED = ("IV", "SL")  # routes by which drug goes in until a stop
ENDED = (Session.DISCHARGED, Session.LEFT, Session.TRANSFERRED, Session.CANCELLED)


@dataclass(frozen=True, slots=True)
class Shown:
    """The last value of a parameter. value is None once it is stale: the screen shows a blank.

    artefact: a person says it was not the patient's own. It is shown all the same, and as that.
    """

    value: Value | None
    observed_at: datetime
    age: timedelta
    artefact: bool


@dataclass(frozen=True, slots=True)
class SessionState:
    """A session at a moment.

    dose is None before any drug, its end None while an infusion runs. dose_given_mg counts the
    finished parts; None when one of them was charted without its mg. infusion: what the charted
    rates give. latest: by parameter name.
    """

    phase: Session
    dose: Dose | None
    dose_given_mg: Decimal | None
    infusion: Infusion
    baseline: Mapping[str, Decimal]
    latest: Mapping[str, Shown]
    alarms: tuple[Alarm, ...]
    due: tuple[Due, ...]
    readiness: Readiness


def fold(
    schedule: Schedule,
    events: Iterable[Event],
    now: datetime,
    known_baseline: Mapping[str, Decimal] | None = None,
) -> SessionState:
    """The session at `now`. What was observed later is not yet true and is left out.

    known_baseline: values that stand in for those computed from the seated readings.
    """
    moment = utc("now", now)
    line = _up_to(moment, events)
    course, phase = _course(schedule, line, known_baseline), phase_of(line)
    overridden = {one.rule for one in line if one.kind is Kind.OVERRIDE}
    open_dose = course.dose if phase not in ENDED else None
    return SessionState(
        phase=phase,
        dose=course.dose,
        dose_given_mg=given_mg(schedule, line),
        infusion=infusion(line, moment) if schedule.route == "IV" else Infusion(),
        baseline=course.baseline,
        latest=_latest(course, moment),
        alarms=_alarms(course, line, moment),
        due=due(schedule, open_dose, course.readings, moment) if open_dose else (),
        readiness=discharge_readiness(course, moment, overridden),
    )


def standing_alarms(
    schedule: Schedule, events: Iterable[Event], now: datetime
) -> tuple[Alarm, ...]:
    """The alarms of the fold alone: what is asked anew with every event that is charted."""
    moment = utc("now", now)
    line = _up_to(moment, events)
    return _alarms(_course(schedule, line, None), line, moment)


def _up_to(now: datetime, events: Iterable[Event]) -> list[Event]:
    return [one for one in standing(events) if one.observed_at <= now]


def _course(
    schedule: Schedule, line: Sequence[Event], known_baseline: Mapping[str, Decimal] | None
) -> Course:
    readings = marks.readings(line)
    symptoms = [symptom for one in line for symptom in one.charted_symptoms()]
    dose = dose_of(schedule.route, line)
    base = baseline(readings, dose.start if dose else None) | dict(known_baseline or {})
    return Course(schedule, dose, readings, symptoms, base)


def _alarms(course: Course, line: Sequence[Event], now: datetime) -> tuple[Alarm, ...]:
    resolved = {
        (one.rule, one.band): one.observed_at for one in line if one.kind is Kind.ALARM_RESOLVED
    }
    dose = course.dose
    began = Began(course.schedule.route, dose.start) if dose else None
    found = evaluate(course.readings, course.baseline, course.symptoms, now, resolved, began)
    if dose is None or phase_of(line) in ENDED:
        return found
    old = too_old(course.schedule, dose, course.readings, now)
    return tuple(sorted((*found, *old), key=lambda one: one.tier, reverse=True))


def phase_of(line: Sequence[Event]) -> Session:
    """The last charted phase; drug given before any later word means dosing."""
    phase = Session.SCHEDULED
    for one in line:
        if one.phase is not None:
            phase = one.phase
        elif one.kind in DOSE_KINDS and one.kind is not Kind.DOSE_STOP:
            phase = Session.DOSING
    return phase


def dose_of(route: str, line: Sequence[Event]) -> Dose | None:
    """When the dose ran: an infusion until it is stopped, any other until its last part.

    A stop ends what is held in the mouth; of other routes it only says that no part follows.
    """
    kinds = DOSE_KINDS if route in _STOPPED else DOSE_KINDS - {Kind.DOSE_STOP}
    parts = [one for one in line if one.kind in kinds]
    if not parts:
        return None
    running = route == "IV" and parts[-1].kind is not Kind.DOSE_STOP
    return Dose(parts[0].observed_at, None if running else parts[-1].observed_at)


def given_mg(schedule: Schedule, line: Sequence[Event]) -> Decimal | None:
    """The mg given so far. An infusion's mg stand on its stop, any other part's on itself."""
    total = Decimal()
    if schedule.route == "IV":
        carrier = Kind.DOSE_STOP
    else:
        carrier = Kind.DEVICE if schedule.product == "ESKETAMINE" else Kind.DOSE_START
    for one in line:
        mg = one.dose_mg
        if mg is None and one.kind is Kind.DEVICE and schedule.product == "ESKETAMINE":
            mg = DEVICE_MG
        if mg is None and one.kind is carrier:
            return None
        total += mg or 0
    return total


def _latest(course: Course, now: datetime) -> dict[str, Shown]:
    last: dict[str, Reading] = {}
    for reading in in_order(course.readings):
        last |= dict.fromkeys(reading.values, reading)
    return {
        name: Shown(
            None if stale(course.schedule, course.dose, one, name, now) else one.values[name],
            one.observed_at,
            age(one, now),
            one.artefact,
        )
        for name, one in last.items()
    }
