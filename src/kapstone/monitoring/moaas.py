"""MOAA/S as it is numbered here. Tables in print differ, so a score goes with its version.

Source: protocol 6.2.
"""

from dataclasses import dataclass
from functools import cache

from kapstone.monitoring.fields import table


@dataclass(frozen=True, slots=True)
class Anchor:
    """What one score means."""

    score: int
    words: str


@dataclass(frozen=True, slots=True)
class Scale:
    """The scale. anchors: from awake down; version: kept beside each score that is charted."""

    id: str
    version: str
    note: str
    anchors: tuple[Anchor, ...]
    source: tuple[str, ...]
    mark: str

    @property
    def ends(self) -> str:
        """What its two ends mean, in one line."""
        top, bottom = self.anchors[0], self.anchors[-1]
        return f"{top.score} {top.words}, {bottom.score} {bottom.words}"


@cache
def scale() -> Scale:
    """The committed scale."""
    held = table("moaas")
    return Scale(
        id=held.text("id"),
        version=held.text("version"),
        note=held.text("note"),
        anchors=tuple(
            Anchor(row.whole("score"), row.text("words")) for row in held.children("scores")
        ),
        source=held.words("source"),
        mark=held.text("mark"),
    )
