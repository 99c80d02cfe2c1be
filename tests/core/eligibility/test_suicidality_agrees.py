"""The rules of suicidality restate one function's limits in their own data: they may never differ.

Somebody whom the function calls HIGH and the rules let through would be given a dose that day.
"""

from itertools import product

import pytest

from kapstone import eligibility, risk
from kapstone.findings import Severity
from kapstone.risk import Tier

pytestmark = [pytest.mark.hazard(10), pytest.mark.hazard(13)]

NAMES = ("q1", "q2", "q3", "q4", "q5", "q6", "q6_3mo")
ASKED = {Tier.LOW: "SCR-061", Tier.MODERATE: "SCR-061", Tier.HIGH: "SCR-060"}


@pytest.mark.parametrize(
    ("at", "otherwise"), [("eligibility", False), ("dosing_day", False), ("dosing_day", None)]
)
def test_every_screener_fires_the_rule_of_its_tier(at: str, otherwise: bool | None) -> None:
    """Each set of positive answers, the others no or not answered."""
    for answers in product((True, otherwise), repeat=len(NAMES)):
        told = dict(zip(NAMES, answers, strict=True))
        tier = risk.suicide_tier(risk.Screener(**told)).tier
        facts = {f"cssrs.{name}": answer for name, answer in told.items() if answer is not None}
        read = eligibility.read_facts({**facts, "product": "RACEMIC", "route": "IM", "for": at})
        found = {
            each.code: each.severity
            for each in eligibility.screen(read).findings
            if each.code in ASKED.values()
        }
        assert set(found) == ({ASKED[tier]} if tier in ASKED else set()), told
        if tier is Tier.HIGH or told["q3"]:
            assert set(found.values()) == {Severity.RELATIVE}, told
