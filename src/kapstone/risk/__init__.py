"""The suicide tier, the alert level that follows from an answer, and the clocks of each level.

`suicide_tier` serves screening, questionnaires, readiness and discharge; `LEVELS` is the one
table from tier and PHQ-9 item 9 to alert level; `CLOCKS` says how long each step may take, and
`CONTACT_HOURS` within how many hours somebody speaks with the person again.
"""

from kapstone.risk.clocks import (
    CLOCKS,
    Clock,
    DueTimes,
    NamedTime,
    Shorter,
    WorkingHours,
    due_times,
    read_shorter,
)
from kapstone.risk.contacts import (
    CONTACT_HOURS,
    CONTACTS_VERSION,
    Sooner,
    contacts_due,
    read_sooner,
    soonest,
)
from kapstone.risk.levels import LEVELS, AlertLevel, Trigger, item_9_trigger
from kapstone.risk.plan import SAFETY_PLAN, PlanAsk
from kapstone.risk.tier import VERSION, Risk, Screener, Tier, is_high, suicide_tier

__all__ = [
    "CLOCKS",
    "CONTACTS_VERSION",
    "CONTACT_HOURS",
    "LEVELS",
    "SAFETY_PLAN",
    "VERSION",
    "AlertLevel",
    "Clock",
    "DueTimes",
    "NamedTime",
    "PlanAsk",
    "Risk",
    "Screener",
    "Shorter",
    "Sooner",
    "Tier",
    "Trigger",
    "WorkingHours",
    "contacts_due",
    "due_times",
    "is_high",
    "item_9_trigger",
    "read_shorter",
    "read_sooner",
    "soonest",
    "suicide_tier",
]
