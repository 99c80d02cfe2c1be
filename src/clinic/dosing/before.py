"""What the earlier rooms say of a dosing day, in the words of this one.

A room that is not there says nothing, and what nobody has said is never taken for a yes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from importlib import import_module
from typing import Any
from uuid import UUID

from django.apps import apps

from clinic.people.models import Patient, User
from kapstone import eligibility
from kapstone.eligibility import Screening
from kapstone.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Ordered:
    """The order in force."""

    order_id: UUID
    product: str
    route: str
    dose_mg: Decimal
    dose_mg_per_kg: Decimal
    volume_ml: Decimal
    infusion_min: int | None
    hard_max_mg: Decimal
    weight_kg: Decimal


def _ask(room: str, place: str, name: str) -> Callable[..., Any] | None:
    if not apps.is_installed(f"clinic.{room}"):
        return None
    found: Callable[..., Any] = getattr(import_module(f"clinic.{room}.{place}"), name)
    return found


def order(patient: Patient, at: datetime) -> Ordered | None:
    """The signed order in force, if there is one."""
    ask = _ask("planning", "queries", "order_in_force")
    row = ask(patient, at) if ask else None
    if row is None:
        return None
    return Ordered(
        order_id=row.pk,
        product=row.product,
        route=row.route,
        dose_mg=row.dose_mg,
        dose_mg_per_kg=row.dose_mg_per_kg,
        volume_ml=row.volume_ml,
        infusion_min=row.infusion_min,
        hard_max_mg=row.hard_max_mg,
        weight_kg=row.weight_kg,
    )


def has_consent(patient: Patient, at: datetime) -> bool:
    """Whether a signed consent to the present plan is in force."""
    ask = _ask("planning", "queries", "consent_in_force")
    return bool(ask and ask(patient, at))


def reconfirm_consent(*, patient: Patient, session_id: UUID, by: User, at: datetime) -> None:
    """The person still wants it, asked on the day, before any drug."""
    act = _ask("planning", "actions", "reconfirm_consent")
    if act is not None:
        act(patient=patient, session_id=session_id, by=by, at=at)


def is_cleared(patient: Patient, at: datetime) -> bool:
    """Whether a prescriber's clearance is in force."""
    ask = _ask("intake", "queries", "clearance")
    return bool(ask and ask(patient, at))


def screening_today(patient: Patient, at: datetime) -> Screening | None:
    """Every rule run again for a dosing day; None where nothing is known to run them on."""
    ask = _ask("intake", "queries", "facts")
    if ask is None:
        return None
    try:
        return eligibility.screen(eligibility.read_facts(ask(patient, at) | {"for": "dosing_day"}))
    except InvalidInput:
        return None


def note_weight(
    *, patient: Patient, weight_kg: Decimal, measured_at: datetime, by: User | None, at: datetime
) -> None:
    """Let the room of facts know the weight of the day."""
    act = _ask("intake", "actions", "record_fact")
    if act is not None:
        act(
            patient=patient,
            key="weight_today_kg",
            value=float(weight_kg),
            observed_at=measured_at,
            source="staff",
            by=by,
            at=at,
        )


def stop_word(patient: Patient) -> str:
    """The word that stops everything, as agreed in preparation."""
    ask = _ask("therapy", "queries", "preparation")
    held = ask(patient) if ask else None
    return str(held.stop_word) if held else ""
