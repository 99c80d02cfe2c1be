"""Measured numbers in the unit their key carries; any other unit is not understood.

Source: UCUM 2.1 for the codes and the exact conversions (pound, inch, Fahrenheit).
"""

from dataclasses import dataclass
from decimal import Decimal

from kapstone.fhir.reader import Node

UCUM = "http://unitsofmeasure.org"


@dataclass(frozen=True, slots=True)
class _Scale:
    """value in our unit = (stated - zero) × factor"""

    factor: Decimal
    zero: Decimal = Decimal(0)


_SAME = _Scale(Decimal(1))
_MMHG = {"mm[Hg]": _SAME}
_RATE = {"/min": _SAME, "{beats}/min": _SAME, "{breaths}/min": _SAME}

# key → accepted UCUM codes
SCALES: dict[str, dict[str, _Scale]] = {
    "weight_kg": {
        "kg": _SAME,
        "g": _Scale(Decimal("0.001")),
        "[lb_av]": _Scale(Decimal("0.45359237")),
    },
    "height_cm": {"cm": _SAME, "m": _Scale(Decimal(100)), "[in_i]": _Scale(Decimal("2.54"))},
    "temp_c": {"Cel": _SAME, "[degF]": _Scale(Decimal(5) / Decimal(9), Decimal(32))},
    "sbp": _MMHG,
    "dbp": _MMHG,
    "hr": _RATE,
    "rr": _RATE,
    "spo2": {"%": _SAME},
    "egfr": {"mL/min/{1.73_m2}": _SAME, "mL/min/1.73.m2": _SAME},
    "ecg_qtc_ms": {"ms": _SAME, "s": _Scale(Decimal(1000))},
}

# key → least and greatest value that screening accepts, mark P
POSSIBLE: dict[str, tuple[int, int]] = {
    "weight_kg": (20, 400),
    "height_cm": (90, 250),
    "temp_c": (30, 44),
    "sbp": (30, 300),
    "dbp": (10, 200),
    "hr": (20, 300),
    "rr": (0, 80),
    "spo2": (30, 100),
    "egfr": (0, 250),
    "ecg_qtc_ms": (200, 800),
}


def read_quantity(key: str, quantity: Node) -> Decimal | str:
    """The number in the unit of `key`, or the reason why it is not understood."""
    value, code = quantity.number("value"), quantity.text("code")
    if value is None:
        return "The quantity holds no number."
    if quantity.has("comparator"):
        return "The quantity is a bound, not a number."
    scale = SCALES[key].get(code or "") if quantity.text("system") == UCUM else None
    if scale is None:
        return f"The unit {code or quantity.text('unit') or '(none)'} is not read for {key}."
    measured = round((value - scale.zero) * scale.factor, 2)
    least, greatest = POSSIBLE[key]
    if not least <= measured <= greatest:
        return f"{key} lies outside {least} to {greatest}."
    return measured
