"""Every row in force here: those of the core, and those that rooms above this one hold."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from kapstone import content
from kapstone.content import ContentRow

Source = Callable[[], Iterable[ContentRow]]


@dataclass(frozen=True, slots=True)
class Room:
    """A room of content above the core: what it is called, and what its sources stand for."""

    title: str
    references: Mapping[str, str]


_rooms: dict[str, Room] = {}
_sources: list[Source] = []


def told_by(rooms_of: Mapping[str, Room], source: Source) -> None:
    """Called once by a room's `AppConfig.ready`: the rows it holds, and what they are called."""
    if source not in _sources:
        _sources.append(source)
        _rooms.update(rooms_of)
        for known in (rows, to_sign, by_id):
            known.cache_clear()


def rooms() -> dict[str, str]:
    """What each room of content is called, in the order in which they are read."""
    return {**content.ROOMS, **{name: room.title for name, room in _rooms.items()}}


def references(room: str) -> Mapping[str, str]:
    """What the keys of a room's sources stand for."""
    return _rooms[room].references if room in _rooms else content.references(room)


@cache
def rows() -> tuple[ContentRow, ...]:
    """Every row in force."""
    return (*content.rows(), *(row for source in _sources for row in source()))


@cache
def to_sign() -> dict[str, ContentRow]:
    """The rows that a medical director answers for, by hash."""
    return {row.digest: row for row in rows() if row.to_sign}


@cache
def by_id() -> dict[tuple[str, str], ContentRow]:
    """Each row by its room and its id."""
    return {(row.room, row.id): row for row in rows()}
