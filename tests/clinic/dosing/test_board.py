"""A board that shows an old number as live, or a name to whoever passes, harms from afar."""

from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from clinic.calendar import actions as calendar
from clinic.dosing import stages, unwritten
from clinic.dosing.kinds import Chart
from clinic.people.roles import Role
from tests.clinic import cast
from tests.clinic.dosing.scene import Scene, after


def _arrived(im: Scene) -> None:
    im.chart("checked", after(0), item="DAY-01", result="PASS")
    stages.arrive(session=im.session, by=im.nurse.user, at=after(0))


def _board(client: Client, minute: float, name: str = "dosing:board_tiles") -> Any:
    with time_machine.travel(after(minute), tick=False):
        return client.get(reverse(name))


@pytest.fixture
def nurse(im: Scene) -> Client:
    with time_machine.travel(after(0), tick=False):
        return cast.signed_in(im.nurse)


def test_a_session_is_shown_by_its_room_and_never_by_a_name(im: Scene, nurse: Client) -> None:
    """Whoever waits in the corridor must not read who is being treated."""
    slot = calendar.Slot("Blue room", after(0), after(180))
    booked = calendar.book(patient=im.patient, slot=slot, by=None, at=after(0))
    im.session.appointment = booked
    im.session.save()
    _arrived(im)
    im.chart("vitals", after(1), sbp=142, dbp=88, hr=71, spo2=97)
    page = _board(nurse, 2, "dosing:board").content.decode()
    assert "Blue room" in page and "142/88" in page and "Arrived" in page
    assert im.patient.family_name not in page and im.patient.given_name not in page


@pytest.mark.hazard(6)
def test_a_number_past_its_limit_is_blank_there_too(im: Scene, nurse: Client) -> None:
    _arrived(im)
    im.chart("vitals", after(1), spo2=97)
    assert "97" in _board(nurse, 2).content.decode()
    late = _board(nurse, 600).content.decode()
    assert "too old, measure again" in late and ">97<" not in late


@pytest.mark.hazard(7)
def test_what_calls_and_cannot_be_written_stands_there_too(im: Scene, nurse: Client) -> None:
    """Whoever watches the board from the corridor is the help that the clinic cannot call."""
    _arrived(im)
    im.chart("vitals", after(1), spo2=97)
    unwritten.hold(im.session, Chart(uuid4(), "vitals", after(2), {"spo2": 84}), after(2))
    page = _board(nurse, 3).content.decode()
    assert 'class="tile tier-A3"' in page
    assert "not on record" in page


@pytest.mark.hazard(7)
def test_what_calls_stands_on_its_tile_with_who_acts(im: Scene, nurse: Client) -> None:
    _arrived(im)
    im.chart("vitals", after(1), spo2=84)
    page = _board(nurse, 2).content.decode()
    assert "tier-A3" in page and "nobody has answered" in page


def test_only_who_treats_sees_a_tile_and_the_rest_is_counted(im: Scene) -> None:
    _arrived(im)
    with time_machine.travel(after(0), tick=False):
        stranger = cast.signed_in(cast.staff(Role.NURSE, "Not Theirs"))
    page = _board(stranger, 2).content.decode()
    assert "1 more session of people you do not treat" in page
    assert "Nobody you treat is in a session now." in page
    assert str(im.session.pk) not in page


def test_somebody_who_has_not_come_yet_has_no_tile(im: Scene, nurse: Client) -> None:
    assert "Nobody you treat is in a session now." in _board(nurse, 0).content.decode()
