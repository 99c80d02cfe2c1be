"""An altered state by taps: nothing is filled in, nothing is deleted, and help has a clock."""

from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from clinic.alerts.models import Alert
from clinic.dosing import escalation, forms, screen
from clinic.dosing.models import SessionEvent
from kapstone.errors import InvalidInput
from kapstone.monitoring import moaas, taps
from tests.clinic import cast
from tests.clinic.dosing.chair import HTML, post, url
from tests.clinic.dosing.scene import Scene, after

pytestmark = pytest.mark.django_db


@pytest.fixture
def nurse(im: Scene, clock: time_machine.Traveller) -> Client:
    return cast.signed_in(im.nurse)


def _last(im: Scene) -> SessionEvent:
    return SessionEvent.objects.filter(session=im.session).order_by("-number")[0]


def _posted(**told: str) -> dict[str, str]:
    return {"event_id": str(uuid4()), **told}


def test_a_tap_is_charted_in_our_words_with_the_few_that_were_typed(
    im: Scene, nurse: Client
) -> None:
    assert post(nurse, im, "chart", {"kind": "note", "word": "tears"}).status_code == 200
    assert _last(im).note == "Tears"
    told = {"kind": "note", "word": "music_changed", "note": "the slow one"}
    assert post(nurse, im, "chart", told).status_code == 200
    assert _last(im).note == "Music changed: the slow one"
    page = nurse.get(url(im, "console"), **HTML).content.decode()
    assert all(f">{tap.title}<" in page for group in taps.groups() for tap in group.taps)
    assert "Music changed: the slow one" in page and "Music, 12:20" in page


def test_a_tap_that_nobody_offers_is_refused_and_so_is_a_story(im: Scene, nurse: Client) -> None:
    for told in (
        {"word": "fine"},
        {"word": ""},
        {"word": "note"},
        {"word": "tears", "note": "x" * 301},
    ):
        assert post(nurse, im, "chart", {"kind": "note", **told}).status_code == 422
    assert im.reload().last_number == 0


def test_a_therapist_marks_a_moment_with_one_tap_and_decides_nothing(
    im: Scene, clock: time_machine.Traveller
) -> None:
    """What the person said is theirs to hear again; unmarked, it is gone by the evening."""
    therapist = cast.signed_in(im.therapist)
    page = therapist.get(url(im, "console"), **HTML).content.decode()
    for group in taps.groups():
        there = f'id="taps-{group.id}"' in page
        assert there is (group in taps.to_note()), group.id
    told = {"word": "moment_image", "note": "a house by the sea"}
    assert post(therapist, im, "note", told).status_code == 200
    assert _last(im).note == "Image: a house by the sea"
    assert post(therapist, im, "note", {"word": "asked_prescriber"}).status_code == 422
    assert post(therapist, im, "note", {"word": "note"}).status_code == 422
    assert post(therapist, im, "chart", told | {"kind": "note"}).status_code == 404
    assert im.reload().last_number == 1


def test_undo_takes_a_tap_back_and_deletes_nothing(im: Scene, nurse: Client) -> None:
    """A line that disappears could never be asked about again."""
    made = post(nurse, im, "chart", {"kind": "note", "word": "music_plays"}).json()
    told = {
        "kind": "withdrawn",
        "replaces": made["id"],
        "reason": "Undone at once: tapped in error.",
    }
    undone = {**told, "event_id": str(uuid4())}
    assert [post(nurse, im, "chart", undone).status_code for _ in range(2)] == [200, 200]
    assert [row.kind for row in im.events()] == ["note", "withdrawn"]
    shown = screen.build(im.session, timezone.now())
    assert shown.music is None
    assert [one.replaced for one in shown.line] == [False, True]
    assert post(nurse, im, "chart", {**told, "reason": ""}).status_code == 422


@pytest.mark.parametrize("key", ["dissoc_nrs", "anxiety_nrs", "nausea_nrs"])
@pytest.mark.parametrize("value", ["-1", "11", "", "much", "10.5", "1e9"])
def test_an_effect_is_nought_to_ten_or_it_is_refused(im: Scene, key: str, value: str) -> None:
    """A slip of 11 for 1 that is moved into range is a number nobody gave."""
    with pytest.raises(InvalidInput):
        im.chart(
            "nrs", after(20), **forms.charted(_posted(kind="nrs", **{key: value}), after(20)).body
        )
    assert im.reload().last_number == 0


def test_nothing_is_filled_in_before_and_the_effects_fall_due(im: Scene, nurse: Client) -> None:
    im.start()
    page = nurse.get(url(im, "console"), **HTML).content.decode()
    card = page.partition('id="state-head"')[2].partition("</section>")[0]
    assert "checked" not in card and "selected" not in card
    due = [one.words for one in screen.build(im.session, after(30)).wanted]
    assert "dissociation, anxiety, nausea" in due


def test_sedation_is_charted_with_the_version_of_its_scale(im: Scene, nurse: Client) -> None:
    """Read by another table, a 1 is awake; by ours it is barely rousable."""
    version = moaas.scale().version
    assert post(nurse, im, "chart", {"kind": "moaas", "moaas": "4"}).status_code == 200
    assert _last(im).body == {"moaas": 4, "scale": version}
    page = nurse.get(url(im, "console"), **HTML).content.decode()
    assert f"MOAA/S {version}: {moaas.scale().ends}" in page
    assert f"MOAA/S 4 (0–5), scale {version}" in page
    other = post(nurse, im, "chart", {"kind": "moaas", "moaas": "4", "scale": "moaas-1-to-6"})
    assert (other.status_code, "Load the page again" in other.json()["error"]) == (422, True)
    assert post(nurse, im, "chart", {"kind": "moaas", "oriented_x4": "yes"}).status_code == 200


@pytest.mark.hazard(7)
def test_a_hard_experience_opens_its_steps_and_calls_the_prescriber_after_fifteen_minutes(
    im: Scene, nurse: Client, clock: time_machine.Traveller
) -> None:
    """Somebody in terror for half an hour must not depend on one person's sense of time."""
    im.start()
    assert 'id="steps-path-ce"' not in screen.panel(im.session, timezone.now())
    post(nurse, im, "steps_open", {"pathway": "PATH-CE"})
    panel = screen.panel(im.session, timezone.now())
    assert 'id="steps-path-ce"' in panel and "Hold nobody down" in panel
    assert "Call the prescriber now" not in panel
    calls = Alert.objects.filter(code__startswith="steps.")
    im.reload()
    escalation.watch(after(34, 59))
    assert not calls.exists()
    for _ in range(2):
        escalation.watch(after(35))
    assert [each.message for each in calls] == [
        "Session: hard experience, panic goes on since 12:20. The prescriber comes."
    ]
    assert "Call the prescriber now" in screen.panel(im.session, after(35))
    clock.shift(540)
    post(nurse, im, "steps_close", {"outcome": "PATH-CE:over"})
    assert 'id="steps-path-ce"' not in screen.panel(im.session, after(36))
