"""The suicide screener asked again before somebody leaves, by the numbers of a clinic's own sheet.

Source: C-SSRS screener since last contact, DIS-09; its tier is `kapstone.risk`'s alone.
"""

from collections.abc import Mapping

from kapstone.errors import InvalidInput
from kapstone.monitoring.vitals import Value
from kapstone.risk import Risk, Screener, is_high, suicide_tier

NEW = "new_suicidality"
# What each item answers. Behaviour since arrival is recent.
ITEMS: Mapping[str, tuple[str, ...]] = {
    **{f"cssrs_{name}": (name,) for name in ("q1", "q2", "q3", "q4", "q5")},
    "cssrs_q6": ("q6", "q6_3mo"),
}


def judged(values: Mapping[str, Value]) -> Mapping[str, Value]:
    """The answers with what they come to; without it while one that counts is not given.

    Raises InvalidInput where an outcome stands beside answers that do not give it.
    """
    if not ITEMS.keys() & values.keys():
        return values
    found = is_high(_screener(values))
    if values.get(NEW, found) is not found:
        raise InvalidInput(NEW, "is not what the items say.", "Give the items alone.")
    return values if found is None else {**values, NEW: found}


def risk_since_arrival(values: Mapping[str, Value]) -> Risk:
    """The tier of what was answered since arrival, and what was not answered."""
    return suicide_tier(_screener(values))


def _screener(values: Mapping[str, Value]) -> Screener:
    told = {name: values[key] is True for key in ITEMS if key in values for name in ITEMS[key]}
    return Screener(**told)
