"""The pages of the room, as tests ask for them."""

from django.test import Client
from django.urls import reverse

from clinic.people.models import Patient

HTMX = {"HTTP_HX_REQUEST": "true"}


def url(name: str, person: Patient, *more: object) -> str:
    """The address of a page about a person."""
    return reverse(f"intake:{name}", args=[person.pk, *more])


def page(client: Client, name: str, person: Patient, *more: object) -> str:
    """What it says."""
    return client.get(url(name, person, *more)).content.decode()
