"""A weight that differs much from what the order rests on is asked at the scale. Source: DOS-W2."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from clinic.dosing import before
from clinic.dosing.kinds import WEIGHT, Chart, number_from
from clinic.dosing.models import DosingSession
from kapstone.dose import differs_much
from kapstone.errors import InvalidInput

AGAIN = "again_kg"


class WeighAgain(InvalidInput):
    """The weight is asked again before it is charted."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A weight beside the one it is held against."""

    weight_kg: Decimal
    known_kg: Decimal
    of_order: bool

    @property
    def words(self) -> str:
        """How much more or less it is, in words; empty where it is not much."""
        if not differs_much(self.weight_kg, self.known_kg):
            return ""
        percent = (self.weight_kg / self.known_kg - 1) * 100
        than = "the order rests on" if self.of_order else "was known"
        side = "more" if percent > 0 else "less"
        return f"{abs(percent):.0f} % {side} than the {self.known_kg.normalize():f} kg {than}"


def compared(session: DosingSession, weight_kg: Decimal, at: datetime) -> Compared | None:
    """Against the order in force, else the last weight known; None where there is neither."""
    order = before.order(session.patient, at)
    known_kg = order.weight_kg if order else before.last_weight_kg(session.patient)
    return None if known_kg is None else Compared(weight_kg, known_kg, order is not None)


def ask(session: DosingSession, told: Chart, again: str, at: datetime) -> None:
    """Raises WeighAgain for a weight that differs much, unless it was weighed and typed twice."""
    if told.kind != WEIGHT or "weight_kg" not in told.body:
        return
    found = compared(session, Decimal(str(told.body["weight_kg"])), at)
    if found is None or not found.words:
        return
    if again.strip() and Decimal(str(number_from(AGAIN, again))) == found.weight_kg:
        return
    raise WeighAgain(
        "weight_kg",
        f"is {found.words}: kilograms or pounds? (DOS-W2)",
        "Weigh again, and type the figure in both fields. Nothing is charted yet.",
    )
