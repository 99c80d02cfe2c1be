"""An account that somebody else opens is somebody's whole record in a stranger's hand."""

from datetime import date, timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from clinic.alerts.models import Alert
from clinic.episodes import actions as episodes
from clinic.people.models import AuditEntry, Patient, StaffMember, User
from clinic.people.roles import Role
from clinic.welcome import actions, queries
from clinic.welcome.models import Invitation, Invited, Try
from kapstone.pathway import Episode as Stage
from tests.clinic import cast
from tests.clinic.cast import NOON
from tests.clinic.measures import follow
from tests.clinic.welcome.invited import PASSWORD, invite, opened, page, phone, take_up, typed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_calm")]
DAY = timedelta(days=1)
WORDS = {
    "used": ("This invitation was used", "Esta invitación ya se usó"),
    "locked": ("This invitation is locked", "Esta invitación está bloqueada"),
    "withdrawn": ("This invitation no longer works", "Esta invitación ya no sirve"),
    "ended": ("Your care here has ended", "Su atención aquí terminó"),
    "expired": ("This invitation has ended", "Esta invitación terminó"),
    "open": ("type your date of birth", "escriba su fecha de nacimiento"),
}


@pytest.fixture
def _calm() -> None:
    cache.clear()  # of what was counted against an address


@pytest.fixture
def desk() -> StaffMember:
    """Who invites, with somebody on call."""
    cast.on_call(cast.staff(Role.NURSE))
    return cast.staff(Role.FRONT_DESK)


@pytest.fixture
def robin() -> Patient:
    """Somebody in care who has no account."""
    return cast.patient("Robin", phone="+12025550111")


def _says(secret: str, state: str, at: timedelta = timedelta()) -> None:
    """The page of a link says so in English and in Spanish, names nobody, and whom to call."""
    person = Invitation.objects.latest("made_at").patient
    for tongue, words in zip(("en", "es"), WORDS[state], strict=True):
        Patient.objects.filter(pk=person.pk).update(language=tongue)
        with time_machine.travel(NOON + at, tick=False):
            told = phone().get(page("link", secret)).content.decode()
        assert words in told and f'<html lang="{tongue}">' in told
        assert 'href="tel:988"' in told and page("help", secret) in told
        assert person.family_name not in told and person.given_name not in told


def _is_dead(person: Patient, secret: str, at: timedelta = timedelta()) -> None:
    """No date of birth opens it."""
    with time_machine.travel(NOON + at, tick=False):
        client = phone()
        client.post(page("link", secret), {"birth_date": person.birth_date})
        answer = client.post(page("begin", secret), typed("other@person.example"))
    assert answer.headers["Location"] == page("link", secret)
    assert not User.objects.filter(email="other@person.example").exists()


@time_machine.travel(NOON, tick=False)
def test_from_the_link_to_a_page_of_ones_own(robin: Patient, desk: StaffMember) -> None:
    secret = invite(robin, desk)
    _says(secret, "open")
    mine = take_up(robin, secret)
    assert robin.given_name in mine.get(reverse("people:me")).content.decode()
    user = User.objects.get(email="robin@person.example")
    assert user.password.startswith("argon2$argon2id$") and user.patient.pk == robin.pk
    done = ["invite", "open_invitation", "make_account", "sign_in"]
    trail = AuditEntry.objects.filter(action__in=done).order_by("sequence")
    assert list(trail.values_list("action", flat=True)) == done
    assert {entry.patient_id for entry in trail if entry.action != "sign_in"} == {robin.pk}
    assert secret not in str(list(trail.values("detail", "subject")))
    door = Client()
    door.post(reverse("account_login"), {"login": "Robin@person.example", "password": PASSWORD})
    assert door.get(reverse("people:me")).status_code == 200


@time_machine.travel(NOON, tick=False)
def test_it_works_once(robin: Patient) -> None:
    secret = invite(robin)
    other = opened(robin, secret)  # a second phone on which the date was typed before
    take_up(robin, secret)
    _says(secret, "used")
    _is_dead(robin, secret)
    assert other.get(page("begin", secret)).headers["Location"] == page("link", secret)
    with pytest.raises(actions.Dead):
        actions.make_account(
            invitation=Invitation.objects.get(), email="b@person.example", password=PASSWORD,
            language="en", at=NOON,
        )  # fmt: skip
    assert User.objects.count() == 1


