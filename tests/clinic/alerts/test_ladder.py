"""An alert that nobody hears must climb until somebody does."""

from datetime import timedelta
from smtplib import SMTPException

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction

from clinic.alerts import actions, ladder, queries
from clinic.alerts.actions import Cause
from clinic.alerts.models import Alert, AlertStep, Delivery, Rung, StepKind
from clinic.people import audit
from clinic.people.models import Patient, StaffMember
from clinic.people.roles import Role
from kapstone.risk import AlertLevel
from tests.clinic import cast

pytestmark = pytest.mark.django_db

HELP = Cause("help", AlertLevel.IMMEDIATE, "Asked for help now.")


def _raise(person: Patient, cause: Cause = HELP) -> Alert:
    return actions.raise_alert(cause, patient=person, subject=person, by=None, at=cast.NOON)


def _told(rung: Rung) -> set[StaffMember]:
    return {row.recipient for row in Delivery.objects.filter(rung=rung)}


@pytest.fixture
def roster() -> tuple[StaffMember, StaffMember, StaffMember]:
    """A first and a second on call, and a medical director at home."""
    first, second = cast.staff(Role.NURSE), cast.staff(Role.PRESCRIBER)
    cast.on_call(first, 1)
    cast.on_call(second, 2)
    return first, second, cast.staff(Role.MEDICAL_DIRECTOR)


@pytest.mark.hazard(11)
def test_first_on_call_owns_it_then_the_backup_then_everyone(roster) -> None:
    first, second, director = roster
    alert = _raise(cast.patient())
    assert alert.owner == first
    assert _told(Rung.OWNER) == {first}
    ladder.climb(cast.NOON + timedelta(minutes=4, seconds=59))
    assert _told(Rung.BACKUP) == set()
    ladder.climb(cast.NOON + timedelta(minutes=5))
    assert _told(Rung.BACKUP) == {second}
    ladder.climb(cast.NOON + timedelta(minutes=10))
    assert _told(Rung.EVERYONE) == {first, second, director}


@pytest.mark.hazard(11)
def test_an_empty_roster_tells_the_whole_clinic_at_once() -> None:
    nurse, director = cast.staff(Role.NURSE), cast.staff(Role.MEDICAL_DIRECTOR)
    cast.staff(Role.FRONT_DESK)
    alert = _raise(cast.patient())
    assert alert.owner is None
    assert _told(Rung.EVERYONE) == {nurse, director}


@pytest.mark.hazard(11)
def test_somebody_whose_duty_ended_or_who_left_is_not_the_owner() -> None:
    gone, off, here = (cast.staff(Role.NURSE) for _ in range(3))
    cast.on_call(off, 1, until=cast.NOON)
    cast.on_call(gone, 1)
    gone.left_at = cast.NOON
    gone.save()
    cast.on_call(here, 3)
    assert _raise(cast.patient()).owner == here


@pytest.mark.hazard(10)
def test_acknowledging_stops_the_first_clock_only(roster) -> None:
    first, *_ = roster
    alert = _raise(cast.patient())
    actions.take_step(alert=alert, kind=StepKind.ACKNOWLEDGED, by=first, at=cast.NOON)
    ladder.climb(cast.NOON + timedelta(minutes=14, seconds=59))
    assert _told(Rung.EVERYONE) == _told(Rung.BACKUP) == set()
    ladder.climb(cast.NOON + timedelta(minutes=15))
    assert _told(Rung.OVERDUE) == {roster[0], roster[1]}
    shown = queries.shown(alert, cast.NOON + timedelta(minutes=15, seconds=1))
    assert [clock.overdue for clock in shown.clocks] == [False, True, False]


def test_the_same_cause_told_twice_raises_one_alert(roster) -> None:
    person = cast.patient()
    assert _raise(person) == _raise(person)
    assert Delivery.objects.count() == 1


def test_climbing_twice_tells_nobody_twice(roster) -> None:
    _raise(cast.patient())
    late = cast.NOON + timedelta(hours=1)
    ladder.climb(late)
    told = Delivery.objects.count()
    assert ladder.climb(late) == 0
    assert Delivery.objects.count() == told


def test_a_message_says_nothing_about_whom_or_what(roster) -> None:
    _raise(cast.patient("Canary", "Featherstone"))
    assert ladder.deliver(cast.NOON) == 1
    sent = mail.outbox[0]
    text = f"{sent.subject} {sent.body} {sent.extra_headers}"
    for secret in ("Canary", "Featherstone", "help now.", "PHQ", "suicid"):
        assert secret not in text
    assert ladder.deliver(cast.NOON) == 0


