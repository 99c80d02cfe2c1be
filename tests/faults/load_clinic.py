"""A real clinic with many open sessions, a monitor at each and five people who watch it.

`make SESSIONS` fills the database and prints what the clients need; `serve` runs it.
"""

import json
import sys
from datetime import timedelta
from typing import Any
from uuid import uuid4

from tests.faults.loading import CSRF
from tests.faults.ward_clinic import ready

VIEWERS = 5


def make(sessions: int) -> dict[str, Any]:
    """Nurses with their sign-ins, sessions under way, and the key of the monitor at each."""
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.utils import timezone

    from clinic.people.roles import Role
    from clinic.site.storage import mark
    from tests.clinic import cast

    call_command("migrate", verbosity=0)
    mark.claim(connection, mark.Kind.CLINIC)
    now = timezone.now()
    nurses = [cast.staff(Role.NURSE) for _ in range(VIEWERS)]
    for nurse in nurses:
        cast.on_call(nurse)
    name = settings.SESSION_COOKIE_NAME
    proof = f"{settings.CSRF_COOKIE_NAME}={CSRF}"
    sign_ins = [cast.signed_in(nurse).cookies[name].value for nurse in nurses]
    return {
        "cookies": [f"{name}={value}; {proof}" for value in sign_ins],
        "sessions": [_session(nurses[0], place, now) for place in range(sessions)],
    }


def _session(nurse: Any, place: int, now: Any) -> dict[str, str]:
    from clinic.dosing import actions, monitors, stages
    from clinic.dosing.kinds import Chart
    from clinic.dosing.models import DosingSession, Monitor
    from clinic.episodes import actions as episodes
    from tests.clinic import cast

    person, before = cast.patient("Robin", f"Load{place}"), now - timedelta(minutes=30)
    cast.treats(nurse, person)
    episodes.open_episode(patient=person, by=None, at=now - timedelta(hours=1))
    session = stages.open_session(
        patient=person, product="RACEMIC", route="IM", by=nurse.user, at=before
    )
    told = (
        ("vitals", 5, {"sbp": 120, "dbp": 80, "hr": 70, "spo2": 98, "seated": True}),
        ("dose_start", 10, {"dose_mg": 35}),
        ("vitals", 28, {"sbp": 124, "dbp": 80, "hr": 74, "spo2": 98}),
        ("moaas", 28, {"moaas": 5}),
    )
    DosingSession.objects.filter(pk=session.pk).update(phase="dosing", two_people=True)
    session.refresh_from_db()
    for kind, minute, body in told:
        at = before + timedelta(minutes=minute)
        chart = Chart(uuid4(), kind, at, body)
        actions.record(session=session, chart=chart, by=nurse.user, at=at)
    monitor, key = monitors.connect(session=session, name="Bedside", by=nurse.user, at=now)
    Monitor.objects.filter(pk=monitor.pk).update(confirmed_at=now, confirmed_by=nurse.user)
    return {
        "session": str(session.pk),
        "path": f"/patients/{person.pk}/sessions/{session.pk}/",
        "key": key,
    }


# When a database tells when it committed, else when the transaction began.
COMMITTED = {"postgresql": "pg_xact_commit_timestamp(xmin)"}


def samples() -> list[tuple[str, int, float, str]]:
    """Each sample on disk: its session and number, when it was committed, when it was true."""
    from django.db import connection
    from django.db.models import DateTimeField
    from django.db.models.expressions import RawSQL

    from clinic.dosing.models import SessionEvent

    at = RawSQL(COMMITTED.get(connection.vendor, "recorded_at"), (), DateTimeField())  # noqa: S611
    rows = SessionEvent.objects.filter(kind="sample").annotate(committed=at)
    told = rows.order_by("session", "number")
    found = told.values_list("session", "number", "committed", "observed_at")
    return [(str(one), number, at.timestamp(), true.isoformat()) for one, number, at, true in found]


if __name__ == "__main__":
    ready()
    if sys.argv[1] == "make":
        print(json.dumps(make(int(sys.argv[2]))))  # noqa: T201 - the test reads it
    elif sys.argv[1] == "samples":
        print(json.dumps(samples()))  # noqa: T201 - as above
    else:
        from django.core.management import call_command

        call_command("serve", port=int(sys.argv[2]) if len(sys.argv) > 2 else 0)
