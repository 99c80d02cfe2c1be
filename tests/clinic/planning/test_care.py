"""Somebody who died is not written to; somebody whose care was paused is not dosed."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from clinic.dosing import queries as dosing
from clinic.dosing import stages
from clinic.episodes import queries as episodes
from clinic.measures import actions as measures
from clinic.measures.models import Assignment, DueItem
from clinic.people.models import Patient, StaffMember
from clinic.people.roles import Role
from clinic.planning import actions, queries
from clinic.planning.actions import care
from clinic.planning.care_views import strip
from clinic.planning.models import Order, Plan
from kapstone import pathway
from kapstone.errors import InvalidInput
from kapstone.pathway import Episode as Stage
from tests.clinic import cast
from tests.clinic.planning import ground
from tests.clinic.planning.ground import NOW

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=1)
WHY = "Told by the family on the telephone."
JUDGED = "The scores were read with the person."


@pytest.fixture(autouse=True)
def _now() -> Any:
    with time_machine.travel(LATER, tick=False):
        yield


@pytest.fixture
def nurse(robin: Patient) -> StaffMember:
    return cast.treats(cast.staff(Role.NURSE, "Nan Nurse"), robin)


@pytest.fixture
def ordered(ready: Patient, prescriber: StaffMember) -> Order:
    """An order in force: the series has begun."""
    return ground.order(ready, prescriber, "0.5")


def posted(member: StaffMember, person: Patient, **fields: object) -> Any:
    """One step as the page sends it, and the page after it."""
    where = reverse("planning:move", args=[person.pk])
    return cast.signed_in(member).post(where, fields, follow=True)


def page(member: StaffMember, person: Patient) -> str:
    client: Client = cast.signed_in(member)
    return client.get(reverse("planning:care", args=[person.pk])).content.decode()


@pytest.mark.parametrize(
    ("stage", "by_word", "with_judgement"),
    [
        (Stage.REFERRED, "declined, referred on, lost to follow-up, died", "not eligible"),
        (Stage.PLANNED, "declined, referred on, lost to follow-up, died", "not eligible"),
        (Stage.PREPARED, "declined, withdrawn, referred on, lost to follow-up, died",
         "not eligible"),
        (Stage.IN_SERIES, "paused, withdrawn, referred on, lost to follow-up, died",
         "maintenance, completed"),
        (Stage.PAUSED, "withdrawn, referred on, lost to follow-up, died",
         "maintenance, completed, not eligible"),
        (Stage.MAINTENANCE, "paused, withdrawn, referred on, lost to follow-up, died",
         "completed"),
        (Stage.DIED, "", ""),
    ],
)  # fmt: skip
def test_what_a_word_can_do_and_what_a_prescriber_judges(
    robin: Patient, stage: Stage, by_word: str, with_judgement: str
) -> None:
    episode = ground.at_stage(robin)
    episode.stage = str(stage)
    free = care.open_ways(episode, judges=False)
    all_of_them = care.open_ways(episode, judges=True)
    assert ", ".join(free) == by_word
    assert ", ".join(to for to in all_of_them if to not in free) == with_judgement


@pytest.mark.hazard(10)
def test_a_death_stops_the_order_the_booking_and_the_questions(
    ordered: Order, robin: Patient, nurse: StaffMember
) -> None:
    measures.ask(
        patient=robin, instrument="phq9", closes_at=NOW + timedelta(days=3), by=nurse.user, at=NOW
    )
    booked = stages.open_session(
        patient=robin, product="RACEMIC", route="IM", by=nurse.user, at=NOW
    )
    sent = posted(nurse, robin, to="died", words=WHY, sure="on")
    assert "Care is now: died." in sent.content.decode()
    assert episodes.open_episode(robin) is None
    assert episodes.has_died(robin)
    assert queries.order_in_force(robin, LATER) is None
    booked.refresh_from_db()
    assert booked.phase == "cancelled"
    assert not Assignment.objects.filter(patient=robin, cancelled_at=None).exists()
    assert not DueItem.objects.filter(patient=robin, voided_at=None).exists()
    shown = page(nurse, robin)
    assert WHY in shown
    assert "This episode has ended" in shown
    assert "Take this step" not in shown


def test_somebody_in_the_chair_is_not_taken_off_the_console(
    ordered: Order, robin: Patient, prescriber: StaffMember
) -> None:
    by = prescriber.user
    session = stages.open_session(patient=robin, product="RACEMIC", route="IM", by=by, at=NOW)
    have = {pathway.Need.IDENTITY}
    stages.advance(session=session, to=pathway.Session.ARRIVED, have=have, by=by, at=NOW)
    posted(prescriber, robin, to="withdrawn", words="Wants to go home for good.", sure="on")
    assert dosing.open_session(robin) == session


@pytest.mark.hazard(13)
def test_a_pause_stops_the_order_and_a_new_one_goes_on(
    ordered: Order, robin: Patient, nurse: StaffMember, prescriber: StaffMember
) -> None:
    posted(nurse, robin, to="paused", words="A new cough; waits for the doctor.")
    episode = episodes.open_episode(robin)
    assert episode is not None
    assert episode.stage == "paused"
    assert queries.order_in_force(robin, LATER) is None
    assert queries.orders(robin)[0].cancellation.reason == "Care: paused."
    ground.order(robin, prescriber, "0.5", LATER)
    episode.refresh_from_db()
    assert episode.stage == "in series"


def test_the_result_of_a_series_is_judged_by_a_prescriber(
    ordered: Order, robin: Patient, nurse: StaffMember, prescriber: StaffMember
) -> None:
    refused = posted(nurse, robin, to="maintenance", words=JUDGED).content.decode()
    assert "Select a valid choice" in refused
    posted(prescriber, robin, to="maintenance", words=JUDGED)
    posted(prescriber, robin, to="completed", words=JUDGED, sure="on")
    assert [step.after for step in robin.episodes.get().steps.order_by("pk")][-3:] == [
        "in series",
        "maintenance",
        "completed",
    ]


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ({"to": "died", "words": WHY}, "Check who this is"),
        ({"to": "died", "words": "short", "sure": "on"}, "at least 10 characters"),
        ({"words": WHY}, "This field is required"),
        ({"to": "completed", "words": WHY, "sure": "on"}, "Select a valid choice"),
    ],
)
def test_half_a_word_moves_nothing_and_loses_nothing(
    planned: Plan, robin: Patient, nurse: StaffMember, typed: dict[str, str], problem: str
) -> None:
    shown = posted(nurse, robin, **typed).content.decode()
    assert problem in shown
    assert typed["words"] in shown
    assert robin.episodes.get().stage == "planned"


def test_an_end_said_twice_is_told_the_second_time(
    planned: Plan, robin: Patient, nurse: StaffMember
) -> None:
    once = {"to": "declined", "words": "Would rather not, all told.", "sure": "on"}
    posted(nurse, robin, **once)
    assert "it has ended already" in posted(nurse, robin, **once).content.decode()
    with pytest.raises(InvalidInput):
        actions.move_care(
            episode=robin.episodes.get(), to=Stage.DIED, words=" ", judges=True,
            by=nurse.user, at=LATER,
        )  # fmt: skip


def test_a_person_without_an_episode_has_a_page(robin: Patient, nurse: StaffMember) -> None:
    assert "No care has begun" in page(nurse, robin)


def test_an_assistant_sees_the_course_and_takes_no_step(planned: Plan, robin: Patient) -> None:
    helper = cast.treats(cast.staff(Role.ASSISTANT), robin)
    assert "Take this step" not in page(helper, robin)
    assert posted(helper, robin, to="died", words=WHY, sure="on").status_code == 404


def test_the_strip_says_what_is_behind_now_and_ahead(robin: Patient) -> None:
    episode = ground.at_stage(robin, Stage.SCREENING, Stage.ELIGIBLE, Stage.PLANNED)
    steps = list(episode.steps.order_by("pk"))
    shown = {one.words: one.state for one in strip(Stage.PLANNED, steps)}
    assert shown["eligible"] == "done"
    assert shown["planned"] == "now"
    assert shown["in series"] == "ahead"
    ended = [(one.words, one.state) for one in strip(Stage.DECLINED, steps)]
    assert ended[-1] == ("declined", "now")
    assert ("planned", "done") in ended
