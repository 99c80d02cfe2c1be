"""The dose limits and rules as a page for people."""

from collections.abc import Iterable

from kapstone.dose.rows import RangeRow, Weeks, content
from kapstone.limits import Bound

_MADE = "Made by `python -m kapstone.generated`; do not edit. No clinician has reviewed it.\n"


def dose_page() -> str:
    """The dose limits and rules as tables, with source and mark."""
    held = content()
    rules = [
        (
            rule.id,
            " ".join(filter(None, (rule.title, rule.product and f"({rule.product})"))),
            " ".join(filter(None, (rule.message, rule.note))),
            ", ".join(f"{key} {figure}" for key, figure in rule.numbers.items()) or "-",
            ", ".join(rule.source),
            rule.mark,
        )
        for rule in held.rules.values()
    ]
    outside = [
        (row.id, row.product, row.route, row.indication_id, row.message, row.mark)
        for row in held.outside
    ]
    head = ("id", "for", "start", "usual", "first_max", "soft_max", "hard_max", "step")
    return "\n".join(
        [
            f"# Dose limits, version {held.version}\n",
            _MADE,
            "For checking an order that a prescriber wrote; never a proposal. mg are base.",
            '"A or B" is whichever is lower. Above soft_max: rationale and second signature. Below',
            "the lowest start: rationale. Above hard_max, or first_max the first time: refused.",
            "",
            _table((*head, "further", "source", "mark"), map(_range, held.ranges)),
            _table(("rule", "title", "message", "figures", "source", "mark"), rules),
            _table(("outside", "product", "route", "indication", "message", "mark"), outside),
            _table(("source", "what it is"), held.sources.items()),
        ]
    )


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    names = list(head)
    lines = [names, ["---"] * len(names), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def _range(row: RangeRow) -> tuple[str, ...]:
    step = _words(row.step_max)
    if row.step_min is not None:
        step = f"{_words(row.step_min)} to {step}"
    return (
        row.id,
        " ".join((row.product, row.route, *row.indications)),
        *(f"{_words(each.min)} to {_words(each.max)}" for each in (row.start, row.usual)),
        *map(_words, (row.first_max, row.soft_max, row.hard_max)),
        step,
        " ".join((*_further(row), row.note)),
        ", ".join(row.source),
        row.mark,
    )


def _further(row: RangeRow) -> Iterable[str]:
    if row.infusion_min_at_least is not None:
        yield f"Over {row.infusion_min_at_least} to {row.infusion_min_at_most} min."
    if row.allowed_mg:
        doses = " or ".join(map(str, row.allowed_mg))
        each = f"devices of {row.device_mg} mg, {row.min_between_devices} min apart"
        yield f"Only {doses} mg, in {each}."
    if row.hard_max_mg_per_week is not None:
        yield f"At most {row.hard_max_mg_per_week} mg a week."
    yield from map(_often, row.schedule)


def _often(held: Weeks) -> str:
    weeks = f"From week {held.from_week}"
    if held.to_week is not None:
        weeks = f"Weeks {held.from_week} to {held.to_week}"
    least = "" if held.per_week_at_least is None else f"{held.per_week_at_least} to "
    return f"{weeks}: {least}{held.per_week_at_most} a week."


def _words(bound: Bound | None) -> str:
    return "-" if bound is None else bound_words(bound)


def bound_words(bound: Bound) -> str:
    """One figure, or the lower one of two."""
    figures = ((bound.mg_per_kg, "mg/kg"), (bound.mg, "mg"))
    return " or ".join(f"{figure} {unit}" for figure, unit in figures if figure is not None)
