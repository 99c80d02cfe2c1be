"""The demo's alerts: old ones closed as they would have been, a few open at different points."""

from datetime import datetime, timedelta

from django.db.models import F

from clinic.alerts import actions as alerts
from clinic.alerts import contacts, plans, queries
from clinic.alerts.actions import Contact, Outcome
from clinic.alerts.models import Delivery, How, PlanState, Result, StepKind
from clinic.measures import actions as measures
from clinic.measures import worrying
from clinic.measures.models import Assignment
from clinic.measures.queries import WRONG_TRIES
from clinic.people.models import Patient, StaffMember
from clinic.reach.messages import Way
from clinic.site.seeds import safety
from clinic.site.seeds.person import Team

CALM = {f"q{number}": 1 for number in range(1, 9)}
NO_MORE = "Sat down together: what they wanted to stop, and what care goes on without the drug."
GONE_THROUGH = "phq9.si_frequent"  # after such an answer the demo's people made a safety plan
OUTCOME = "Spoke by phone, screener asked, safety plan gone through together. Seen again this week."


def handle(patient: Patient, team: Team, at: datetime, outcome: str = OUTCOME) -> None:
    """What the clinic did about each open alert of a person: heard, reached, closed."""
    prescriber, nurse = team.prescriber, team.nurse
    for alert in queries.open_alerts().filter(patient=patient):
        alerts.take_step(alert=alert, kind=StepKind.ACKNOWLEDGED, by=nurse, at=at)
        reached = at + timedelta(minutes=6)
        spoke = Contact(How.PHONE, Result.SPOKE)
        reached = at + timedelta(minutes=6)
        alerts.record_contact(alert=alert, contact=spoke, by=nurse, at=reached)
        plan = PlanState.MADE if plans.asked(alert) else None
        wanted = plan or alert.code == GONE_THROUGH
        if wanted and not plans.on_record(patient, alert.raised_at):
            safety.make(patient, prescriber, at + timedelta(minutes=30))
        closed = at + timedelta(minutes=50)
        alerts.close(alert=alert, outcome=Outcome(outcome, plan), by=prescriber, at=closed)


def leave_open(people: list[Patient], team: Team, now: datetime) -> None:
    """Alerts at different points of their clocks, and links that wait."""
    prescriber, nurse, therapist = team.prescriber, team.nurse, team.therapist
    answered = _ago(now, hours=20)
    _answer(people[0], {**CALM, "q9": None}, by=nurse, at=answered)

    hot = _answer(people[1], {**CALM, "q9": 1}, by=nurse, at=_ago(now, hours=3))
    _step(hot, StepKind.ACKNOWLEDGED, nurse, _ago(now, hours=2, minutes=50))
    for alert in queries.open_alerts().filter(patient=hot.patient):
        alerts.record_contact(
            alert=alert,
            contact=Contact(How.PHONE, Result.NO_ANSWER),
            by=nurse,
            at=_ago(now, hours=2, minutes=40),
            note="Rang twice.",
        )
    _step(hot, StepKind.HANDED_OVER, nurse, _ago(now, minutes=90), "My shift ends.", to=therapist)

    help_asked = _ask(people[2], "gad7", by=nurse, at=_ago(now, minutes=30))
    worrying.ask_for_help(patient=people[2], assignment=help_asked, at=_ago(now, minutes=11))
    _step(help_asked, StepKind.ACKNOWLEDGED, prescriber, _ago(now, minutes=9))

    _called_again(people[3], team, now)
    _answer(people[3], {**CALM, "q9": 2}, by=nurse, at=_ago(now, minutes=2))
    _moderate(people[3], nurse, _ago(now, minutes=1))

    begun = _ask(people[5], "phq9", by=nurse, at=_ago(now, hours=5))
    for item in ("q1", "q2", "q3"):
        measures.save_answer(assignment=begun, item=item, value=1, at=_ago(now, hours=4))
    locked = _ask(people[6], "gad7", by=nurse, at=_ago(now, hours=6))
    for _ in range(WRONG_TRIES):
        measures.redeem(assignment=locked, birth_date=None, at=_ago(now, hours=1))
    _ask(people[7], "phq9", by=nurse, at=_ago(now, hours=1))


def _called_again(patient: Patient, team: Team, now: datetime) -> None:
    """A suicide tier of days ago: closed, and its later contact made at the second try."""
    raised = _ago(now, hours=60)
    _moderate(patient, team.nurse, raised)
    handle(patient, team, raised + timedelta(minutes=10))
    for task in contacts.waiting_of(patient):
        for hours, result in ((32, Result.NO_ANSWER), (30, Result.SPOKE)):
            tried = Contact(How.PHONE, result)
            alerts.record_try(task=task, contact=tried, by=team.nurse, at=_ago(now, hours=hours))


def _moderate(patient: Patient, nurse: StaffMember, at: datetime) -> None:
    measures.enter_answers(
        patient=patient,
        instrument="cssrs_screener",
        answers={"q1": 1, "q2": 1, "q3": 1, "q4": 0, "q5": 0, "q6": 0},
        observed_at=at,
        by=nurse.user,
        at=at,
    )


def mark_delivered() -> None:
    """What was sent in the past was sent in the past: the loop starts with an empty queue."""
    Delivery.objects.filter(sent_at=None).update(sent_at=F("made_at"), sent_by=Way.MAIL, attempts=1)


def _answer(
    patient: Patient, answers: dict[str, int | None], *, by: StaffMember, at: datetime
) -> Assignment:
    assignment = _ask(patient, "phq9", by=by, at=at - timedelta(hours=1))
    for item, value in answers.items():
        measures.save_answer(assignment=assignment, item=item, value=value, at=at)
    measures.submit_answers(assignment=assignment, at=at)
    return assignment


def _ask(patient: Patient, instrument: str, *, by: StaffMember, at: datetime) -> Assignment:
    week = at + timedelta(days=7)
    assignment, _ = measures.ask(
        patient=patient, instrument=instrument, closes_at=week, by=by.user, at=at
    )
    return assignment


def _step(
    cause: Assignment,
    kind: StepKind,
    by: StaffMember,
    at: datetime,
    note: str = "",
    to: StaffMember | None = None,
) -> None:
    for alert in queries.open_alerts().filter(patient=cause.patient):
        alerts.take_step(alert=alert, kind=kind, by=by, at=at, note=note, to=to)


def _ago(now: datetime, **span: int) -> datetime:
    return now - timedelta(**span)
