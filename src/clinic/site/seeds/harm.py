"""The demo's adverse events, what was sent about them, and a spray somebody walked away from."""

from datetime import datetime, timedelta
from uuid import uuid4

from clinic.adverse import actions, departures, duties
from clinic.adverse.models import AdverseEvent, Departure, Duty, DutyStep, StepKind, Way
from clinic.dosing import dose_entry, giving, past
from clinic.dosing.dose_entry import SaidIdentity
from clinic.dosing.kinds import Chart
from clinic.people.models import User
from clinic.site.seeds import alerts, cupboard, day
from clinic.site.seeds.day import Day
from clinic.site.seeds.person import Person
from kapstone import adverse
from kapstone.monitoring.events import Kind

SECOND_DEVICE_MIN, LEFT_MIN = 5, 78
CLEAR_RISE = 2
AT_HOME = "At home with the escort, awake, and knows whom to call."
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


def sprayed(person: Person, at: datetime) -> None:
    """The first spray: they walked out before the two hours, and the prescriber was not reached."""
    course = person.course("IM")  # the generator has no shape of its own for a spray
    one = day.open_day(person.patient, person.team, course, at)
    day.check_in(one)
    day.make_ready(one)
    _typed_by_two(one)
    for minute, give in ((0, giving.start_dose), (SECOND_DEVICE_MIN, giving.record_part)):
        cupboard.spray(one.session.pk, one.team, one.at(minute - 1))
        device = Chart(uuid4(), Kind.DEVICE, one.at(minute), {})
        give(session=one.session, chart=device, by=one.nurse, at=one.at(minute))
    day.watch(one, 70)
    actions.ask_round(
        session=one.session,
        answers={"Dissociation": True, "Nausea": False, "Headache": False},
        by=one.nurse,
        at=one.at(72),
    )
    departure = Departure(
        session=one.session,
        left_at=one.at(LEFT_MIN),
        can_decide="yes",
        capacity_note="Says back what may happen on the way, and that nobody may drive.",
        risk="explained",
        risk_note="Falling asleep, a fall, a late rise of pressure.",
        with_whom="escort",
        escort_name="Sam Invented",
        comment="Had to fetch a child. Left 78 minutes after the first device.",
    )
    departures.chart(departure=departure, by=one.nurse, at=one.at(LEFT_MIN))
    alerts.handle(one.patient, one.team, one.at(LEFT_MIN + 3), AT_HOME)


def _typed_by_two(one: Day) -> None:
    who, entry, at = one.patient, one.ordered, one.at(-8)
    said = SaidIdentity(who.given_name[0] + who.family_name[0], str(who.birth_date.year))
    dose_entry.enter_first(session=one.session, entry=entry, identity=said, by=one.nurse, at=at)
    dose_entry.enter_second(session=one.session, entry=entry, by=one.team.second.user, at=at)
