"""What is typed on the way to an account, what it opens, and how it is closed."""

from datetime import date, timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.urls import reverse

from clinic.alerts.models import Alert
from clinic.people.models import Patient, StaffMember, User
from clinic.people.roles import Role
from clinic.welcome import actions, queries
from clinic.welcome.models import Invitation
from kapstone.pathway import Episode as Stage
from tests.clinic import cast
from tests.clinic.cast import NOON
from tests.clinic.measures import follow
from tests.clinic.welcome.invited import (
    PASSWORD,
    invite,
    is_dead,
    opened,
    page,
    phone,
    says,
    take_up,
    typed,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@time_machine.travel(NOON, tick=False)
def test_an_address_of_somebody_else_is_not_taken_over(robin: Patient, desk: StaffMember) -> None:
    secret = invite(robin)
    client = opened(robin, secret)
    told = client.post(page("begin", secret), typed(desk.user.email.upper())).content.decode()
    assert "Another account uses this address" in told
    desk.user.refresh_from_db()
    assert desk.user.check_password(cast.PASSWORD) and not hasattr(desk.user, "patient")
    says(secret, "open")


@time_machine.travel(NOON, tick=False)
@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"password1": "short", "password2": "short"}, "too short"),
        ({"password2": "another one altogether"}, "same password each time"),
        ({"password1": "password1234", "password2": "password1234"}, "too common"),
        ({"password1": "robin@person", "password2": "robin@person"}, "too similar"),
        ({"email": ""}, "required"),
        ({"email": "nowhere"}, "valid email"),
        ({"language": "xx"}, "not one of"),
    ],
)
def test_what_cannot_be_is_said_and_the_invitation_stays(
    robin: Patient, wrong: dict[str, str], words: str
) -> None:
    secret = invite(robin)
    client = opened(robin, secret)
    told = client.post(page("begin", secret), typed() | wrong).content.decode()
    assert words in told and not User.objects.exists()
    assert client.post(page("begin", secret), typed()).status_code == 302


@time_machine.travel(NOON, tick=False)
def test_the_language_they_choose_is_kept(robin: Patient) -> None:
    mine = take_up(robin, invite(robin), language="es")
    robin.refresh_from_db()
    assert robin.language == "es"
    assert '<html lang="es">' in mine.get(reverse("people:me")).content.decode()


@time_machine.travel(NOON, tick=False)
def test_a_region_of_the_same_language_stays_on_record(robin: Patient) -> None:
    Patient.objects.filter(pk=robin.pk).update(language="es-MX")
    secret = invite(robin)
    client = opened(robin, secret)
    told = client.get(page("begin", secret)).content.decode()
    assert "Cómo va a iniciar sesión" in told and "Contraseña (otra vez)" in told
    client.post(page("begin", secret), typed(language="es"))
    robin.refresh_from_db()
    assert robin.language == "es-MX"


@time_machine.travel(NOON, tick=False)
def test_the_page_turns_to_another_language(robin: Patient) -> None:
    secret, client = invite(robin), phone()
    told = client.post(page("language", secret), {"language": "es"}, follow=True)
    assert "Una página propia" in told.content.decode()


@time_machine.travel(NOON, tick=False)
def test_help_is_called_from_the_invitation(robin: Patient, desk: StaffMember) -> None:
    secret = invite(robin)
    told = phone().post(page("help", secret), follow=True).content.decode()
    assert "being told now" in told
    alert = Alert.objects.get(patient=robin)
    assert alert.level == "immediate" and "before the date of birth" in alert.message
    follow.end(follow.in_series(robin), Stage.DIED, NOON)
    phone().post(page("help", secret))
    assert Alert.objects.filter(patient=robin).count() == 1


@time_machine.travel(NOON, tick=False)
def test_an_unknown_invitation_says_so(robin: Patient) -> None:
    for tongue, words in (("en", "is not known"), ("es", "No conocemos esta invitación")):
        answer = phone(tongue).get(page("link", "nothing"))
        assert answer.status_code == 404 and words in answer.content.decode()
        assert 'href="tel:988"' in answer.content.decode()


