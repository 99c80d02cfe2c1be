"""Readings beside a chair that the audit trail could not take, and takes as soon as it can.

Kept in memory: a full disk must not blind a console. Any other page is refused while nothing can be
written down.
"""

import logging
from collections import deque
from dataclasses import dataclass
from datetime import datetime

from clinic.people import audit
from clinic.people.models import Patient, User

MOST = 20_000

_owed: deque["Reading"] = deque(maxlen=MOST)
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Reading:
    """Who read what of whom, and when."""

    action: str
    by: User
    patient: Patient
    at: datetime


def owe(reading: Reading) -> None:
    """It could not be written. The log has it too, by ids alone, should this process end."""
    _owed.append(reading)
    log.warning("audit owed: %s by %s at %s", reading.action, reading.by.pk, reading.at.isoformat())


def pay(now: datetime) -> int:
    """Write what is owed, each with the moment at which it was; how many."""
    paid = 0
    while _owed:
        one = _owed[0]
        audit.record(one.action, by=one.by, at=one.at, patient=one.patient, written_late=True)
        _owed.popleft()
        paid += 1
    return paid
