"""Observation → measurements, blood pressures and scores, recognised by LOINC code alone.

The category is not read: real senders file questionnaire scores under laboratory.
"""

from collections.abc import Iterator
from decimal import Decimal

from kapstone.fhir.bundle import not_understood
from kapstone.fhir.codemap import Row, look_up
from kapstone.fhir.concept import concept, origin_of, when_of
from kapstone.fhir.questionnaires import ITEM_OF, TOTALS
from kapstone.fhir.reader import Node
from kapstone.fhir.units import read_quantity
from kapstone.fhir.values import (
    BloodPressure,
    Coded,
    Measurement,
    NotUnderstood,
    Origin,
    PriorScore,
    Question,
)

Observed = Measurement | BloodPressure | PriorScore | Question | NotUnderstood

_LOINC = "http://loinc.org"
_PANELS = ("85354-9", "55284-4")  # blood pressure: systolic and diastolic as components
_FINAL = ("final", "amended", "corrected")


def read_observation(resource: Node) -> Iterator[Observed]:
    """What one observation measured."""
    status = resource.needed_text("status")
    codings = concept(resource.child("code"))
    if status not in _FINAL:
        yield not_understood(resource, f"Its status is {status}, not final.")
        return
    if not codings:
        yield not_understood(resource, "It does not say what was observed.")
        return
    loinc = [coded for coded in codings if coded.system == _LOINC]
    scored = [coded for coded in loinc if coded.code in (*TOTALS, *ITEM_OF)]
    panels = [coded for coded in loinc if coded.code in _PANELS]
    mapped = [(coded, row) for coded in loinc for row in _measured(coded)]
    if scored:
        yield _score(resource, _origin(resource, scored[0]))
    elif panels:
        yield _pressure(resource, _origin(resource, panels[0]))
    elif mapped:
        yield _measurement(resource, mapped[0][1].fact, _origin(resource, mapped[0][0]))
    else:
        reason = "No row of the code map names this code: does it matter here?"
        yield Question("Observation", codings[0], reason, resource.path)


def _measured(coded: Coded) -> tuple[Row, ...]:
    return tuple(row for row in look_up(_LOINC, coded.code) if row.rule in ("measure", "sign"))


def _origin(resource: Node, coded: Coded) -> Origin:
    when = when_of(resource, "effectiveDateTime", "effectiveInstant", "issued")
    return origin_of(resource, coded, when)


def _measurement(resource: Node, key: str, origin: Origin) -> Measurement | NotUnderstood:
    value = _value(resource, key)
    if isinstance(value, str):
        return not_understood(resource, value)
    return Measurement(key, value, origin)


def _value(node: Node, key: str) -> Decimal | str:
    quantity = node.child("valueQuantity")
    if quantity is None:
        return f"It gives no number for {key}."
    return read_quantity(key, quantity)


def _pressure(resource: Node, origin: Origin) -> BloodPressure | NotUnderstood:
    read: dict[str, Decimal] = {}
    for part in resource.children("component"):
        for key in _pressures(part):
            value = _value(part, key)
            if isinstance(value, str):
                return not_understood(resource, value)
            read[key] = value
    if not {"sbp", "dbp"} <= read.keys():
        return not_understood(resource, "It lacks the systolic or the diastolic pressure.")
    if read["sbp"] <= read["dbp"]:
        return not_understood(resource, "Its systolic pressure is not above the diastolic.")
    return BloodPressure(read["sbp"], read["dbp"], origin)


def _pressures(part: Node) -> set[str]:
    codings = concept(part.child("code"))
    rows = (row for coded in codings for row in look_up(coded.system, coded.code))
    return {row.fact for row in rows} & {"sbp", "dbp"}


def _score(resource: Node, origin: Origin) -> PriorScore | NotUnderstood:
    code = origin.coded.code
    quantity = resource.child("valueQuantity")
    stated = quantity.number("value") if quantity else resource.number("valueInteger")
    instrument, most = TOTALS.get(code) or (ITEM_OF[code], 3)
    if stated is None or stated != int(stated) or not 0 <= stated <= most:
        return not_understood(resource, f"Its score is not a whole number from 0 to {most}.")
    if code in TOTALS:
        return PriorScore(instrument, int(stated), (), origin)
    return PriorScore(instrument, None, ((code, int(stated)),), origin)
