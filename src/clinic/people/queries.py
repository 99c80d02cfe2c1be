"""Reads about people."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Upper
from django.db.models.lookups import Exact
from django.utils import timezone

from clinic.people import access, staffing
from clinic.people.models import (
    AuditEntry,
    CareTeamMember,
    Duty,
    Licence,
    Patient,
    RoleGrant,
    StaffMember,
)
from clinic.people.roles import Role
from clinic.people.standing import in_force
from clinic.people.worded import worded_once

Named = Value | OuterRef


LONGEST_SEARCH = 200  # characters


def patients_matching(words: str) -> QuerySet[Patient]:
    """Patients by any part of a name, a record number or a birth date (YYYY-MM-DD).

    Each carries `has_namesake`: whether another could be taken for them. What is longer than any
    name matches nobody: a database refuses a pattern of thousands of letters.
    """
    alike = Patient.objects.filter(
        _alike(OuterRef("given_name"), OuterRef("family_name"), OuterRef("birth_date"))
    ).exclude(pk=OuterRef("pk"))
    found = Patient.objects.annotate(has_namesake=Exists(alike)).order_by(
        "family_name", "given_name", "birth_date"
    )
    if len(words) > LONGEST_SEARCH:
        return found.none()
    for word in words.split():
        wanted = (
            Q(family_name__icontains=word)
            | Q(given_name__icontains=word)
            | Q(preferred_name__icontains=word)
            | Q(record_number__iexact=word)
        )
        born = _date(word)
        found = found.filter(wanted | Q(birth_date=born) if born else wanted)
    return found


def _date(word: str) -> date | None:
    try:
        return date.fromisoformat(word)
    except ValueError:
        return None


def namesakes(patient: Patient) -> list[Patient]:
    """Others with the same family name who share a given name or a birth date.

    Shown wherever this person is named, so that nobody charts on a twin.
    """
    return _namesakes(patient.pk, patient.given_name, patient.family_name, patient.birth_date)


@worded_once
def _namesakes(
    patient_id: UUID, given_name: str, family_name: str, birth_date: date
) -> QuerySet[Patient]:
    alike = _alike(Value(given_name), Value(family_name), birth_date)
    others = Patient.objects.filter(alike).exclude(pk=patient_id)
    return others.order_by("birth_date", "record_number")


def _alike(given_name: Named, family_name: Named, birth_date: object) -> Q:
    """The same in whichever letters."""
    given = Exact(Upper("given_name"), Upper(given_name))
    family = Exact(Upper("family_name"), Upper(family_name))
    return Q(family) & (Q(given) | Q(birth_date=birth_date))


def care_team(patient: Patient, at: datetime) -> QuerySet[CareTeamMember]:
    """Who treats this person at a moment."""
    return (
        CareTeamMember.objects.filter(in_force(at), patient=patient)
        .select_related("staff__user")
        .order_by("staff__user__name")
    )


def prescribers(patients: Collection[UUID], at: datetime) -> dict[UUID, tuple[str, ...]]:
    """The prescribers on the team of each of these people, by name."""
    granted = RoleGrant.objects.filter(
        in_force(at), staff=OuterRef("staff"), role__in=(Role.PRESCRIBER, Role.MEDICAL_DIRECTOR)
    )
    rows = CareTeamMember.objects.filter(
        Exists(granted), in_force(at), patient__in=patients, staff__left_at=None
    )
    found: dict[UUID, tuple[str, ...]] = {}
    for patient, name in rows.order_by("staff__user__name").values_list(
        "patient", "staff__user__name"
    ):
        found[patient] = (*found.get(patient, ()), name)
    return found


def not_over(at: datetime) -> Q:
    """Rows of a period that hold now or later."""
    return Q(ends_at__isnull=True) | Q(ends_at__gt=at)


@dataclass(frozen=True, slots=True)
class LicenceLine:
    """A licence and how it stands today."""

    licence: Licence
    in_force: bool
    soon_over: bool


@dataclass(frozen=True, slots=True)
class StaffLine:
    """A member of staff with what lets them act; `asleep` are roles without their licence."""

    staff: StaffMember
    roles: list[RoleGrant]
    licences: list[LicenceLine]
    asleep: frozenset[str]


def staff_line(staff: StaffMember, at: datetime) -> StaffLine:
    """One member of staff at a moment."""
    today, awake = timezone.localdate(at), access.actor(staff.user, at).roles
    roles = [row for row in staff.roles.all() if row.ends_at is None or row.ends_at > at]
    licences = [
        LicenceLine(
            row,
            in_force=row.revoked_at is None and row.expires_on >= today,
            soon_over=row.revoked_at is None and staffing.soon_over(row.expires_on, today),
        )
        for row in staff.licences.order_by("-expires_on", "pk")
    ]
    asleep = frozenset(Role(row.role).label for row in roles if row.role not in awake)
    return StaffLine(staff, roles, licences, asleep)


def staff_list(at: datetime) -> list[StaffLine]:
    """Everybody with an account as staff; those who left come last."""
    everybody = StaffMember.objects.select_related("user").prefetch_related("roles")
    return [
        staff_line(staff, at)
        for staff in everybody.order_by(F("left_at").asc(nulls_first=True), "user__name")
    ]


def roster(at: datetime) -> QuerySet[Duty]:
    """Duties that hold now or lie ahead, soonest first."""
    return (
        Duty.objects.filter(not_over(at))
        .select_related("staff__user")
        .order_by("kind", "starts_at", "step")
    )


def trail(patient: Patient) -> QuerySet[AuditEntry]:
    """Who read or changed this person's record, latest first."""
    return AuditEntry.objects.filter(patient=patient).select_related("actor").order_by("-sequence")
