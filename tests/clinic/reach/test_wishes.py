"""A reminder to somebody who asked for none, or at three in the morning, drives people away.

Nothing here may ever hold back what staff are told.
"""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from clinic.alerts import actions as alerts
from clinic.alerts import ladder
from clinic.measures import due, sending
from clinic.measures.models import DueItem
from clinic.people import audit
from clinic.people.models import Patient, StaffMember, User
from clinic.people.roles import Role
from clinic.reach import actions
from clinic.reach.models import PatientReach, ReminderWay, StaffReach, StopWay
from clinic.reach.stopping import take_in
from kapstone import schedule
from kapstone.pathway import Episode as Stage
from kapstone.risk import AlertLevel
from tests.clinic import cast
from tests.clinic.cast import NOON
from tests.clinic.measures import follow
from tests.clinic.measures.follow import DAY, DAY_7, HOUR, states
from tests.clinic.reach.servers import text_gateway

pytestmark = pytest.mark.django_db
NEW_YORK = ZoneInfo("America/New_York")
SECRET = "a-long-secret-of-the-gateway"


@pytest.fixture
def robin() -> Patient:
    """Somebody with a dose at noon, whose day 7 comes."""
    person = cast.patient(email="robin@person.example", phone="+12025550111")
    follow.dose(follow.in_series(person))
    return person


def _say(robin: Patient, **said: Any) -> None:
    row = PatientReach.objects.filter(patient=robin).first() or PatientReach(patient=robin)
    for name, value in said.items():
        setattr(row, name, value)
    by = User.objects.filter(email="x@clinic.example").first()
    by = by or User.objects.create_user("x@clinic.example", "long enough words", name="X")
    actions.keep_wishes(wishes=row, by=by, at=NOON)


def _tasks(now: datetime) -> list[str]:
    groups = follow.waiting_for_staff(Patient.objects.all(), now)
    return [task for group in groups for task in group.tasks if group.first.item.row == "OUT-7D"]


def test_what_comes_due_in_quiet_hours_waits_for_the_morning(robin: Patient) -> None:
    _say(robin, quiet_from=time(8), quiet_until=time(10, 30))
    assert sending.send(DAY_7) == 0
    assert _tasks(DAY_7) == ["Is sent by itself after their quiet hours, at 10:30"]
    assert sending.send(DAY_7 + 90 * timedelta(minutes=1)) == 1


def test_quiet_hours_are_those_of_the_persons_own_clock(robin: Patient) -> None:
    Patient.objects.update(time_zone="America/Los_Angeles")  # nine in New York is six there
    assert sending.send(DAY_7) == 0
    assert sending.send(DAY_7 + 2 * HOUR) == 1


@pytest.mark.parametrize("somebody_quiet", [True, False])
def test_somebody_who_sleeps_holds_up_nobody_else(robin: Patient, somebody_quiet: bool) -> None:
    if somebody_quiet:
        _say(robin, quiet_from=time(8), quiet_until=time(20))
    other = cast.patient("Sam", email="sam@person.example")
    follow.dose(follow.in_series(other))
    assert sending.send(DAY_7) == (1 if somebody_quiet else 2)


@pytest.mark.parametrize("how", list(StopWay))
def test_after_a_stop_nothing_is_sent_and_staff_see_why(robin: Patient, how: StopWay) -> None:
    actions.stop_reminders(patient=robin, how=how, by=None, at=NOON)
    actions.stop_reminders(patient=robin, how=StopWay.STAFF, by=None, at=NOON + DAY)
    assert PatientReach.objects.get().stopped_how == how, "said twice, the first stands"
    assert sending.send(DAY_7) == 0
    assert _tasks(DAY_7) == ["Asked for no more reminders: ask at a visit, or in a call"]
    actions.resume_reminders(patient=robin, by=None, at=DAY_7)
    assert sending.send(DAY_7) == 1
    assert list(audit.faults()) == []


@pytest.mark.hazard(11)
def test_neither_stop_nor_night_holds_back_what_staff_are_told_or_a_call(robin: Patient) -> None:
    nurse = cast.staff(Role.NURSE)
    cast.on_call(nurse)
    actions.stop_reminders(patient=robin, how=StopWay.TEXT, by=None, at=NOON)
    _say(robin, quiet_from=time(0), quiet_until=time(23, 59), leave_no_message=True)
    three = datetime(2026, 3, 5, 3, tzinfo=NEW_YORK)
    help_asked = alerts.Cause("help", AlertLevel.IMMEDIATE, "Asked for help now.")
    alerts.raise_alert(help_asked, patient=robin, subject=robin, by=None, at=three)
    assert ladder.deliver(three) == 1
    day_after = NOON + DAY
    (call,) = [
        group for group in follow.waiting_for_staff(Patient.objects.all(), day_after)
        if group.first.item.row == "OUT-24"
    ]  # fmt: skip
    assert call.tasks == ["Call"]