@time_machine.travel(NOON, tick=False)
def test_too_many_dates_from_one_place_pause(robin: Patient) -> None:
    """Somebody who tries many invitations is slowed down as at the door."""
    for number in range(31):
        answer = phone().post(page("link", f"secret-{number}"), {"birth_date": "1990-01-01"})
    assert answer.status_code == 404, "what is not known tells nothing"
    secret = invite(robin)
    for _ in range(31):
        answer = phone().post(page("link", secret), {"birth_date": ""})
    assert answer.status_code == 429


@time_machine.travel(NOON, tick=False)
def test_a_closed_account_lets_nobody_in_and_opens_anew_by_invitation(
    robin: Patient, desk: StaffMember
) -> None:
    """Whoever took the phone is out with the next tap, and stays out afterwards."""
    thief = take_up(robin, invite(robin))
    robin.refresh_from_db()
    Authenticator.objects.create(user=robin.user, type=Authenticator.Type.WEBAUTHN, data={})
    assert "have an account" in queries.why_not(robin)
    with pytest.raises(actions.NotPossible):
        invite(robin)
    actions.close_account(patient=robin, by=desk.user, at=NOON)
    robin.user.refresh_from_db()
    assert thief.get(reverse("people:me")).status_code == 302
    door = phone("es")
    answer = door.post(
        reverse("account_login"), {"login": "robin@person.example", "password": PASSWORD},
        follow=True,
    )  # fmt: skip
    assert "Esta cuenta está cerrada" in answer.content.decode()
    with pytest.raises(actions.NotPossible):
        actions.close_account(patient=robin, by=desk.user, at=NOON)
    secret = invite(robin, at=NOON + timedelta(seconds=1))
    mine = take_up(robin, secret, email="new@person.example")
    assert mine.get(reverse("people:me")).status_code == 200
    assert thief.get(reverse("people:me")).status_code == 302
    assert not Authenticator.objects.exists()
    assert User.objects.filter(patient=robin).get().email == "new@person.example"


def test_an_account_of_staff_is_not_closed_from_their_own_record(desk: StaffMember) -> None:
    """Somebody at the desk could else shut a colleague out."""
    nurse = cast.staff(Role.NURSE, "Pat Who Works Here")
    person = cast.patient("Pat", user=nurse.user)
    with pytest.raises(actions.NotPossible, match="as staff"):
        actions.close_account(patient=person, by=desk.user, at=NOON)
    User.objects.filter(pk=nurse.user.pk).update(is_active=False)
    with pytest.raises(actions.NotPossible, match="as staff"):
        invite(Patient.objects.get(pk=person.pk))


def test_nobody_without_an_account_has_one_closed(robin: Patient, desk: StaffMember) -> None:
    with pytest.raises(actions.NotPossible, match="no account"):
        actions.close_account(patient=robin, by=desk.user, at=NOON)


@time_machine.travel(NOON, tick=False)
def test_an_open_invitation_of_somebody_with_an_account_is_used_up(robin: Patient) -> None:
    """An account that came by another way is not taken over by an old link."""
    secret = invite(robin)
    user = User.objects.create_user("mine@person.example", cast.PASSWORD, name="Robin")
    Patient.objects.filter(pk=robin.pk).update(user=user)
    says(secret, "used")
    is_dead(robin, secret)


def test_a_date_that_is_right_opens_nothing_that_is_over(robin: Patient) -> None:
    invite(robin)
    found = Invitation.objects.get()
    assert actions.redeem(invitation=found, birth_date=robin.birth_date, at=NOON)
    assert not actions.redeem(invitation=found, birth_date=date(1990, 1, 1), at=NOON)
    with pytest.raises(actions.Dead):
        actions.redeem(invitation=found, birth_date=robin.birth_date, at=NOON + 8 * DAY)
