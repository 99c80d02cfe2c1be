"""A link as a person meets it: handed over, opened, read."""

from datetime import timedelta

from django.test import Client
from django.urls import reverse

from clinic.measures import actions
from clinic.people.models import Patient
from tests.clinic.cast import NOON

WEEK = timedelta(days=7)


def hand_over(person: Patient, instrument: str = "moment") -> str:
    _, secret = actions.ask(
        patient=person, instrument=instrument, closes_at=NOON + WEEK, by=None, at=NOON
    )
    return secret


def address_of(name: str, secret: str) -> str:
    return reverse(f"measures:{name}", args=[secret])


def open_link(person: Patient, secret: str, **more: object) -> Client:
    phone = Client()
    phone.post(address_of("link", secret), {"birth_date": person.birth_date} | more)
    return phone


def words_of(phone: Client, address: str) -> str:
    return phone.get(address, follow=True).content.decode()
