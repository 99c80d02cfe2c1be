"""Text that looks as if it belonged in the chart. It asks; it never decides, and never blocks."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from kapstone.notes.rows import Belonging, content

_CLOCK = r"\d{1,2}[:h]\d{2}"


@dataclass(frozen=True, slots=True)
class Found:
    """A kind of what belongs in the chart, and the words of the text that look like it."""

    row: Belonging
    words: tuple[str, ...]


def belongs_elsewhere(text: str) -> tuple[Found, ...]:
    """What of a text looks as if it belonged in the chart, the gravest first; each word once."""
    found = []
    for row in content().rows:
        said = dict.fromkeys(" ".join(one.group().split()) for one in _known_by(row).finditer(text))
        if said:
            found.append(Found(row, tuple(said)))
    return tuple(found)


@cache
def _known_by(row: Belonging) -> re.Pattern[str]:
    """No letter or digit stands before or after; between two words any blanks do."""
    anything = "|".join(_ways(row))
    return re.compile(rf"(?<!\w)(?:{anything})(?!\w)", re.IGNORECASE)


def _ways(row: Belonging) -> Iterator[str]:
    for unit in sorted(row.units, key=len, reverse=True):
        yield rf"\d+(?:[.,]\d+)?\s*{re.escape(unit)}"
    if row.clock:
        yield _CLOCK
    for word in sorted(row.words, key=len, reverse=True):
        parts = r"\s+".join(map(re.escape, word.removesuffix("*").split()))
        yield rf"{parts}\w*" if word.endswith("*") else parts
