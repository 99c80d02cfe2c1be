"""Reads about people."""

from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from clinic.people import access
from clinic.people.models import CareTeamMember, Patient


def patients_matching(words: str) -> QuerySet[Patient]:
    """Patients by any part of a name, a record number or a birth date (YYYY-MM-DD).

    Each carries `has_namesake`: whether another could be taken for them.
    """
    alike = Patient.objects.filter(
        _alike(OuterRef("given_name"), OuterRef("family_name"), OuterRef("birth_date"))
    ).exclude(pk=OuterRef("pk"))
    found = Patient.objects.annotate(has_namesake=Exists(alike)).order_by(
        "family_name", "given_name", "birth_date"
    )
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


def namesakes(patient: Patient) -> QuerySet[Patient]:
    """Others with the same family name who share a given name or a birth date.

    Shown wherever this person is named, so that nobody charts on a twin.
    """
    return (
        Patient.objects.filter(_alike(patient.given_name, patient.family_name, patient.birth_date))
        .exclude(pk=patient.pk)
        .order_by("birth_date", "record_number")
    )


def _alike(given_name: object, family_name: object, birth_date: object) -> Q:
    same = Q(given_name__iexact=given_name) | Q(birth_date=birth_date)
    return Q(family_name__iexact=family_name) & same


def care_team(patient: Patient, at: datetime) -> QuerySet[CareTeamMember]:
    """Who treats this person at a moment."""
    return (
        CareTeamMember.objects.filter(access.in_force(at), patient=patient)
        .select_related("staff__user")
        .order_by("staff__user__name")
    )
