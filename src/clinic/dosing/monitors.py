"""Connecting a bedside monitor to a session, comparing its figures with its display, letting it go.

The key is shown once and is good for one session: a monitor that moves to another room is connected
anew there.
"""

import hashlib
import secrets
from datetime import datetime

from django.db import transaction

from clinic.dosing import hub, queries
from clinic.dosing.models import DosingSession, Monitor
from clinic.dosing.models.sessions import ENDED
from clinic.people import audit
from clinic.people.models import User
from kapstone.errors import InvalidInput

KEY_BYTES = 32
AT_ONCE = 8  # monitors of one session; more is a mistake


def key_hash(key: str) -> str:
    """What is kept of a key: of 256 random bits no guess comes near."""
    return hashlib.sha256(key.encode()).hexdigest()


@transaction.atomic
def connect(*, session: DosingSession, name: str, by: User, at: datetime) -> tuple[Monitor, str]:
    """A monitor may send from now on; its key, which is never shown again. Raises InvalidInput."""
    locked = queries.locked(session)
    named = " ".join(name.split())
    if not 0 < len(named) <= 60:
        raise InvalidInput("name", "is missing or too long.", "Give what stands on the monitor.")
    if locked.phase in ENDED:
        raise InvalidInput("session", "is over.", "Connect the monitor to an open session.")
    if locked.monitors.filter(ended_at=None).count() >= AT_ONCE:
        raise InvalidInput("name", f"would be the {AT_ONCE + 1}th.", "Disconnect another first.")
    key = secrets.token_urlsafe(KEY_BYTES)
    row = locked.monitors.create(
        name=named, key_hash=key_hash(key), connected_at=at, connected_by=by
    )
    audit.record("connect_monitor", by=by, at=at, patient=locked.patient, subject=row)
    return row, key


@transaction.atomic
def confirm(*, monitor: Monitor, by: User, at: datetime) -> bool:
    """Somebody compared: what it sends is charted from now on. False where nothing waits for it."""
    session = queries.locked(monitor.session)
    found = Monitor.objects.filter(pk=monitor.pk, confirmed_at=None, ended_at=None)
    if not found.exclude(said={}).update(confirmed_at=at, confirmed_by=by):
        return False
    audit.record("confirm_monitor", by=by, at=at, patient=session.patient, subject=monitor)
    hub.announce(session.pk, hub.NO_LINE)
    return True


@transaction.atomic
def disconnect(*, monitor: Monitor, by: User, at: datetime) -> bool:
    """It may send no more. False where it was disconnected before."""
    session = queries.locked(monitor.session)
    if not Monitor.objects.filter(pk=monitor.pk, ended_at=None).update(ended_at=at, ended_by=by):
        return False
    audit.record("disconnect_monitor", by=by, at=at, patient=session.patient, subject=monitor)
    hub.announce(session.pk, hub.NO_LINE)
    return True