def test_after_a_death_no_message_leaves_whatever_was_wished(robin: Patient) -> None:
    _say(robin, reminders_by=ReminderWay.MAIL)
    follow.end(robin.episodes.get(), Stage.DIED, NOON + DAY)  # type: ignore[attr-defined]
    assert sending.send(DAY_7) == 0
    assert mail.outbox == []


@pytest.mark.parametrize(("secret", "said"), [(SECRET, "Write STOP"), ("", "Tell the clinic")])
def test_a_text_goes_to_the_phone_and_says_how_to_stop(
    robin: Patient, settings: Settings, secret: str, said: str
) -> None:
    settings.CLINIC_TEXT_IN = secret
    _say(robin, reminders_by=ReminderWay.TEXT)
    assert sending.send(DAY_7) == 0, "no gateway is named"
    assert _tasks(DAY_7) == [
        "Wants texts, and this clinic sends none: call, and hand over the link"
    ]
    with text_gateway() as gateway:
        settings.CLINIC_TEXT = gateway.address
        assert sending.send(DAY_7) == 1
    ((path, body),) = gateway.came
    assert path == "/+12025550111"
    assert said in body
    assert mail.outbox == []
    assert set(states(robin, DAY_7, "OUT-7D").values()) == {schedule.State.SENT}


@pytest.mark.parametrize(
    ("way", "gone", "task"),
    [(ReminderWay.NONE, {}, "Wants no messages"), (ReminderWay.TEXT, {"phone": ""}, "No phone")],
)
def test_whom_no_message_reaches_is_a_task(
    robin: Patient, settings: Settings, way: ReminderWay, gone: dict[str, str], task: str
) -> None:
    settings.CLINIC_TEXT = "json://127.0.0.1:1/{to}"
    _say(robin, reminders_by=way)
    Patient.objects.update(**(gone or {"language": robin.language}))
    assert sending.send(DAY_7) == 0
    assert [each.startswith(task) for each in _tasks(DAY_7)] == [True]


