"""What can be written into the controlled-drug ledger, as frozen values.

Amounts are mg in `Decimal`, in steps of 0.01. Nothing is ever edited: a wrong entry is reversed by
a `Reversal` and written again. Source: 21 CFR 1304.22 (mark G); counts and witnesses mark P.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What every entry says. `actor` and `witness` are ids of people, `at` is aware."""

    id: str
    at: datetime
    actor: str
    witness: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt(Entry):
    """One vial came in, holding what its label says. Two people sign."""

    vial: str
    product: str
    lot: str
    expires_on: date
    concentration_mg_per_ml: Decimal
    amount_mg: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw(Entry):
    """Drug drawn from a vial for one dose; a vial may be drawn from many times."""

    vial: str
    dose: str
    amount_mg: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Given(Entry):
    """Drug of one draw that the patient received."""

    draw: str
    amount_mg: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Waste(Entry):
    """The rest of one draw, destroyed before a witness, with the reason and method."""

    draw: str
    amount_mg: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class VialWaste(Entry):
    """Drug still in a vial, destroyed before a witness, with the reason and method."""

    vial: str
    amount_mg: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Count(Entry):
    """What two people found in a vial. It changes no balance: it shows a difference."""

    vial: str
    counted_mg: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Variance(Entry):
    """A documented difference between vial and label: overfill above zero, shortage below."""

    vial: str
    amount_mg: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Reversal(Entry):
    """Takes back one earlier entry whole. A reversal itself cannot be taken back."""

    reverses: str


WITNESSED = (Receipt, Waste, VialWaste, Count, Variance, Reversal)
REASONED = (Waste, VialWaste, Variance, Reversal)
KINDS: dict[str, type[Entry]] = {
    "receipt": Receipt,
    "draw": Draw,
    "given": Given,
    "waste": Waste,
    "vial_waste": VialWaste,
    "count": Count,
    "variance": Variance,
    "reversal": Reversal,
}
