"""The answers of one question → the instrument's values: by value, by code, or by order."""

from enum import StrEnum

from kapstone.instruments.definition import Item
from kapstone.wording.draft import DraftItem, Problem

Answers = tuple[tuple[int, str], ...]


class How(StrEnum):
    """How something of the file was found to belong to something of the instrument."""

    VALUE = "value"
    CODE = "code"
    ORDER = "order"


def answers_of(item: Item, found: DraftItem) -> tuple[Answers, How, list[Problem]]:
    """The words of each value in the instrument's order, how they were found, what differs."""
    by_code = {choice.loinc: choice.value for choice in item.choices if choice.loinc}
    coded = [by_code.get(choice.loinc) for choice in found.choices]
    said = [choice.value for choice in found.choices]
    how, values = _values(item, said, coded)
    problems = _differs(item, found, values)
    for choice, value in zip(found.choices, coded, strict=True):
        if None not in (value, choice.value) and value != choice.value:
            words = f"{choice.loinc} is the value {value}; the file gives it {choice.value}."
            problems.append(Problem(found.place, words))
    words_of = {value: choice.text for value, choice in zip(values, found.choices, strict=True)}
    return tuple((v, words_of[v]) for v in item.values if v in words_of), how, problems


def _values(
    item: Item, said: list[int | None], coded: list[int | None]
) -> tuple[How, list[int | None]]:
    if None not in said:
        return How.VALUE, said
    either = [code if value is None else value for value, code in zip(said, coded, strict=True)]
    if None not in either:
        return How.CODE, either
    if any(value is not None for value in either) or len(either) != len(item.values):
        return How.ORDER, either  # half of them known is no order to go by
    return How.ORDER, list(item.values)


def _differs(item: Item, found: DraftItem, values: list[int | None]) -> list[Problem]:
    """Whatever keeps these answers from being the item's."""
    place, texts = found.place, [choice.text.casefold() for choice in found.choices]
    problems = []
    if None in values:
        problems.append(Problem(place, f"{values.count(None)} of its answers have no value."))
    if sorted(value for value in values if value is not None) != sorted(item.values):
        shown = ", ".join("none" if value is None else str(value) for value in values) or "none"
        own = ", ".join(map(str, item.values))
        problems.append(Problem(place, f"Its values are {shown}; those of {item.label} are {own}."))
    if "" in texts:
        problems.append(Problem(place, "An answer has no words."))
    if len(set(texts)) < len(texts):
        problems.append(Problem(place, "Two of its answers read the same."))
    return problems
