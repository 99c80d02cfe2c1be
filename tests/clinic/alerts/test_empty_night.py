"""A night that nobody covers is told while there is still somebody to ask."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail

from clinic.alerts import ladder
from clinic.alerts.models import Delivery
from clinic.people.models import StaffMember
from clinic.people.roles import Role
from tests.clinic import cast

pytestmark = [pytest.mark.django_db, pytest.mark.hazard(11)]

FOUR = datetime(2026, 3, 4, 21, tzinfo=UTC)  # four in the afternoon in New York
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def leads() -> set[StaffMember]:
    """Who is told."""
    return {cast.staff(Role.MANAGER), cast.staff(Role.MEDICAL_DIRECTOR)}


def _told() -> set[StaffMember]:
    return {row.recipient for row in Delivery.objects.select_related("recipient")}


def test_at_four_the_manager_and_the_medical_director_are_told_once(
    leads: set[StaffMember],
) -> None:
    cast.staff(Role.NURSE)
    assert ladder.tell_empty_night(FOUR - MINUTE) == 0
    assert ladder.tell_empty_night(FOUR) == 2
    assert _told() == leads
    for later in (MINUTE, 5 * HOUR, 12 * HOUR):  # four in the morning is the same night
        assert ladder.tell_empty_night(FOUR + later) == 0
    assert ladder.tell_empty_night(FOUR + DAY) == 2


def test_the_message_goes_out_and_names_no_patient(leads: set[StaffMember]) -> None:
    ladder.tell_empty_night(FOUR)
    assert ladder.deliver(FOUR) == 2
    assert {to for message in mail.outbox for to in message.to} == {m.user.email for m in leads}
    assert "roster has a gap tonight" in mail.outbox[0].subject


def test_a_covered_night_is_told_to_nobody(leads: set[StaffMember]) -> None:
    cast.on_call(cast.staff(Role.NURSE))
    assert ladder.tell_empty_night(FOUR) == 0


def test_a_night_that_somebody_leaves_halfway_is_told(leads: set[StaffMember]) -> None:
    cast.on_call(cast.staff(Role.NURSE), until=FOUR + 8 * HOUR)
    assert ladder.tell_empty_night(FOUR) == 2


def test_with_neither_here_the_whole_clinic_is_told_once() -> None:
    nurse = cast.staff(Role.NURSE)
    assert ladder.tell_empty_night(FOUR) == 1
    assert _told() == {nurse}
    assert ladder.tell_empty_night(FOUR + MINUTE) == 0


def test_a_lead_who_is_back_the_same_evening_is_told_too(leads: set[StaffMember]) -> None:
    ladder.tell_empty_night(FOUR)
    late = cast.staff(Role.MANAGER)
    assert ladder.tell_empty_night(FOUR + HOUR) == 1
    assert late in _told()
