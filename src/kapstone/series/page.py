"""The page docs/generated/series.md, made from the rows."""

from collections.abc import Iterable

from kapstone.series.rows import Evaluation, Spacing, content

_HEAD = """# A series of doses, version {version}

Made by `python -m kapstone.generated`; do not edit. No clinician has reviewed it.

{frequency} This is refused to everybody ({id}). What else stands against a booking needs a
prescriber's rationale, unless it is closer than is ever allowed.
"""


def series_page() -> str:
    """Each table of a series, with source and mark."""
    held = content()
    frequency = held.frequency
    holds = [(row.key, row.message, ", ".join(row.source), row.mark) for row in held.holds]
    taper = [
        (row.id, row.band, str(row.doses or "from then on"), ", ".join(row.source), row.mark)
        for row in held.taper
    ]
    remarks = [(row.id, row.message, ", ".join(row.source), row.mark) for row in held.remarks]
    return "\n".join(
        [
            _HEAD.format(version=held.version, frequency=frequency.message, id=frequency.id),
            "## How often\n",
            _table(
                ("id", "for", "weeks", "a week", "closer needs a reason", "never", "at most"),
                map(_spacing, held.spacing),
            ),
            "## When it is weighed whether to go on\n",
            _table(
                ("id", "when", "what", "next booking waits", "source", "mark"),
                map(_evaluation, held.evaluations),
            ),
            "## What holds a series\n",
            _table(("id", "what", "source", "mark"), holds),
            "## Default taper of maintenance\n",
            _table(("id", "interval", "doses", "source", "mark"), taper),
            "## Said beside it\n",
            _table(("id", "what", "source", "mark"), remarks),
            _table(("source", "what it is"), held.sources.items()),
        ]
    )


def _spacing(row: Spacing) -> tuple[str, ...]:
    weeks = (
        f"{row.first_week_number} to {row.last_week_number}"
        if row.last_week_number
        else f"from {row.first_week_number}"
    )
    return (
        f"{row.id} ({', '.join(row.source)}, {row.mark})",
        ", ".join((*row.products, *row.routes)),
        weeks,
        str(row.most_per_week),
        f"under {row.gap_h} h" if row.gap_h else "-",
        f"under {row.never_h} h" if row.never_h else "-",
        f"{row.most_doses} doses" if row.most_doses else "-",
    )


def _evaluation(row: Evaluation) -> tuple[str, ...]:
    said = row.message + (f" {row.note}" if row.note else "")
    waits = "yes" if row.blocks else "no"
    return row.key, when_words(row), said, waits, ", ".join(row.source), row.mark


def when_words(row: Evaluation) -> str:
    """When an evaluation comes, in words."""
    parts = []
    if row.after_doses:
        doses = " and ".join(map(str, row.after_doses))
        parts.append(f"after {doses} doses, less than {row.improvement_below_pct[-1]} % better")
    if row.before_dose_number:
        parts.append(f"before dose {row.before_dose_number}")
    if row.day is not None:
        parts.append(f"day {row.day}")
    if row.every_days is not None:
        parts.append(f"every {row.every_days} days")
    if row.gap_below_days is not None:
        parts.append(f"doses closer than {row.gap_below_days} days")
    return ", ".join(parts) + (f" of {row.phase}" if row.phase else "")


def _table(head: tuple[str, ...], rows: Iterable[Iterable[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"
