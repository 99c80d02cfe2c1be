"""A person who never heard when to stop eating, or has nobody to drive them, comes for nothing."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.db.utils import DatabaseError
from django.test import Client
from django.urls import reverse

from clinic.calendar.actions import Slot
from clinic.dosing import before, stages
from clinic.dosing.models import DosingSession
from clinic.episodes import actions as episodes
from clinic.people.models import AuditEntry, Patient, User
from clinic.people.roles import Role
from clinic.planning.spacing import Against
from clinic.readying import actions, queries
from clinic.readying.models import LineSaid
from clinic.readying.words import PLAIN
from kapstone import pathway, schedule
from tests.clinic import cast
from tests.clinic.cast import NOON
from tests.clinic.dosing import scene

pytestmark = pytest.mark.django_db
NEW_YORK = ZoneInfo("America/New_York")
NINE = datetime(2026, 3, 5, 9, tzinfo=NEW_YORK)  # the day after NOON
MINE = "readying:own"


@pytest.fixture(autouse=True)
def _rooms(monkeypatch: pytest.MonkeyPatch) -> None:
    scene.earlier_rooms(monkeypatch, scene.ordered("IM"))
    monkeypatch.setattr(before, "against_booking", lambda *_, **__: Against())


@pytest.fixture
def nurse():
    return cast.staff(Role.NURSE)


@pytest.fixture
def person(nurse) -> Patient:
    made = cast.patient(phone="+1 202 555 0143")
    cast.treats(nurse, made)
    return made


def _book(person: Patient, nurse, starts_at: datetime = NINE, product="RACEMIC") -> DosingSession:
    episodes.open_episode(patient=person, by=None, at=NOON)
    return stages.open_session(
        patient=person,
        product=product,
        route="IV" if product == "RACEMIC" else "IN",
        by=nurse.user,
        at=NOON,
        appointment=stages.calendar.book(
            patient=person,
            slot=Slot("Blue room", starts_at, starts_at + timedelta(hours=3)),
            by=nurse.user,
            at=NOON,
        ),
    )


def _own_browser(person: Patient) -> Client:
    person.user = User.objects.create_user("own@person.example", cast.PASSWORD, name=person.name)
    person.save()
    client = Client()
    client.force_login(person.user)
    return client


def _yes(client: Client, session: DosingSession, line: str):
    told = {"visit": session.appointment_id, "line": line}
    return client.post(reverse(MINE), told)


@time_machine.travel(NOON, tick=False)
def test_the_list_on_the_phone_has_its_times_and_one_tap_says_yes(person, nurse) -> None:
    session, phone = _book(person, nurse), _own_browser(person)
    page = phone.get(reverse(MINE)).content.decode()
    for words in ("Thursday, March 5, 09:00", "From Thursday, March 5, 03:00", "Blue room"):
        assert words in page
    assert "By Wednesday, March 4, 09:00" in page
    assert reverse(MINE) in phone.get("/me/").content.decode()
    _yes(phone, session, "RDY-05")
    held = queries.visit(person, NOON)
    assert [one.line.id for one in held.todo if one.state is queries.State.READY] == ["RDY-05"]
    assert len(held.unmet) == 5
    assert AuditEntry.objects.get(action="say_ready").actor == person.user


@time_machine.travel(NOON, tick=False)
def test_what_is_hard_stands_on_today_at_once_even_a_week_ahead(person, nurse) -> None:
    _book(person, nurse, NINE + timedelta(days=7))
    staff = cast.signed_in(nurse)
    assert "Not ready yet" not in staff.get("/today/").content.decode()
    phone = _own_browser(person)
    session = queries.visit(person, NOON).session
    url = reverse("readying:own_help", args=["RDY-03"])
    assert "Nobody is watching this box" in phone.get(url).content.decode()
    phone.post(url, {"visit": session.appointment_id, "words": "My brother moved away"})
    page = staff.get("/today/").content.decode()
    assert "Not ready yet" in page
    assert "A way home with an adult" in page
    listed = staff.get(reverse("readying:visit", args=[person.pk])).content.decode()
    assert "My brother moved away" in listed
    assert "on their own page" in listed


@pytest.mark.parametrize(
    ("days", "told"), [(0, True), (1, True), (2, False)], ids=["today", "tomorrow", "later"]
)
@time_machine.travel(NOON, tick=False)
def test_what_is_unmet_stands_on_today_the_day_before(person, nurse, days, told) -> None:
    _book(person, nurse, NOON + timedelta(days=days, hours=3))
    assert bool(queries.not_ready(NOON)) is told
    page = cast.signed_in(nurse).get("/today/").content.decode()
    assert ("Not ready yet" in page) is told


@time_machine.travel(NOON, tick=False)
def test_with_every_line_ready_nobody_is_called(person, nurse) -> None:
    session = _book(person, nurse)
    for one in queries.visit(person, NOON).todo:
        _say(person, session, one.line.id, nurse)
    assert queries.not_ready(NOON) == []


def _say(person, session, line, nurse) -> LineSaid:
    return actions.say(
        patient=person,
        visit=str(session.appointment_id),
        told=actions.Told(line, ready=True),
        by=nurse.user,
        at=NOON,
    )


@time_machine.travel(NOON, tick=False)
def test_moved_the_times_move_and_everything_is_asked_anew(person, nurse) -> None:
    """Else a yes that was said for nine stands for seven, and the person ate at two."""
    session, phone = _book(person, nurse), _own_browser(person)
    was = session.appointment_id
    _yes(phone, session, "RDY-05")
    url = reverse("dosing:move", args=[person.pk, session.pk])
    staff = cast.signed_in(nurse)
    assert "Move the session" in staff.get(url).content.decode()
    typed = {"room": "Red room", "starts_at": "2026-03-05T07:00", "minutes": "180",
             "shown_for": session.pk}  # fmt: skip
    assert staff.post(url, typed).status_code == 422  # nobody on shift then: seen first
    seen = typed | {"alone_at": NINE.replace(hour=7).isoformat()}
    assert staff.post(url, seen).status_code == 302
    session.refresh_from_db()
    assert session.appointment_id != was
    held = queries.visit(person, NOON)
    assert held.room == "Red room"
    assert len(held.unmet) == len(held.todo) == 6
    assert "From Thursday, March 5, 01:00" in phone.get(reverse(MINE)).content.decode()
    assert (
        "new time"
        in phone.post(reverse(MINE), {"visit": was, "line": "RDY-05"}, follow=True).content.decode()
    )
    assert len(queries.visit(person, NOON).unmet) == 6
    assert person.appointments.get(pk=was).given_up_at is not None
    assert AuditEntry.objects.filter(action="move_session").count() == 1


@time_machine.travel(NOON, tick=False)
def test_a_session_that_began_is_not_moved(person, nurse) -> None:
    session = _book(person, nurse)
    stages.advance(
        session=session, to=pathway.Session.ARRIVED, have=set(pathway.Need), by=nurse.user, at=NOON
    )
    url = reverse("dosing:move", args=[person.pk, session.pk])
    assert cast.signed_in(nurse).get(url).status_code == 302
    slot = Slot("Red room", NINE, NINE + timedelta(hours=1))
    with pytest.raises(stages.Lacking):
        stages.move_session(session=session, slot=slot, seen=stages.Seen(), by=nurse.user, at=NOON)
    assert queries.visit(person, NOON) is None


@time_machine.travel(NOON, tick=False)
def test_what_the_series_refuses_is_not_moved_there(person, nurse, monkeypatch) -> None:
    session = _book(person, nurse)
    hold = type("Hold", (), {"key": "SER-1", "message": "Held."})()
    monkeypatch.setattr(before, "against_booking", lambda *_, **__: Against(holds=(hold,)))
    url = reverse("dosing:move", args=[person.pk, session.pk])
    typed = {"room": "Red room", "starts_at": "2026-03-05T07:00", "minutes": "180",
             "shown_for": session.pk}  # fmt: skip
    page = cast.signed_in(nurse).post(url, typed)
    assert page.status_code == 422
    assert "Not moved" in page.content.decode()
    assert queries.visit(person, NOON).starts_at == NINE


@pytest.mark.parametrize(
    ("starts_at", "food"),
    [
        (datetime(2026, 3, 8, 8, tzinfo=NEW_YORK), "Sunday, March 8, 01:00"),
        (datetime(2026, 11, 1, 7, tzinfo=NEW_YORK), "Sunday, November 1, 01:00"),
        (datetime(2026, 11, 1, 7, 30, tzinfo=NEW_YORK), "Sunday, November 1, 01:30"),
    ],
    ids=["an hour is left out", "an hour comes twice", "half past"],
)
@time_machine.travel(NOON, tick=False)
def test_a_night_with_a_clock_change_shortens_no_fast(person, nurse, starts_at, food) -> None:
    _book(person, nurse, starts_at)
    phone = _own_browser(person)
    assert f"From {food}" in phone.get(reverse(MINE)).content.decode()


@time_machine.travel(NOON, tick=False)
def test_staff_write_down_a_call_and_the_last_word_counts(person, nurse) -> None:
    session, desk = _book(person, nurse), cast.signed_in(cast.staff(Role.FRONT_DESK))
    url = reverse("readying:call", args=[person.pk, "RDY-03"])
    listed = desk.get(reverse("readying:visit", args=[person.pk])).content.decode()
    assert "no page of their own" in listed
    for answer in ("no", "yes"):
        told = {"visit": session.appointment_id, "ready": answer, "words": f"Said {answer}"}
        desk.post(url, told)
    assert LineSaid.objects.count() == 2
    held = {one.line.id: one for one in queries.visit(person, NOON).todo}["RDY-03"]
    assert held.state is queries.State.READY
    assert held.said.words == "Said yes"
    assert desk.post(url, {"visit": session.appointment_id}).status_code == 200
    assert LineSaid.objects.count() == 2


@time_machine.travel(NOON, tick=False)
def test_a_line_that_is_not_on_the_list_and_anothers_visit_are_refused(person, nurse) -> None:
    session = _book(person, nurse)
    with pytest.raises(actions.Moved):
        _say(person, session, "RDY-08", nurse)
    twin = cast.patient()
    cast.treats(nurse, twin)
    with pytest.raises(actions.Moved):
        _say(twin, session, "RDY-05", nurse)
    page = _yes(_own_browser(person), session, "RDY-08")
    assert page.status_code == 302
    desk = cast.signed_in(nurse)
    assert desk.get(reverse("readying:call", args=[person.pk, "RDY-08"])).status_code == 404
    assert desk.get(reverse("readying:call", args=[twin.pk, "RDY-05"])).status_code == 404
    assert LineSaid.objects.count() == 0


def test_without_a_visit_each_page_says_so(person, nurse) -> None:
    phone = _own_browser(person)
    assert "No visit for a dose is booked" in phone.get(reverse(MINE)).content.decode()
    desk = cast.signed_in(nurse)
    page = desk.get(reverse("readying:visit", args=[person.pk])).content.decode()
    assert "No visit to make ready for" in page


@time_machine.travel(NOON, tick=False)
def test_what_was_said_is_never_changed(person, nurse) -> None:
    said = _say(person, _book(person, nurse), "RDY-05", nurse)
    with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
        LineSaid.objects.filter(pk=said.pk).update(ready=False)


def test_every_line_has_plain_words_of_its_own() -> None:
    assert set(PLAIN) == {line.id for line in schedule.readying().lines}
