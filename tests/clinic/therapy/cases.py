"""What the room's tests start from."""

import uuid
from datetime import datetime, timedelta
from decimal import Decimal

from clinic.episodes import actions as episodes
from clinic.episodes.models import GivenDose
from clinic.people.models import Patient, StaffMember
from clinic.therapy import actions
from clinic.therapy.actions import Allowed
from clinic.therapy.models import Preparation, Touch, TouchAgreement
from kapstone.pathway import Episode, Need
from tests.clinic import cast

EVERYTHING = frozenset(Need) - {Need.REASON}
TO_CONSENT = [Episode.SCREENING, Episode.ELIGIBLE, Episode.PLANNED, Episode.CONSENTED]


def consented(person: Patient) -> None:
    """An episode that came as far as consent."""
    episode = episodes.open_episode(patient=person, by=None, at=cast.NOON - timedelta(days=20))
    for stage in TO_CONSENT:
        episodes.advance(episode=episode, to=stage, have=EVERYTHING, by=None, at=cast.NOON)


def prepared(person: Patient, by: StaffMember, **words: str) -> Preparation:
    """A preparation visit."""
    visit = Preparation(patient=person, held_at=cast.NOON, stop_word="lemon", **words)
    return actions.record_preparation(preparation=visit, by=by.user, at=cast.NOON)


def dosed(person: Patient, at: datetime, session_id: uuid.UUID | None = None) -> GivenDose:
    """A dose given at a moment."""
    episode = episodes.open_episode(patient=person, by=None, at=at)
    dose = GivenDose(
        episode=episode,
        session_id=session_id or uuid.uuid4(),
        product="RACEMIC",
        route="IM",
        dose_mg=Decimal("40"),
        started_at=at,
    )
    return episodes.record_given_dose(dose=dose, by=None, at=at)


def agreed(person: Patient, staff: StaffMember, *touches: Touch, **how: object) -> TouchAgreement:
    """A touch agreement made sober, before any dose."""
    given = {"at": cast.NOON, "phase": None, "sober": True} | how
    return actions.widen_touch(
        agreement=TouchAgreement(patient=person, sober=bool(given.pop("sober"))),
        allowed=[Allowed(touch, staff) for touch in touches],
        by=staff.user,
        **given,
    )
