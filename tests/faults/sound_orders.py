"""Sound orders of people as they come, drawn from the figures of the draft and not from our rows.

What is typed of an order is what the order form asks: one figure of the dose, in mg or in mg/kg;
for a liquid its concentration and the volume to draw up; for a spray of esketamine its devices; by
vein the minutes; and, elsewhere, weight and height.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from random import Random

from kapstone.dose import (
    ChildPugh,
    Formulation,
    Order,
    PreviousDose,
    Product,
    Route,
    SaltOrBase,
    Sex,
    WeightBasis,
)

SPEC = Path(__file__).parents[1] / "spec" / "dose_rows.csv"
Drafted = Mapping[str, str]
STRENGTHS = {
    "IV": (1, 2, 5, 10, 50),
    "IM": (50, 100),
    "SC": (50, 100),
    "SL": (50, 100),
    "PO": (10, 50),
    "IN": (50, 100, 150),
}
SOLID = {
    "SL": (Formulation.LOZENGE, Formulation.ODT, Formulation.FILM),
    "PO": (Formulation.TABLET_IR, Formulation.TABLET_PR),
}
CM, KG, MG, ML = Decimal(1), Decimal("0.1"), Decimal("0.5"), Decimal("0.01")
MG_PER_KG = Decimal("0.01")


def ranges() -> list[Drafted]:
    """The rows of the draft that hold figures."""
    with SPEC.open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["unit"]]


@dataclass(frozen=True)
class Body:
    """Somebody's size, and the weight that a dose of theirs rests on."""

    height_cm: Decimal
    weight_kg: Decimal
    sex: Sex
    basis: WeightBasis | None
    dosed_kg: Decimal


def body(rng: Random) -> Body:
    """Anybody from a body mass index of 15 to one of 55; from 30 on somebody chose a basis."""
    height_cm = Decimal(rng.randint(145, 200))
    bmi = Decimal(str(rng.uniform(15, 30) if rng.random() < 0.6 else rng.uniform(30, 55)))
    weight_kg = (bmi * height_cm**2 / 10000).quantize(KG)
    sex = rng.choice((Sex.FEMALE, Sex.MALE, Sex.FEMALE, Sex.MALE, Sex.INTERSEX))
    heavy = weight_kg * 10000 >= 30 * height_cm**2
    if not heavy:
        return Body(height_cm, weight_kg, sex, rng.choice((None, WeightBasis.ACTUAL)), weight_kg)
    if sex is Sex.INTERSEX:
        return Body(height_cm, weight_kg, sex, WeightBasis.ACTUAL, weight_kg)
    ideal = (50 if sex is Sex.MALE else Decimal("45.5")) + Decimal("0.9") * (height_cm - 152)
    by_basis = {
        WeightBasis.ACTUAL: weight_kg,
        WeightBasis.IDEAL: ideal,
        WeightBasis.ADJUSTED: ideal + Decimal("0.4") * (weight_kg - ideal),
    }
    basis = rng.choice(list(by_basis))
    return Body(height_cm, weight_kg, sex, basis, by_basis[basis])


@dataclass(frozen=True)
class Person:
    """Age, liver and earlier doses. reduced: the share of the start that is left of it."""

    age_y: int
    liver: ChildPugh | None
    is_first: bool
    reduced: Decimal | None


def person(rng: Random, row: Drafted) -> Person:
    """Anybody of age, in three of ten cases before a first dose."""
    age_y = rng.randint(18, 90)
    liver = rng.choice((None, None, ChildPugh.A, ChildPugh.B))
    is_first, racemic = rng.random() < 0.3, row["product"] == "RACEMIC"
    if not racemic and is_first:
        liver = None  # half of 56 mg is no dose: with a liver it always asks for the reason
    old = Decimal("0.6") if racemic and age_y >= 65 else None
    ill = Decimal("0.5") if liver is ChildPugh.B else None
    shares = [share for share in (old, ill) if share is not None]
    return Person(age_y, liver, is_first, min(shares) if is_first and shares else None)


def drawn(rng: Random, rows: list[Drafted]) -> Iterator[Order]:
    """One sound order after another, as typed."""
    while True:
        row, of = rng.choice(rows), body(rng)
        who = person(rng, row)
        made = _order(rng, row, of, who)
        if made is not None:
            yield made


