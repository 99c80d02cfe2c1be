"""Writes about safety plans."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from clinic.people import audit
from clinic.people.models import Patient, User
from clinic.safety.models import SafeSurroundings, SafetyPlan

_COMPARED = (
    "warning_signs",
    "own_coping",
    "distraction",
    "people_to_ask",
    "professionals",
    "reasons_for_living",
)
_AGREED = ("item", "action", "who", "by_when")


class PlanMoved(Exception):
    """Somebody kept a newer version meanwhile."""


@transaction.atomic
def keep_plan(
    *,
    plan: SafetyPlan,
    surroundings: Sequence[SafeSurroundings],
    before: int,
    by: User,
    at: datetime,
) -> SafetyPlan:
    """Keep what was agreed with the person as the next version after `before` (0: none).

    Raises PlanMoved where another version came meanwhile.
    """
    Patient.objects.select_for_update().get(pk=plan.patient_id)  # two who save take turns
    last = SafetyPlan.objects.filter(patient=plan.patient).order_by("version").last()
    if (last.version if last else 0) != before:
        raise PlanMoved
    plan.version, plan.made_at, plan.made_by = before + 1, at, by
    plan.unchanged = last is not None and _same(plan, surroundings, last)
    plan.save(force_insert=True)
    for row in surroundings:
        row.plan = plan
    SafeSurroundings.objects.bulk_create(surroundings)
    audit.record(
        "keep_safety_plan", by=by, at=at, patient=plan.patient, subject=plan, version=plan.version
    )
    return plan


def _same(plan: SafetyPlan, surroundings: Sequence[SafeSurroundings], last: SafetyPlan) -> bool:
    def agreed(rows: Sequence[SafeSurroundings]) -> list[tuple[object, ...]]:
        return [tuple(getattr(row, name) for name in _AGREED) for row in rows]

    texts = all(getattr(plan, name) == getattr(last, name) for name in _COMPARED)
    return texts and agreed(surroundings) == agreed(list(last.surroundings.order_by("pk")))
