"""Contacts after a suicide tier: planned with its alert, settled by speaking with the person.

Source: protocol section 10.1, mark P.
"""

from collections.abc import Callable
from datetime import datetime
from itertools import chain, repeat
from uuid import UUID

from django.db.models import QuerySet

from clinic.alerts import plans
from clinic.alerts.hours import sooner_contacts
from clinic.alerts.models import Alert, ContactTry, Result, TierContact
from clinic.people import audit
from clinic.people.models import Patient, User
from clinic.people.worded import worded_once
from kapstone import risk

OVERDUE = "contact.overdue"  # the code of the alert about one that nobody made in time
SOONER = "a newer tier asks for it sooner"
DIED = "the person died"
_died: list[Callable[[Patient], bool]] = []


class ContactSettled(Exception):
    """Somebody has spoken with the person already, or the contact is no longer asked for."""


def died_by(lookup: Callable[[Patient], bool]) -> None:
    """The room of episodes says how to ask whether somebody died: nobody is to call them."""
    if lookup not in _died:
        _died.append(lookup)


def plan(alert: Alert, *, by: User | None) -> None:
    """Plan what the tier of a new alert asks for, in the transaction that raises it.

    Of two contacts of one person the sooner stands: a newer tier moves one forward, never back,
    and takes none away.
    """
    tier = plans.tier(alert)
    planned = risk.contacts_due(tier, alert.raised_at, sooner_contacts()) if tier else ()
    if not planned or any(died(alert.patient) for died in _died):
        return
    standing = list(_standing(alert.patient).select_for_update())
    due = risk.soonest([row.due_at for row in standing], [when for _, when in planned])
    new = []
    stands_or_none = chain(standing, repeat(None))
    for (hours, _), at, stands in zip(planned, due, stands_or_none, strict=False):
        if stands is not None and stands.due_at <= at:
            continue
        if stands is not None:
            _void([stands.pk], SOONER, alert.raised_at)
        new.append(_new(alert, str(tier), hours, at))
    TierContact.objects.bulk_create(new)
    told = {"due": [row.due_at.isoformat() for row in new]}
    audit.record(
        "plan_contacts", by=by, at=alert.raised_at, patient=alert.patient, subject=alert, **told
    )


def _new(alert: Alert, tier: str, hours: int, due_at: datetime) -> TierContact:
    return TierContact(
        patient=alert.patient,
        alert=alert,
        tier=tier,
        hours=hours,
        version=risk.CONTACTS_VERSION,
        due_at=due_at,
    )


def _void(rows: list[UUID], why: str, at: datetime) -> None:
    TierContact.objects.filter(pk__in=rows).update(voided_at=at, why=why)


def end(patient: Patient, *, by: User | None, at: datetime) -> None:
    """The person died: nobody is to call them. No other end of care takes a contact away."""
    rows = [row.pk for row in _standing(patient).select_for_update()]
    if rows:
        _void(rows, DIED, at)
        audit.record("end_contacts", by=by, at=at, patient=patient, count=len(rows))


def keep_try(made: ContactTry) -> None:
    """Keep one attempt. Only speaking with the person settles the contact."""
    contact = TierContact.objects.select_for_update().get(pk=made.contact_id)
    if contact.settled_at is not None or contact.voided_at is not None:
        raise ContactSettled
    made.save(force_insert=True)
    if made.result == Result.SPOKE:
        contact.settled_at = made.at
        contact.save(update_fields=["settled_at"])
    audit.record(
        "try_contact",
        by=made.by.user,
        at=made.at,
        patient=contact.patient,
        subject=contact,
        spoke=made.result == Result.SPOKE,
    )


def waiting() -> QuerySet[TierContact]:
    """Contacts that nobody has made yet, the soonest first."""
    rows = TierContact.objects.filter(settled_at=None, voided_at=None)
    return rows.select_related("patient").order_by("due_at", "pk")


waiting_everywhere = worded_once(waiting)


def waiting_of(patient: Patient) -> list[TierContact]:
    """The same of one person."""
    return _waiting_of(patient.pk)


@worded_once
def _waiting_of(patient_id: UUID) -> QuerySet[TierContact]:
    return waiting().filter(patient=patient_id)


def _standing(patient: Patient) -> QuerySet[TierContact]:
    return waiting().filter(patient=patient).select_related(None)


def untold(now: datetime) -> QuerySet[TierContact]:
    """Overdue ones of which nobody was told."""
    return waiting().filter(due_at__lte=now, told_at=None)


def of_subject(subject: str) -> TierContact | None:
    """The contact that an alert is about."""
    label, _, key = subject.partition(":")
    if label != TierContact._meta.label:
        return None
    return TierContact.objects.filter(pk=key).first()


def alert_of(contact: TierContact) -> Alert | None:
    """The alert that told of a contact nobody made in time."""
    subject = f"{TierContact._meta.label}:{contact.pk}"
    return Alert.objects.filter(subject=subject, code=OVERDUE).first()
