"""One PIN for everybody of the demo's staff who may type second: printed, and refused elsewhere."""

from datetime import datetime

from django.conf import settings
from django.db import connection

from clinic.dosing.simulated import NotTheDemo
from clinic.people import staffing
from clinic.people.roles import Role
from clinic.site.seeds.staff import STAFF, named
from clinic.site.storage import mark

PIN = staffing.DEMO_PIN
_HAVE = frozenset(
    {Role.MEDICAL_DIRECTOR, Role.PRESCRIBER, Role.NURSE, Role.ASSISTANT, Role.PHARMACIST}
)


def fill(now: datetime) -> None:
    """Set it, each their own. Raises NotTheDemo for any other database."""
    if not settings.DEMO or mark.kind(connection) is not mark.Kind.DEMO:
        raise NotTheDemo("A PIN that is printed belongs to the demo and its own database.")
    for one in STAFF:
        if one.role in _HAVE:
            staffing.set_pin(digits=PIN, by=named(one.name).user, at=now)
