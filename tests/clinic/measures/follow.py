"""What the tests of the time after a dose start from."""

from datetime import datetime, timedelta
from decimal import Decimal
from itertools import groupby
from uuid import UUID, uuid4

from django.db.models import QuerySet

from clinic.episodes import actions as episodes
from clinic.episodes.models import Episode, GivenDose
from clinic.measures import due
from clinic.people.models import Patient
from kapstone.pathway import Episode as Stage
from kapstone.pathway import Need
from kapstone.schedule import State
from tests.clinic.cast import NOON

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
DAY_7 = datetime(2026, 3, 11, 13, tzinfo=NOON.tzinfo)  # nine in New York, after the clocks changed
IN_CARE = (
    Stage.SCREENING,
    Stage.ELIGIBLE,
    Stage.PLANNED,
    Stage.CONSENTED,
    Stage.PREPARED,
    Stage.IN_SERIES,
)


def in_series(person: Patient, planned: int = 6) -> Episode:
    """An episode whose doses have begun to be given."""
    episode = episodes.open_episode(patient=person, by=None, at=NOON - 20 * DAY)
    for stage in IN_CARE:
        end(episode, stage, NOON - 10 * DAY)
    episodes.open_series(episode=episode, planned_doses=planned, by=None, at=NOON - 9 * DAY)
    return episode


def end(episode: Episode, stage: Stage, at: datetime) -> Episode:
    """A step to any stage, with whatever it needs."""
    return episodes.advance(
        episode=episode, to=stage, have=frozenset(Need), by=None, at=at, reason="test"
    )


def dose(
    episode: Episode,
    at: datetime = NOON,
    *,
    session_id: UUID | None = None,
    replaces: GivenDose | None = None,
) -> GivenDose:
    """A dose that was given."""
    row = GivenDose(
        episode=episode, session_id=session_id or uuid4(), product="RACEMIC", route="IM",
        dose_mg=Decimal(35), started_at=at, ended_at=at,
    )  # fmt: skip
    return episodes.record_given_dose(dose=row, by=None, at=at + HOUR, replaces=replaces)


def states(person: Patient, now: datetime, row: str) -> dict[str, State]:
    """The state of each thing asked by a row's latest items."""
    lines = [line for line in due.of_patient(person, now) if line.item.row == row]
    return {line.item.ask: line.state for line in reversed(lines)}


def waiting_for_staff(patients: QuerySet[Patient], now: datetime) -> list[due.Group]:
    """All that is open or was missed in the last days, the longest waiting first, row by row."""
    rows = (
        due.known_items()
        .filter(patient__in=patients, episode__ended_at=None, voided_at=None)
        .filter(opens_at__lte=now, answered_at=None)
        .exclude(due.left_the_list(now))
        .order_by("due_at", "patient", "row", "ask")
    )
    lines = due.lines([str(row.pk) for row in rows], now).values()
    occasions = groupby(
        lines, key=lambda line: (line.item.episode_id, line.item.row, line.item.anchor)
    )
    return [due.Group(tuple(found)) for _, found in occasions]
