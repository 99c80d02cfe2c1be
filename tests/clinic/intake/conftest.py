"""The people of these tests."""

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client

from clinic.people.models import Patient, StaffMember
from clinic.people.proof import PASSWORD
from clinic.people.roles import Role
from tests.clinic import cast
from tests.clinic.intake import screened
from tests.clinic.intake.pages import url


@pytest.fixture
def nurse(db: None) -> StaffMember:
    """A nurse on call."""
    member = cast.staff(Role.NURSE, "Noor Nurse")
    cast.on_call(member)
    return member


@pytest.fixture
def prescriber(db: None) -> StaffMember:
    """A prescriber."""
    return cast.staff(Role.PRESCRIBER, "Pat Prescriber")


@pytest.fixture
def robin(nurse: StaffMember, prescriber: StaffMember) -> Patient:
    """Somebody both treat, of whom nothing is known."""
    person = cast.patient()
    cast.treats(nurse, person)
    cast.treats(prescriber, person)
    return person


@pytest.fixture
def well(robin: Patient, nurse: StaffMember) -> Patient:
    """Somebody of whom everything needed is known, and nothing stands in the way."""
    return screened.well(robin, nurse)


@pytest.fixture
def at_noon() -> Iterator[None]:
    """For pages, which read the clock: it stands at noon."""
    with time_machine.travel(cast.NOON, tick=False):
        yield


@pytest.fixture
def at_nurse(nurse: StaffMember) -> Client:
    """The nurse's browser."""
    return cast.signed_in(nurse)


@pytest.fixture
def at_prescriber(at_noon: None, prescriber: StaffMember, robin: Patient) -> Client:
    """With a proof of a moment ago, which clearing and overriding ask for."""
    client = cast.signed_in(prescriber)
    assert client.post(url("clear", robin), {PASSWORD: cast.PASSWORD}).status_code == 200
    return client
