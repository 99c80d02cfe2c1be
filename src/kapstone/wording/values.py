"""Members of a file: a text, a list, and the number of an answer as files write it."""

import re
from decimal import Decimal

from kapstone.errors import InvalidInput
from kapstone.instruments.document import Node
from kapstone.wording.draft import MOST_CHOICES, DraftChoice

_WHOLE = re.compile(r"-?\d{1,4}", re.ASCII)
_LARGEST = 10_000


def text_of(node: Node, key: str) -> str:
    """A text that may be left out; empty without it."""
    found = node.get(key)
    return found.text() if found else ""


def each_of(node: Node, key: str) -> tuple[Node, ...]:
    """A list that may be left out; empty without it."""
    found = node.get(key)
    return found.each() if found else ()


def whole(node: Node) -> int:
    """A whole number, also written 1.0. Raises InvalidInput for any other."""
    value = node.value
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise node.refuse("is not a number.")
    number = Decimal(str(value))
    if abs(number) > _LARGEST or number != int(number):
        raise node.refuse(f"{number} is not a whole number that an answer can have.")
    return int(number)


def whole_text(written: str) -> int | None:
    """A whole number from text; None where it is something else."""
    return int(written) if _WHOLE.fullmatch(written.strip()) else None


def numbers(place: str, lowest: int | None, highest: int | None) -> tuple[DraftChoice, ...]:
    """The answers of a scale that is answered by number; none where an end is not said."""
    if lowest is None or highest is None:
        return ()
    if not lowest < highest < lowest + MOST_CHOICES:
        raise InvalidInput(place, f"a scale from {lowest} to {highest} is none.")
    return tuple(DraftChoice(str(value), value) for value in range(lowest, highest + 1))
