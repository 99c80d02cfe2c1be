"""What one tap charts of an altered state, as rows of taps.json.

Source: the notes that clinics keep of such a session; every word is ours, mark P.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache

from kapstone.monitoring.fields import Fields, table
from kapstone.monitoring.moments import utc

MUSIC, MUSIC_OFF = "music", "music_off"


class Who(StrEnum):
    """Who taps: whoever charts, or everybody who may note what they see, a therapist among them."""

    CHART = "chart"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Tap:
    """One button; its title is what is charted."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Group:
    """Buttons of one kind. asks: what a few words beside a tap may say."""

    id: str
    who: Who
    title: str
    asks: str
    taps: tuple[Tap, ...]
    source: tuple[str, ...]
    mark: str


@cache
def groups() -> tuple[Group, ...]:
    """The committed rows, in their order."""
    held = table("taps")
    taps = [
        (row.text("group"), Tap(row.text("id"), row.text("title"))) for row in held.children("taps")
    ]
    return tuple(_group(row, taps) for row in held.children("groups"))


def _group(row: Fields, taps: Iterable[tuple[str, Tap]]) -> Group:
    return Group(
        id=row.text("id"),
        who=Who(row.text("who")),
        title=row.text("title"),
        asks=row.text("asks"),
        taps=tuple(tap for group, tap in taps if group == row.text("id")),
        source=row.words("source"),
        mark=row.text("mark"),
    )


def to_note() -> tuple[Group, ...]:
    """The groups that everybody who may note what they see may tap."""
    return tuple(group for group in groups() if group.who is Who.NOTE)


def tap(tap_id: str, offering: Iterable[Group] | None = None) -> Tap | None:
    """The tap of this id among those of `offering`, of all groups without it; None for another."""
    offered = (one for group in offering or groups() for one in group.taps)
    return next((one for one in offered if one.id == tap_id), None)


@dataclass(frozen=True, slots=True)
class Tapped:
    """A tap on the line: by its id, when it was true and in which place."""

    id: str
    observed_at: datetime
    number: int


def music_now(line: Iterable[Tapped]) -> Tapped | None:
    """The last tap about music, unless it was stopped."""
    ids = {one.id for group in groups() if group.id == MUSIC for one in group.taps}
    told = [one for one in line if one.id in ids]
    last = max(told, key=lambda one: (utc("time", one.observed_at), one.number), default=None)
    return None if last is None or last.id == MUSIC_OFF else last
