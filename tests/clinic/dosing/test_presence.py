"""Who watches a sedated person must be somebody, and be known to the others."""

from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from clinic.calendar import actions as calendar
from clinic.dosing import lines, presence, queries
from clinic.people import actions as people
from clinic.people.models import StaffMember
from clinic.people.roles import Role
from tests.clinic import cast
from tests.clinic.dosing.scene import Scene, after


def _therapist(im: Scene) -> StaffMember:
    member = cast.staff(Role.THERAPIST, "Ruth Stays")
    people.join_team(patient=im.patient, staff=member, by=None, at=after(-60))
    return member


def _tell(im: Scene, staff: StaffMember, minute: float, *, here: bool = True) -> None:
    told = {"session": im.session, "staff": staff, "here": here}
    presence.tell(**told, event_id=uuid4(), by=im.nurse.user, at=after(minute))


def _warned(im: Scene, minute: float) -> list[str]:
    known = lines.read(im.session)
    state = queries.state(im.session, after(minute))
    return list(presence.warnings(im.session, presence.in_room(known), state))


def test_who_came_and_left_is_who_is_there(im: Scene) -> None:
    ruth = _therapist(im)
    _tell(im, im.nurse, 1)
    _tell(im, ruth, 2)
    _tell(im, im.nurse, 5, here=False)
    _tell(im, ruth, 6)  # tapped again: she has been there since
    there = presence.in_room(lines.read(im.session))
    assert [(one.words, one.since) for one in there] == [("Ruth Stays, therapist", after(2))]
    for staff in (im.nurse, ruth):
        calendar.put_on_shift(
            staff=staff, starts_at=after(0), ends_at=after(300), by=None, at=after(0)
        )
    outside = presence.candidates(there, after(7))
    assert im.nurse in outside and ruth not in outside


def test_nothing_is_asked_for_before_the_drug(im: Scene) -> None:
    assert _warned(im, 1) == []


def test_somebody_is_missing_until_they_are_charted(im: Scene) -> None:
    im.start()
    assert [words.split()[0] for words in _warned(im, 20)] == ["Nobody", "A"]
    _tell(im, _therapist(im), 20)
    assert _warned(im, 20) == []


def _post(client: Client, im: Scene, **data: object) -> Any:
    url = reverse("dosing:presence", args=[im.patient.pk, im.session.pk])
    with time_machine.travel(after(1), tick=False):
        told = {"shown_for": str(im.session.pk), "event_id": str(uuid4()), **data}
        return client.post(url, told)


def test_one_tap_charts_it_with_the_seat_of_their_roles(im: Scene) -> None:
    with time_machine.travel(after(0), tick=False):
        nurse = cast.signed_in(im.nurse)
    answer = _post(nurse, im, staff=im.nurse.pk, here="yes")
    assert answer.status_code == 302
    (one,) = presence.in_room(lines.read(im.session))
    assert (one.name, str(one.seat)) == (im.nurse.name, "monitor")


def test_a_tap_sent_twice_is_charted_once(im: Scene) -> None:
    with time_machine.travel(after(0), tick=False):
        nurse = cast.signed_in(im.nurse)
    same = {"event_id": str(uuid4()), "staff": im.nurse.pk}
    assert [_post(nurse, im, here="yes", **same).status_code for _ in range(2)] == [302, 302]
    assert im.session.events.count() == 1
    assert _post(nurse, im, here="no", **same).status_code == 409
    assert _post(nurse, im, here="yes", staff=im.nurse.pk, event_id="x").status_code == 422


@pytest.mark.parametrize("staff", ["", "0", "none", "999999"])
def test_nobody_is_charted_who_does_not_exist(im: Scene, staff: str) -> None:
    with time_machine.travel(after(0), tick=False):
        nurse = cast.signed_in(im.nurse)
    assert _post(nurse, im, staff=staff, here="yes").status_code == 404
    assert not im.session.events.exists()
