"""Hours since a medicine was last taken: true when they were told, and asked anew on a dosing day.

Later they may have taken it again, so an old figure tells neither that it is long ago nor that a
dose of it was missed.
"""

import re
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from clinic.intake import counted
from clinic.intake.models import MedicineEntry
from kapstone import eligibility
from kapstone.eligibility import Severities, Unknown, medicines

KEY = "last_taken_h"
# The classes of which a rule reads it.
CLASSES = frozenset(
    name
    for rule in eligibility.RULES
    for name in re.findall(rf"med\.(\w+) where {KEY}\b", rule.when)
)
_HOUR = timedelta(hours=1)
_JUST_NOW, _LONG_AGO = 0, 87600

Listed = list[dict[str, object]]


def hours(entry: MedicineEntry, at: datetime, *, today_only: bool) -> Decimal | None:
    """What was told; on a dosing day what was told that day, with the time gone by since."""
    if not today_only or entry.last_taken_h is None:
        return entry.last_taken_h
    if counted.day_of(entry) != timezone.localdate(at):
        return None
    gone = max(at - entry.observed_at, timedelta())
    return entry.last_taken_h + Decimal(gone // (_HOUR / 10)) / 10


def not_known(facts: Mapping[str, object], severities: Severities) -> tuple[Unknown, ...]:
    """The medicines of which nobody said today when they were last taken, where a rule turns on it.

    One is asked for where the rules find one thing of it just taken and another of it long ago.
    """
    listed = facts.get("medications")
    if not isinstance(listed, list):
        return ()
    untold = [place for place, each in enumerate(listed) if KEY not in each and _is_read(each)]
    if not untold:
        return ()

    def found(recent: Collection[int]) -> frozenset[tuple[str, str | None]]:
        told = [
            {KEY: _JUST_NOW if place in recent else _LONG_AGO, **each}
            for place, each in enumerate(listed)
        ]
        run = eligibility.screen(eligibility.read_facts({**facts, "medications": told}), severities)
        return frozenset((each.code, each.band) for each in run.findings)

    never, all_now = found(()), found(untold)
    if never == all_now:
        return ()
    turns = {
        place: (found([place]) ^ never) | (found([one for one in untold if one != place]) ^ all_now)
        for place in untold
    }
    names = tuple(str(listed[place]["name"]) for place in untold if turns[place])
    rules = sorted({code for each in turns.values() for code, _ in each})
    return (Unknown(KEY, tuple(rules), names),)


def _is_read(told: Mapping[str, object]) -> bool:
    named = medicines.Medicine(str(told["name"]), str(told.get("route", "")))
    return not CLASSES.isdisjoint(named.classes)
