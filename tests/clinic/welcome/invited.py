"""An invitation as a person meets it."""

from datetime import datetime

from django.test import Client
from django.urls import reverse

from clinic.people.models import Patient, StaffMember
from clinic.welcome import actions
from clinic.welcome.models import Invited
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