@time_machine.travel(NOON, tick=False)
def test_two_who_take_it_up_at_once_make_one_account(
    robin: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page was open on both; the second reads that it was used."""
    secret = invite(robin)
    first, second = opened(robin, secret), opened(robin, secret)
    real = actions.make_account

    def between(**given: object) -> User:
        monkeypatch.undo()
        assert first.post(page("begin", secret), typed()).status_code == 302
        return real(**given)  # type: ignore[arg-type]  # as they came

    monkeypatch.setattr(actions, "make_account", between)
    answer = second.post(page("begin", secret), typed("second@person.example"))
    assert answer.headers["Location"] == page("link", secret)
    assert list(User.objects.values_list("email", flat=True)) == ["robin@person.example"]


@time_machine.travel(NOON, tick=False)
def test_a_stranger_with_the_link_is_shut_out_after_five_dates(robin: Patient) -> None:
    secret, stranger = invite(robin), phone()
    for wrong in range(1, 6):
        told = stranger.post(page("link", secret), {"birth_date": "1990-01-01"}).content.decode()
        assert robin.family_name not in told
        assert ("does not match" if wrong < 5 else "did not match five times") in told
        assert stranger.get(page("begin", secret)).status_code == 302
    _says(secret, "locked")
    _is_dead(robin, secret)
    assert Try.objects.filter(right=False).count() == 5
    with pytest.raises((DatabaseError, IntegrityError)), transaction.atomic():
        Try.objects.all().delete()


@time_machine.travel(NOON, tick=False)
def test_nothing_or_nonsense_typed_costs_no_try(robin: Patient) -> None:
    secret = invite(robin)
    for nothing in ({}, {"birth_date": ""}, {"birth_date": "yesterday"}):
        assert phone().post(page("link", secret), nothing).status_code == 200
    assert not Try.objects.exists()
    _says(secret, "open")


def test_it_ends_after_seven_days(robin: Patient) -> None:
    secret = invite(robin)
    _says(secret, "open", 7 * DAY - timedelta(seconds=1))
    _says(secret, "expired", 7 * DAY)
    _is_dead(robin, secret, 7 * DAY)


def test_half_an_hour_after_the_date_it_is_asked_again(robin: Patient) -> None:
    """Else whoever finds the phone later sets the password."""
    secret = invite(robin)
    with time_machine.travel(NOON, tick=False):
        client = opened(robin, secret)
        assert client.get(page("begin", secret)).status_code == 200
    with time_machine.travel(NOON + timedelta(minutes=30), tick=False):
        answer = client.post(page("begin", secret), typed())
    assert answer.headers["Location"] == page("link", secret) and not User.objects.exists()


def test_one_that_was_taken_back_is_dead(robin: Patient, desk: StaffMember) -> None:
    secret = invite(robin)
    actions.withdraw(patient=robin, by=desk.user, at=NOON)
    _says(secret, "withdrawn")
    _is_dead(robin, secret)
    with pytest.raises(actions.Dead):
        actions.withdraw(patient=robin, by=desk.user, at=NOON)


@time_machine.travel(NOON, tick=False)
def test_of_two_invitations_only_the_newer_works(robin: Patient) -> None:
    older, newer = invite(robin), invite(robin, at=NOON + timedelta(seconds=1))
    _is_dead(robin, older)
    take_up(robin, newer)
    assert queries.waiting(robin) is None
    first = Invitation.objects.earliest("made_at")
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.filter(pk=first.pk).update(used_at=NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.filter(pk=first.pk).update(expires_at=NOON)


def test_one_person_has_one_invitation_that_waits(robin: Patient) -> None:
    invite(robin)
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.create(
            patient=robin, link_hash="2", way=Invited.HAND, made_at=NOON, expires_at=NOON + DAY
        )


@pytest.mark.parametrize(
    ("stage", "state"), [(Stage.DIED, "withdrawn"), (Stage.WITHDRAWN, "ended")]
)
def test_after_the_end_of_care_nobody_comes_in(robin: Patient, stage: Stage, state: str) -> None:
    """After a death the page tells whoever holds the phone nothing of it."""
    secret = invite(robin)
    follow.end(follow.in_series(robin), stage, NOON)
    _says(secret, state)
    _is_dead(robin, secret)
    with pytest.raises(actions.NotPossible):
        invite(robin, at=NOON + timedelta(seconds=1))


@time_machine.travel(NOON, tick=False)
def test_whoever_comes_back_into_care_is_invited_again(robin: Patient) -> None:
    follow.end(follow.in_series(robin), Stage.WITHDRAWN, NOON - DAY)
    assert "has ended" in queries.why_not(robin)
    episodes.open_episode(patient=robin, by=None, at=NOON)
    take_up(robin, invite(robin))


@time_machine.travel(NOON, tick=False)
def test_an_address_of_somebody_else_is_not_taken_over(robin: Patient, desk: StaffMember) -> None:
    secret = invite(robin)
    client = opened(robin, secret)
    told = client.post(page("begin", secret), typed(desk.user.email.upper())).content.decode()
    assert "Another account uses this address" in told
    desk.user.refresh_from_db()
    assert desk.user.check_password(cast.PASSWORD) and not hasattr(desk.user, "patient")
    _says(secret, "open")


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
    _says(secret, "used")
    _is_dead(robin, secret)


def test_a_date_that_is_right_opens_nothing_that_is_over(robin: Patient) -> None:
    invite(robin)
    found = Invitation.objects.get()
    assert actions.redeem(invitation=found, birth_date=robin.birth_date, at=NOON)
    assert not actions.redeem(invitation=found, birth_date=date(1990, 1, 1), at=NOON)
    with pytest.raises(actions.Dead):
        actions.redeem(invitation=found, birth_date=robin.birth_date, at=NOON + 8 * DAY)
