"""Every row in force here: those of the core, and those that rooms above this one hold."""

from collections.abc import Callable, Iterable
from functools import cache

from kapstone import content
from kapstone.content import ContentRow

Source = Callable[[], Iterable[ContentRow]]
_titles: dict[str, str] = {}
_sources: list[Source] = []


def told_by(titles: dict[str, str], source: Source) -> None:
    """Called once by a room's `AppConfig.ready`: the rows it holds, and what they are called."""
    if source not in _sources:
        _sources.append(source)
        _titles.update(titles)
        for known in (rows, to_sign, by_id):
            known.cache_clear()


def rooms() -> dict[str, str]:
    """What each room of content is called, in the order in which they are read."""
    return {**content.ROOMS, **_titles}


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
