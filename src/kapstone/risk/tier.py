"""The suicide tier by the C-SSRS screener.

Feeling better after a dose lowers no tier (SUI-R1): only a new full screener does.
Source: protocol section 10.1; tiers by the screener's own triage, mark S.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from types import MappingProxyType

from kapstone.errors import InvalidInput
from kapstone.risk.levels import LEVELS, AlertLevel, Trigger

VERSION = "suicide-1"


class Tier(StrEnum):
    """How high the risk of suicide stands by the answers given."""

    HIGH = "HIGH"
    MODERATE = "MODERATE"
    LOW = "LOW"
    NONE = "NONE"
    UNKNOWN = "UNKNOWN"  # nothing positive, and not everything was answered


TIER_TRIGGERS: Mapping[Tier, Trigger] = MappingProxyType(
    {
        Tier.HIGH: Trigger.HIGH_TIER,
        Tier.MODERATE: Trigger.MODERATE_TIER,
        Tier.LOW: Trigger.LOW_TIER,
    }
)


@dataclass(frozen=True, slots=True)
class Screener:
    """Answers to the C-SSRS screener; None is unanswered or declined.

    q1 to q5: ideation, past month. q6: behaviour, lifetime. q6_3mo: behaviour, last 3 months.
    """

    q1: bool | None = None
    q2: bool | None = None
    q3: bool | None = None
    q4: bool | None = None
    q5: bool | None = None
    q6: bool | None = None
    q6_3mo: bool | None = None

    def __post_init__(self) -> None:
        for each in fields(self):
            if not isinstance(getattr(self, each.name), bool | None):
                raise InvalidInput(f"cssrs.{each.name}", "is not an answer.", "Give true or false.")

    @property
    def unanswered(self) -> tuple[str, ...]:
        """What is still to be asked. q2 false lets q3 to q5 go, q6 false lets q6_3mo go."""
        skipped = (("q3", "q4", "q5") if self.q2 is False else ()) + (
            ("q6_3mo",) if self.q6 is False else ()
        )
        names = (each.name for each in fields(self))
        return tuple(n for n in names if getattr(self, n) is None and n not in skipped)


@dataclass(frozen=True, slots=True)
class Risk:
    """What a screener comes to. unanswered: what a person must still ask."""

    tier: Tier
    unanswered: tuple[str, ...]
    version: str = VERSION

    @property
    def incomplete(self) -> bool:
        """Whether an answer is still owed; the tier can then only rise."""
        return bool(self.unanswered)

    @property
    def triggers(self) -> tuple[Trigger, ...]:
        """Every reason for an alert."""
        tier = TIER_TRIGGERS.get(self.tier)
        return ((tier,) if tier else ()) + ((Trigger.INCOMPLETE,) if self.incomplete else ())

    @property
    def level(self) -> AlertLevel | None:
        """The most urgent level of the reasons, or None where nothing calls for a person."""
        return min((LEVELS[t] for t in self.triggers), key=lambda each: each.rank, default=None)


def suicide_tier(screener: Screener) -> Risk:
    """The highest tier that the known answers give; an unanswered item lowers nothing."""
    s, unanswered = screener, screener.unanswered
    if s.q4 or s.q5 or s.q6_3mo:
        return Risk(Tier.HIGH, unanswered)
    if s.q3 or s.q6:
        return Risk(Tier.MODERATE, unanswered)
    if s.q1 or s.q2:
        return Risk(Tier.LOW, unanswered)
    return Risk(Tier.UNKNOWN if unanswered else Tier.NONE, unanswered)


def is_high(screener: Screener) -> bool | None:
    """Whether the tier is HIGH; None while an answer is owed that could make it so."""
    if suicide_tier(screener).tier is Tier.HIGH:
        return True
    worst = replace(screener, **dict.fromkeys(screener.unanswered, True))
    return None if suicide_tier(worst).tier is Tier.HIGH else False
