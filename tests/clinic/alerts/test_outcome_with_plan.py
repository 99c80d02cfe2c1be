"""At a suicide tier an alert must not close on silence about the safety plan."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse
from pytest_django import Settings

from clinic.alerts import actions, plans, queries
from clinic.alerts.actions import Contact, Outcome
from clinic.alerts.models import Alert, ContactAttempt, How, PlanAnswer, PlanState, Result, StepKind
from clinic.measures.causes import cause
from clinic.people.models import Patient, StaffMember
from clinic.people.roles import Role
from clinic.safety import actions as safety
from clinic.safety.models import SafetyPlan
from clinic.site import startup
from kapstone.risk import AlertLevel, PlanAsk, Trigger
from tests.clinic import cast

pytestmark = [pytest.mark.django_db, pytest.mark.hazard(10)]
WORDS = "Seen today, safe, comes back on Friday."
LATER = cast.NOON + timedelta(minutes=20)


@pytest.fixture
def prescriber() -> StaffMember:
    """May close."""
    return cast.staff(Role.PRESCRIBER)


@pytest.fixture
def robin() -> Patient:
    """The person."""
    return cast.patient()


def _raise(robin: Patient, trigger: Trigger) -> Alert:
    return actions.raise_alert(cause(trigger), patient=robin, subject=robin, by=None, at=cast.NOON)


def _plan(robin: Patient, by: StaffMember, at: object = LATER) -> SafetyPlan:
    plan = SafetyPlan(
        patient=robin, warning_signs="w", professionals="988", review_on=date(2026, 4, 4)
    )
    before = SafetyPlan.objects.filter(patient=robin).count()
    return safety.keep_plan(plan=plan, surroundings=[], before=before, by=by.user, at=at)  # type: ignore[arg-type]  # a moment


@pytest.mark.parametrize(
    ("trigger", "asked"),
    [(Trigger.HIGH_TIER, PlanAsk.NEEDED), (Trigger.MODERATE_TIER, PlanAsk.NEEDED),
     (Trigger.LOW_TIER, PlanAsk.OFFERED), (Trigger.INCOMPLETE, None)],
)  # fmt: skip
def test_the_tier_says_whether_a_plan_is_asked_for(
    robin: Patient, trigger: Trigger, asked: PlanAsk | None
) -> None:
    assert plans.asked(_raise(robin, trigger)) == asked


def test_no_way_closes_it_without_a_word_about_the_plan(
    robin: Patient, prescriber: StaffMember
) -> None:
    alert = _raise(robin, Trigger.MODERATE_TIER)
    with pytest.raises(actions.PlanUnsaid):
        actions.close(alert=alert, outcome=Outcome(WORDS), by=prescriber, at=LATER)
    with pytest.raises(actions.PlanUnsaid):
        actions.take_step(alert=alert, kind=StepKind.DISPOSED, by=prescriber, at=LATER, note=WORDS)
    assert queries.inbox(LATER)


@pytest.mark.parametrize("state", [PlanState.MADE, PlanState.REVIEWED])
def test_a_plan_said_to_be_made_must_be_on_record_since_the_alert(
    robin: Patient, prescriber: StaffMember, state: PlanState
) -> None:
    _plan(robin, prescriber, cast.NOON - timedelta(days=3))
    alert, outcome = _raise(robin, Trigger.HIGH_TIER), Outcome(WORDS, state)
    with pytest.raises(actions.NoPlanOnRecord):
        actions.close(alert=alert, outcome=outcome, by=prescriber, at=LATER)
    _plan(robin, prescriber)
    actions.close(alert=alert, outcome=outcome, by=prescriber, at=LATER)
    assert queries.inbox(LATER) == []
    assert PlanAnswer.objects.get().state == state


def test_a_plan_that_was_declined_says_why(robin: Patient, prescriber: StaffMember) -> None:
    alert = _raise(robin, Trigger.LOW_TIER)
    with pytest.raises(IntegrityError), transaction.atomic():
        actions.close(
            alert=alert, outcome=Outcome(WORDS, PlanState.DECLINED), by=prescriber, at=LATER
        )
    why = Outcome(WORDS, PlanState.DECLINED, "Wants to do it with the therapist on Friday.")
    actions.close(alert=alert, outcome=why, by=prescriber, at=LATER)
    assert queries.inbox(LATER) == []


@time_machine.travel(LATER, tick=False)
def test_the_page_asks_leads_to_the_plan_and_keeps_what_was_said(
    robin: Patient, prescriber: StaffMember
) -> None:
    alert, browser = _raise(robin, Trigger.MODERATE_TIER), cast.signed_in(prescriber)
    page = reverse("alerts:alert", args=[robin.pk, alert.pk])
    assert "a safety plan is made or gone through" in browser.get(page).content.decode()
    close = f"{page}close/"
    assert "required" in browser.post(close, {"note": WORDS}).content.decode()
    unsaid = browser.post(close, {"note": WORDS, "plan": "declined"}).content.decode()
    assert "Say why" in unsaid
    none = browser.post(close, {"note": WORDS, "plan": "made"}).content.decode()
    assert "No safety plan was made or gone through since this alert" in none
    assert reverse("safety:plan", args=[robin.pk]) in none
    _plan(robin, prescriber)
    done = browser.post(close, {"note": WORDS, "plan": "made"}, follow=True).content.decode()
    assert "This alert is closed" in done
    assert "Safety plan: made with the person" in done


def test_an_alert_of_another_cause_asks_nothing_about_a_plan(
    robin: Patient, prescriber: StaffMember
) -> None:
    help_asked = actions.Cause("help", AlertLevel.IMMEDIATE, "Asked for help now.")
    alert = actions.raise_alert(help_asked, patient=robin, subject=robin, by=None, at=cast.NOON)
    page = cast.signed_in(prescriber).get(reverse("alerts:alert", args=[robin.pk, alert.pk]))
    assert "Why there is none" not in page.content.decode()
    actions.close(alert=alert, outcome=Outcome(WORDS), by=prescriber, at=LATER)
    assert queries.inbox(LATER) == []


@pytest.mark.parametrize(
    ("result", "contacted"), [(Result.SPOKE, True), (Result.MESSAGE, False), (Result.WRONG, False)]
)
def test_only_speaking_with_the_person_is_contact(
    robin: Patient, prescriber: StaffMember, result: Result, contacted: bool
) -> None:
    alert = _raise(robin, Trigger.HIGH_TIER)
    tried = Contact(How.EMERGENCY, result)
    actions.record_contact(alert=alert, contact=tried, by=prescriber, at=LATER, note="n")
    assert (queries.shown(alert, LATER).clocks[1].done_at is not None) is contacted
    kept = ContactAttempt.objects.get()
    assert (kept.how, kept.result, kept.step.by) == (How.EMERGENCY, result, prescriber)
    with pytest.raises(IntegrityError), transaction.atomic():
        ContactAttempt.objects.update(result=Result.SPOKE)


def test_a_clinic_shortens_a_clock_and_may_not_lengthen_one(
    robin: Patient, settings: Settings
) -> None:
    settings.DEMO, settings.CLINIC_CLOCKS = True, "immediate.backup=2"
    assert startup.setting_problems(settings) == []
    alert = _raise(robin, Trigger.HIGH_TIER)
    assert alert.backup_due_at == cast.NOON + timedelta(minutes=2)
    settings.CLINIC_CLOCKS = "immediate.backup=6"
    (found,) = startup.setting_problems(settings)
    assert found.startswith("CLINIC_CLOCKS: immediate.backup: is longer than the protocol's.")
