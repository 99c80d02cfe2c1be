"""Writes about people: one function an event, each with its audit row."""

from datetime import datetime

from django.db import transaction

from clinic.people import admission, audit, heard
from clinic.people.models import CareTeamMember, Patient, StaffMember, User


@transaction.atomic
def register_patient(*, patient: Patient, by: User | None, at: datetime) -> Patient:
    """Add a person, give them the next record number, and let who registered them see them.

    Raises `admission.NotAdmitted` for somebody real while the clinic may take in none.
    """
    admission.check(patient)
    patient.record_number = _next_record_number()
    patient.registered_at = at
    patient.full_clean(exclude=["id"])
    patient.save(force_insert=True)
    audit.record("register_patient", by=by, at=at, patient=patient, subject=patient)
    return patient


def _next_record_number() -> str:
    last = Patient.objects.select_for_update().order_by("-record_number").first()
    number = int(last.record_number.removeprefix("K")) + 1 if last else 1
    return f"K{number:06d}"


@transaction.atomic
def correct_identity(*, patient: Patient, changed: list[str], by: User, at: datetime) -> Patient:
    """Save corrected names or contacts. The audit row names the fields, not the values.

    By another time zone, what is not sent yet is timed anew at once, in the same transaction.
    """
    patient.full_clean()
    patient.save(update_fields=changed)
    audit.record(
        "correct_identity", by=by, at=at, patient=patient, subject=patient, fields=sorted(changed)
    )
    if "time_zone" in changed:
        heard.changed(patient, by, at)
    return patient


@transaction.atomic
def join_team(
    *, patient: Patient, staff: StaffMember, by: User | None, at: datetime
) -> CareTeamMember:
    """Put a member of staff on the team that treats this person. Twice changes nothing."""
    member, made = CareTeamMember.objects.get_or_create(
        patient=patient, staff=staff, ends_at=None, defaults={"starts_at": at}
    )
    if made:
        audit.record("join_team", by=by, at=at, patient=patient, subject=member)
    return member


@transaction.atomic
def leave_team(*, member: CareTeamMember, by: User, at: datetime) -> CareTeamMember:
    """End a member's part in this person's care."""
    member.ends_at = at
    member.save(update_fields=["ends_at"])
    audit.record("leave_team", by=by, at=at, patient=member.patient, subject=member)
    return member
