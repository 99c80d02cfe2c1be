"""A first dose without preparation, or a person nobody saw after it, must not pass unnoticed."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from clinic.episodes import queries as episodes
from clinic.episodes.actions import NeedMissing
from clinic.people.models import Patient, StaffMember
from clinic.people.roles import Role
from clinic.therapy import actions, queries
from clinic.therapy.models import Debrief, IntegrationVisit, Outcome, Preparation
from kapstone.errors import ForbiddenStep, InvalidInput
from kapstone.pathway import Episode
from tests.clinic import cast
from tests.clinic.therapy.cases import consented, dosed, prepared

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> Patient:
    return cast.patient()


@pytest.fixture
def therapist(person: Patient) -> StaffMember:
    return cast.treats(cast.staff(Role.THERAPIST), person)


def _complete(person: Patient, therapist: StaffMember) -> object:
    return actions.complete_preparation(patient=person, by=therapist.user, at=cast.NOON)


def test_prepared_needs_a_visit(person, therapist) -> None:
    consented(person)
    with pytest.raises(NeedMissing, match="preparation visit"):
        _complete(person, therapist)
    prepared(person, therapist)
    _complete(person, therapist)
    assert episodes.open_episode(person).stage == Episode.PREPARED


def test_prepared_needs_consent_and_an_episode(person, therapist) -> None:
    with pytest.raises(InvalidInput, match="none is open"):
        _complete(person, therapist)
    dosed(person, cast.NOON)  # an episode that is only referred
    prepared(person, therapist)
    with pytest.raises(ForbiddenStep):
        _complete(person, therapist)


def test_the_latest_visit_holds_and_the_earlier_stay(person, therapist) -> None:
    prepared(person, therapist, intention="To sleep again")
    later = Preparation(patient=person, held_at=cast.NOON, stop_word="red")
    at = cast.NOON + timedelta(days=1)
    actions.record_preparation(preparation=later, by=therapist.user, at=at)
    assert queries.preparation(person).stop_word == "red"
    assert queries.preparation(person).intention == ""  # theirs: it may be taken back
    assert [visit.intention for visit in queries.preparations(person)] == ["", "To sleep again"]


def test_a_visit_without_a_stop_word_is_refused(person, therapist) -> None:
    empty = Preparation(patient=person, held_at=cast.NOON, stop_word="")
    with pytest.raises(ValidationError, match="stop_word"):
        actions.record_preparation(preparation=empty, by=therapist.user, at=cast.NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        empty.save()


def test_a_debrief_is_kept_in_their_words(person, therapist) -> None:
    said = {"patient": person, "session_id": uuid4(), "by": therapist.user, "at": cast.NOON}
    actions.record_debrief(text="Light, and far away.", **said)
    assert queries.debriefs(person).get().text == "Light, and far away."
    with pytest.raises(InvalidInput, match="text"):
        actions.record_debrief(text="  ", **said)
    with pytest.raises(IntegrityError), transaction.atomic():
        Debrief.objects.create(text="", **said)


def _visit(person: Patient, outcome: Outcome, at: object, **more: object) -> IntegrationVisit:
    row = IntegrationVisit(
        patient=person, session_id=uuid4(), outcome=outcome, held_at=at, focus="Sleep", **more
    )
    return actions.record_integration(visit=row, by=cast.staff(Role.THERAPIST).user, at=at)


def test_integration_is_due_a_day_to_three_after_a_dose(person) -> None:
    assert queries.integration_due(person) is None
    dosed(person, cast.NOON)
    due = queries.integration_due(person)
    assert due.from_at == cast.NOON + timedelta(hours=24)
    assert due.until_at == cast.NOON + timedelta(hours=72)
    assert not due.overdue(cast.NOON + timedelta(hours=72))
    assert due.overdue(cast.NOON + timedelta(hours=72, seconds=1))


def test_only_a_visit_that_took_place_settles_it(person) -> None:
    dosed(person, cast.NOON)
    later = cast.NOON + timedelta(days=1)
    _visit(person, Outcome.ATTENDED, cast.NOON - timedelta(days=1))
    for outcome in (Outcome.CANCELLED, Outcome.NO_SHOW):
        _visit(person, outcome, later)
        assert queries.integration_due(person) is not None
    held = _visit(person, Outcome.ATTENDED, later)
    assert queries.integration_due(person) is None
    _visit(person, Outcome.NO_SHOW, later, replaces=held, reason="Another person came")
    assert queries.integration_due(person) is not None
    assert held not in queries.integration_visits(person)


def test_everybody_owed_a_visit_is_listed_longest_waiting_first(person) -> None:
    other, early = cast.patient("Ada"), cast.patient("Eve")
    dosed(other, cast.NOON - timedelta(days=3))
    dosed(person, cast.NOON - timedelta(days=2))
    dosed(early, cast.NOON - timedelta(hours=23))
    found = queries.integration_due_everywhere(cast.NOON)
    assert [due.patient for due in found] == [other, person]


def test_the_database_refuses_a_visit_that_cannot_be(person) -> None:
    row = {
        "patient": person,
        "session_id": uuid4(),
        "outcome": "attended",
        "held_at": cast.NOON,
        "recorded_at": cast.NOON,
        "focus": "Sleep",
    }
    wrong = [{"outcome": "maybe"}, {"focus": ""}, {"held_at": cast.NOON + timedelta(minutes=1)}]
    kept = IntegrationVisit.objects.create(**row)
    for change in [*wrong, {"replaces": kept}]:
        with pytest.raises(IntegrityError), transaction.atomic():
            IntegrationVisit.objects.create(**row | change)
    with pytest.raises(IntegrityError), transaction.atomic():
        IntegrationVisit.objects.update(focus="Something else")
