"""The way home after a dose: what is asked before the door, and the few words before it."""

from itertools import count

from django.db import transaction

from clinic.dosing import answers
from clinic.dosing import discharge as leaving
from clinic.dosing.kinds import SCORER
from clinic.dosing.models import AlarmStepKind
from clinic.site.seeds import cupboard
from clinic.site.seeds.day import Day, measure
from clinic.therapy import actions as therapy
from kapstone.monitoring.events import Kind
from kapstone.monitoring.moaas import scale
from kapstone.synth import monitor

DEBRIEFS = ("It was light.", "I cried, and it was good.", "Strange, and then very quiet.")


def recover(day: Day, minute: int) -> int:
    """Everything that is asked before the door; the pressure until it no longer rises (DIS-05).

    Returns the minute at which it is all charted.
    """
    minutes = count(minute, 5)
    before, now = next(minutes), next(minutes)
    measure(day, before, spo2_o2=False)
    while not _falls(day, before, now):
        measure(day, now, spo2_o2=False)
        before, now = now, next(minutes)
    measure(day, now, spo2_o2=False)
    resolve_alarms(day, now)
    all_well(day, now + 1)
    return now + 2


def all_well(day: Day, minute: float) -> None:
    """Every question before the door but the pressure, answered well."""
    source = day.made_up(SCORER)
    day.chart(Kind.MOAAS, minute, moaas=5, scale=scale().version, oriented_x4=True, **source)
    nothing = {"dissoc_nrs": 0, "anxiety_nrs": 0, "nausea_nrs": 0, "pain_nrs": 0}
    day.chart(Kind.NRS, minute, **nothing, **source)
    day.chart(Kind.ALDRETE, minute, aldrete=10)
    day.chart(Kind.PADSS, minute, padss=10)
    day.chart(Kind.GAIT, minute, steady=True)
    day.chart(Kind.SCREENER, minute, cssrs_q1=False, cssrs_q2=False, cssrs_q6=False, mania=False)
    day.chart(Kind.ESCORT, minute, present=True, who="Sam Invented")
    day.chart(Kind.INSTRUCTION, minute, given=True)


def _falls(day: Day, before: int, now: int) -> bool:
    first, last = monitor.signs(day.course, before), monitor.signs(day.course, now)
    return last.systolic_mmhg <= first.systolic_mmhg and last.diastolic_mmhg <= first.diastolic_mmhg


def go_home(day: Day, minute: float) -> None:
    """Proposed by the nurse, signed by the prescriber, a few words before the door.

    Raises NotYet while something stands in the way, and charts nothing then.
    """
    said = DEBRIEFS[int(day.ordered.dose_mg) % len(DEBRIEFS)]
    with transaction.atomic():
        leaving.propose(session=day.session, by=day.nurse, at=day.at(minute))
        leaving.sign(session=day.session, by=day.team.prescriber.user, at=day.at(minute))
        therapy.record_debrief(
            patient=day.patient,
            session_id=day.session.pk,
            text=said,
            by=day.team.therapist.user,
            at=day.at(minute),
        )
        cupboard.waste_rest(day.session.pk, day.team, day.at(minute))


def resolve_alarms(day: Day, minute: float) -> None:
    """What called on this day is closed in words before the door."""
    for alarm in day.session.alarms.filter(steps__kind=AlarmStepKind.SEEN):
        words = "Came down by itself within the hour; the prescriber knew."
        answers.resolve(alarm=alarm, words=words, by=day.team.nurse, at=day.at(minute))
