"""What the room's tests start from."""

import uuid
from datetime import datetime
from decimal import Decimal

from clinic.episodes import actions as episodes
from clinic.episodes.models import GivenDose
from clinic.people.models import Patient, StaffMember
from clinic.therapy import actions, touching
from clinic.therapy.models import Position, Preparation, Touch, TouchAgreement
from clinic.therapy.touching import Allowed
from kapstone.pathway import Episode
from tests.clinic import cast
from tests.clinic.planning import ground


def consented(person: Patient, by: StaffMember) -> None:
    """An episode that came as far as a signed consent. Ask for the fixture `cleared` as well."""
    ground.at_stage(person, Episode.SCREENING, Episode.ELIGIBLE)
    ground.consent(ground.plan(person, by), by)


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
    given: dict[str, object] = {"at": cast.NOON, "sober": True, "longest_s": 60} | how
    at = given.pop("at")
    name = f"{person.given_name} {person.family_name}"
    made = TouchAgreement(
        **{"patient": person, "signed_name": name, "position": Position.LYING} | given
    )
    allowed = [Allowed(touch, staff) for touch in touches]
    return touching.widen_touch(agreement=made, allowed=allowed, by=staff.user, at=at)