def test_a_wish_said_while_a_message_is_made_is_heard(
    robin: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    leased = sending._lease(DAY_7)
    actions.stop_reminders(patient=robin, how=StopWay.TEXT, by=None, at=DAY_7)
    monkeypatch.setattr(sending, "_lease", lambda now: leased)
    assert sending.send(DAY_7) == 0
    assert mail.outbox == []


def test_what_would_only_be_quiet_is_asked_before_they_leave_and_counts(evening: None) -> None:
    person = cast.patient(email="a@person.example")
    late = NOON + 5 * HOUR  # a dose at five: due at ten at night, until midnight
    follow.dose(follow.in_series(person), late)
    found = due.before_leaving(person, late)
    assert {item.row for item in found} == {"MOM-4H", "OUT-4H"}
    assert {item.opens_at for item in found} == {late}
    for hour in range(8):
        assert sending.send(late + hour * HOUR) == 0
    groups = follow.waiting_for_staff(Patient.objects.all(), late + HOUR)
    tasks = [t for group in groups if group.first.item.row == "OUT-4H" for t in group.tasks]
    assert tasks == ["Falls wholly within their quiet hours: offer it before they leave"]
    assert states(person, late + 8 * HOUR, "OUT-4H")["phq9"] is schedule.State.MISSED
    early = cast.patient("Sam", email="b@person.example")
    follow.dose(follow.in_series(early), NOON - 4 * HOUR)  # due at one in the afternoon
    assert due.before_leaving(early, NOON) == []
    assert {item.opens_at for item in DueItem.objects.filter(patient=early, row="OUT-4H")} == {NOON}


@pytest.mark.parametrize(
    ("words", "stopped"),
    [("STOP", True), (" stop. ", True), ("Alto", True), ("please stop calling me", False),
     ("thank you", False)],
)  # fmt: skip
def test_a_stop_word_by_text_is_obeyed_and_nothing_else_is(
    robin: Patient, settings: Settings, words: str, stopped: bool
) -> None:
    settings.CLINIC_TEXT_IN = SECRET
    told = {"From": "+12025550111", "Body": words}
    answer = Client(enforce_csrf_checks=True).post(reverse("reach:inbound", args=[SECRET]), told)
    assert answer.status_code == 204
    assert PatientReach.objects.filter(stopped_how="text").exists() is stopped
    if stopped:
        assert take_in("(202) 555-0111", "start", at=NOON) == 1
        assert PatientReach.objects.get().stopped_at is None


def test_a_text_of_nobody_we_know_or_without_the_secret_does_nothing(
    robin: Patient, settings: Settings
) -> None:
    told = {"From": "+12025550111", "Body": "STOP"}
    assert Client().post(reverse("reach:inbound", args=["x"]), told).status_code == 404
    settings.CLINIC_TEXT_IN = SECRET
    assert Client().post(reverse("reach:inbound", args=["x"]), told).status_code == 404
    assert Client().get(reverse("reach:inbound", args=[SECRET])).status_code == 405
    assert take_in("+12025550999", "STOP", at=NOON) == take_in("?", "STOP", at=NOON) == 0
    assert not PatientReach.objects.exists()


def test_staff_write_down_what_the_person_wishes(robin: Patient) -> None:
    browser = cast.signed_in(cast.staff(Role.FRONT_DESK))
    page = reverse("reach:patient", args=[robin.pk])
    assert "Text message" not in browser.get(page).content.decode(), "this clinic sends none"
    told = {"reminders_by": "none", "quiet_from": "20:00", "quiet_until": "09:00",
            "leave_no_message": "on"}  # fmt: skip
    details = browser.post(page, told, follow=True).content.decode()
    assert "Leave no message" in details
    assert "not from 20:00 to 09:00" in details
    for wrong in ({"quiet_until": ""}, {"quiet_until": "20:00"}):
        refused = browser.post(page, told | wrong).content.decode()
        assert "both times, or neither" in refused or "two different times" in refused
    assert (
        "No more reminders</strong>"
        in browser.post(page, {"stop": "1"}, follow=True).content.decode()
    )
    assert PatientReach.objects.get().stopped_how == StopWay.STAFF
    browser.post(page, told)
    assert PatientReach.objects.get().stopped_at is not None, "saving the form lifts no stop"
    browser.post(page, {"resume": "1"})
    assert PatientReach.objects.get().stopped_at is None
    assert cast.signed_in(cast.staff(Role.ASSISTANT)).get(page).status_code == 404


def test_a_person_stops_them_with_one_button(robin: Patient) -> None:
    robin.user = User.objects.create_user("robin@person.example", "long enough words", name="R")
    robin.save()
    own = Client()
    own.force_login(robin.user)
    page = reverse("reach:own")
    assert page in own.get(reverse("people:me")).content.decode()
    assert "You get no reminders" in own.post(page, {"stop": "1"}, follow=True).content.decode()
    assert PatientReach.objects.get().stopped_how == StopWay.OWN_PAGE
    own.post(page, {"resume": "1"})
    kept = own.post(page, {"reminders_by": "none"}, follow=True).content.decode()
    assert "Kept." in kept
    assert PatientReach.objects.get().reminders_by == ReminderWay.NONE


def test_staff_choose_how_alerts_reach_them(settings: Settings) -> None:
    nurse = cast.staff(Role.NURSE)
    browser, page = cast.signed_in(nurse), reverse("reach:staff")
    assert "has named no gateway" in browser.get(page).content.decode()
    assert "Select a valid choice" in browser.post(page, {"way": "text"}).content.decode()
    settings.CLINIC_TEXT = settings.CLINIC_PAGER = "json://127.0.0.1:1/{to}"
    for number, said in (("", "Give the number"), ("soon", "no telephone number")):
        answer = browser.post(page, {"way": "text", "number": number})
        assert said in answer.content.decode()
    browser.post(page, {"way": "text", "number": "(202) 555-0123"})
    assert StaffReach.objects.get().number == "+12025550123"
    browser.post(page, {"way": "pager", "number": "KEY1"})
    assert (StaffReach.objects.get().way, StaffReach.objects.get().number) == ("pager", "KEY1")
    browser.post(page, {"way": "mail", "number": "left there"})
    assert (StaffReach.objects.get().way, StaffReach.objects.get().number) == ("mail", "")


def _broken(member: StaffMember, robin: Patient) -> list[Any]:
    return [
        PatientReach(patient=robin, quiet_from=time(8)),
        PatientReach(patient=robin, quiet_from=time(8), quiet_until=time(8)),
        PatientReach(patient=robin, stopped_at=NOON),
        PatientReach(patient=robin, stopped_how="text"),
        StaffReach(staff=member, way="text"),
    ]


@pytest.mark.parametrize("number", range(5))
def test_the_database_refuses_half_of_a_wish(robin: Patient, number: int) -> None:
    row = _broken(cast.staff(Role.NURSE), robin)[number]
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()