def test_a_failed_message_is_tried_again(roster, monkeypatch) -> None:
    _raise(cast.patient())

    def fail(self: object, *args: object) -> int:
        raise ConnectionRefusedError

    with monkeypatch.context() as patched:
        patched.setattr("django.core.mail.EmailMessage.send", fail)
        assert ladder.deliver(cast.NOON) == 0, "one failure is tried again before it is told"
    assert Delivery.objects.get().problem == "ConnectionRefusedError"
    assert ladder.deliver(cast.NOON + timedelta(seconds=9)) == 0
    assert ladder.deliver(cast.NOON + timedelta(seconds=10)) == 1


@pytest.mark.hazard(24)
def test_a_dead_mail_server_does_not_look_like_a_quiet_night(roster, monkeypatch) -> None:
    _raise(cast.patient())
    dead = roster[0].user.email
    really = EmailMessage.send

    def fail_for_one(self: EmailMessage, *args: object) -> int:
        if self.to == [dead]:
            raise SMTPException
        return really(self, *args)

    monkeypatch.setattr(EmailMessage, "send", fail_for_one)
    ladder.climb(cast.NOON + timedelta(minutes=10))
    with pytest.raises(ladder.Undelivered):
        ladder.deliver(cast.NOON + timedelta(minutes=10))
    reached = Delivery.objects.filter(sent_at__isnull=False)
    assert {row.recipient for row in reached} == set(roster[1:]), "one dead address stops no other"
    monkeypatch.undo()
    ladder.deliver(cast.NOON + timedelta(minutes=11))
    assert not Delivery.objects.filter(sent_at=None).exists()


def test_a_mail_server_dead_for_days_does_not_overflow_the_count(roster, monkeypatch) -> None:
    _raise(cast.patient())
    Delivery.objects.update(attempts=ladder.MOST_ATTEMPTS)
    assert ladder.deliver(cast.NOON) == 1
    assert Delivery.objects.get().attempts == ladder.MOST_ATTEMPTS


def test_a_message_whose_sender_died_is_sent_again_after_the_lease(roster) -> None:
    _raise(cast.patient())
    ladder._lease(cast.NOON)  # the process dies here
    with pytest.raises(ladder.Undelivered):
        ladder.deliver(cast.NOON + timedelta(seconds=59))
    assert ladder.deliver(cast.NOON + timedelta(seconds=60)) == 1


@pytest.mark.hazard(10)
def test_an_alert_cannot_close_without_an_outcome_in_words(roster) -> None:
    alert = _raise(cast.patient())
    with pytest.raises(IntegrityError), transaction.atomic():
        actions.take_step(alert=alert, kind=StepKind.DISPOSED, by=roster[0], at=cast.NOON)
    assert queries.inbox(cast.NOON)


def test_a_closed_alert_takes_no_more_steps(roster) -> None:
    alert = _raise(cast.patient())
    actions.take_step(
        alert=alert, kind=StepKind.DISPOSED, by=roster[0], at=cast.NOON, note="Reached, safe."
    )
    with pytest.raises(actions.AlertClosed):
        actions.take_step(alert=alert, kind=StepKind.TRIED, by=roster[1], at=cast.NOON)
    assert queries.inbox(cast.NOON) == []


def test_handing_over_changes_the_owner_and_tells_them(roster) -> None:
    first, second, _ = roster
    alert = _raise(cast.patient())
    actions.take_step(alert=alert, kind=StepKind.HANDED_OVER, by=first, at=cast.NOON, to=second)
    assert queries.shown(alert, cast.NOON).owner == second
    assert _told(Rung.OWNER) == {first, second}


@pytest.mark.parametrize(
    ("model", "change"), [(Alert, {"message": "x"}), (AlertStep, {"note": "x"})]
)
def test_the_database_refuses_to_change_what_was_said(roster, model, change) -> None:
    alert = _raise(cast.patient())
    actions.take_step(alert=alert, kind=StepKind.TRIED, by=roster[0], at=cast.NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.all()._raw_delete("default")


def test_each_write_leaves_its_audit_row(roster) -> None:
    _raise(cast.patient())
    assert list(audit.faults()) == []
    assert audit.AuditEntry.objects.filter(action="raise_alert").count() == 1
