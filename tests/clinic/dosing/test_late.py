"""What arrives late is judged at its own time: what nobody heard then is heard now."""

import json
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from clinic.alerts.models import Alert
from clinic.dosing import (
    actions,
    alarms,
    answers,
    escalation,
    late,
    queries,
    screen,
)
from clinic.dosing.kinds import Chart
from clinic.dosing.models import RaisedAlarm, SessionEvent
from kapstone.errors import InvalidInput
from tests.clinic import cast
from tests.clinic.dosing.scene import Scene, after

pytestmark = pytest.mark.django_db
LOW, CALM = {"spo2": 91}, {"spo2": 98}


def arrives(day: Scene, at: datetime, observed: datetime, **body: object) -> SessionEvent:
    """What waited on a console."""
    told = Chart(uuid4(), "vitals", observed, body, waited=True)
    return actions.record(session=day.session, chart=told, by=day.nurse.user, at=at)


def called(day: Scene) -> list[RaisedAlarm]:
    return list(day.session.alarms.filter(rule="ALM-O1").order_by("raised_at"))


@pytest.mark.hazard(7)
def test_a_low_oxygen_that_arrives_after_a_calm_one_calls_now(im: Scene) -> None:
    """Otherwise nobody would ever hear that somebody stopped breathing well while offline."""
    im.start()
    im.chart("vitals", after(30), **CALM)
    arrives(im, after(35), after(22), **LOW)
    (alarm,) = called(im)
    assert (alarm.raised_at, late.words(alarm)) == (after(35), "true at 12:22, arrived 12:35")
    assert alarm.alert and alarm.alert.message.endswith("True at 12:22, arrived 12:35.")
    shown = screen.panel(im.session, after(35))
    assert "Late: true at 12:22, arrived 12:35." in shown
    assert "arrived 12:35" in shown.split('class="line-of-events"')[1]


def test_a_late_alarm_stands_until_somebody_answers_and_then_goes(im: Scene) -> None:
    """The calm reading right behind it in the queue would silence it within a second."""
    im.start()
    arrives(im, after(35), after(22), **LOW)
    arrives(im, after(35, 1), after(30), **CALM)
    assert alarms.keep_up(session=im.session, at=after(36)) is False
    escalation.watch(after(36))
    (row,) = [one for one in queries.open_alarms(im.session) if one.rule == "ALM-O1"]
    answers.answer(alarm=row, by=im.nurse, at=after(37))
    alarms.keep_up(session=im.session, at=after(38))
    assert "ALM-O1" not in {one.rule for one in queries.open_alarms(im.session)}


def test_what_came_in_time_or_was_known_calls_no_second_time(im: Scene) -> None:
    """Alarms that cry twice are heard less."""
    im.start()
    im.chart("vitals", after(22), **LOW)
    answers.resolve(alarm=called(im)[0], words="Awake, pink", by=im.nurse, at=after(24))
    im.chart("vitals", after(25), **CALM)
    arrives(im, after(35), after(22, 30), hr=72)
    assert len(called(im)) == 1
    arrives(im, after(36), after(35, 10), **LOW)
    assert late.words(called(im)[-1]) == ""  # within the minute: it is of now
    assert Alert.objects.filter(message__contains="arrived").count() == 0


def test_of_two_readings_that_call_together_the_first_may_arrive_last(im: Scene) -> None:
    """A fast pulse that lasted would be told by nobody, since each console saw one reading."""
    im.start()
    im.chart("vitals", after(28), hr=130)
    im.chart("vitals", after(34), hr=80)
    assert not im.session.alarms.filter(rule="ALM-HR1").exists()
    arrives(im, after(40), after(22), hr=130)
    alarm = im.session.alarms.get(rule="ALM-HR1")
    assert late.words(alarm) == "true at 12:22, arrived 12:40"


def test_no_time_before_the_session_and_none_ahead_is_taken(im: Scene) -> None:
    """A tablet whose clock is wrong would put a reading into another day."""
    opened = im.session.opened_at
    for at in (opened - timedelta(seconds=1), after(62)):
        with pytest.raises(InvalidInput, match=r"before the session|lies ahead"):
            arrives(im, after(60), at, **CALM)
    assert arrives(im, after(60), opened, **CALM).observed_at == opened
    assert arrives(im, after(60), after(61), **CALM).observed_at == after(61)
    # A tablet that was found the day after next.
    assert arrives(im, after(60 * 50), after(20), **CALM).observed_at == after(20)


@pytest.mark.hazard(18)
@pytest.mark.parametrize(("apart_s", "same"), [(0, True), (4, True), (120, True), (121, False)])
def test_sent_again_with_its_own_time_it_is_the_same_event(
    im: Scene, apart_s: int, same: bool
) -> None:
    """The first try arrived and its answer was lost: a second would be a second dose of rescue."""
    told = Chart(uuid4(), "vitals", after(20), CALM)
    first = actions.record(session=im.session, chart=told, by=im.nurse.user, at=after(20))
    again = Chart(told.id, "vitals", after(20, -apart_s), CALM, waited=True)
    if same:
        row = actions.record(session=im.session, chart=again, by=im.nurse.user, at=after(35))
        assert (row.pk, row.observed_at) == (first.pk, after(20))
    else:
        with pytest.raises(actions.EventConflict):
            actions.record(session=im.session, chart=again, by=im.nurse.user, at=after(35))
    other = Chart(told.id, "vitals", after(20), LOW, waited=True)
    with pytest.raises(actions.EventConflict):
        actions.record(session=im.session, chart=other, by=im.nurse.user, at=after(35))
    assert im.session.events.count() == 1


# --- over HTTP --------------------------------------------------------------------------------


