"""After a suicide tier somebody must be asked to call again, until they speak with the person."""

from datetime import datetime, timedelta
from unittest import mock

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import Settings

from clinic.alerts import actions, contacts, overdue, queries
from clinic.alerts.actions import Cause, Contact, Outcome
from clinic.alerts.models import Alert, ContactTry, How, Result, StepKind, TierContact
from clinic.measures import actions as measures
from clinic.measures.causes import cause
from clinic.people.models import AuditEntry, Patient, StaffMember
from clinic.people.roles import Role
from clinic.site import startup, ticker
from kapstone.pathway import Episode as Stage
from kapstone.risk import Trigger
from tests.clinic import cast
from tests.clinic.measures import follow

pytestmark = [pytest.mark.django_db, pytest.mark.hazard(10)]
HOUR = timedelta(hours=1)
SPOKE, SILENT = Contact(How.PHONE, Result.SPOKE), Contact(How.PHONE, Result.NO_ANSWER)


@pytest.fixture
def nurse() -> StaffMember:
    """Calls."""
    return cast.staff(Role.NURSE)


@pytest.fixture
def robin(nurse: StaffMember) -> Patient:
    """The person."""
    return cast.treats(nurse, cast.patient()) and Patient.objects.get()


def _raise(robin: Patient, trigger: Trigger, at: datetime = cast.NOON) -> Alert:
    """Each of a subject of its own: a new screener."""
    count = Alert.objects.count()
    subject = AuditEntry(pk=count + 1)
    return actions.raise_alert(cause(trigger), patient=robin, subject=subject, by=None, at=at)


def _due(robin: Patient) -> list[float]:
    """Hours from noon."""
    return [(row.due_at - cast.NOON) / HOUR for row in contacts.waiting_of(robin)]


@pytest.mark.parametrize(
    ("trigger", "hours"),
    [(Trigger.HIGH_TIER, [24, 72]), (Trigger.MODERATE_TIER, [72]), (Trigger.LOW_TIER, []),
     (Trigger.INCOMPLETE, [])],
)  # fmt: skip
def test_a_tier_plans_its_contacts_with_its_alert(
    robin: Patient, trigger: Trigger, hours: list[float]
) -> None:
    alert = _raise(robin, trigger)
    assert _due(robin) == hours
    again = actions.raise_alert(
        cause(trigger), patient=robin, subject=AuditEntry(pk=1), by=None, at=cast.NOON + HOUR
    )
    assert again == alert
    assert _due(robin) == hours


def test_a_clinic_that_asks_sooner_is_heard(robin: Patient, settings: Settings) -> None:
    settings.CLINIC_CONTACTS = "HIGH.24=6"
    _raise(robin, Trigger.HIGH_TIER)
    assert _due(robin) == [6, 72]
    settings.CLINIC_CONTACTS, settings.DEMO = "HIGH.24=30", True
    (found,) = startup.setting_problems(settings)
    assert found.startswith("CLINIC_CONTACTS: HIGH.24: is later than the protocol's.")


@pytest.mark.parametrize(
    ("first", "then", "after", "hours"),
    [
        (Trigger.MODERATE_TIER, Trigger.HIGH_TIER, 10, [34, 82]),
        (Trigger.MODERATE_TIER, Trigger.HIGH_TIER, 60, [72, 132]),
        (Trigger.HIGH_TIER, Trigger.MODERATE_TIER, 1, [24, 72]),
        (Trigger.HIGH_TIER, Trigger.HIGH_TIER, 30, [24, 72]),
        (Trigger.HIGH_TIER, Trigger.LOW_TIER, 1, [24, 72]),
        (Trigger.MODERATE_TIER, Trigger.MODERATE_TIER, 24, [72]),
    ],
)
def test_a_newer_tier_only_brings_contacts_forward(
    robin: Patient, first: Trigger, then: Trigger, after: int, hours: list[float]
) -> None:
    _raise(robin, first)
    _raise(robin, then, cast.NOON + after * HOUR)
    assert _due(robin) == hours
    replaced = TierContact.objects.filter(voided_at__isnull=False)
    assert {row.why for row in replaced} <= {contacts.SOONER}


TIERS = st.sampled_from([Trigger.HIGH_TIER, Trigger.MODERATE_TIER, Trigger.LOW_TIER])


@settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(st.lists(st.tuples(TIERS, st.integers(0, 80), st.booleans()), max_size=5))
def test_no_order_of_tiers_makes_a_contact_later_or_loses_one(
    robin: Patient, nurse: StaffMember, told: list[tuple[Trigger, int, bool]]
) -> None:
    with transaction.atomic():
        at = cast.NOON
        for trigger, hours, spoken in told:
            at += hours * HOUR
            before = _due(robin)
            if before and spoken:
                actions.record_try(
                    task=contacts.waiting_of(robin)[0], contact=SPOKE, by=nurse, at=at
                )
                before = before[1:]
            _raise(robin, trigger, at)
            after = _due(robin)
            assert len(after) >= len(before)
            assert all(now <= then for now, then in zip(after, before, strict=False))
        transaction.set_rollback(True)


def test_only_speaking_with_the_person_settles_a_contact(
    robin: Patient, nurse: StaffMember
) -> None:
    _raise(robin, Trigger.MODERATE_TIER)
    (task,) = contacts.waiting_of(robin)
    for result in set(Result) - {Result.SPOKE}:
        tried = Contact(How.PHONE, result)
        actions.record_try(task=task, contact=tried, by=nurse, at=cast.NOON + HOUR)
        assert contacts.waiting_of(robin) == [task]
    actions.record_try(task=task, contact=SPOKE, by=nurse, at=cast.NOON + 2 * HOUR, note="Calm.")
    assert contacts.waiting_of(robin) == []
    with pytest.raises(contacts.ContactSettled):
        actions.record_try(task=task, contact=SPOKE, by=nurse, at=cast.NOON + 3 * HOUR)
    assert ContactTry.objects.count() == len(Result)
    with pytest.raises(IntegrityError), transaction.atomic():
        ContactTry.objects.update(note="other")


def test_an_alert_closed_leaves_its_contacts_to_be_made(robin: Patient, nurse: StaffMember) -> None:
    alert = _raise(robin, Trigger.MODERATE_TIER)
    with mock.patch("clinic.alerts.plans.asked", return_value=None):
        actions.close(alert=alert, outcome=Outcome("Seen, went home."), by=nurse, at=cast.NOON)
    assert _due(robin) == [72]


@pytest.mark.hazard(11)
def test_one_overdue_is_one_urgent_alert_with_an_owner(robin: Patient, nurse: StaffMember) -> None:
    cast.on_call(nurse)
    _raise(robin, Trigger.MODERATE_TIER)
    assert overdue.tell(cast.NOON + 71 * HOUR) == 0
    assert overdue.tell(cast.NOON + 72 * HOUR) == 1
    assert overdue.tell(cast.NOON + 73 * HOUR) == 0
    alert = Alert.objects.get(code=contacts.OVERDUE)
    assert (alert.level, alert.owner) == ("urgent", nurse)
    assert "within 72 h" in alert.message
    assert overdue.tell in [job.run for job in ticker.JOBS]
    _raise(robin, Trigger.MODERATE_TIER, cast.NOON + 74 * HOUR)
    assert overdue.tell(cast.NOON + 75 * HOUR) == 0, "told of once"
    assert _due(robin) == [72]


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.hazard(11)
@pytest.mark.parametrize("where", ["clinic.alerts.actions.tell", "clinic.people.audit.record"])
def test_a_loop_that_is_killed_halfway_loses_nothing_and_tells_once(
    robin: Patient, where: str
) -> None:
    _raise(robin, Trigger.HIGH_TIER)
    late = cast.NOON + 80 * HOUR
    with mock.patch(where, side_effect=Killed), pytest.raises(Killed):
        overdue.tell(late)
    assert not Alert.objects.filter(code=contacts.OVERDUE).exists()
    assert overdue.tell(late) == 2
    assert overdue.tell(late) == 0
    assert Alert.objects.filter(code=contacts.OVERDUE).count() == 2


@pytest.mark.hazard(11)
def test_killed_while_raising_leaves_neither_an_alert_nor_half_its_contacts(robin: Patient) -> None:
    with (
        mock.patch("clinic.alerts.models.TierContact.objects.bulk_create", side_effect=Killed),
        pytest.raises(Killed),
    ):
        _raise(robin, Trigger.HIGH_TIER)
    assert not Alert.objects.exists()
    _raise(robin, Trigger.HIGH_TIER)
    assert _due(robin) == [24, 72]


def test_what_is_said_on_the_alert_that_it_is_late_is_said_of_the_contact(
    robin: Patient, nurse: StaffMember
) -> None:
    _raise(robin, Trigger.HIGH_TIER)
    late = cast.NOON + 80 * HOUR
    overdue.tell(late)
    first, second = contacts.waiting_of(robin)
    about = {row.subject: row for row in Alert.objects.filter(code=contacts.OVERDUE)}
    label = TierContact._meta.label
    actions.record_contact(alert=about[f"{label}:{first.pk}"], contact=SPOKE, by=nurse, at=late)
    assert contacts.waiting_of(robin) == [second]
    actions.record_try(task=second, contact=SILENT, by=nurse, at=late)
    actions.record_try(task=second, contact=SPOKE, by=nurse, at=late)
    steps = about[f"{label}:{second.pk}"].steps.values_list("kind", flat=True)
    assert set(steps) == {StepKind.TRIED, StepKind.CONTACTED}
    other = about[f"{label}:{second.pk}"]
    actions.record_contact(alert=other, contact=SILENT, by=nurse, at=late)
    assert second.tries.count() == 2, "it is made: nothing more is added to it"


