"""Who is given what, when and by which way. Amounts are Decimal; here they become floats."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from kapstone.dose.order import SaltOrBase
from kapstone.errors import InvalidInput
from kapstone.pharmacology.models import Form, Way
from kapstone.pharmacology.rows import content

_MOST_MG = 1000
_MOST_MIN = 100_000
_MOST_DEVICES = 10


class Ancestry(StrEnum):
    """Two populations of one data set (Perez-Ruixo 2021). A what-if; nobody is one by default."""

    ASIAN = "asian"
    JAPANESE = "japanese"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Whom a curve is of. None is unknown: the model's own typical person is taken and said."""

    age_y: Decimal | None = None
    weight_kg: Decimal | None = None
    ancestry: Ancestry | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dose:
    """One dose. `infusion_min` 0 is a bolus. `devices` share the amount equally, all at `at_min`;
    `earlier_devices` were sprayed before them at the visit: the nose takes less after the first.

    `salt_or_base` None means as labelled: the figure is read as base and the result says so.
    `swallowed` False: what was held in the mouth was spat out, and only the mucosa's share counts.
    A session's pauses and changes of rate are several doses: see `infusion`.

    Raises
    ------
    InvalidInput
        for a figure that cannot be, an infusion by another way than IV, or devices elsewhere
        than in the nose.
    """

    amount_mg: Decimal
    way: Way
    form: Form
    at_min: float = 0.0
    infusion_min: float = 0.0
    devices: int = 1
    earlier_devices: int = 0
    salt_or_base: SaltOrBase | None = None
    swallowed: bool = True

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        figures = (
            ("amount_mg", float(self.amount_mg), _MOST_MG),
            ("at_min", self.at_min, _MOST_MIN),
            ("infusion_min", self.infusion_min, _MOST_MIN),
        )
        for key, figure, most in figures:
            if not 0 <= figure <= most:
                raise InvalidInput(key, f"{figure:.6g} is outside 0 to {most}.")
        if self.infusion_min and self.way is not Way.IV:
            raise InvalidInput("infusion_min", f"stands beside the way {self.way}.", "Only iv.")
        if (self.devices, self.earlier_devices) != (1, 0) and self.way is not Way.INTRANASAL:
            raise InvalidInput("devices", f"stand beside the way {self.way}.", "Only intranasal.")
        if not self.swallowed and self.way is not Way.SUBLINGUAL:
            raise InvalidInput("swallowed", f"is false for the way {self.way}.", "Only sublingual.")
        if not (1 <= self.devices <= _MOST_DEVICES and 0 <= self.earlier_devices <= _MOST_DEVICES):
            raise InvalidInput("devices", f"{self.devices} is outside 1 to {_MOST_DEVICES}.")

    @property
    def base_mg(self) -> float:
        """The amount in base; salt is converted only where it was called salt."""
        amount_mg = float(self.amount_mg)
        if self.salt_or_base is SaltOrBase.SALT:
            return amount_mg * content().constants["base_per_salt"]
        return amount_mg


@dataclass(frozen=True, slots=True)
class Rate:
    """From this minute on, this rate; 0 is a pause."""

    from_min: float
    mg_per_min: Decimal


def infusion(rates: Sequence[Rate], ends_min: float, form: Form) -> tuple[Dose, ...]:
    """An infusion whose rate changes and pauses, as the doses it is made of. mg are base.

    Raises
    ------
    InvalidInput
        where the minutes do not rise.
    """
    ends = [rate.from_min for rate in rates[1:]] + [ends_min]
    made = []
    for rate, end_min in zip(rates, ends, strict=True):
        lasts_min = end_min - rate.from_min
        if not lasts_min > 0 or math.isinf(lasts_min):
            raise InvalidInput("rates", "do not rise in time.", "Give them in order.")
        if rate.mg_per_min:
            made.append(
                Dose(
                    amount_mg=rate.mg_per_min * Decimal(lasts_min),
                    way=Way.IV,
                    form=form,
                    at_min=rate.from_min,
                    infusion_min=lasts_min,
                    salt_or_base=SaltOrBase.BASE,
                )
            )
    return tuple(made)
