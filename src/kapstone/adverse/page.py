"""The page docs/generated/adverse.md, made from the rows."""

from collections.abc import Iterable

from kapstone.adverse.form import form
from kapstone.adverse.rows import LISTS, DueRow, content

_HEAD = """# Adverse events, version {version}

Made by `python -m kapstone.generated`; do not edit. No clinician has reviewed it.

A person grades, says whether it is serious and chooses how likely it came from the drug. The
software proposes none of it. {note}
"""
_TITLES = {
    "criterion": "What makes an event serious: any one",
    "causality": "How likely it came from the drug",
    "expectedness": "Whether it is known of the drug",
    "taken": "What was done",
    "outcome": "What became of it",
}


def adverse_page() -> str:
    """Grades, seriousness, what is due to whom and the monitoring form, with source and mark."""
    held = content()
    grades = [
        (str(row.number), row.title, row.says, ", ".join(row.source), row.mark)
        for row in held.grades
    ]
    pressures = [
        (str(row.grade), str(row.systolic_mmhg), str(row.diastolic_mmhg), row.mark)
        for row in held.pressures
    ]
    lists = [
        part
        for name in LISTS
        for part in (
            f"## {_TITLES[name]}\n",
            _table(
                ("id", "what", "source", "mark"),
                [
                    (row.id, row.title, ", ".join(row.source), row.mark)
                    for row in held.choices[name].values()
                ],
            ),
        )
    ]
    return "\n".join(
        [
            _HEAD.format(version=held.version, note=held.scale.note),
            f"## {held.scale.title} ({held.scale.named})\n",
            _table(("grade", "name", "says", "source", "mark"), grades),
            "## A raised pressure by the scale's figures: either reaches the grade\n",
            _table(("grade", "systolic from, mmHg", "diastolic from, mmHg", "mark"), pressures),
            *lists,
            f"{held.association.says} ({held.association.id}, {held.association.mark})\n",
            "## What is due to whom, by when\n",
            _table(("id", "what", "to", "when", "by", "source", "mark"), map(_due, held.due)),
            *_form(),
            _table(("source", "what it is"), held.sources.items()),
        ]
    )


def due_words(row: DueRow) -> str:
    """When a duty holds, in words."""
    grave = "serious, or nobody said that it is not" if row.serious else ""
    graded = f"grade {row.from_grade} or above, or not graded" if row.from_grade else ""
    where = {True: "an inpatient", False: "not an inpatient", None: ""}[row.inpatient]
    either = " or ".join(filter(None, (grave, graded, ", ".join(row.terms))))
    fits = ", ".join((*(each.lower() for each in row.products), *filter(None, (where,))))
    lacks = f"nothing said of: {row.lacks}" if row.lacks else ""
    return "; ".join(filter(None, (row.about, fits, either, lacks)))


def by_words(row: DueRow) -> str:
    """By when, in words."""
    if row.hours is not None:
        return f"{row.hours} h from {row.counts_from}"
    return f"{row.days} days from {row.counts_from}" if row.days is not None else "no time limit"


def _due(row: DueRow) -> tuple[str, ...]:
    sources = ", ".join(row.source)
    return (row.id, row.title, row.to, due_words(row), by_words(row), sources, row.mark)


def _form() -> Iterable[str]:
    held = form()
    asked = [
        (row.group, row.title, "the record, else a person" if row.fills else "a person", row.mark)
        for row in held.fields
    ]
    yield f"## {held.row.title}, version {held.version}\n"
    yield f"Not the official form, and sent nowhere. {held.seen} {held.row.criterion}\n"
    yield _table(("part", "asks", "answered by", "mark"), asked)


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    names = list(head)
    lines = [names, ["---"] * len(names), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"
