"""How soon a person must act: one table from what was answered to the level of the alert.

Source: protocol section 10.1, mark P.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class AlertLevel(StrEnum):
    """How soon a person must act, most urgent first."""

    IMMEDIATE = "immediate"
    URGENT = "urgent"
    REVIEW = "review"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 for the most urgent, 3 for the least."""
        return list(AlertLevel).index(self)


class Trigger(StrEnum):
    """What raises an alert about suicide."""

    HIGH_TIER = "SUI-H"
    MODERATE_TIER = "SUI-M"
    LOW_TIER = "SUI-L"
    INCOMPLETE = "screener incomplete"
    ITEM_9_OFTEN = "PHQ-9 item 9 of 2 or 3"
    ITEM_9_SOME = "PHQ-9 item 9 of 1"
    ITEM_9_SKIPPED = "PHQ-9 item 9 skipped"
    HELP_NOW = "I need help now"


SOURCE, MARK = ("protocol section 10.1",), "P"  # of the levels and of the clocks

LEVELS: Mapping[Trigger, AlertLevel] = MappingProxyType(
    {
        Trigger.HIGH_TIER: AlertLevel.IMMEDIATE,
        Trigger.ITEM_9_OFTEN: AlertLevel.IMMEDIATE,
        Trigger.HELP_NOW: AlertLevel.IMMEDIATE,
        Trigger.MODERATE_TIER: AlertLevel.URGENT,
        Trigger.ITEM_9_SOME: AlertLevel.URGENT,
        Trigger.INCOMPLETE: AlertLevel.URGENT,
        Trigger.LOW_TIER: AlertLevel.REVIEW,
        Trigger.ITEM_9_SKIPPED: AlertLevel.REVIEW,
    }
)


def item_9_trigger(answer: int | None) -> Trigger | None:
    """What PHQ-9 item 9 (0 to 3, None where skipped) raises; None for an answer of 0."""
    if answer is None:
        return Trigger.ITEM_9_SKIPPED
    if answer >= 2:
        return Trigger.ITEM_9_OFTEN
    return Trigger.ITEM_9_SOME if answer == 1 else None
