"""Doses and a person in, what may be drawn out; or the list of what is missing, and no curve."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from kapstone.dose import Formulation, Product, Route
from kapstone.errors import InvalidInput, UnknownContent
from kapstone.pharmacology import (
    Analyte,
    Dose,
    Form,
    Matrix,
    Options,
    Person,
    Shown,
    Way,
    default,
    shown,
)

FORMS = {Product.RACEMIC: Form.RACEMATE, Product.ESKETAMINE: Form.ESKETAMINE}
_WAYS = {
    Route.IV: Way.IV,
    Route.IM: Way.IM,
    Route.SC: Way.SC,
    Route.SL: Way.SUBLINGUAL,
    Route.PO: Way.ORAL,
    Route.IN: Way.INTRANASAL,
}
# What the body makes of each product.
METABOLITES = {Form.RACEMATE: Analyte.NORKETAMINE, Form.ESKETAMINE: Analyte.S_NORKETAMINE}
_SLOW = (Way.ORAL, Way.ORAL_PROLONGED)
DEVICE_MG = Decimal(28)  # esketamine base in one nasal device. Source: SPR-PI, mark S
# What a person calls an input of the core.
_INPUTS = {
    "age_y": "Age",
    "weight_kg": "Weight",
    "route": "Route",
    "form": "Product",
    "medicine": "The other medicine",
    "doses": "The doses",
    "analyte": "What is drawn",
}


@dataclass(frozen=True, slots=True)
class Predicted:
    """`shown` is None where something lacks; `lacks` says what, one sentence each."""

    label: str
    shown: Shown | None = None
    lacks: tuple[str, ...] = ()


def way_of(route: str, formulation: str = "") -> Way:
    """How a route of the clinic enters the body."""
    way = _WAYS[Route(route)]
    prolonged = formulation == Formulation.TABLET_PR
    return Way.ORAL_PROLONGED if prolonged and way is Way.ORAL else way


def hours_shown(ways: Sequence[Way]) -> int:
    """How long a tried plan is drawn for: what is swallowed goes in slowly."""
    return 8 if any(way in _SLOW for way in ways) else 4


def predict(
    label: str,
    doses: Sequence[Dose],
    person: Person,
    times_min: Sequence[float],
    options: Options | None = None,
) -> Predicted:
    """The curve of doses of one product; each of the person's figures must be known."""
    lacks = tuple(missing(person))
    if lacks:
        return Predicted(label, None, lacks)
    try:
        model = default(doses[0].form, doses[0].way)
        asked = options or Options()
        if model.matrix is not Matrix.ARTERIAL:  # only an arterial model can be read in a vein
            asked = replace(asked, matrix=None)
        return Predicted(label, shown(model, doses, person, times_min, asked))
    except InvalidInput as error:
        what = _INPUTS.get(error.key, error.key.replace("_", " ").capitalize())
        return Predicted(label, None, (f"{what}: {error.problem} The models say nothing of it.",))
    except UnknownContent:
        return Predicted(label, None, ("No published model takes this product by this route.",))


def missing(person: Person) -> list[str]:
    """What is not known of a person that a curve depends on."""
    found = []
    if person.weight_kg is None:
        found.append("The weight: none is on record.")
    if person.age_y is None:
        found.append("The age.")
    return found
