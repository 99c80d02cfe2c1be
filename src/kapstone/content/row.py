"""One row of clinical content: what it says, where it comes from, and the hash of all of it."""

import hashlib
import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import timedelta
from typing import Protocol

from kapstone.content.words import told

SIGNED = frozenset("PG")  # marks for which a clinic's medical director answers
_APART = ("id", "title", "name", "source", "mark")  # shown apart


class Marked(Protocol):
    """A row of any room: where it comes from and how far it may be trusted."""

    @property
    def source(self) -> tuple[str, ...]: ...

    @property
    def mark(self) -> str: ...


@dataclass(frozen=True, slots=True)
class ContentRow:
    """A rule, limit, alarm, schedule, step or instrument rule in force.

    id: unique in its room, of letters, digits, ``.``, ``_`` and ``-``. value: what it says, by
    field. digest: SHA-256 of room, id and every field, shown or not; a change of any is another
    digest. mark: S, S2, G, P, or several with ``/``.
    """

    room: str
    id: str
    words: str
    value: tuple[tuple[str, str], ...]
    source: tuple[str, ...]
    mark: str
    digest: str

    @property
    def to_sign(self) -> bool:
        """Whether a medical director answers for it: it is, in part, P or G."""
        return not SIGNED.isdisjoint(self.mark.split("/"))


def row(
    room: str, row_id: str, words: str, item: Marked, leave: Collection[str] = ()
) -> ContentRow:
    """A row of a room as content. leave: fields that say again what another field says."""
    held = {name: value for name, value in given(item).items() if name not in leave}
    return made(room, row_id, words, held, item.source, item.mark)


def made(
    room: str,
    row_id: str,
    words: str,
    held: Mapping[str, object],
    source: tuple[str, ...],
    mark: str,
) -> ContentRow:
    """A row out of its parts, for one that stands in code or carries no source of its own."""
    number = re.sub(r"[^\w.-]+", "-", row_id).strip("-")
    shown = ((name, told(value)) for name, value in held.items() if name not in _APART)
    said = json.dumps([room, number, words, _keyed(held), source, mark], sort_keys=True)
    return ContentRow(
        room=room,
        id=number,
        words=words,
        value=tuple((name.replace("_", " "), value) for name, value in shown if value),
        source=source,
        mark=mark,
        digest=hashlib.sha256(said.encode()).hexdigest(),
    )


def given(item: object) -> dict[str, object]:
    """The fields of a value as they were given; what follows from them is left out."""
    if not is_dataclass(item):
        raise TypeError(f"{item!r} is no row")
    return {each.name: getattr(item, each.name) for each in fields(item) if each.init}


def _exact(value: object) -> object:
    """A value as JSON, exact and in one order."""
    if is_dataclass(value):
        return {"": type(value).__name__, **_keyed(given(value))}
    if isinstance(value, Mapping):
        return _keyed(value)
    if isinstance(value, frozenset):
        return sorted(str(each) for each in value)
    if isinstance(value, tuple | list):
        return [_exact(each) for each in value]
    if isinstance(value, timedelta):
        return value.total_seconds()
    return value if value is None or isinstance(value, bool) else str(value)


def _keyed(held: Mapping[str, object]) -> dict[str, object]:
    return {str(key): _exact(value) for key, value in held.items()}
