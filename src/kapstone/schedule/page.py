"""The page docs/generated/schedule.md, made from the rows."""

from collections.abc import Iterable

from kapstone.schedule.readying import Line, readying
from kapstone.schedule.rows import Offset, Row, content

_HEAD = """# What is asked after, and when, version {version}

Made by `python -m kapstone.generated`; do not edit. No clinician has reviewed it.

Hours are elapsed hours; days are calendar days of the person's own zone. A row that is reset is
not asked where the next dose comes before it was due: the next dose's stands for it. Whatever is
open when an episode ends is not asked. Missed is counted and stays.
"""

_BEFORE = """# What is made ready before a dose, version {version}

Minutes are elapsed minutes before the start that is booked.
"""

_BEFORE_COLUMNS = ("id", "what", "products", "minutes before", "source", "mark")
_COLUMNS: tuple[str, ...] = ("id", "what", "asks", "way", "counts from", "opens", "due", "closes")
_COLUMNS += ("reset", "source", "mark")


def schedule_page() -> str:
    """The rows as a table, with source and mark."""
    held = content()
    return "\n".join(
        [
            _HEAD.format(version=held.version),
            _table(_COLUMNS, map(_row, held.rows)),
            _table(("source", "what it is"), held.sources.items()),
            _BEFORE.format(version=readying().version),
            _table(_BEFORE_COLUMNS, map(_line, readying().lines)),
            _table(("source", "what it is"), readying().sources.items()),
        ]
    )


def _row(row: Row) -> tuple[str, ...]:
    closes = (
        offset_words(row.closes)
        if row.closes
        else f"at the first dose; counts from {row.counts_from_days_before} days before it"
    )
    return (
        row.id,
        row.title,
        ", ".join(row.ask),
        row.way,
        row.relative_to + (f", every {row.every_months} month" if row.every_months else ""),
        offset_words(row.opens),
        offset_words(row.due),
        closes,
        "yes" if row.reset_by_dose else "-",
        ", ".join(row.source),
        row.mark,
    )


def _line(line: Line) -> tuple[str, ...]:
    products, minutes = ", ".join(line.products).lower(), str(line.minutes_before)
    return (line.id, line.title, products, minutes, ", ".join(line.source), line.mark)


def offset_words(offset: Offset) -> str:
    """So long after an anchor, in words."""
    if offset.hours is not None:
        return f"{offset.hours} h"
    return f"day {offset.days}, {offset.at_h:02}:00"


def _table(head: tuple[str, ...], rows: Iterable[Iterable[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"
