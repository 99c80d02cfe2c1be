"""An invitation as a person meets it."""

from datetime import datetime, timedelta

import time_machine
from django.test import Client
from django.urls import reverse

from clinic.people.models import Patient, StaffMember, User
from clinic.welcome import actions
from clinic.welcome.models import Invitation, Invited
from tests.clinic.cast import NOON

PASSWORD = "una casa azul con patio"


def invite(person: Patient, by: StaffMember | None = None, at: datetime = NOON) -> str:
    """Handed over; returns the secret of its link."""
    who = by.user if by else None
    return actions.invite(patient=person, way=Invited.HAND, by=who, at=at)[1]


def page(name: str, secret: str) -> str:
    return reverse(f"welcome:{name}", args=[secret])


def phone(language: str = "en") -> Client:
    return Client(headers={"Accept-Language": language})


def opened(person: Patient, secret: str, **more: str) -> Client:
    """A phone on which the right date of birth was typed."""
    client = phone(**more)
    answer = client.post(page("link", secret), {"birth_date": person.birth_date})
    assert answer.status_code == 302, answer.content.decode()
    return client


def typed(email: str = "robin@person.example", **other: str) -> dict[str, str]:
    known = {"email": email, "password1": PASSWORD, "password2": PASSWORD, "language": "en"}
    return known | other


def take_up(person: Patient, secret: str, **other: str) -> Client:
    """All the way to their own page."""
    client = opened(person, secret)
    answer = client.post(page("begin", secret), typed(**other))
    assert answer.headers.get("Location") == reverse("people:me"), answer.content.decode()
    return client


WORDS = {
    "used": ("This invitation was used", "Esta invitación ya se usó"),
    "locked": ("This invitation is locked", "Esta invitación está bloqueada"),
    "withdrawn": ("This invitation no longer works", "Esta invitación ya no sirve"),
    "ended": ("Your care here has ended", "Su atención aquí terminó"),
    "expired": ("This invitation has ended", "Esta invitación terminó"),
    "open": ("type your date of birth", "escriba su fecha de nacimiento"),
}


def says(secret: str, state: str, at: timedelta = timedelta()) -> None:
    """The page of a link says so in English and in Spanish, names nobody, and whom to call."""
    person = Invitation.objects.latest("made_at").patient
    for tongue, words in zip(("en", "es"), WORDS[state], strict=True):
        Patient.objects.filter(pk=person.pk).update(language=tongue)
        with time_machine.travel(NOON + at, tick=False):
            told = phone().get(page("link", secret)).content.decode()
        assert words in told and f'<html lang="{tongue}">' in told
        assert 'href="tel:988"' in told and page("help", secret) in told
        assert person.family_name not in told and person.given_name not in told


def is_dead(person: Patient, secret: str, at: timedelta = timedelta()) -> None:
    """No date of birth opens it."""
    with time_machine.travel(NOON + at, tick=False):
        client = phone()
        client.post(page("link", secret), {"birth_date": person.birth_date})
        answer = client.post(page("begin", secret), typed("other@person.example"))
    assert answer.headers["Location"] == page("link", secret)
    assert not User.objects.filter(email="other@person.example").exists()