def _order(rng: Random, row: Drafted, of: Body, who: Person) -> Order | None:
    last = None if who.is_first else _last(rng, row, of)
    low, high = _room(row, of, who, last)
    dose = _dose(rng, row, low, high)
    if dose is None:
        return None
    as_mg = bool(row["allowed_mg"]) or rng.random() < 0.5
    per_kg = (dose / of.dosed_kg).quantize(MG_PER_KG)
    if not as_mg:
        dose = per_kg * of.dosed_kg
        if not low <= dose <= high:
            return None
    figure = {"dose_mg": dose} if as_mg else {"dose_mg_per_kg": per_kg}
    earlier = None if rng.random() < 0.3 else _nearly(rng, of.weight_kg)
    facts: dict[str, object] = {
        "product": Product(row["product"]),
        "route": Route(row["route"]),
        "indication_id": rng.choice(row["indications"].split() or ["IND-05"]),
        "weight_kg": of.weight_kg,
        "weight_days_ago": Decimal(rng.randint(0, 30)),
        "previous_weight_kg": earlier,
        "weight_basis": of.basis,
        "height_cm": of.height_cm,
        "sex": of.sex,
        "age_y": Decimal(who.age_y),
        "child_pugh": who.liver,
        "first_exposure": who.is_first,
        "previous": (last,) if last else (),
        "salt_or_base": rng.choice(list(SaltOrBase)),
        **figure,
        **_form(rng, row, dose),
    }
    return Order(**facts)  # type: ignore[arg-type]  # by name


def _last(rng: Random, row: Drafted, of: Body) -> PreviousDose | None:
    """A last dose inside its own limits, well borne; for some people none by this route."""
    if rng.random() < 0.2:
        return None
    dose = _dose(rng, row, _mg(row, "start_min", of), _mg(row, "soft_max", of))
    days = Decimal(rng.randint(3, 40))
    grade = Decimal(rng.randint(0, 1))
    if dose is None:
        return None
    return PreviousDose(dose_mg=dose, days_ago=days, max_ae_grade=grade, bp_ok=True, tolerated=True)


def _room(
    row: Drafted, of: Body, who: Person, last: PreviousDose | None
) -> tuple[Decimal, Decimal]:
    """The lowest and the highest dose that no rule speaks against."""
    low, high = _mg(row, "start_min", of), _mg(row, "soft_max", of)
    high = min(high, Decimal(row["hard_max_mg"] or high))
    if who.is_first and row["first_max"]:
        high = min(high, _mg(row, "first_max", of))
    if who.reduced is not None:
        low, high = low / 2, min(high, _mg(row, "start_max", of) * who.reduced)
    if last is not None and row["step_max"]:
        step = min(_mg(row, "step_max", of), Decimal(row["step_max_mg"] or 1000))
        high = min(high, last.dose_mg + step)
    return low, high


def _mg(row: Drafted, name: str, of: Body) -> Decimal:
    figure = Decimal(row[name])
    return figure * of.dosed_kg if row["unit"] == "mg/kg" else figure


def _dose(rng: Random, row: Drafted, low: Decimal, high: Decimal) -> Decimal | None:
    if row["allowed_mg"]:
        fitting = [mg for mg in map(Decimal, row["allowed_mg"].split()) if low <= mg <= high]
        return rng.choice(fitting) if fitting else None
    dose = (low + (high - low) * Decimal(str(rng.random()))).quantize(MG)
    return dose if low <= dose <= high else None


def _form(rng: Random, row: Drafted, dose_mg: Decimal) -> dict[str, object]:
    route = row["route"]
    if row["allowed_mg"]:
        return {"formulation": Formulation.SPRAY, "devices": dose_mg / int(row["mg_per_device"])}
    if route in SOLID and rng.random() < 0.7:
        return {"formulation": rng.choice(SOLID[route])}
    strength = Decimal(rng.choice(STRENGTHS[route]))
    liquid: dict[str, object] = {
        "formulation": Formulation.SOLUTION,
        "concentration_mg_per_ml": strength,
        "volume_ml": (dose_mg / strength).quantize(ML),
    }
    return liquid | ({"infusion_min": Decimal(rng.randint(40, 120))} if route == "IV" else {})


def _nearly(rng: Random, weight_kg: Decimal) -> Decimal:
    return (weight_kg * Decimal(str(rng.uniform(0.92, 1.09)))).quantize(KG)
