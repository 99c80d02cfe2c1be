"""The doses a synthetic person was given, and what each brought with it.

Racemic ketamine IV 0.5 mg/kg, six doses in three weeks; esketamine nasal 56 mg, then 84 mg, eight
doses in four weeks: the regimens of the studies in evidence.csv.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from kapstone.pathway import Episode
from kapstone.synth.evidence import assumed, figures
from kapstone.synth.identity import Identity

_MG_PER_KG = Decimal("0.5")
PLANNED = {"RACEMIC": 6, "ESKETAMINE": 8}
PRODUCTS = ("RACEMIC", "RACEMIC", "ESKETAMINE")  # each as often as it stands here
_DAYS_BETWEEN = (3, 4)  # twice a week

# days since the last dose, least and most
_UNDER_WAY = {Episode.IN_SERIES: (1, 3), Episode.PAUSED: (14, 40), Episode.WITHDRAWN: (20, 90)}
_FINISHED = {
    Episode.MAINTENANCE: (60, 84),
    Episode.COMPLETED: (90, 180),
    Episode.LOST: (60, 150),
}


@dataclass(frozen=True, slots=True)
class SyntheticDose:
    """One given dose. Rises are the greatest above the reading before the dose."""

    on: date
    product: str
    route: str
    dose_mg: Decimal
    dose_mg_per_kg: Decimal
    systolic_rise_mmhg: int
    diastolic_rise_mmhg: int
    side_effects: tuple[str, ...]


def given_doses(
    rng: Random, stage: Episode, who: Identity, as_of: date, products: Sequence[str] = PRODUCTS
) -> tuple[SyntheticDose, ...]:
    """The doses a person of this stage has behind them, oldest first."""
    product = rng.choice(products)
    since = _UNDER_WAY.get(stage) or _FINISHED.get(stage)
    if since is None:
        return ()
    planned = PLANNED[product]
    count = planned if stage in _FINISHED else rng.randint(1, planned - 1)
    days = [as_of - timedelta(days=rng.randint(*since))]
    while len(days) < count:
        days.append(days[-1] - timedelta(days=_DAYS_BETWEEN[len(days) % 2]))
    return tuple(_dose(rng, product, first=day == days[-1], who=who, on=day) for day in days[::-1])


def _dose(rng: Random, product: str, *, first: bool, who: Identity, on: date) -> SyntheticDose:
    spray_mg = 56 if first else 84
    racemic = product == "RACEMIC"
    dose_mg = round(_MG_PER_KG * who.weight_kg, 1) if racemic else Decimal(spray_mg)
    given = assumed("dose")
    return SyntheticDose(
        on=on,
        product=product,
        route="IV" if racemic else "IN",
        dose_mg=dose_mg,
        dose_mg_per_kg=round(dose_mg / who.weight_kg, 2),
        systolic_rise_mmhg=_rise(rng, "sbp_rise", given["systolic_rise_sd_mmhg"]),
        diastolic_rise_mmhg=_rise(rng, "dbp_rise", given["diastolic_rise_sd_mmhg"]),
        side_effects=_side_effects(rng, int(given["racemic_as"]) if racemic else spray_mg),
    )


def _rise(rng: Random, name: str, sd_mmhg: float) -> int:
    return round(rng.gauss(figures()[name].value, sd_mmhg))


def _side_effects(rng: Random, spray_mg: int) -> tuple[str, ...]:
    named = ("dissociation", "sedation")
    return tuple(name for name in named if rng.random() < figures()[f"{name}_{spray_mg}"].value)
