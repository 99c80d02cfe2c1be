"""The demo's adverse events, and what was sent about them."""

from datetime import timedelta

from clinic.adverse import actions, duties
from clinic.adverse.models import AdverseEvent, Duty, DutyStep, StepKind, Way
from clinic.dosing import past
from clinic.people.models import User
from clinic.site.seeds.day import Day
from kapstone import adverse

CLEAR_RISE = 2
LOG_WRITTEN_AFTER = timedelta(hours=3)


def keep(one: Day, minute: float, by: User, **told: object) -> AdverseEvent:
    """An event of a day, as it was known then."""
    at = one.at(minute)
    known: dict[str, object] = {
        "patient": one.patient,
        "session": one.session,
        "product": one.session.product,
        "onset_at": at,
        "aware_at": at,
        "judged": True,
    }
    return actions.record(event=AdverseEvent(**known | told), by=by, at=at)


def pressure_rose(one: Day) -> None:
    """Graded by the scale's figures, where the rise was clear; and nothing had to be done."""
    charted = past.charted(one.patient, one.session.pk)
    if charted is None or charted.highest is None or charted.highest_after is None:
        return
    highest = charted.highest
    grade = adverse.pressure_grade(highest.systolic_mmhg, highest.diastolic_mmhg)
    if grade is None or grade < CLEAR_RISE or one.patient.adverse_events.exists():
        return
    keep(
        one, charted.highest_after.total_seconds() / 60, one.nurse,
        term="Blood pressure increased", grade=grade, intervention_grade=1,
        transient_expected=True, taken=["watched"], outcome="resolved",
        detail=f"Highest {highest.systolic_mmhg}/{highest.diastolic_mmhg}, down within the hour.",
    )  # fmt: skip


def wrong_order(one: Day) -> None:
    """The dose that ran before the second person had typed: written into the log the same day."""
    event = keep(
        one, 4, one.nurse, term="Medication error", grade=1, intervention_grade=1,
        taken=["watched"], outcome="resolved", detail="Started before the second entry.",
    )  # fmt: skip
    at = one.at(4) + LOG_WRITTEN_AFTER
    written = DutyStep(
        kind=StepKind.SENT, way=Way.LOG, to_whom="Incident log", reference="I-014",
        done_at=at, done_by=one.team.nurse,
    )  # fmt: skip
    left = DutyStep(kind=StepKind.LEFT, note="No harm came of it.")
    for row, step in (("AE-LOG", written), ("AE-MEDWATCH", left)):
        step.duty = Duty.objects.get(event=event, row=row)
        duties.take_step(step=step, by=one.nurse, at=at)


def panicked(one: Day) -> None:
    """Told when asked by name; a prescriber said how likely it came from the drug."""
    keep(
        one, 20, one.team.prescriber.user, term="Panic attack", grade=2, intervention_grade=2,
        taken=["stopped"], outcome="resolved", causality="probable", expectedness="expected",
        reporter="asked",
    )  # fmt: skip
