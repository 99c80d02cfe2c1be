"""MedicationRequest and MedicationStatement → medicines, AllergyIntolerance → allergies."""

import re
from collections.abc import Iterator
from decimal import Decimal

from kapstone.fhir.bundle import Bundle, kind, not_understood
from kapstone.fhir.concept import concept, first_code, origin_of, states_absence, when_of
from kapstone.fhir.reader import Node
from kapstone.fhir.values import Allergy, Coded, Medicine, NotUnderstood, Question

_RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
# An RxNorm drug name: an amount to release or give, the ingredient, its strength.
_INGREDIENT = re.compile(r"(?:[\d.]+ (?:HR|ML|ACTUAT) )?([a-z][a-z '-]*?) [\d.]+ (?:[a-z]|%)", re.I)
# Source: SNOMED CT route of administration, from memory, mark G.
_ROUTES = {
    "26643006": "oral",
    "37839007": "sublingual",
    "47625008": "intravenous",
    "78421000": "intramuscular",
    "34206005": "subcutaneous",
    "46713006": "nasal",
    "45890007": "transdermal",
}
_MG = {"mg": Decimal(1), "g": Decimal(1000), "ug": Decimal("0.001")}
_PERIODS_A_DAY = {"d": Decimal(1), "h": Decimal(24)}


def read_medicine(bundle: Bundle, resource: Node) -> Iterator[Medicine | Question | NotUnderstood]:
    """The medicine one request or statement names."""
    if resource.flag("doNotPerform"):
        yield not_understood(resource, "It asks not to give this medicine.")
        return
    codings = _named(bundle, resource)
    if not codings:
        yield not_understood(resource, "It names no medicine.")
        return
    dosages = resource.children("dosage") + resource.children("dosageInstruction")
    when = when_of(resource, "effectiveDateTime", "authoredOn", "dateAsserted")
    ingredients = _ingredients(codings)
    if not ingredients:
        reason = "Which ingredient is it?"
        yield Question(kind(resource), codings[0], reason, resource.path)
    yield Medicine(
        name=codings[0].display or codings[0].code,
        ingredients=ingredients,
        route=_route(dosages),
        daily_dose_mg=_daily_dose_mg(dosages),
        status=resource.needed_text("status"),
        origin=origin_of(resource, codings[0], when),
    )


def _named(bundle: Bundle, resource: Node) -> tuple[Coded, ...]:
    reference = resource.child("medicationReference")
    if reference is None:
        return concept(resource.child("medicationCodeableConcept"))
    medication = bundle.resolve(reference, "Medication", resource)
    inside = [
        coded
        for part in medication.children("ingredient")
        for coded in concept(part.child("itemCodeableConcept"))
    ]
    return (*concept(medication.child("code")), *inside)


def _ingredients(codings: tuple[Coded, ...]) -> tuple[str, ...]:
    names = (coded.display for coded in codings if coded.system == _RXNORM)
    found = (
        match[1].lower()
        for name in names
        for part in name.split(" / ")
        if (match := _INGREDIENT.match(part))
    )
    return tuple(dict.fromkeys(found))


def _route(dosages: tuple[Node, ...]) -> str | None:
    for dosage in dosages:
        for coded in concept(dosage.child("route")):
            return _ROUTES.get(coded.code, coded.display or None)
    return None


def _daily_dose_mg(dosages: tuple[Node, ...]) -> Decimal | None:
    """The dose a day where one dosage states it without any room; None for all else."""
    if len(dosages) != 1 or any(key.startswith("asNeeded") for key in dosages[0].value):
        return None
    amounts, timing = dosages[0].children("doseAndRate"), dosages[0].child("timing")
    repeat = timing.child("repeat") if timing else None
    quantity = amounts[0].child("doseQuantity") if len(amounts) == 1 else None
    if repeat is None or quantity is None or repeat.has("frequencyMax") or repeat.has("periodMax"):
        return None
    times, period = repeat.number("frequency") or Decimal(1), repeat.number("period")
    dose, unit = quantity.number("value"), _MG.get(quantity.text("code") or "")
    periods_a_day = _PERIODS_A_DAY.get(repeat.text("periodUnit") or "")
    if not (dose and period and unit and periods_a_day) or min(dose, period, times) <= 0:
        return None
    return round(dose * unit * times * periods_a_day / period, 3)


def read_allergy(resource: Node) -> Iterator[Allergy | Question | NotUnderstood]:
    """The substances of one allergy. A statement of no allergy is listed, never believed."""
    codings = concept(resource.child("code"))
    if states_absence(codings):
        yield not_understood(resource, "It says there is no such allergy. Ask; a record is no no.")
        return
    if not codings:
        yield not_understood(resource, "It names no substance.")
        return
    verification = first_code(resource, "verificationStatus")
    if verification not in (None, "confirmed"):
        reason = f"The record calls the allergy {verification}: is it so?"
        yield Question("AllergyIntolerance", codings[0], reason, resource.path)
    when = when_of(resource, "onsetDateTime", "recordedDate")
    yield Allergy(
        substances=tuple(dict.fromkeys(coded.display or coded.code for coded in codings)),
        criticality=resource.text("criticality"),
        status=first_code(resource, "clinicalStatus"),
        origin=origin_of(resource, codings[0], when),
    )
