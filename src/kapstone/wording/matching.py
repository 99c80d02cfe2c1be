"""A draft → an instrument's items: by LOINC code, then by order, which a person must confirm.

Nothing here alters values or scoring: what differs from the instrument is refused by name.
"""

from collections import Counter
from dataclasses import dataclass

from kapstone.instruments import Instrument
from kapstone.instruments.definition import Item
from kapstone.wording.answers import How, answers_of
from kapstone.wording.draft import Draft, DraftItem, Problem
from kapstone.wording.known import altered, refused_licence


@dataclass(frozen=True, slots=True)
class Line:
    """One item of the instrument with the file's words. words, choices: empty where it has none.

    how: how the question was found; values_how: how its answers got their values. other_code: what
    is to be said of a code of the file that is not this item's.
    """

    item: Item
    place: str
    words: str
    choices: tuple[tuple[int, str], ...]
    how: How
    values_how: How
    other_code: str

    @property
    def to_confirm(self) -> bool:
        """Whether a person must say that these words are this item's."""
        return How.ORDER in (self.how, self.values_how)


@dataclass(frozen=True, slots=True)
class Match:
    """A proposal. refused: why it cannot be used; told: what to know before using it."""

    lines: tuple[Line, ...]
    refused: tuple[Problem, ...]
    told: tuple[Problem, ...]

    @property
    def to_confirm(self) -> frozenset[str]:
        """The items a person must confirm, by id."""
        return frozenset(line.item.id for line in self.lines if line.to_confirm)

    @property
    def items(self) -> dict[str, str]:
        """The questions by item id."""
        return {line.item.id: line.words for line in self.lines}

    @property
    def choices(self) -> dict[str, dict[int, str]]:
        """The answers by item id, then by value."""
        return {line.item.id: dict(line.choices) for line in self.lines}


def match(draft: Draft, instrument: Instrument) -> Match:
    """Propose which of the draft's questions is which item."""
    found = _by_code(draft, instrument)
    by_code = frozenset(found)
    refused = [*_whole_file(draft, instrument)]
    open_items = [item for item in instrument.items if item.id not in found]
    left = [each for each in draft.items if each not in found.values()]
    if left and len(left) == len(open_items):
        found |= {item.id: each for item, each in zip(open_items, left, strict=True)}
    else:
        refused += _count_differs(draft, instrument, open_items, left)
    lines = []
    for item in instrument.items:
        if item.id in found:
            how = How.CODE if item.id in by_code else How.ORDER
            line, problems = _line(instrument, item, found[item.id], how)
            lines.append(line)
            refused += problems
    told = [*draft.problems, *_order(draft, instrument, found)]
    return Match(tuple(lines), tuple(refused), tuple(told))


def _by_code(draft: Draft, instrument: Instrument) -> dict[str, DraftItem]:
    times = Counter(each.loinc for each in draft.items)
    known = {item.loinc: item.id for item in instrument.items if item.loinc}
    return {
        known[each.loinc]: each
        for each in draft.items
        if each.loinc in known and times[each.loinc] == 1
    }


def _whole_file(draft: Draft, instrument: Instrument) -> list[Problem]:
    found = []
    if why := refused_licence(instrument):
        found.append(Problem("$", why))
    panel = instrument.loinc_panel
    if draft.loinc_panel and panel and draft.loinc_panel != panel:
        words = f"The file is of LOINC panel {draft.loinc_panel}; {instrument.name} is {panel}."
        found.append(Problem("$", words))
    times = Counter(each.loinc for each in draft.items if each.loinc)
    found += [
        Problem("$", f"LOINC code {code} stands on {count} questions.")
        for code, count in times.items()
        if count > 1
    ]
    return found


def _count_differs(
    draft: Draft, instrument: Instrument, missing: list[Item], left: list[DraftItem]
) -> list[Problem]:
    """What is too few or too many. Only an unscored item, all else known by code, may be absent."""
    if not left and not any(item.required or item.watched for item in missing):
        return []
    told = [
        Problem(
            "$", f"The file asks {len(draft.items)}, {instrument.name} {len(instrument.items)}."
        )
    ]
    told += [
        Problem("$", f"Not found: {item.label}{' (its answer alerts)' if item.watched else ''}.")
        for item in missing
    ]
    return told + [Problem(each.place, f"Belongs to no item: {each.text}") for each in left]


def _line(
    instrument: Instrument, item: Item, found: DraftItem, how: How
) -> tuple[Line, list[Problem]]:
    choices, values_how, problems = answers_of(item, found)
    if not found.text:
        problems.append(Problem(found.place, "has no words."))
    for value, words in choices:
        if why := altered(instrument.id, value, words):
            problems.append(Problem(found.place, why))
    other_code = ""
    if found.loinc and how is How.ORDER:
        other_code = f"The file's code is {found.loinc}, this item's is {item.loinc or 'none'}."
        if item.watched:  # the question whose answer alerts is never taken for another
            problems.append(Problem(found.place, other_code))
    line = Line(item, found.place, found.text, choices, how, values_how, other_code)
    return line, problems


def _order(draft: Draft, instrument: Instrument, found: dict[str, DraftItem]) -> list[Problem]:
    asked = [found[item.id] for item in instrument.items if item.id in found]
    if asked == [each for each in draft.items if each in asked]:
        return []
    return [Problem("$", f"The file's order is another: it is asked in {instrument.name}'s own.")]
