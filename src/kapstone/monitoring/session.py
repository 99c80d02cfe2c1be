"""A session as a fold over its event line: what the console shows at a moment, and nothing else."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Self

from kapstone.monitoring import marks
from kapstone.monitoring.ageing import too_old
from kapstone.monitoring.alarms import Alarm, Began
from kapstone.monitoring.course import Course
from kapstone.monitoring.doses import dose_of, given_mg, phase_of
from kapstone.monitoring.events import Event, Kind, standing
from kapstone.monitoring.infusion import Infusion, infusion
from kapstone.monitoring.judging import Judged, Known
from kapstone.monitoring.moments import utc
from kapstone.monitoring.readings import Readings
from kapstone.monitoring.recovery import Readiness, discharge_readiness
from kapstone.monitoring.schedules import Dose, Due, Schedule, due, stale_after
from kapstone.monitoring.vitals import Reading, Value, age, baseline
from kapstone.pathway import Session

ENDED = (Session.DISCHARGED, Session.LEFT, Session.TRANSFERRED, Session.CANCELLED)


@dataclass(frozen=True, slots=True)
class Shown:
    """The last value of a parameter. value is None once it is stale: the screen shows a blank.

    stale_at: when it goes blank; None where it has no limit. artefact: a person says it was not the
    patient's own. It is shown all the same, and as that.
    """

    value: Value | None
    observed_at: datetime
    age: timedelta
    stale_at: datetime | None
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


@dataclass(frozen=True, slots=True)
class Folded:
    """A line folded as far as it goes: a value that goes on with what is charted next.

    events: all that were ever told. line: those that stand, without the samples of a device, which
    are thousands: they stand in `judged`, with every other reading. newest: the last moment of all
    with the number of its event; number: the highest of all. However it came about, it is what `of`
    makes of its events.
    """

    schedule: Schedule
    known_baseline: Mapping[str, Decimal]
    events: tuple[Event, ...]
    line: tuple[Event, ...]
    dose: Dose | None
    judged: Judged
    newest: tuple[datetime, int] | None
    number: int

    @classmethod
    def of(
        cls,
        schedule: Schedule,
        events: Iterable[Event],
        known_baseline: Mapping[str, Decimal] | None = None,
    ) -> Self:
        """From the first event on."""
        told = tuple(events)
        held, given = standing(told), known_baseline or {}
        line = tuple(one for one in held if one.kind is not Kind.SAMPLE)
        readings = Readings.of(marks.readings(held))
        symptoms = [symptom for one in line for symptom in one.charted_symptoms()]
        dose = dose_of(schedule.route, line)
        known = _known(schedule, line, dose, readings, given)
        judged = Judged.of(known, readings, symptoms)
        newest = max((_order(one) for one in told), default=None)
        number = max((one.number for one in told), default=0)
        return cls(schedule, given, told, line, dose, judged, newest, number)

    def then(self, events: Iterable[Event]) -> Self:
        """With what was charted since, in the order of its numbers."""
        found, coming = self, iter(events)
        for one in coming:
            if not found._goes_on(one):  # nor is what follows judged before all of it is told
                told = (*found.events, one, *coming)
                return self.of(self.schedule, told, self.known_baseline)
            found = found._with(one)
        return found

    def _goes_on(self, event: Event) -> bool:
        """Whether an event only adds to what was: it is the newest, and alters none before it."""
        if event.replaces is not None or event.kind is Kind.ARTEFACT:
            return False
        is_last = self.newest is None or _order(event) > self.newest
        return is_last and event.number > self.number

    def _with(self, event: Event) -> Self:
        line, dose, reading = self.line, self.dose, event.reading()
        readings, symptoms = [reading] if reading else [], event.charted_symptoms()
        judged = self.judged.then(event.observed_at, readings, symptoms)
        if event.kind is not Kind.SAMPLE:
            line = (*line, event)
            dose = dose_of(self.schedule.route, line)
        if event.kind is not Kind.SAMPLE or "seated" in event.values:
            known = _known(self.schedule, line, dose, judged.readings, self.known_baseline)
            if known != judged.known:
                judged = Judged.of(known, judged.readings, judged.symptoms)
        return replace(
            self,
            events=(*self.events, event),
            line=line,
            dose=dose,
            judged=judged,
            newest=_order(event),
            number=event.number,
        )

    def _until(self, now: datetime) -> Self:
        """As it was at a moment: what was observed later is not yet true and is left out."""
        if self.newest is None or self.newest[0] <= now:
            return self
        line = [one for one in standing(self.events) if one.observed_at <= now]
        return self.of(self.schedule, line, self.known_baseline)

    def latest(self, now: datetime) -> dict[str, Shown]:
        """The last value of each parameter at a moment, and nothing else of the state."""
        past = self._until(moment := utc("now", now))
        last = past.judged.readings.last()
        return {name: past._shown(one, name, moment) for name, one in last.items()}

    def _shown(self, one: Reading, name: str, now: datetime) -> Shown:
        limit, old = stale_after(self.schedule, self.dose, one, name), age(one, now)
        return Shown(
            value=None if old > limit else one.values[name],
            observed_at=one.observed_at,
            age=old,
            stale_at=None if limit == timedelta.max else one.observed_at + limit,
            artefact=one.artefact,
        )

    def due(self, now: datetime) -> tuple[Due, ...]:
        """What was missed and what is wanted next."""
        past = self._until(moment := utc("now", now))
        if past.dose is None or phase_of(past.line) in ENDED:
            return ()
        return due(past.schedule, past.dose, past.judged.readings, moment)

    def infusion(self, now: datetime) -> Infusion:
        """What the charted rates of an infusion give."""
        past = self._until(moment := utc("now", now))
        return infusion(past.line, moment) if past.schedule.route == "IV" else Infusion()

    def alarms(self, now: datetime) -> tuple[Alarm, ...]:
        """The alarms that stand."""
        past = self._until(moment := utc("now", now))
        found = past.judged.standing()
        if past.dose is None or phase_of(past.line) in ENDED:
            return found
        old = too_old(past.schedule, past.dose, past.judged.readings, moment)
        return tuple(sorted((*found, *old), key=lambda one: one.tier, reverse=True))

    def state(self, now: datetime) -> SessionState:
        """All of it."""
        past = self._until(moment := utc("now", now))
        schedule, line, judged = past.schedule, past.line, past.judged
        overridden = {one.rule for one in line if one.kind is Kind.OVERRIDE}
        base = judged.known.baseline
        course = Course(schedule, past.dose, judged.readings, judged.symptoms, base)
        return SessionState(
            phase=phase_of(line),
            dose=past.dose,
            dose_given_mg=given_mg(schedule, line),
            infusion=past.infusion(moment),
            baseline=base,
            latest=past.latest(moment),
            alarms=past.alarms(moment),
            due=past.due(moment),
            readiness=discharge_readiness(course, moment, overridden),
        )


def _order(event: Event) -> tuple[datetime, int]:
    return event.observed_at, event.number


def _known(
    schedule: Schedule,
    line: Sequence[Event],
    dose: Dose | None,
    readings: Readings,
    given: Mapping[str, Decimal],
) -> Known:
    """What the line says that alarms are judged by."""
    return Known(
        baseline=baseline(readings.named("seated"), dose.start if dose else None) | dict(given),
        resolved={
            (one.rule, one.band): one.observed_at for one in line if one.kind is Kind.ALARM_RESOLVED
        },
        began=Began(schedule.route, dose.start) if dose else None,
    )


def fold(
    schedule: Schedule,
    events: Iterable[Event],
    now: datetime,
    known_baseline: Mapping[str, Decimal] | None = None,
) -> SessionState:
    """The session at `now`. What was observed later is not yet true and is left out.

    known_baseline: values that stand in for those computed from the seated readings.
    """
    return Folded.of(schedule, events, known_baseline).state(now)
