"""The generated page of the rules: the rows as a clinician reads them."""

from collections.abc import Iterable, Iterator

from kapstone.eligibility.keys import REQUIREMENTS
from kapstone.eligibility.medicines import (
    CLASSES,
    COMBINATIONS,
    INGREDIENTS,
    LORAZEPAM_EQUIVALENTS,
    NAMES_MARK,
    NAMES_SOURCE,
)
from kapstone.eligibility.rules import RULES, SEVERAL, SOURCES, UNKNOWN_MEDICINE, VERSION, Rule

_HEAD = f"""# Screening rules, version {VERSION}

Made by `python -m kapstone.generated`; do not edit. No clinician has reviewed it.

A rule gives its most severe band that is true. A fact nobody has given is unknown, never "no".
Severity: ABSOLUTE has no override; RELATIVE a prescriber may override; CAUTION is acknowledged;
INFO is shown; INCOMPLETE leaves the screening open. Marks: S seen in the source, S2 reported by
another, G general knowledge, P proposed by the project.
"""


def render() -> str:
    """The whole page as Markdown."""
    parts = [_HEAD, *map(_section, RULES), _run_rules(), _medicines(), _sources()]
    return "\n".join(parts)


def _section(row: Rule) -> str:
    scope = ", ".join([*row.product, *row.route]) or "any product and route"
    lines = [
        f"## {row.id}: {row.title}" + (f" ({row.band})" if row.band else ""),
        "",
        f"{row.severity or 'INCOMPLETE'}; {scope}; {' and '.join(row.stages)}. {row.message}",
        "",
        f"- When: `{row.when}`",
        *_optional("Must be known", row.required),
        *_optional("Asks for", row.asks),
        *_optional("May be overridden or acknowledged by", row.overridable_by),
        f"- Mildest a clinic may set: {row.floor or 'as it stands'}",
        f"- Source: {', '.join(row.source)}; mark {row.mark}",
        *_optional("Note", [row.note] if row.note else []),
    ]
    return "\n".join(lines) + "\n"


def _optional(title: str, items: Iterable[str]) -> Iterator[str]:
    told = ", ".join(items)
    if told:
        yield f"- {title}: {told}"


def _run_rules() -> str:
    keys = ", ".join(f"`{requirement.key}`" for requirement in REQUIREMENTS)
    groups = ", ".join(SEVERAL.groups)
    return f"""## Rules about the whole run

- SCR-R1: every rule in scope is evaluated in every run.
- {SEVERAL.id} ({SEVERAL.severity}): at least {SEVERAL.relative_at_least} RELATIVE findings, or
  ABSOLUTE and RELATIVE findings in at least {SEVERAL.groups_at_least} of: {groups}.
- {UNKNOWN_MEDICINE}: a medicine that no table knows leaves the run INCOMPLETE.

Keys that a run may require: {keys}.
"""


def _medicines() -> str:
    groups = sorted(set().union(*CLASSES.values()))
    unread = sorted(set(INGREDIENTS.values()) - set(CLASSES))
    members = "\n".join(f"| {group} | {', '.join(_members(group))} |" for group in groups)
    equal = "\n".join(
        f"| {name} | {float(told.mg):g} | {', '.join(told.source)}, {told.mark} |"
        for name, told in LORAZEPAM_EQUIVALENTS.items()
    )
    return f"""## Medicines

Classes, mark G: general knowledge. {len(set(INGREDIENTS.values()))} medicines under
{len(INGREDIENTS)} names, read without case and accents, and {len(COMBINATIONS)} names of
combinations: our own in `content/medicines.toml` (mark G), the rest in
`content/medicine_names.toml` (mark {NAMES_MARK}, {", ".join(NAMES_SOURCE)}). A name listed in
neither stays unknown, however like another it looks.

| class that a rule reads | ingredients |
|---|---|
{members}

Names that are known and that no rule of this version reads. This is not a statement that nothing
interacts: {", ".join(unread)}.

| medicine | mg equal to 1 mg of lorazepam | source |
|---|---|---|
{equal}
"""


def _members(group: str) -> list[str]:
    return sorted(name for name, held in CLASSES.items() if group in held)


def _sources() -> str:
    rows = "\n".join(f"| {key} | {told} |" for key, told in SOURCES.items())
    return f"## Sources\n\n| key | reference |\n|---|---|\n{rows}\n"
