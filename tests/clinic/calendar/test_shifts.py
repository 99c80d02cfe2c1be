"""Who is in the house: when nobody is, when something is wrong, and for whom it is closed."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client

from clinic.calendar import actions, queries
from clinic.calendar.models import Appointment, Shift
from clinic.people.models import AuditEntry, StaffMember
from clinic.people.roles import Role
from tests.clinic import cast
from tests.clinic.cast import NOON

pytestmark = pytest.mark.django_db
URL, PUT = "/shifts/", "/shifts/put/"
TYPED = {"starts_at": "2026-03-04T08:00", "ends_at": "2026-03-04T16:00"}


@pytest.fixture(autouse=True)
def _at_noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def nurse() -> StaffMember:
    return cast.staff(Role.NURSE, "Nina Nurse")


@pytest.fixture
def desk(nurse: StaffMember) -> Client:
    return cast.signed_in(nurse)


def test_with_nobody_on_shift_the_page_says_so(desk: Client) -> None:
    page = desk.get(URL).content.decode()
    assert "Nobody is on shift" in page
    assert "Put somebody on shift" in page


def test_somebody_is_put_on_shift_and_shown(desk: Client, nurse: StaffMember) -> None:
    assert desk.post(PUT, TYPED | {"staff": nurse.pk}).status_code == 302
    shift = Shift.objects.get()
    assert (shift.staff, shift.starts_at) == (nurse, NOON - timedelta(hours=4))
    page = desk.get(URL).content.decode()
    assert "Nina Nurse is on shift." in page
    assert "Mar 4, 08:00" in page
    assert AuditEntry.objects.filter(action="put_on_shift").count() == 1
    assert list(queries.on_shift(NOON)) == [nurse]
    assert list(queries.on_shift(NOON + timedelta(hours=4))) == []


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"staff": ""}, "This field is required"),
        ({"staff": "999999"}, "Select a valid choice"),
        ({"starts_at": "eight"}, "Enter a valid date/time"),
        ({"ends_at": "2026-03-04T08:00"}, "Give a time after the start"),
        ({"ends_at": "2026-03-04T07:00"}, "Give a time after the start"),
        ({"ends_at": "2026-03-05T08:01"}, "at most 24 hours later"),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_is_kept(
    desk: Client, nurse: StaffMember, typed: dict[str, str], words: str
) -> None:
    answer = desk.post(PUT, TYPED | {"staff": str(nurse.pk)} | typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert (TYPED | typed)["ends_at"] in page
    assert not Shift.objects.exists()


def test_a_whole_day_is_a_shift(desk: Client, nurse: StaffMember) -> None:
    ends = {"staff": nurse.pk, "ends_at": "2026-03-05T08:00"}
    assert desk.post(PUT, TYPED | ends).status_code == 302


def test_those_who_left_are_not_offered_and_not_on_shift(desk: Client) -> None:
    gone = cast.staff(Role.NURSE, "Gone Nurse")
    actions.put_on_shift(
        staff=gone, starts_at=NOON, ends_at=NOON + timedelta(hours=2), by=None, at=NOON
    )
    gone.left_at = NOON
    gone.save()
    page = desk.get(URL).content.decode().split("<form")
    assert all("Gone Nurse" not in part for part in page[-1:])
    assert list(queries.on_shift(NOON)) == []


@pytest.mark.parametrize("role", [Role.THERAPIST, Role.PHARMACIST, Role.FRONT_DESK])
def test_who_may_only_look_has_no_form_and_puts_nobody(role: Role, nurse: StaffMember) -> None:
    client = cast.signed_in(cast.staff(role))
    page = client.get(URL).content.decode()
    assert "Nobody is on shift" in page
    assert "Put somebody on shift</h2>" not in page
    assert client.post(PUT, TYPED | {"staff": nurse.pk}).status_code == 403
    assert not Shift.objects.exists()


def test_a_researcher_does_not_see_who_is_in_the_house() -> None:
    assert cast.signed_in(cast.staff(Role.RESEARCHER)).get(URL).status_code == 403


def test_a_get_puts_nobody(desk: Client) -> None:
    assert desk.get(PUT).status_code == 405


def test_the_database_refuses_a_shift_or_a_visit_that_ends_first(nurse: StaffMember) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Shift.objects.create(staff=nurse, starts_at=NOON, ends_at=NOON)
    told = {"patient": cast.patient(), "made_at": NOON, "starts_at": NOON}
    with pytest.raises(IntegrityError), transaction.atomic():
        Appointment.objects.create(**told, room="1", ends_at=NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        Appointment.objects.create(**told, room="", ends_at=NOON + timedelta(hours=1))


def test_moments_at_which_somebody_comes_or_goes(nurse: StaffMember) -> None:
    for start, end in ((-4, 1), (1, 6), (9, 10)):
        Shift.objects.create(
            staff=nurse,
            starts_at=NOON + timedelta(hours=start),
            ends_at=NOON + timedelta(hours=end),
        )
    found = queries.changes_within(NOON, NOON + timedelta(hours=3))
    assert found == [NOON, NOON + timedelta(hours=1)]
