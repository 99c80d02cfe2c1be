"""Who the tests of questionnaires are about, where they do not name somebody else."""

import pytest

from clinic.episodes.models import Episode
from clinic.people.models import Patient, StaffMember, User
from clinic.people.roles import Role
from tests.clinic import cast
from tests.clinic.measures import follow


@pytest.fixture
def nurse() -> StaffMember:
    """On call."""
    member = cast.staff(Role.NURSE)
    cast.on_call(member)
    return member


@pytest.fixture
def robin(nurse: StaffMember) -> Patient:
    """Somebody with an e-mail address, whom the nurse treats."""
    person = cast.patient(email="robin@person.example")
    cast.treats(nurse, person)
    return person


@pytest.fixture
def episode(robin: Patient) -> Episode:
    """Robin's, with a dose at noon."""
    found = follow.in_series(robin)
    follow.dose(found)
    return found


@pytest.fixture
def rosa(nurse: StaffMember) -> Patient:
    """Somebody who reads Spanish, and signs in."""
    user = User.objects.create_user("rosa@person.example", cast.PASSWORD, name="Rosa")
    return cast.patient(
        given="Rosa", language="es-MX", user=user, email="rosa@person.example", phone="+12025550123"
    )
