"""Two people's blind entries of a dose, compared with the order and with each other."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from kapstone.limits import round_mg


@dataclass(frozen=True, slots=True)
class Entry:
    """What one person typed without seeing the other's figures."""

    dose_mg: Decimal
    weight_kg: Decimal


class Outcome(StrEnum):
    """All that is told of a comparison: a difference shows no figure."""

    AGREE = "agree"
    DIFFER = "differ"


def compare(order: Entry, first: Entry, second: Entry) -> Outcome:
    """Whether both entries repeat the order: its dose as shown (0.01 mg) and its weight."""
    expected = Entry(round_mg(order.dose_mg), order.weight_kg)
    return Outcome.AGREE if first == second == expected else Outcome.DIFFER
