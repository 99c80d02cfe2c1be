"""Writes about what was asked for and is never given."""

from datetime import datetime

from django.db import transaction

from clinic.people import audit
from clinic.people.models import User
from clinic.planning.models import TakeHomeRequest


@transaction.atomic
def record_take_home(*, asked: TakeHomeRequest, by: User, at: datetime) -> TakeHomeRequest:
    """Somebody asked for a dose outside the clinic. The answer is no, and is kept (GRD-02)."""
    asked.by, asked.at = by, at
    asked.save(force_insert=True)
    audit.record("record_take_home_request", by=by, at=at, patient=asked.patient, subject=asked)
    return asked
