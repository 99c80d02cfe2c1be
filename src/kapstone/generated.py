"""Pages under docs/generated, made from the data they show: `python -m kapstone.generated DIR`."""

import sys
from collections.abc import Callable, Iterable
from enum import StrEnum
from functools import partial
from pathlib import Path

from kapstone import content as clinical
from kapstone import pathway
from kapstone.adverse.page import adverse_page
from kapstone.dose.page import dose_page
from kapstone.dose.treatment import treatment
from kapstone.eligibility import page as eligibility
from kapstone.fhir import codemap
from kapstone.instruments import page as instruments
from kapstone.monitoring.page import monitoring_page
from kapstone.notes.page import notes_page
from kapstone.pharmacology.accuracy import rows_of
from kapstone.pharmacology.page import accuracy_page, model_page, models_page
from kapstone.pharmacology.reference import api_page
from kapstone.pharmacology.rows import content as models
from kapstone.pharmacology.scatter import scatter
from kapstone.schedule.page import schedule_page
from kapstone.series.page import series_page

_MADE = "Made by `python -m kapstone.generated`; do not edit. No clinician has reviewed it.\n"


def pathway_page() -> str:
    """Each ladder of stages as a diagram and as a table of steps and what they need."""
    parts = ["# Stages and steps\n", _MADE]
    for ladder, steps in pathway.LADDERS.items():
        parts += [f"## {ladder.__name__}\n", f"{ladder.__doc__}\n", _diagram(steps), _steps(steps)]
    return "\n".join(parts)


def _pairs(
    steps: pathway.Steps,
) -> Iterable[tuple[StrEnum, StrEnum, frozenset[pathway.Need]]]:
    for present, following in steps.items():
        for stage, needs in following.items():
            yield present, stage, needs


def _diagram(steps: pathway.Steps) -> str:
    lines = [f"    {a.name} --> {b.name}" for a, b, _ in _pairs(steps)]
    return "\n".join(["```mermaid", "stateDiagram-v2", *lines, "```\n"])


def _steps(steps: pathway.Steps) -> str:
    rows = [(a, b, "; ".join(sorted(needs)) or "-") for a, b, needs in _pairs(steps)]
    return _table(("from", "to", "needs"), rows)


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    names = list(head)
    lines = [names, ["---"] * len(names), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def treatment_page() -> str:
    """The indications and dose models a plan may name, with source and mark."""
    held = treatment()
    indications = [
        (
            row.id,
            row.name,
            row.evidence,
            row.note,
            row.ask,
            " or ".join(row.baseline) or "-",
            ", ".join(row.source),
            row.mark,
        )
        for row in held.indications.values()
    ]
    models = [
        (
            row.id,
            row.name,
            row.level,
            row.therapist,
            f"{row.preparation_visits_count} before, {row.integration_visits_count} after",
            ", ".join((*row.products, *row.routes)),
            ", ".join(row.source),
            row.mark,
        )
        for row in held.dose_models.values()
    ]
    of_model = ("model", "name", "level", "therapist", "visits", "used with", "source", "mark")
    named = ("indication", "name", "evidence", "note", "asks", "baseline", "source", "mark")
    return "\n".join(
        [
            f"# Indications and dose models, version {held.version}\n",
            _MADE,
            _table(named, indications),
            _table(of_model, models),
            _table(("source", "what it is"), held.sources.items()),
        ]
    )


def content_page() -> str:
    """How many rows each room holds, and how many wait for a medical director."""
    rows = clinical.rows()
    counts = [
        (title, str(len(held)), str(sum(row.to_sign for row in held)))
        for room, title in clinical.ROOMS.items()
        if (held := [row for row in rows if row.room == room])
    ]
    return "\n".join(
        [
            "# Clinical content to sign\n",
            _MADE,
            "A clinic is in demonstration mode until its own medical director has signed each row",
            "whose mark holds P or G. A row that changes is unsigned again. The app shows every",
            "row with its value, source and mark, and the text of consent: *Clinical content*.",
            "",
            _table(("room", "rows", "to sign"), counts),
        ]
    )


def _of_models() -> dict[str, Callable[[], str]]:
    """Each pharmacological model's page, and the picture on it where observed rows are of it."""
    found: dict[str, Callable[[], str]] = {}
    for model in models().models.values():
        found[f"pharmacology_{model.id}.md"] = partial(model_page, model.id)
        if rows := rows_of(model.id):
            found[f"pharmacology_{model.id}.svg"] = partial(scatter, model.name, rows)
    return found


PAGES: dict[str, Callable[[], str]] = {
    "content.md": content_page,
    "pathway.md": pathway_page,
    "dose.md": dose_page,
    "treatment.md": treatment_page,
    "eligibility.md": eligibility.render,
    "instruments.md": instruments.page,
    "monitoring.md": monitoring_page,
    "schedule.md": schedule_page,
    "series.md": series_page,
    "adverse.md": adverse_page,
    "notes.md": notes_page,
    "pharmacology.md": models_page,
    "pharmacology_accuracy.md": accuracy_page,
    "pharmacology_api.md": api_page,
    **_of_models(),
    "code_map.md": codemap.as_markdown,
}


def main(directory: str) -> None:
    """Write every page."""
    for name, page in PAGES.items():
        (Path(directory) / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
