"""Who is in the room with the person, and who should be. It warns; it alarms nobody.

Source: protocol THX-R1, mark P.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache

from kapstone.monitoring.fields import Fields, table


class Seat(StrEnum):
    """What somebody in the room is there for."""

    THERAPIST = "therapist"
    MONITOR = "monitor"  # licensed to watch the body, and not giving the therapy
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class PresenceRow:
    """Who must be there once drug was given. needs is empty for: anybody.

    moaas_under_score: only while the last MOAA/S is under it. routes, dose_models: empty for any.
    """

    id: str
    band: str
    title: str
    needs: frozenset[Seat]
    moaas_under_score: int | None
    routes: tuple[str, ...]
    dose_models: tuple[str, ...]
    source: tuple[str, ...]
    mark: str


@dataclass(frozen=True, slots=True)
class Situation:
    """A session after its first drug. moaas_score: None where it is stale or never charted."""

    route: str
    dose_model_id: str
    moaas_score: Decimal | None


@cache
def presence_rows() -> tuple[PresenceRow, ...]:
    """The committed rows."""
    return tuple(_row(fields) for fields in table("presence").children("rows"))


def _row(fields: Fields) -> PresenceRow:
    return PresenceRow(
        id=fields.text("id"),
        band=fields.text("band"),
        title=fields.text("title"),
        needs=frozenset(map(Seat, fields.words("needs"))),
        moaas_under_score=fields.whole("moaas_under_score")
        if fields.has("moaas_under_score")
        else None,
        routes=fields.words("routes"),
        dose_models=fields.words("dose_models"),
        source=fields.words("source"),
        mark=fields.text("mark"),
    )


def lacking(present: Collection[Seat], now: Situation) -> Iterator[PresenceRow]:
    """The rows that ask for somebody who is not charted as present.

    A MOAA/S that nobody knows counts as low: unknown is never well.
    """
    for row in presence_rows():
        if _applies(row, now) and not (present and row.needs <= set(present)):
            yield row


def _applies(row: PresenceRow, now: Situation) -> bool:
    if row.moaas_under_score is not None and now.moaas_score is not None:
        return now.moaas_score < row.moaas_under_score
    return (not row.routes or now.route in row.routes) and (
        not row.dose_models or now.dose_model_id in row.dose_models
    )
