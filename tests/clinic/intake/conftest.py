"""The people of these tests."""

import pytest

from clinic.people.models import Patient, StaffMember
from clinic.people.roles import Role
from tests.clinic import cast
from tests.clinic.intake import screened


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
