"""How long a device's stream has shown something, with artefacts and lost signals in it.

A sample stands for the time since the sample before it: until that one the person was calm for
certain. A row that asks for N seconds has them when it has gone on for so long and more than half
of its last N seconds showed it. So no artefact within an event, and none at its edge, takes the
call away, and no artefact alone makes one. Mark P; docs/evidence/artefacts.md says what it gives.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cache
from typing import Self

from kapstone.monitoring.fields import Fields, table


@dataclass(frozen=True, slots=True)
class StreamRow:
    """What holds for every stream: in words, and the figures that the code goes by."""

    id: str
    title: str
    says: str
    figures: Mapping[str, int]
    source: tuple[str, ...]
    mark: str


@cache
def stream_rows() -> tuple[StreamRow, ...]:
    """The committed rows."""
    return tuple(_row(fields) for fields in table("alarms").children("streams"))


def _row(fields: Fields) -> StreamRow:
    held = Fields.read(fields.path("figures"), fields.data["figures"])
    return StreamRow(
        id=fields.text("id"),
        title=fields.text("title"),
        says=fields.text("says"),
        figures={name: held.whole(name) for name in held.data},
        source=fields.words("source"),
        mark=fields.text("mark"),
    )


@cache
def stream_figure(name: str) -> int:
    """A figure of one of the rows: seconds, samples or percent, as its name says."""
    (found,) = [row.figures[name] for row in stream_rows() if name in row.figures]
    return found


@dataclass(slots=True)
class Stood:
    """What the last samples of a row stood for, as far back as it asks.

    asked: how far. lasted: of all that are kept. shown: of those that showed it.
    """

    asked: timedelta
    lasted: timedelta = timedelta()
    shown: timedelta = timedelta()
    _samples: deque[tuple[timedelta, timedelta]] = field(default_factory=deque)

    def add(self, stands_for: timedelta, *, shows: bool) -> None:
        """One more sample; what lies further back than is asked is let go."""
        self._samples.append((stands_for, stands_for if shows else timedelta()))
        self.lasted += stands_for
        self.shown += stands_for if shows else timedelta()
        oldest, shown = self._samples.popleft()
        while self._samples and self.lasted - oldest >= self.asked:
            self.lasted -= oldest
            self.shown -= shown
            oldest, shown = self._samples.popleft()
        self._samples.appendleft((oldest, shown))

    def fork(self) -> Self:
        """The same so far, to go on by itself."""
        return replace(self, _samples=self._samples.copy())

    def is_enough(self) -> bool:
        """Whether it has gone on for so long, and most of it showed it."""
        most = self.shown * 100 > self.lasted * stream_figure("more_than_percent")
        return self.lasted >= self.asked and most
