"""Who may invite, by which way it goes, and what staff read where it cannot."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from clinic.people.models import AuditEntry, Patient, StaffMember
from clinic.people.roles import Role
from clinic.reach import actions as reach
from clinic.reach.models import PatientReach, ReminderWay, StopWay
from clinic.welcome.models import Invitation
from kapstone.pathway import Episode as Stage
from tests.clinic import cast
from tests.clinic.cast import NOON
from tests.clinic.measures import follow
from tests.clinic.reach.servers import text_gateway
from tests.clinic.welcome.invited import invite, take_up

pytestmark = pytest.mark.django_db
NIGHT = NOON + timedelta(hours=10)


def _page(person: Patient, name: str = "account") -> str:
    return reverse(f"welcome:{name}", args=[person.pk])


def _send(person: Patient, desk: StaffMember, way: str, name: str = "invite") -> str:
    """As somebody at the desk who proves who they are."""
    typed = {"way": way, "proof-password": cast.PASSWORD}
    answer = cast.signed_in(desk).post(_page(person, name), typed, follow=True)
    return answer.content.decode()


def _reads(person: Patient, desk: StaffMember) -> str:
    return cast.signed_in(desk).get(_page(person)).content.decode()


@time_machine.travel(NOON, tick=False)
def test_an_e_mail_says_that_a_page_waits_and_nothing_else(
    robin: Patient, desk: StaffMember
) -> None:
    assert "Whether it arrived, nobody knows" in _send(robin, desk, "mail")
    (letter,) = mail.outbox
    told = f"{letter.subject}\n{letter.body}".lower()
    assert letter.to == ["robin@person.example"] and "/welcome/" in told
    assert "wednesday, march 11, 13:00" in told and "date of birth" in told
    for word in ("canary", "robin", "ketamine", "depress", "dose", "treatment", "suicid", "phq"):
        assert word not in told
    sent = Invitation.objects.get()
    assert sent.sent_at == NOON and sent.made_by == desk.user
    assert "Made" in _reads(robin, desk) and "by e-mail" in _reads(robin, desk)
    assert list(
        AuditEntry.objects.filter(patient=robin, action__contains="invit")
        .exclude(action__startswith="read")
        .order_by("sequence")
        .values_list("action", flat=True)
    ) == ["invite", "send_invitation"]


@time_machine.travel(NOON, tick=False)
def test_the_message_is_in_their_language_and_by_their_clock(
    robin: Patient, desk: StaffMember
) -> None:
    Patient.objects.filter(pk=robin.pk).update(language="es", time_zone="America/Los_Angeles")
    _send(robin, desk, "mail")
    told = mail.outbox[0].subject + mail.outbox[0].body
    assert "Una invitación de su clínica" in told and "miércoles, 11 de marzo, 10:00" in told


@time_machine.travel(NOON, tick=False)
def test_a_text_goes_where_they_wish_texts(
    robin: Patient, desk: StaffMember, settings: Settings
) -> None:
    wishes = PatientReach(patient=robin, reminders_by=ReminderWay.TEXT)
    reach.keep_wishes(wishes=wishes, by=desk.user, at=NOON)
    with text_gateway() as gateway:
        settings.CLINIC_TEXT = gateway.address
        assert "Send it by text message" in _reads(robin, desk)
        _send(robin, desk, "text")
    assert len(gateway.came) == 1 and "/welcome/" in gateway.came[0][1] and not mail.outbox


@time_machine.travel(NOON, tick=False)
def test_what_no_server_takes_is_handed_over(
    robin: Patient, desk: StaffMember, settings: Settings
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    told = _send(robin, desk, "mail")
    assert "No server took the message" in told and "/welcome/" in told
    assert "No server took the message" in _reads(robin, desk)
    assert Invitation.objects.get().sent_at is None


@time_machine.travel(NOON, tick=False)
def test_handed_over_it_is_shown_once_and_goes_to_nobody(robin: Patient, desk: StaffMember) -> None:
    told = _send(robin, desk, "hand")
    assert "/welcome/" in told and "data:image/svg+xml" in told and "shown this once" in told
    paper = told[told.index("To hand over") :]
    assert "works once, until Wednesday, March 11, 13:00" in paper
    assert "Canary" not in paper and "1980" not in paper, "name and date of birth stay off it"
    assert "/welcome/" not in _reads(robin, desk) and not mail.outbox
    assert "handed over" in _reads(robin, desk)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"email": "", "phone": ""}, "No e-mail on record"),
        ({"safe_contact": "Never at home"}, "Read how to reach them safely"),
    ],
)
@time_machine.travel(NOON, tick=False)
def test_whoever_cannot_be_written_to_is_handed_it(
    robin: Patient, desk: StaffMember, fields: dict[str, str], words: str
) -> None:
    """Asked for by hand-made form as well: nothing leaves against what they said."""
    Patient.objects.filter(pk=robin.pk).update(**fields)
    assert words in _reads(robin, desk) and "Send it" not in _reads(robin, desk)
    told = _send(robin, desk, "mail")
    assert "shown this once" in told and not mail.outbox
    assert Invitation.objects.get().way == "hand"


def test_nothing_leaves_in_quiet_hours_or_after_a_stop(robin: Patient, desk: StaffMember) -> None:
    with time_machine.travel(NIGHT, tick=False):
        assert "quiet hours, until 08:00" in _reads(robin, desk)
        _send(robin, desk, "mail")
    with time_machine.travel(NOON, tick=False):
        reach.stop_reminders(patient=robin, how=StopWay.STAFF, by=desk.user, at=NOON)
        assert "Asked for no more reminders" in _reads(robin, desk)
        _send(robin, desk, "mail")
    assert not mail.outbox


@time_machine.travel(NOON, tick=False)
def test_each_state_is_told_on_the_page(robin: Patient, desk: StaffMember) -> None:
    assert "Invite them" in _reads(robin, desk) and "Take it back" not in _reads(robin, desk)
    secret = invite(robin, desk)
    assert "An invitation waits" in _reads(robin, desk)
    take_up(robin, secret)
    assert "They have an account" in _reads(robin, desk)
    assert "They have an account." in _send(robin, desk, "hand")
    assert "is signed out" in _send(robin, desk, "", "close")
    assert "Their account is closed" in _reads(robin, desk)
    assert "They have no account." in _send(robin, desk, "", "close")
    follow.end(follow.in_series(robin), Stage.DIED, NOON)
    assert "This person died" in _reads(robin, desk)
    assert "This person died" in _send(robin, desk, "hand")


def test_an_invitation_that_is_over_says_why(robin: Patient, desk: StaffMember) -> None:
    secret = invite(robin)
    with time_machine.travel(NOON + timedelta(days=8), tick=False):
        assert "It ended" in _reads(robin, desk)
    with time_machine.travel(NOON, tick=False):
        for _ in range(5):
            Client().post(f"/welcome/{secret}/", {"birth_date": "1990-01-01"})
        assert "It is locked" in _reads(robin, desk)


@time_machine.travel(NOON, tick=False)
def test_taking_back_is_said_and_done_once(robin: Patient, desk: StaffMember) -> None:
    invite(robin)
    assert "Its link is dead" in _send(robin, desk, "", "withdraw")
    assert "used or taken back meanwhile" in _send(robin, desk, "", "withdraw")


@time_machine.travel(NOON, tick=False)
def test_a_colleague_in_care_here_keeps_the_account_they_have(desk: StaffMember) -> None:
    nurse = cast.staff(Role.NURSE, "Pat Who Works Here")
    person = cast.patient("Pat", user=nurse.user)
    told = _reads(person, desk)
    assert "account as staff" in told and "Close the account" not in told


@time_machine.travel(NOON, tick=False)
def test_inviting_and_closing_want_a_proof(robin: Patient, desk: StaffMember) -> None:
    """A screen left open at the desk must not give a stranger a way into somebody's record."""
    for name in ("invite", "close"):
        answer = cast.signed_in(desk).post(_page(robin, name), {"way": "hand"})
        assert answer.status_code == 403 and answer.headers["X-Proof"] == "wanted"
    assert not Invitation.objects.exists()


@pytest.mark.parametrize(
    ("role", "treats", "may"),
    [
        (Role.FRONT_DESK, False, True),
        (Role.NURSE, False, True),
        (Role.THERAPIST, True, True),
        (Role.THERAPIST, False, False),
        (Role.PRESCRIBER, False, False),
        (Role.PHARMACIST, True, False),
        (Role.MANAGER, False, False),
        (Role.RESEARCHER, True, False),
    ],
)
@time_machine.travel(NOON, tick=False)
def test_who_may_invite(robin: Patient, role: Role, treats: bool, may: bool) -> None:
    member = cast.staff(role)
    if treats:
        cast.treats(member, robin)
    client = cast.signed_in(member)
    assert client.get(_page(robin)).status_code == (200 if may else 404)
    details = client.get(reverse("people:patient", args=[robin.pk]))
    assert (b"Their own account" in details.content) is may
