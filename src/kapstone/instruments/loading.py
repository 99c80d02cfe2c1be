"""Published instruments, read once from `data/ID-VERSION.json` and frozen.

A published file never changes: a change is a new file with the next version number.
"""

import json
from decimal import Decimal
from functools import cache
from importlib.resources import files

from kapstone.errors import UnknownContent
from kapstone.instruments.definition import Instrument
from kapstone.instruments.document import Node
from kapstone.instruments.instrument_document import instrument_of

DATA = files("kapstone.instruments") / "data"


@cache
def published() -> dict[str, tuple[str, ...]]:
    """Each instrument's versions, oldest first."""
    names = sorted(entry.name.removesuffix(".json").split("-") for entry in DATA.iterdir())
    return {
        held: tuple(sorted((v for name, v in names if name == held), key=int)) for held, _ in names
    }


def ids() -> tuple[str, ...]:
    """The instruments this release holds."""
    return tuple(published())


@cache
def load(instrument_id: str, version: str | None = None) -> Instrument:
    """One version of an instrument, the newest by default.

    Raises `UnknownContent` for an instrument or a version that this release does not hold.
    """
    versions = published().get(instrument_id)
    if versions is None:
        held = ", ".join(ids())
        raise UnknownContent(f"{instrument_id}: no such instrument here. Held: {held}.")
    chosen = versions[-1] if version is None else version
    if chosen not in versions:
        held = ", ".join(versions)
        raise UnknownContent(f"{instrument_id}: no version {chosen} here. Held: {held}.")
    name = f"{instrument_id}-{chosen}"
    text = (DATA / f"{name}.json").read_text(encoding="utf-8")
    return instrument_of(Node(json.loads(text, parse_float=Decimal), name))
