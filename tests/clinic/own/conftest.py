"""A person with a page of their own, and who treats them."""

from datetime import timedelta

import pytest
from django.test import Client

from clinic.people.models import Patient, StaffMember, User
from clinic.people.roles import Role
from tests.clinic import cast
from tests.clinic.cast import NOON
from tests.clinic.therapy.cases import dosed

LONG_BEFORE = NOON - timedelta(days=40)


@pytest.fixture
def person() -> Patient:
    made = cast.patient()
    made.user = User.objects.create_user("own@person.example", cast.PASSWORD, name=made.name)
    made.save()
    return made


@pytest.fixture
def phone(person: Patient) -> Client:
    client = Client()
    client.force_login(person.user)
    return client


@pytest.fixture
def therapist(person: Patient) -> StaffMember:
    return cast.treats(cast.staff(Role.THERAPIST), person)


@pytest.fixture
def desk(therapist: StaffMember) -> Client:
    return cast.signed_in(therapist)


@pytest.fixture
def dose(person: Patient):
    return dosed(person, LONG_BEFORE)
