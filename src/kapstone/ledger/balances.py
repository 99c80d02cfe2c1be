"""What a ledger adds up to: per vial, per draw, per count."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class VialBalance:
    """One vial: received + variance = drawn + wasted from it + left."""

    concentration_mg_per_ml: Decimal
    received_mg: Decimal = ZERO
    variance_mg: Decimal = ZERO
    drawn_mg: Decimal = ZERO
    wasted_mg: Decimal = ZERO

    @property
    def left_mg(self) -> Decimal:
        """What the vial holds, in mg."""
        return self.received_mg + self.variance_mg - self.drawn_mg - self.wasted_mg

    @property
    def left_ml(self) -> Decimal:
        """What the vial holds, in mL, rounded down to 0.001."""
        volume_ml = self.left_mg / self.concentration_mg_per_ml
        return volume_ml.quantize(Decimal("0.001"), rounding=ROUND_DOWN)


@dataclass(frozen=True, slots=True)
class DrawBalance:
    """One draw: drawn = given + wasted + left. `left_mg` above zero is an open draw."""

    vial: str
    dose: str
    drawn_mg: Decimal = ZERO
    given_mg: Decimal = ZERO
    wasted_mg: Decimal = ZERO

    @property
    def left_mg(self) -> Decimal:
        """What nobody has accounted for yet, in mg."""
        return self.drawn_mg - self.given_mg - self.wasted_mg


@dataclass(frozen=True, slots=True)
class CountResult:
    """One count: found and expected at that moment, in mg."""

    vial: str
    counted_mg: Decimal
    expected_mg: Decimal

    @property
    def difference_mg(self) -> Decimal:
        """Found minus expected: below zero, drug is missing."""
        return self.counted_mg - self.expected_mg


@dataclass(frozen=True, slots=True)
class Balances:
    """The whole ledger after its last entry. Keys are the ids of vials, draws and counts."""

    vials: Mapping[str, VialBalance]
    draws: Mapping[str, DrawBalance]
    counts: Mapping[str, CountResult]

    @property
    def open_draws(self) -> Mapping[str, DrawBalance]:
        """Draws with a rest that is neither given nor wasted."""
        return {name: draw for name, draw in self.draws.items() if draw.left_mg > 0}
