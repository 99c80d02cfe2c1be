"""The people of these tests."""

import pytest

from clinic.people.models import StaffMember
from clinic.people.roles import Role
from tests.clinic import cast


@pytest.fixture
def director(db: None) -> StaffMember:
    """Who signs."""
    return cast.staff(Role.MEDICAL_DIRECTOR)
