"""A monitor that is connected to the wrong person charts somebody else's heart."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from clinic.dosing import lines, monitors, samples
from clinic.dosing.models import Monitor, RaisedAlarm, SessionEvent
from clinic.dosing.samples import Answer, Sample, Sent
from clinic.people import audit
from clinic.people.models import AuditEntry
from kapstone.errors import InvalidInput
from tests.clinic import cast
from tests.clinic.dosing.scene import Scene, after

QUIET = {"hr": 70, "spo2": 97}


def connected(im: Scene, *, compared: bool = True) -> tuple[Monitor, str]:
    row, key = monitors.connect(
        session=im.session, name=" Monitor  2 ", by=im.nurse.user, at=after(1)
    )
    if compared:
        sent(key, (1, QUIET))
        assert monitors.confirm(monitor=row, by=im.nurse.user, at=after(1, 5))
        row.refresh_from_db()
    return row, key


def sent(key: str, *told: tuple[float, dict[str, object]], too_fast_count: int = 0) -> Answer:
    """What a monitor sends at minutes after noon, taken at the last of them."""
    listed = tuple(Sample(after(minute), body) for minute, body in told)
    (answer,) = samples.take([Sent(monitors.key_hash(key), listed, too_fast_count)], listed[-1].at)
    return answer


def kinds(im: Scene) -> list[str]:
    return [row.kind for row in im.events()]


@pytest.mark.hazard(1)
def test_nothing_is_charted_before_somebody_compared_the_figures(im: Scene) -> None:
    row, key = connected(im, compared=False)
    assert not monitors.confirm(monitor=row, by=im.nurse.user, at=after(1))  # it said nothing yet
    assert sent(key, (2, QUIET)) == Answer(waits=True)
    row.refresh_from_db()
    assert (row.said, row.said_at, kinds(im)) == (QUIET, after(2), [])
    assert monitors.confirm(monitor=row, by=im.nurse.user, at=after(3))
    assert not monitors.confirm(monitor=row, by=im.nurse.user, at=after(3))
    assert sent(key, (4, QUIET)) == Answer(taken_count=1)
    (charted,) = im.events()
    assert (charted.kind, charted.by, charted.body) == (
        "sample",
        None,
        {**QUIET, "monitor": row.pk},
    )
    assert [*audit.faults()] == []


def test_sent_again_it_is_charted_once(im: Scene) -> None:
    """A monitor that hears no answer sends again: two samples would be two readings in a row."""
    _, key = connected(im)
    assert sent(key, (2, QUIET), (3, QUIET)) == sent(key, (2, QUIET), (3, QUIET))
    assert kinds(im) == ["sample", "sample"]
    assert sent(key, (3, QUIET), (4, QUIET)).taken_count == 2
    assert kinds(im) == ["sample"] * 3


def test_other_figures_of_the_same_moment_are_kept_apart(im: Scene) -> None:
    """A clock that stands still must not hide that the person changed."""
    _, key = connected(im)
    for _ in range(2):
        sent(key, (2, QUIET), (2, {"hr": 190}))
    assert kinds(im) == ["sample", "quarantined"]
    assert "clock stands still" in im.events()[-1].body["why"]


def test_a_clock_that_is_fast_is_the_clinics(im: Scene) -> None:
    """A reading of the future would stay the newest, and hide what comes after it."""
    _, key = connected(im)
    told = Sample(after(2, 30), QUIET)
    samples.take([Sent(monitors.key_hash(key), (told,))], after(2))
    samples.take([Sent(monitors.key_hash(key), (told,))], after(3))
    assert [row.observed_at for row in im.events()] == [after(2)]


@pytest.mark.parametrize("told", [{"hr": "NaN"}, {"hr": 9999}, {"mood": 3}, {}])
def test_garbage_is_kept_apart_and_the_rest_charted(im: Scene, told: dict[str, object]) -> None:
    """A wrong value stops no stream, and is never drawn as live."""
    _, key = connected(im)
    sent(key, (2, {**told, "spo2": 97}) if told else (2, {}))
    assert kinds(im) == (["quarantined", "sample"] if told else ["quarantined"])


def test_a_reading_from_another_day_is_kept_apart(im: Scene) -> None:
    _, key = connected(im)
    told = Sample(datetime(2020, 1, 1, tzinfo=UTC), QUIET)
    samples.take([Sent(monitors.key_hash(key), (told,))], after(2))
    assert kinds(im) == ["quarantined"]


@pytest.mark.hazard(7)
def test_what_a_monitor_sends_calls_like_what_is_typed(im: Scene) -> None:
    """Else a device would show a falling oxygen and nobody would hear it."""
    im.start()
    row, key = connected(im)
    for second in range(40):
        sent(key, (20 + second / 60, {"spo2": 84}))
    assert "ALM-O1" in {one.rule for one in RaisedAlarm.objects.all()}
    assert {one.rule for one in lines.read(im.session).folded.alarms(after(21))} >= {"ALM-O1"}
    raised = RaisedAlarm.objects.filter(rule="ALM-O1").count()
    sent(key, (21, {"spo2": 84}))
    assert RaisedAlarm.objects.filter(rule="ALM-O1").count() == raised
    assert [*audit.faults()] == []
    assert row.pk in {one.body.get("monitor") for one in im.events()}


@pytest.mark.hazard(9)
def test_what_was_resolved_and_is_sent_again_calls_again(im: Scene) -> None:
    from clinic.dosing import answers

    _, key = connected(im)
    sent(key, (2, {"rr": 5}))
    first = RaisedAlarm.objects.get(rule="ALM-RR")
    answers.resolve(alarm=first, words="Airway opened", by=im.nurse, at=after(3))
    sent(key, (4, {"rr": 5}))
    assert RaisedAlarm.objects.filter(rule="ALM-RR").exclude(pk=first.pk).exists()


def test_two_sessions_in_one_batch_stay_two(im: Scene) -> None:
    """What is written together must not be mixed: each is numbered and audited by itself."""
    _, key = connected(im)
    entries = AuditEntry.objects.filter(action="session samples")
    hashed = monitors.key_hash(key)
    found = samples.take(
        [
            Sent(hashed, (Sample(after(2), QUIET),)),
            Sent("of nobody", (Sample(after(2), QUIET),)),
            Sent(hashed, (Sample(after(3), QUIET),), too_fast_count=9),
        ],
        after(3),
    )
    assert [one.taken_count for one in found] == [1, 0, 1]
    assert "not known" in found[1].refused
    assert kinds(im) == ["sample", "sample", "quarantined"]
    assert "9 of its samples were not taken" in im.events()[-1].body["why"]
    (entry,) = entries
    assert (entry.detail["first"], entry.detail["number"]) == (1, 3)
    assert im.reload().last_number == 3


def test_a_monitor_that_was_disconnected_or_whose_session_ended_sends_no_more(im: Scene) -> None:
    row, key = connected(im)
    im.chart("phase", after(2), phase="cancelled")
    im.session.phase = "cancelled"
    im.session.save()
    assert sent(key, (3, QUIET)).refused == "The session is over."
    assert monitors.disconnect(monitor=row, by=im.nurse.user, at=after(4))
    assert not monitors.disconnect(monitor=row, by=im.nurse.user, at=after(4))
    assert "disconnected" in sent(key, (5, QUIET)).refused
    with pytest.raises(InvalidInput, match="is over"):
        monitors.connect(session=im.session, name="2", by=im.nurse.user, at=after(6))


@pytest.mark.parametrize("name", ["", "  ", "x" * 61])
def test_a_monitor_has_a_name(im: Scene, name: str) -> None:
    with pytest.raises(InvalidInput, match="name"):
        monitors.connect(session=im.session, name=name, by=im.nurse.user, at=after(1))


def test_so_many_monitors_are_a_mistake(im: Scene) -> None:
    for place in range(monitors.AT_ONCE):
        monitors.connect(session=im.session, name=str(place), by=im.nurse.user, at=after(1))
    with pytest.raises(InvalidInput, match="9th"):
        monitors.connect(session=im.session, name="one more", by=im.nurse.user, at=after(1))


def posted(client: Client, im: Scene, route: str, **more: object) -> str:
    ids = {"patient_id": im.patient.pk, "session_id": im.session.pk}
    row = {"monitor_id": more.pop("monitor")} if "monitor" in more else {}
    address = reverse(f"dosing:{route}", kwargs=ids | row)
    told = {"shown_for": str(im.session.pk), "event_id": str(uuid4())} | more
    return client.post(address, told, follow=True).content.decode()


def test_the_page_shows_the_key_once_then_what_to_compare(im: Scene) -> None:
    """Who cannot compare would confirm blindly, and the wrong room's monitor would be believed."""
    nurse = cast.signed_in(im.nurse)
    ids = {"patient_id": im.patient.pk, "session_id": im.session.pk}
    address = reverse("dosing:monitors", kwargs=ids)
    assert "No monitor is connected" in nurse.get(address).content.decode()
    assert "is missing or too long" in posted(nurse, im, "monitors", name="")
    page = posted(nurse, im, "monitors", name="Monitor 2")
    key = page.partition('Key: <code class="wraps">')[2].partition("<")[0]
    row = Monitor.objects.get()
    assert row.key_hash == monitors.key_hash(key)
    again = nurse.get(address).content.decode()
    assert key not in again and "It has sent nothing yet" in again
    sent(key, (2, QUIET))
    assert "<strong>70</strong>" in nurse.get(address).content.decode()
    assert "Its readings are charted" in posted(nurse, im, "monitor_confirm", monitor=row.pk)
    assert "Disconnected" in posted(nurse, im, "monitor_disconnect", monitor=row.pk)
    monitors.connect(session=im.session, name="3", by=im.nurse.user, at=after(3))
    im.session.phase = "cancelled"
    im.session.save()
    over = nurse.get(address).content.decode()
    assert "no monitor can be connected" in over and "nothing more of it is charted" in over
    assert "Disconnect 3" not in over


def test_a_sample_that_is_possible_is_never_lost_to_one_that_is_not(im: Scene) -> None:
    _, key = connected(im)
    sent(key, (2, {"hr": 1e9}), (3, QUIET))
    assert SessionEvent.objects.filter(kind="sample").count() == 1
