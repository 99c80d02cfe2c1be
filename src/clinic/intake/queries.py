"""What other rooms ask of this one: facts, weight, clearance, overrides."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from clinic.intake import screening
from clinic.intake.known import Weight, fact, facts, latest_weight
from clinic.intake.models import Clearance, ClearanceEvent, Override
from clinic.people.models import Patient
from clinic.people.worded import worded_once
from kapstone.findings import Finding, Severity

__all__ = [
    "Weight",
    "clearance",
    "covering",
    "fact",
    "facts",
    "lapsed_upon",
    "last_clearance",
    "latest_weight",
    "overrides",
    "run_for",
    "why_lapsed",
]


def last_clearance(patient: Patient) -> Clearance | None:
    """The newest clearance that has not lapsed or been ended by a row."""
    for found in _last_clearance(patient.pk):
        found.patient = patient
        return found
    return None


@worded_once
def _last_clearance(patient_id: UUID) -> QuerySet[Clearance]:
    ended = ClearanceEvent.objects.exclude(kind="restamped").values("clearance")
    rows = Clearance.objects.filter(patient=patient_id).exclude(pk__in=ended)
    return rows.order_by("-cleared_at")[:1]


def clearance(patient: Patient, at: datetime) -> Clearance | None:
    """The clearance in force. The rules run again at each reading: none outlives what it saw."""
    found = last_clearance(patient)
    if found is None or not found.cleared_at <= at < found.expires_at:
        return None
    return None if why_lapsed(found, run_for(found, at)) else found


def lapsed_upon(at: datetime) -> dict[UUID, list[Finding]]:
    """What the rules found when the newest clearance of somebody lapsed, by their id.

    Without what an override in force covers. Of those whose clearance stands, nothing.
    """
    later = Clearance.objects.filter(
        patient=OuterRef("clearance__patient"), cleared_at__gt=OuterRef("clearance__cleared_at")
    )
    rows = ClearanceEvent.objects.filter(
        ~Exists(later), kind="lapsed", clearance__episode__ended_at=None
    )
    told = dict(rows.values_list("clearance__patient", "screening__findings"))
    covers: dict[UUID, list[Override]] = {}
    for row in Override.objects.filter(
        patient__in=told, end__isnull=True, of_day=None, made_at__lte=at, expires_at__gt=at
    ):
        covers.setdefault(row.patient_id, []).append(row)
    return {
        patient: [
            each for each in map(_finding, found) if covering(covers.get(patient, ()), each) is None
        ]
        for patient, found in told.items()
    }


def _finding(told: Mapping[str, Any]) -> Finding:
    severity, band = Severity(told["severity"]), told["band"]
    return Finding(told["rule"], severity, told["message"], told["because"], band=band)


def why_lapsed(found: Clearance, run: screening.Run) -> list[str]:
    """Why a clearance does not stand upon what is known now; empty while it does."""
    overridden = {str(code) for code in found.screening.get("overridden", [])}
    return screening.lapse_reasons(found.screening, run.screening, overridden)


def run_for(found: Clearance, at: datetime) -> screening.Run:
    """Screen for what was cleared, whatever is asked for since."""
    request = {"product": found.product, "route": found.route}
    return screening.run(found.patient, at, request)


def overrides(patient: Patient, at: datetime, *, of_day: bool = False) -> list[Override]:
    """Overrides that have neither lapsed nor expired, newest first.

    Those of a dosing day decide nothing but that day, and are left out unless they are asked for.
    """
    rows = _overrides(patient.pk, at)
    return rows if of_day else [row for row in rows if row.of_day is None]


@worded_once
def _overrides(patient_id: UUID, at: datetime) -> QuerySet[Override]:
    rows = Override.objects.filter(patient=patient_id, end__isnull=True)
    held = rows.filter(made_at__lte=at, expires_at__gt=at)
    return held.select_related("by").order_by("-made_at")


def covering(held: Iterable[Override], finding: Finding) -> Override | None:
    """The override that was made for this finding as it stands."""
    return next((override for override in held if screening.covers(override, finding)), None)
