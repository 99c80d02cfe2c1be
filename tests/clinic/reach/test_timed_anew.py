"""Quiet hours that count only from the next event on leave somebody asked at the wrong moment."""

from datetime import datetime, time

import pytest

from clinic.measures import actions as measures
from clinic.measures import due, sending
from clinic.measures.models import DueItem
from clinic.people.models import Patient, StaffMember
from clinic.people.roles import Role
from clinic.reach import actions
from clinic.reach.models import PatientReach
from kapstone import schedule
from tests.clinic import cast
from tests.clinic.cast import NOON
from tests.clinic.measures import follow
from tests.clinic.measures.follow import HOUR, states

pytestmark = pytest.mark.django_db


@pytest.fixture
def nurse() -> StaffMember:
    """Who writes down what is wished."""
    return cast.staff(Role.NURSE)


def _say(
    person: Patient, nurse: StaffMember, begins: time, ends: time, *, at: datetime = NOON
) -> None:
    row = PatientReach.objects.filter(patient=person).first() or PatientReach(patient=person)
    row.quiet_from, row.quiet_until = begins, ends
    actions.keep_wishes(wishes=row, by=nurse.user, at=at)


def _answers(person: Patient, nurse: StaffMember, at: datetime) -> None:
    measures.enter_answers(
        patient=person,
        instrument="phq9",
        answers={"q1": 1},
        observed_at=at,
        by=nurse.user,
        at=at,
    )


def _opens(person: Patient) -> datetime:
    return DueItem.objects.get(patient=person, row="OUT-4H", ask="phq9").opens_at


def test_quiet_hours_said_after_the_dose_count_at_once(evening: None, nurse: StaffMember) -> None:
    """Else somebody who leaves at three is asked at a moment when nothing may be sent: missed."""
    person = cast.patient(email="a@person.example")
    follow.dose(follow.in_series(person))  # due at five in the afternoon, until seven
    assert _opens(person) == NOON + 4 * HOUR
    assert due.before_leaving(person, NOON) == []
    _say(person, nurse, time(16), time(20))
    assert _opens(person) == NOON
    assert {item.row for item in due.before_leaving(person, NOON)} == {"OUT-4H"}
    _say(person, nurse, time(17, 30), time(20))
    assert _opens(person) == NOON + 4 * HOUR, "half an hour is left to send it in"
    assert sending.send(NOON + 5 * HOUR) == 2  # with the check-in of the evening


def test_quiet_hours_taken_back_after_the_dose_count_at_once(
    evening: None, nurse: StaffMember
) -> None:
    person, late = cast.patient(email="a@person.example"), NOON + 5 * HOUR
    follow.dose(follow.in_series(person), late)  # due at ten at night, until midnight
    assert _opens(person) == late
    assert sending.send(late + 5 * HOUR) == 0
    _say(person, nurse, time(1), time(8))
    assert _opens(person) == late + 4 * HOUR
    assert sending.send(late + 5 * HOUR) == 2  # with the check-in of the evening


def test_what_was_answered_or_missed_stays_so_whatever_is_wished_later(
    evening: None, nurse: StaffMember
) -> None:
    """An answer given before leaving is not lost, and silence does not become an answer."""
    person, late = cast.patient(email="a@person.example"), NOON + 5 * HOUR
    follow.dose(follow.in_series(person), late)
    _answers(person, nurse, late + HOUR)
    assert states(person, late + 8 * HOUR, "OUT-4H")["phq9"] is schedule.State.ANSWERED
    _say(person, nurse, time(1), time(8))
    assert _opens(person) == late
    assert states(person, late + 8 * HOUR, "OUT-4H")["phq9"] is schedule.State.ANSWERED
    silent = cast.patient("Sam", email="b@person.example")
    follow.dose(follow.in_series(silent))
    _answers(silent, nurse, NOON + HOUR)  # before it was asked: it does not count
    _say(silent, nurse, time(16), time(20), at=NOON + 9 * HOUR)
    assert states(silent, NOON + 9 * HOUR, "OUT-4H")["phq9"] is schedule.State.MISSED


def test_what_cannot_be_timed_anew_is_not_kept_either(
    nurse: StaffMember, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wishes that are kept while the clock is not would be told on one page and not on another."""
    robin = cast.patient()
    follow.dose(follow.in_series(robin))
    monkeypatch.setattr("clinic.measures.follow_up._early", lambda *given: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        _say(robin, nurse, time(16), time(20))
    assert not PatientReach.objects.exists()
