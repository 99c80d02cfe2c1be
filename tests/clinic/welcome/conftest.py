"""Who invites, and who is invited."""

import pytest
from django.core.cache import cache

from clinic.people.models import Patient, StaffMember
from clinic.people.roles import Role
from tests.clinic import cast


@pytest.fixture(autouse=True)
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
    return cast.patient("Robin", "Canary", email="robin@person.example", phone="+12025550111")
