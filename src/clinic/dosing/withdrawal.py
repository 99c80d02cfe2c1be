"""A person takes their consent back, at any moment, also under the drug."""

from datetime import datetime
from uuid import uuid4

from django.db import transaction

from clinic.dosing import actions, before, queries
from clinic.dosing.kinds import CONSENT_WITHDRAWN, Chart
from clinic.dosing.models import DosingSession
from clinic.people.models import Patient, User
from kapstone.risk import AlertLevel


@transaction.atomic
def withdraw(*, patient: Patient, words: str, by: User, at: datetime) -> DosingSession | None:
    """Consent, orders and the team, and the line of an open session: each console shows it at once.

    In the house the team is called at once; otherwise it is urgent.
    """
    session = queries.open_session(patient)
    here = session is not None and queries.live_sessions(at).filter(pk=session.pk).exists()
    level = AlertLevel.IMMEDIATE if here else AlertLevel.URGENT
    before.withdraw_consent(patient=patient, words=words, level=level, by=by, at=at)
    if session is not None:
        told = Chart(uuid4(), CONSENT_WITHDRAWN, at, {}, note=words)
        actions.record(session=session, chart=told, by=by, at=at)
    return session
