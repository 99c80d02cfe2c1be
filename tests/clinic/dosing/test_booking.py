"""A dosing session is booked: what is said before it is saved."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from clinic.calendar.models import Appointment, Shift
from clinic.dosing import before, cover, readiness, stages
from clinic.dosing.models import DosingSession
from clinic.people.models import AuditEntry, RoleGrant
from clinic.people.roles import Role
from kapstone.pathway import Session
from tests.clinic import cast
from tests.clinic.cast import NOON
from tests.clinic.dosing import scene
from tests.clinic.dosing.scene import Scene, after

TYPED = {"room": "Room 1", "starts_at": "2026-03-04T13:00", "minutes": "120"}  # 13:00 to 15:00


@pytest.fixture
def free(im: Scene) -> Scene:
    """The same people, with no session open."""
    stages.advance(
        session=im.session,
        to=Session.CANCELLED,
        have=(),
        by=im.nurse.user,
        at=after(0),
        reason="Made for a test of booking.",
    )
    return im


@pytest.fixture
def nurse(free: Scene) -> Client:
    return cast.signed_in(free.nurse)


def _url(of: Scene) -> str:
    return reverse("dosing:book", args=[of.patient.pk])


def _booked(of: Scene) -> DosingSession | None:
    return of.patient.sessions.filter(appointment__isnull=False).first()


@time_machine.travel(NOON, tick=False)
def test_with_two_on_shift_it_is_booked_at_once(free: Scene, nurse: Client) -> None:
    page = nurse.get(reverse("dosing:sessions", args=[free.patient.pk])).content.decode()
    assert _url(free) in page
    assert "Book a dosing session" in nurse.get(_url(free)).content.decode()
    answer = nurse.post(_url(free), TYPED)
    booked = _booked(free)
    assert answer.status_code == 302
    assert booked is not None
    assert booked.appointment is not None
    assert booked.appointment.starts_at == NOON + timedelta(hours=1)
    assert booked.appointment.ends_at == NOON + timedelta(hours=3)
    listed = nurse.get(reverse("dosing:sessions", args=[free.patient.pk])).content.decode()
    assert "booked for" in listed
    today = nurse.get("/today/").content.decode()
    assert "Room 1" in today


@pytest.mark.hazard(13)
@time_machine.travel(NOON, tick=False)
def test_no_second_person_is_said_before_it_is_saved_and_must_be_seen(
    free: Scene, nurse: Client
) -> None:
    """Else nobody knows until the person sits in the chair, and somebody checks alone."""
    Shift.objects.exclude(staff__in=[free.nurse, free.therapist]).delete()
    answer = nurse.post(_url(free), TYPED)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "SECOND: no second licensed person then" in page
    assert "Nina Nurse" in page
    assert "Theo Therapist (may not check a dose)" in page
    assert _booked(free) is None
    assert not Appointment.objects.exists()
    assert nurse.post(_url(free), TYPED | {"alone_at": "yes"}).status_code == 422
    other_time = {"alone_at": (NOON + timedelta(hours=2)).isoformat()}
    assert nurse.post(_url(free), TYPED | other_time).status_code == 422
    assert nurse.post(_url(free), TYPED | {"alone_at": "2026-03-04T18:00"}).status_code == 422
    seen = {"alone_at": (NOON + timedelta(hours=1)).isoformat()}
    assert nurse.post(_url(free), TYPED | seen).status_code == 302
    assert _booked(free) is not None
    assert AuditEntry.objects.filter(action="booked_without_second").count() == 1


@pytest.mark.parametrize(
    ("kept", "has_two"),
    [
        (("nurse", "other"), True),
        (("nurse", "prescriber"), True),
        (("nurse", "pharmacist"), True),
        (("pharmacist",), False),
        (("nurse", "therapist", "trainee"), False),
        (("nurse", "lapsed"), False),
        (("nurse", "left"), False),
        (("pharmacist", "second_pharmacist"), False),  # nobody of them may give it
        (("nurse", "elsewhere"), True),  # a nurse of another team may check
        (("elsewhere", "pharmacist"), False),  # and may not give
        ((), False),
    ],
)
@time_machine.travel(NOON, tick=False)
def test_who_counts_as_two(free: Scene, kept: tuple[str, ...], *, has_two: bool) -> None:
    people = {
        "nurse": free.nurse,
        "other": free.other,
        "prescriber": free.prescriber,
        "therapist": free.therapist,
        "pharmacist": cast.treats(cast.staff(Role.PHARMACIST), free.patient),
        "second_pharmacist": cast.treats(cast.staff(Role.PHARMACIST), free.patient),
        "trainee": cast.treats(cast.staff(Role.TRAINEE), free.patient),
        "elsewhere": cast.staff(Role.NURSE),
        "lapsed": cast.treats(
            cast.staff(Role.NURSE, expires_on=NOON.date() - timedelta(days=1)), free.patient
        ),
        "left": cast.treats(cast.staff(Role.NURSE), free.patient),
    }
    people["left"].left_at = NOON
    people["left"].save()
    Shift.objects.all().delete()
    for name in kept:
        Shift.objects.create(
            staff=people[name], starts_at=NOON - timedelta(hours=1), ends_at=NOON + timedelta(2)
        )
    assert cover.at_moment(free.patient, NOON).has_two is has_two


@time_machine.travel(NOON, tick=False)
def test_a_second_who_goes_in_the_middle_is_said_with_the_time(free: Scene, nurse: Client) -> None:
    Shift.objects.exclude(staff__in=[free.nurse, free.other]).delete()
    Shift.objects.filter(staff=free.other).update(ends_at=NOON + timedelta(hours=2))
    page = nurse.post(_url(free), TYPED).content.decode()
    assert "March 4, 14:00" in page


@time_machine.travel(NOON, tick=False)
def test_a_role_that_ends_before_the_day_does_not_count_on_it(free: Scene, nurse: Client) -> None:
    Shift.objects.exclude(staff__in=[free.nurse, free.other]).delete()
    RoleGrant.objects.filter(staff=free.other).update(ends_at=NOON + timedelta(minutes=30))
    assert nurse.post(_url(free), TYPED).status_code == 422


@time_machine.travel(NOON, tick=False)
def test_the_day_s_list_says_it_again(free: Scene, nurse: Client) -> None:
    Shift.objects.exclude(staff__in=[free.nurse]).delete()
    seen = {"alone_at": (NOON + timedelta(hours=1)).isoformat()}
    nurse.post(_url(free), TYPED | seen)
    booked = _booked(free)
    assert booked is not None
    ahead = _second(booked)
    assert ahead.held is readiness.Held.UNKNOWN
    assert ahead.words == "On shift at Mar 4, 13:00: Nina Nurse."
    with time_machine.travel(NOON + timedelta(hours=1, minutes=5), tick=False):
        on_the_day = readiness.judge(booked, NOON + timedelta(hours=1, minutes=5))
        assert "Second licensed person" in [one.title for one in on_the_day.lacking]
        where = reverse("dosing:console", args=[free.patient.pk, booked.pk])
        back = cast.signed_in(free.nurse)  # an hour later the first screen is locked
        assert "Second licensed person" in back.get(where).content.decode()


def _second(session: DosingSession) -> readiness.Item:
    found = readiness.judge(session, NOON).items
    return next(one for one in found if one.id == "SECOND")


@time_machine.travel(NOON, tick=False)
def test_a_room_is_held_once_until_it_is_given_up(free: Scene, nurse: Client) -> None:
    other = cast.patient("Olive", "Other")
    cast.treats(free.nurse, other)
    Appointment.objects.create(
        patient=other,
        room="room 1",
        starts_at=NOON + timedelta(hours=2),
        ends_at=NOON + timedelta(hours=4),
        made_at=NOON,
    )
    answer = nurse.post(_url(free), TYPED)
    assert answer.status_code == 422
    assert "Somebody else is expected in this room" in answer.content.decode()
    assert _booked(free) is None
    Appointment.objects.update(given_up_at=NOON)
    assert nurse.post(_url(free), TYPED).status_code == 302


@time_machine.travel(NOON, tick=False)
def test_a_cancelled_session_gives_its_room_up(free: Scene, nurse: Client) -> None:
    nurse.post(_url(free), TYPED)
    booked = _booked(free)
    assert booked is not None
    stages.advance(
        session=booked,
        to=Session.CANCELLED,
        have=(),
        by=free.nurse.user,
        at=NOON,
        reason="Has a cold.",
    )
    assert Appointment.objects.get().given_up_at == NOON


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"starts_at": "2026-03-04T11:00"}, "This time has passed"),
        ({"starts_at": "soon"}, "Enter a valid date/time"),
        ({"minutes": "10"}, "greater than or equal to 30"),
        ({"room": ""}, "This field is required"),
    ],
)
@time_machine.travel(NOON, tick=False)
def test_what_cannot_be_booked_says_so_and_keeps_what_was_typed(
    free: Scene, nurse: Client, typed: dict[str, str], words: str
) -> None:
    answer = nurse.post(_url(free), TYPED | typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert (TYPED | typed)["minutes"] in page
    assert _booked(free) is None


@time_machine.travel(NOON, tick=False)
def test_without_order_or_with_an_open_session_there_is_nothing_to_book(
    free: Scene, nurse: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    nurse.post(_url(free), TYPED)
    booked = _booked(free)
    assert booked is not None
    assert str(booked.pk) in nurse.get(_url(free))["Location"]
    monkeypatch.setattr(before, "order", lambda patient, at: None)
    assert nurse.get(_url(free))["Location"].endswith("/sessions/")


@time_machine.travel(NOON, tick=False)
def test_without_an_episode_nothing_is_booked(free: Scene, nurse: Client) -> None:
    free.patient.episodes.update(ended_at=NOON)
    answer = nurse.post(_url(free), TYPED)
    assert "an open episode of care" in answer.content.decode()
    assert not Appointment.objects.exists()


def test_those_who_may_not_plan_a_session_do_not_find_the_page(im: Scene) -> None:
    assert cast.signed_in(im.therapist).get(_url(im)).status_code == 404
    assert scene.ORDER_ID  # the scene's order is not what refuses it
