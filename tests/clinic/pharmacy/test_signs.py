"""The registrant sees what stands out, by name; nobody else does, and the reading is on record."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from clinic.calendar.models import Shift
from clinic.people.models import AuditEntry, StaffMember, User
from clinic.people.roles import DutyKind, Role
from clinic.pharmacy import actions
from tests.clinic import cast
from tests.clinic.pharmacy import cases
from tests.clinic.pharmacy.cases import mg

pytestmark = [pytest.mark.django_db, pytest.mark.hazard(17)]
SIGNS = reverse("pharmacy:signs")


@pytest.fixture
def pair() -> tuple[User, User]:
    """Two nurses on shift all day."""
    found = cases.pair()
    for user in found:
        Shift.objects.create(
            staff=StaffMember.objects.get(user=user),
            starts_at=cast.NOON - timedelta(hours=4),
            ends_at=cast.NOON + timedelta(hours=4),
        )
    return found


@pytest.fixture
def registrant() -> Client:
    """Whoever holds the registration, here a manager."""
    manager = cast.staff(Role.MANAGER)
    cast.appointed(manager, DutyKind.REGISTRANT)
    return cast.signed_in(manager)


def _page(client: Client, days: str = "") -> str:
    with time_machine.travel(cast.NOON + timedelta(days=1), tick=False):
        return client.get(SIGNS, {"days": days}).content.decode()


def test_an_empty_register_says_that_nothing_stands_out(registrant: Client) -> None:
    assert "Nothing stands out" in _page(registrant)


def test_a_short_count_stands_there_with_who_signed_it_and_the_reading_is_on_record(
    registrant: Client, pair: tuple[User, User]
) -> None:
    vial = cases.received(*pair)
    actions.count(vial=vial, counted_mg=mg("495"), by=pair[0], witness=pair[1], at=cast.NOON)
    page = _page(registrant)
    assert f"{pair[0].name} and {pair[1].name}</strong>: -5 mg" in page
    assert "</strong>: 1 while" not in page
    assert "Nothing stands out" not in page
    assert AuditEntry.objects.filter(action="open_register_signs").count() == 1


def test_an_entry_by_somebody_on_no_shift_stands_there(
    registrant: Client, pair: tuple[User, User]
) -> None:
    Shift.objects.filter(staff__user=pair[0]).update(ends_at=cast.NOON)
    cases.received(*pair)
    page = _page(registrant)
    assert f"{pair[0].name}</strong>: 1 while on no shift" in page
    assert "1 entry" in page
    assert "Received, 500 mg" in page


@pytest.mark.parametrize(("days", "told"), [("30", False), ("90", True), ("x", True)])
def test_only_the_time_asked_for_is_shown(
    registrant: Client, pair: tuple[User, User], days: str, told: bool
) -> None:
    Shift.objects.all().delete()
    cases.received(*pair)
    with time_machine.travel(cast.NOON + timedelta(days=40), tick=False):
        page = registrant.get(SIGNS, {"days": days}).content.decode()
    assert ("</strong>: 1 while on no shift" in page) is told


@pytest.mark.parametrize("role", [Role.NURSE, Role.PHARMACIST, Role.MEDICAL_DIRECTOR])
def test_nobody_else_opens_it_or_is_shown_the_way(role: Role) -> None:
    client = cast.signed_in(cast.staff(role))
    assert client.get(SIGNS).status_code == 403
    assert SIGNS not in client.get(reverse("pharmacy:stock")).content.decode()
