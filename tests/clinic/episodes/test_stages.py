"""An episode moves by the pathway alone, and what was recorded stays readable."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from clinic.episodes import actions, queries
from clinic.episodes.models import Episode, EpisodeStep, GivenDose
from clinic.people import audit
from kapstone.errors import ForbiddenStep
from kapstone.pathway import Episode as Stage
from kapstone.pathway import Need
from tests.clinic import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def episode() -> Episode:
    """A person newly referred."""
    return actions.open_episode(patient=cast.patient(), by=None, at=cast.NOON)


def _dose(episode: Episode, **fields: object) -> GivenDose:
    given = {
        "session_id": uuid4(), "product": "RACEMIC", "route": "IM", "dose_mg": Decimal("35"),
        "started_at": cast.NOON,
    }  # fmt: skip
    return GivenDose(episode=episode, **(given | fields))


def test_a_second_referral_finds_the_open_episode(episode: Episode) -> None:
    again = actions.open_episode(patient=episode.patient, by=None, at=cast.NOON)
    assert again == episode
    assert EpisodeStep.objects.count() == 1


def test_the_database_holds_one_open_episode_a_person(episode: Episode) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Episode.objects.create(patient=episode.patient, stage="referred", opened_at=cast.NOON)


@pytest.mark.hazard(13)
def test_nobody_skips_from_referral_to_a_series(episode: Episode) -> None:
    everything = frozenset(Need)
    with pytest.raises(ForbiddenStep):
        actions.advance(episode=episode, to=Stage.IN_SERIES, have=everything, by=None, at=cast.NOON)
    assert queries.open_episode(episode.patient).stage == "referred"


@pytest.mark.hazard(13)
def test_a_step_without_what_it_needs_names_what_lacks(episode: Episode) -> None:
    have = frozenset({Need.REFERRAL})
    moved = actions.advance(episode=episode, to=Stage.SCREENING, have=have, by=None, at=cast.NOON)
    with pytest.raises(actions.NeedMissing, match="clearance in force") as refused:
        actions.advance(episode=moved, to=Stage.ELIGIBLE, have=have, by=None, at=cast.NOON)
    assert refused.value.missing == {Need.CLEARANCE}
    assert EpisodeStep.objects.count() == 2


def test_an_end_closes_the_episode_and_a_new_one_may_open(episode: Episode) -> None:
    ended = actions.advance(
        episode=episode, to=Stage.REFERRED_ON, have=frozenset(), by=None, at=cast.NOON,
        reason="Asked for a clinic nearer home.",
    )  # fmt: skip
    assert ended.ended_at == cast.NOON
    assert actions.open_episode(patient=episode.patient, by=None, at=cast.NOON) != episode


@pytest.mark.hazard(22)
def test_a_corrected_dose_leaves_the_first_one_readable(episode: Episode) -> None:
    first = actions.record_given_dose(dose=_dose(episode), by=None, at=cast.NOON)
    right = actions.record_given_dose(
        dose=_dose(episode, dose_mg=Decimal("53")), by=None, at=cast.NOON, replaces=first
    )
    assert list(queries.given_doses(episode.patient)) == [right]
    assert GivenDose.objects.get(pk=first.pk).dose_mg == Decimal("35")
    with pytest.raises(IntegrityError), transaction.atomic():
        GivenDose.objects.filter(pk=first.pk).update(dose_mg=Decimal("53"))
    assert list(audit.faults()) == []


@pytest.mark.parametrize(
    "impossible",
    [{"dose_mg": Decimal("0")}, {"dose_mg": Decimal("-5")},
     {"ended_at": cast.NOON - timedelta(seconds=1)}],
)  # fmt: skip
def test_the_database_refuses_an_impossible_dose(episode: Episode, impossible: dict) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        _dose(episode, **impossible, recorded_at=cast.NOON).save()


def test_a_series_opens_as_ordered(episode: Episode) -> None:
    series = actions.open_series(episode=episode, planned_doses=6, by=None, at=cast.NOON)
    assert (series.status, series.planned_doses) == ("ordered", 6)