@pytest.fixture
def nurse(im: Scene) -> Client:
    return cast.signed_in(im.nurse)


def post(client: Client, day: Scene, name: str, **body: str) -> tuple[int, dict[str, object]]:
    args = [day.patient.pk, day.session.pk]
    told = {"shown_for": str(day.session.pk), "event_id": str(uuid4())} | body
    answer = client.post(
        reverse(f"dosing:{name}", args=args), told, headers={"Accept": "application/json"}
    )
    return answer.status_code, json.loads(answer.content or "{}")


def here(client: Client, day: Scene) -> dict[str, str]:
    status, told = post(client, day, "offline_here")
    assert status == 200, told
    return told  # type: ignore[return-value]  # of words


def test_a_device_is_told_a_name_that_says_nothing(im: Scene, nurse: Client) -> None:
    """A lost tablet must not say who was treated."""
    told = here(nurse, im)
    assert told["name"] == here(nurse, im)["name"]
    assert told["name"] not in {str(im.patient.pk), str(im.session.pk)}
    other = here(cast.signed_in(im.other), im)
    assert other["name"] != told["name"]
    said = told["label"]
    assert not any(name in said for name in im.names())


@pytest.mark.hazard(18)
def test_an_entry_is_taken_from_nobody_else(im: Scene, nurse: Client) -> None:
    """What one nurse typed would stand under the name of the next who signs in on the tablet."""
    mine = here(nurse, im)["name"]
    other = cast.signed_in(im.other)
    body = {"kind": "vitals", "hr": "72", "typed_as": mine}
    status, told = post(other, im, "chart", **body)
    assert (status, "Somebody else typed this" in str(told["error"])) == (409, True)
    for wrong in (str(uuid4()), "nothing"):
        assert post(nurse, im, "chart", **body | {"typed_as": wrong})[0] == 409
    assert not im.session.events.exists()
    assert post(nurse, im, "chart", **body)[0] == 200
    assert im.session.events.get().by == im.nurse.user


def test_whoever_may_watch_is_told_who_has_to_send_it(im: Scene, nurse: Client) -> None:
    """Nobody would know whose sign-in the entries wait for."""
    name = here(nurse, im)["name"]
    where = reverse("dosing:offline_known", args=[name])
    asked = {"headers": {"Accept": "application/json"}}
    own = nurse.get(where, **asked).json()
    assert (own["mine"], own["ways"]["chart"].endswith("/chart/"), bool(own["csrf"])) == (
        True,
        True,
        True,
    )
    other = cast.signed_in(im.other).get(where, **asked).json()
    assert (other["mine"], other["typed_by"], "ways" in other) == (False, im.nurse.name, False)
    stranger = cast.signed_in(cast.staff(cast.Role.FRONT_DESK, "Fred Desk"))
    assert stranger.get(where, **asked).status_code == 404
    assert nurse.get(reverse("dosing:offline_known", args=[uuid4()])).status_code == 404
    assert Client().get(where, **asked).status_code == 401


def test_a_gap_stands_on_the_record_with_both_ends(im: Scene, nurse: Client) -> None:
    """Who reads the record would take the silence for a calm."""
    with time_machine.travel(after(55), tick=False):
        body = {"kind": "offline", "waited": "yes", "console": "3F2A"}
        began = after(42).isoformat()
        good = body | {"observed_at": began, "until": after(55).isoformat()}
        for until in ("soon", after(41).isoformat(), after(57).isoformat(), "2026-01-01T10:00:00"):
            assert post(nurse, im, "chart", **good | {"until": until})[0] == 422
        assert post(nurse, im, "chart", **good)[0] == 200
        shown = screen.panel(im.session, after(55))
    assert "Console offline: until 12:55, screen 3F2A" in shown


@pytest.mark.hazard(4)
def test_a_pause_and_a_stop_that_waited_stand_at_their_own_time(iv: Scene) -> None:
    """The sum of an infusion would run on for as long as the network was down."""
    iv.prepare()
    iv.start_ready(after(15))
    client = cast.signed_in(iv.nurse)
    with time_machine.travel(after(50), tick=False):
        part = {"waited": "yes", "kind": "dose_pause", "observed_at": after(30).isoformat()}
        assert post(client, iv, "part", **part)[0] == 200
        stop = part | {"kind": "dose_stop", "observed_at": after(32).isoformat(), "dose_mg": "20"}
        assert post(client, iv, "part", **stop)[0] == 200
        status, told = post(client, iv, "part", **part | {"kind": "dose_pause"})
        assert (status, "No infusion runs" in str(told["error"])) == (409, True)
    rows = [row for row in iv.events() if row.kind in ("dose_pause", "dose_stop")]
    assert [row.observed_at for row in rows] == [after(30), after(32)]
    assert all(row.recorded_at == after(50) for row in rows)


def test_a_dose_that_was_given_offline_is_charted_as_it_happened(im: Scene, nurse: Client) -> None:
    """Recording is never blocked: a dose that stood nowhere might be given again."""
    given = {"waited": "yes", "observed_at": after(20).isoformat(), "dose_mg": "35"}
    with time_machine.travel(after(40), tick=False):
        status, told = post(nurse, im, "already_given", **given)
        assert (status, "why" in str(told["error"])) == (422, True)
        event = str(uuid4())
        for _ in range(2):
            told_why = given | {"why": "The network was down", "event_id": event}
            assert post(nurse, im, "already_given", **told_why)[0] == 200
    (row,) = [one for one in im.events() if one.kind == "dose_start"]
    assert (row.observed_at, row.body["dose_mg"]) == (after(20), 35)
    assert im.reload().deviation
