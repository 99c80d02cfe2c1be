"""The sheet for the hours without the system: printed before the day, charted afterwards.

Its rows are the plan of the route, its steps those of the pathways, in their own words.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile

from django.conf import settings

from clinic.dosing import before, callees
from clinic.dosing.models import DosingSession
from clinic.people import crisis
from kapstone.monitoring.pathways import Callee, Pathway, pathways
from kapstone.monitoring.schedules import CHANNELS, Schedule, schedule_for, slots

HEADS = ("Blood pressure", "Pulse", "Oxygen %", "Breaths", "MOAA/S", "Dissoc., anxiety, nausea")
# Which column each channel fills, in the order of HEADS.
FILLS = {
    "bp_hr": (0, 1),
    "spo2": (2,),
    "rr_moaas": (3, 4),
    "nrs": (5,),
}
FIRST_STEPS = 3  # of each pathway: what is done before anybody can be asked
LONGEST = timedelta(hours=3)
BLANK_ROWS = 16
STAFF = (Callee.PRESCRIBER, Callee.DIRECTOR)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the grid: minutes since the dose began, and which columns the plan asks for."""

    at_min: int | None
    asked: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class First:
    """The first steps of a pathway."""

    title: str
    tier: str
    steps: tuple[str, ...]


def sheet(session: DosingSession, now: datetime) -> dict[str, object]:
    """For one session, with the person's name: it is paper, and goes into their file."""
    plan = schedule_for(session.product, session.route)
    wanted = (*STAFF, Callee.ESCORT)
    return _common() | {
        "patient": session.patient,
        "session": session,
        "rows": list(_rows(plan)),
        "plan": plan,
        "order": before.order(session.patient, now),
        "call": callees.now(wanted, session.patient, now),
        "prepared": before.preparation(session.patient),
        "now": now,
    }


def blank(now: datetime) -> dict[str, object]:
    """For whoever comes while the system is down: nothing is filled in."""
    return _common() | {"rows": [Row(None, (True,) * len(HEADS))] * BLANK_ROWS, "now": now}


def _common() -> dict[str, object]:
    return {
        "heads": HEADS,
        "emergency": crisis.danger_number(),
        "clinic_phone": settings.CLINIC_PHONE,
        "firsts": [_first(one) for one in pathways()],
    }


def _first(one: Pathway) -> First:
    steps = tuple(callees.here(words) for words in one.steps[:FIRST_STEPS])
    return First(one.title, str(one.tier), steps)


def _rows(plan: Schedule) -> Iterator[Row]:
    """Every moment of the plan: of an infusion as if it ran its shortest, and then some."""
    ran = plan.stay_from_start - plan.stay_after_end
    by_minute: dict[int, set[int]] = {}
    for channel in CHANNELS:
        for slot in takewhile(lambda one: one.at <= LONGEST, slots(plan, channel, ran)):
            minute = int(slot.at.total_seconds()) // 60
            by_minute.setdefault(minute, set()).update(FILLS[channel])
    for minute in sorted(by_minute):
        yield Row(minute, tuple(place in by_minute[minute] for place in range(len(HEADS))))