def test_care_that_ends_takes_no_contact_away_and_death_takes_all(robin: Patient) -> None:
    episode = follow.in_series(robin)
    _raise(robin, Trigger.HIGH_TIER)
    episode = follow.end(episode, Stage.WITHDRAWN, cast.NOON + HOUR)
    assert _due(robin) == [24, 72]
    assert overdue.tell(cast.NOON + 25 * HOUR) == 1
    again = follow.in_series(robin)
    follow.end(again, Stage.DIED, cast.NOON + 26 * HOUR)
    assert _due(robin) == []
    assert {row.why for row in TierContact.objects.all()} == {contacts.DIED}
    _raise(robin, Trigger.HIGH_TIER, cast.NOON + 27 * HOUR)
    assert _due(robin) == [], "a sheet entered late asks nobody to call"


def test_a_screener_entered_by_staff_and_then_lowered_keeps_its_contacts(
    robin: Patient, nurse: StaffMember
) -> None:
    bad = {"q1": 1, "q2": 1, "q3": 1, "q4": 1, "q5": 0, "q6": 0}
    entered = {"patient": robin, "instrument": "cssrs_screener", "by": nurse.user}
    measures.enter_answers(answers=bad, observed_at=cast.NOON, at=cast.NOON, **entered)
    assert _due(robin)[:2] == [24, 72]
    calm, later = {"q1": 0, "q2": 0, "q6": 0}, cast.NOON + HOUR
    measures.enter_answers(answers=calm, observed_at=later, at=later, **entered)
    assert _due(robin) == [24, 72]


def test_today_the_alert_and_the_chart_say_who_is_to_be_called(
    robin: Patient, nurse: StaffMember
) -> None:
    alert = _raise(robin, Trigger.MODERATE_TIER)
    (task,) = contacts.waiting_of(robin)
    client = cast.signed_in(nurse)
    where = reverse("alerts:contact", args=[robin.pk, task.pk])
    pages = [reverse("chart:today"), reverse("chart:chart", args=[robin.pk]),
             reverse("alerts:alert", args=[robin.pk, alert.pk])]  # fmt: skip
    for page in pages:
        said = client.get(page).content.decode()
        assert where in said
        assert "Overdue" in said, "the demo's noon lies long ago"
    assert client.post(where, {"how": "phone"}).status_code == 422
    client.post(where, {"how": "phone", "result": "no_answer", "note": "Rang twice."})
    said = client.get(where).content.decode()
    assert "Rang twice." in said
    assert "Write down an attempt" in said
    client.post(where, {"how": "phone", "result": "spoke"})
    assert "This contact is made" in client.get(where).content.decode()
    page = client.post(where, {"how": "phone", "result": "spoke"}, follow=True).content.decode()
    assert "Nothing was added" in page
    for page in pages[:2]:
        assert where not in client.get(page).content.decode()
    said = client.get(pages[2]).content.decode()
    assert "still to be made" not in said
    assert "Contacts made after this alert" in said


def test_who_may_not_act_on_alerts_sees_no_contact(robin: Patient) -> None:
    _raise(robin, Trigger.MODERATE_TIER)
    (task,) = contacts.waiting_of(robin)
    where = reverse("alerts:contact", args=[robin.pk, task.pk])
    desk = cast.signed_in(cast.staff(Role.FRONT_DESK))
    assert desk.get(where).status_code in (403, 404)
    assert where not in desk.get(reverse("chart:today")).content.decode()
    stranger = cast.treats(cast.staff(Role.NURSE), cast.patient("Sam"))
    other = Patient.objects.get(given_name="Sam")
    wrong = reverse("alerts:contact", args=[other.pk, task.pk])
    assert cast.signed_in(stranger).get(wrong).status_code == 404


def test_contacts_of_another_person_are_left_alone(robin: Patient) -> None:
    _raise(robin, Trigger.MODERATE_TIER)
    sam = cast.patient("Sam")
    _raise(sam, Trigger.HIGH_TIER)
    assert (_due(robin), _due(sam)) == ([72], [24, 72])
    assert isinstance(cause(Trigger.HIGH_TIER), Cause)
    assert len(queries.inbox(cast.NOON)) == 2
