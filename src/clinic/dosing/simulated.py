"""A generated monitor may feed a session of the demo, and no other.

A reading that was made up says so in its body for as long as it is kept: `source` goes wherever the
reading goes. Nobody who is signed in can send one.
"""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from clinic.dosing.kinds import SIMULATED_SOURCES, SOURCE, Chart
from clinic.dosing.models import DosingSession
from clinic.people import audit
from clinic.people.models import User
from kapstone.errors import InvalidInput


class NotTheDemo(Exception):
    """A real clinic was asked to take readings that nobody measured."""


@transaction.atomic
def declare(*, session: DosingSession, by: User, at: datetime) -> DosingSession:
    """From now on a generated monitor may feed this session. Raises NotTheDemo in a clinic."""
    if not settings.DEMO:
        raise NotTheDemo("A generated monitor belongs to the demo alone.")
    session.simulated = True
    session.save(update_fields=["simulated"])
    audit.record("declare_simulated", by=by, at=at, patient=session.patient, subject=session)
    return session


def check(session: DosingSession, chart: Chart, by: User | None) -> None:
    """Refuse a made-up reading outside the demo, in a session not declared, or from a person."""
    if SOURCE not in chart.body:
        return
    if not settings.DEMO or not session.simulated or by is not None:
        raise InvalidInput(SOURCE, "is for the demo's generated monitor alone.")
    if chart.body[SOURCE] not in SIMULATED_SOURCES:
        raise InvalidInput(SOURCE, f"is {chart.body[SOURCE]!r}.")
