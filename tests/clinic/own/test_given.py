"""What a person says must reach those who treat them, and a story must not come too soon."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from clinic.dosing import actions as dosing
from clinic.dosing import tapped
from clinic.dosing.kinds import Chart
from clinic.own import queries
from clinic.own.models import Story
from clinic.therapy import queries as therapy
from clinic.therapy.models import DrugActs, IntegrationVisit
from tests.clinic import cast
from tests.clinic.cast import NOON
from tests.clinic.dosing import scene
from tests.clinic.therapy.cases import prepared

pytestmark = pytest.mark.django_db


def _url(name: str, *ids: object) -> str:
    return reverse(f"own:{name}", args=ids)


def _therapy(person) -> str:
    return reverse("therapy:therapy", args=[person.pk])


@time_machine.travel(NOON + timedelta(days=1), tick=False)
def test_the_intention_is_theirs_to_change_and_take_back(phone, desk, person, therapist) -> None:
    prepared(person, therapist, intention="As the therapist wrote it")
    assertContains(phone.get(_url("intention")), "As the therapist wrote it")
    phone.post(_url("intention"), {"text": "To forgive my brother"})
    assertContains(desk.get(_therapy(person)), "To forgive my brother")
    phone.post(_url("intention"), {"text": ""})
    assert therapy.intention_words(person) == ""
    assertContains(desk.get(_therapy(person)), "taken back")


@time_machine.travel(NOON, tick=False)
def test_a_later_visit_tells_the_intention_anew(phone, person, therapist) -> None:
    with time_machine.travel(NOON - timedelta(days=2), tick=False):
        phone.post(_url("intention"), {"text": "The first one"})
    prepared(person, therapist, intention="The second one")
    assert therapy.intention_words(person) == "The second one"


@time_machine.travel(NOON + timedelta(days=1), tick=False)
def test_a_visit_begins_with_what_they_wrote_last(phone, desk, person, therapist) -> None:
    """Else the words of an earlier visit, filled in again, stand in place of theirs."""
    prepared(person, therapist, intention="As the therapist wrote it")
    form = reverse("therapy:prepare", args=[person.pk])
    for words in ("To forgive my brother", ""):
        phone.post(_url("intention"), {"text": words})
        assert desk.get(form).context["form"].initial["intention"] == words


def _visit(person, therapist, dose, **words: object) -> IntegrationVisit:
    return IntegrationVisit.objects.create(
        patient=person, session_id=dose.session_id, outcome="attended", held_at=NOON,
        recorded_at=NOON, by=therapist.user, contact="in_person", focus="The garden", **words,
    )  # fmt: skip


@time_machine.travel(NOON + timedelta(days=1), tick=False)
def test_what_they_took_along_is_on_the_phone_and_the_answer_on_the_chart(
    phone, desk, person, therapist, dose
) -> None:
    assertContains(phone.get(_url("homework")), "Nothing yet")
    visit = _visit(person, therapist, dose, homework="Walk at noon", next_step="Call Ana")
    silent = _visit(person, therapist, dose)
    page = phone.get(_url("homework"))
    assertContains(page, "Walk at noon")
    assertContains(page, "Call Ana")
    phone.post(_url("say_homework", visit.pk), {"done": "no", "words": "It rained"})
    assertContains(phone.get(_url("homework")), "You said: not yet.")
    assertContains(desk.get(_therapy(person)), "It rained")
    phone.post(_url("say_homework", visit.pk), {"done": "yes", "words": ""})
    assertContains(phone.get(_url("homework")), "You said: done.")
    assert phone.get(_url("say_homework", silent.pk)).status_code == 404
    assert phone.get(_url("say_homework", uuid4())).status_code == 404
    assertContains(phone.post(_url("say_homework", visit.pk), {}), "How did it go?")


@time_machine.travel(NOON + timedelta(days=1), tick=False)
def test_what_was_said_of_a_visit_stays_with_its_correction(
    phone, desk, person, therapist, dose
) -> None:
    visit = _visit(person, therapist, dose, homework="Walk at noon")
    phone.post(_url("say_homework", visit.pk), {"done": "yes", "words": "It was bright"})
    _visit(person, therapist, dose, homework="Walk at one", replaces=visit, reason="A slip")
    page = phone.get(_url("homework"))
    assertContains(page, "Walk at one")
    assertContains(page, "It was bright")
    assertContains(desk.get(_therapy(person)), "It was bright")


@pytest.fixture
def past(monkeypatch):
    scene.earlier_rooms(monkeypatch, scene.ordered("IM"))
    return scene.set_up("IM")


def _offer(of) -> str:
    return reverse("own:offer", args=[of.patient.pk, of.session.pk])


def _tap(of, minute: float, word: str, note: str) -> None:
    at = scene.after(minute)
    chart = Chart(uuid4(), "note", at, {"word": word}, note=note)
    dosing.record(session=of.session, chart=tapped.worded(chart), by=of.nurse.user, at=at)


def test_a_story_begins_with_the_moments_and_is_read_only_by_choice(past, person) -> None:
    with time_machine.travel(scene.after(200), tick=False):
        _tap(past, 12, "moment_image", "a house by the sea")
        _tap(past, 20, "water", "half a glass")
        _tap(past, 31, "moment_words", "'I am allowed'")
        client = cast.signed_in(past.therapist)
        page = client.get(_offer(past))
        assertContains(page, "Image: a house by the sea")
        assertContains(page, "Words:")
        assertNotContains(page, "half a glass")
        assertContains(client.post(_offer(past), {"text": "  "}), "required")
        assertRedirects(
            client.post(_offer(past), {"text": "At noon you saw a house."}), _therapy(past.patient)
        )
        assertContains(client.get(_offer(past)), "At noon you saw a house.")
        client.post(_offer(past), {"text": "You saw a house by the sea."})
    assert Story.objects.count() == 2
    (story,) = queries.stories(past.patient)
    past.patient.user = person.user
    person.user = None
    person.save()
    past.patient.save()
    phone = cast.Client()
    phone.force_login(past.patient.user)
    assertNotContains(phone.get(_url("stories")), "You saw a house")
    assertContains(phone.get(_url("story", story.pk)), "You saw a house by the sea.")
    first = Story.objects.order_by("pk").first()
    assert phone.get(_url("story", first.pk)).status_code == 404


def test_no_story_is_offered_while_the_drug_acts(past) -> None:
    """Told too soon it is heard in a state in which everything is believed."""
    with time_machine.travel(scene.after(60), tick=False):
        DrugActs.objects.create(
            patient=past.patient, session_id=past.session.pk, since=scene.after(1)
        )
        page = cast.signed_in(past.therapist).post(_offer(past), {"text": "You saw a house."})
    assertContains(page, "not left a session")
    assert Story.objects.count() == 0


def test_another_persons_session_has_no_story_here(past, phone, desk, person) -> None:
    url = reverse("own:offer", args=[person.pk, past.session.pk])
    assert desk.get(url).status_code == 404
    assertContains(phone.get(_url("stories")), "No story waits for you")
