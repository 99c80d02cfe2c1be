"""Whether a safety plan is asked for, by the tier.

Source: protocol section 10.1 (SUI-M, SUI-L); that HIGH asks for no less is mark P.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from kapstone.risk.tier import Tier


class PlanAsk(StrEnum):
    """How a safety plan is asked for. Either way somebody says what became of it."""

    OFFERED = "offered"
    NEEDED = "needed"


SAFETY_PLAN: Mapping[Tier, PlanAsk] = MappingProxyType(
    {
        Tier.HIGH: PlanAsk.NEEDED,
        Tier.MODERATE: PlanAsk.NEEDED,
        Tier.LOW: PlanAsk.OFFERED,
    }
)
