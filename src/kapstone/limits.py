"""Two-tier limits of a dose: usual, soft (more people must agree), hard (nobody may pass).

All arithmetic is exact in `Decimal`; what is stored or shown is rounded down, dose and limit
alike, so a dose inside its limit is never stored above it.
"""

from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum

from kapstone.errors import InvalidInput

MG_STEP = Decimal("0.01")


def round_mg(dose_mg: Decimal) -> Decimal:
    """A dose in mg, rounded down to 0.01 mg."""
    return dose_mg.quantize(MG_STEP, rounding=ROUND_DOWN)


@dataclass(frozen=True, slots=True)
class Bound:
    """One figure, per kilogram, absolute, or both: of both the lower one counts."""

    mg_per_kg: Decimal | None = None
    mg: Decimal | None = None

    def __post_init__(self) -> None:
        """Refuse a bound that bounds nothing."""
        given = [figure for figure in (self.mg_per_kg, self.mg) if figure is not None]
        if not given or any(not figure.is_finite() or figure <= 0 for figure in given):
            raise InvalidInput("bound", "needs a positive figure.", "Give mg_per_kg, mg or both.")

    def in_mg(self, weight_kg: Decimal) -> Decimal:
        """The bound for one person, in mg."""
        figures = [] if self.mg is None else [self.mg]
        if self.mg_per_kg is not None:
            figures.append(self.mg_per_kg * weight_kg)
        return min(figures)


class Tier(StrEnum):
    """Where a dose lies among its limits."""

    BELOW_START = "below start"
    WITHIN = "within"
    ABOVE_SOFT = "above soft_max"
    ABOVE_HARD = "above hard_max"


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one order, in mg and exact: what the clinic stores with it.

    start_min_mg: below it a rationale is needed. first_max_mg: what a first dose may not pass,
    None where the person is known to have had the drug before. published_hard_max_mg: what is
    published, where a clinic's own hard limit is lower.
    """

    rule: str
    weight_kg: Decimal
    start_min_mg: Decimal
    usual_min_mg: Decimal
    usual_max_mg: Decimal
    soft_max_mg: Decimal
    hard_max_mg: Decimal
    first_max_mg: Decimal | None
    published_hard_max_mg: Decimal | None = None

    @property
    def ceiling_mg(self) -> Decimal:
        """What this order may not pass, whoever signs."""
        if self.first_max_mg is None:
            return self.hard_max_mg
        return min(self.hard_max_mg, self.first_max_mg)

    def tier(self, dose_mg: Decimal) -> Tier:
        """Where a dose lies; a limit itself is still inside."""
        if dose_mg > self.hard_max_mg:
            return Tier.ABOVE_HARD
        if dose_mg > self.soft_max_mg:
            return Tier.ABOVE_SOFT
        return Tier.BELOW_START if dose_mg < self.start_min_mg else Tier.WITHIN

    def rounded(self) -> "Limits":
        """The limits as stored and shown: each rounded down to 0.01 mg."""
        return Limits(
            self.rule,
            self.weight_kg,
            round_mg(self.start_min_mg),
            round_mg(self.usual_min_mg),
            round_mg(self.usual_max_mg),
            round_mg(self.soft_max_mg),
            round_mg(self.hard_max_mg),
            None if self.first_max_mg is None else round_mg(self.first_max_mg),
            None if self.published_hard_max_mg is None else round_mg(self.published_hard_max_mg),
        )
