"""Reads about plans, consents and orders."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from clinic.episodes import queries as episodes
from clinic.measures import queries as measures
from clinic.measures.models import QuestionnaireResponse
from clinic.people.models import Patient
from clinic.people.worded import worded_once
from clinic.planning import renewal
from clinic.planning.models import Consent, ConsentWithdrawal, Order, Plan
from kapstone.dose import State
from kapstone.dose.treatment import treatment

BASELINE_AGE = timedelta(days=14)  # at the order. Source: protocol IND-R1, mark P


def current_plan(patient: Patient) -> Plan | None:
    """The newest version of the plan of the open episode."""
    episode = episodes.open_episode(patient)
    return next(iter(_plans(episode.pk)), None) if episode else None


@worded_once
def _plans(episode_id: UUID) -> QuerySet[Plan]:
    return Plan.objects.filter(episode=episode_id, replaced_by__isnull=True)


def plan_versions(patient: Patient) -> QuerySet[Plan]:
    """Every version, newest first."""
    return patient.plans.select_related("by").order_by("-recorded_at")


def last_consent(patient: Patient) -> Consent | None:
    """The newest signing, whether or not it holds."""
    return next(iter(_last_consent(patient.pk)), None)


@worded_once
def _last_consent(patient_id: UUID) -> QuerySet[Consent]:
    rows = Consent.objects.filter(patient=patient_id).select_related("plan", "explained_by")
    return rows.order_by("-signed_at")[:1]


def why_no_consent(patient: Patient, at: datetime) -> str:
    """Why no consent holds at a moment, in words; empty while one does."""
    plan, found = current_plan(patient), last_consent(patient)
    if plan is None:
        return "There is no plan to consent to."
    if found is None:
        return "Nothing has been signed."
    withdrawn = _last_withdrawal(patient.pk)
    return renewal.why_not(found, plan, withdrawn[0].at if withdrawn else None, at)


def withdrawal_in_force(patient: Patient) -> ConsentWithdrawal | None:
    """The newest withdrawal, while no consent was signed after it."""
    newest = _last_withdrawal(patient.pk)
    last = last_consent(patient) if newest else None
    if not newest or (last is not None and last.signed_at > newest[0].at):
        return None
    return newest[0]


@worded_once
def _last_withdrawal(patient_id: UUID) -> QuerySet[ConsentWithdrawal]:
    return ConsentWithdrawal.objects.filter(patient=patient_id).order_by("-at", "-pk")[:1]


def consent_in_force(patient: Patient, at: datetime) -> Consent | None:
    """The consent that holds: the newest, agreed, not withdrawn, in date, for the plan as it is."""
    return None if why_no_consent(patient, at) else last_consent(patient)


def orders(patient: Patient) -> QuerySet[Order]:
    """Every order, newest first."""
    return _orders(patient.pk)


def _orders(patient_id: UUID) -> QuerySet[Order]:
    kin = ("plan", "signed_by", "second_signature__by", "cancellation__by")
    return Order.objects.filter(patient=patient_id).select_related(*kin).order_by("-signed_at")


_orders_now = worded_once(_orders)


def is_cancelled(order: Order) -> bool:
    """Whether it was taken back."""
    return hasattr(order, "cancellation")


def is_complete(order: Order) -> bool:
    """Whether everyone who must sign has signed."""
    return order.state != State.NEEDS_SECOND_SIGNATURE or hasattr(order, "second_signature")


def how_doses_went(patient: Patient) -> dict[UUID, Order]:
    """By session of a dose, the newest order that says how it went."""
    said = (order for order in reversed(_orders_now(patient.pk)) if order.about_session)
    return {order.about_session: order for order in said if order.about_session}


def waiting_everywhere() -> list[Order]:
    """Every order that waits for its second signature, longest first."""
    later = Order.objects.filter(patient=OuterRef("patient"), signed_at__gt=OuterRef("signed_at"))
    rows = Order.objects.filter(
        ~Exists(later),
        state=str(State.NEEDS_SECOND_SIGNATURE),
        second_signature__isnull=True,
        cancellation__isnull=True,
    )
    found = rows.select_related("patient", "plan", "signed_by").order_by("signed_at")
    return [order for order in found if fits_plan(order)]


def waiting_order(patient: Patient) -> Order | None:
    """The newest order, where it waits for a second signature."""
    newest = orders(patient).first()
    if newest is None or is_complete(newest) or is_cancelled(newest):
        return None
    return newest if fits_plan(newest) else None


def fits_plan(order: Order) -> bool:
    """Whether the plan still names what the order is for."""
    plan = current_plan(order.patient)
    if plan is None:
        return False
    return (plan.episode_id, plan.agreed_on) == (order.plan.episode_id, order.plan.agreed_on)


def order_in_force(patient: Patient, at: datetime) -> Order | None:
    """The newest complete order, for the plan as it is.

    One that waits for its second signature changes nothing yet. A newest one that was cancelled
    brings no older one back. Whether consent and clearance hold is asked beside it.
    """
    rows = _orders_now(patient.pk)
    signed = (order for order in rows if order.signed_at <= at and is_complete(order))
    newest = next(signed, None)
    if newest is None or is_cancelled(newest) or not fits_plan(newest):
        return None
    return newest


def baseline(plan: Plan, at: datetime) -> QuestionnaireResponse | None:
    """A scored rating that matches the indication and is not too old, the newest."""
    wanted = treatment().indication(plan.indication_id).baseline
    scored = [
        response
        for response in measures.responses(plan.patient)
        if response.instrument in wanted
        and at - BASELINE_AGE <= response.observed_at <= at
        and response.scores.get("total") is not None
    ]
    return min(reversed(scored), key=lambda each: wanted.index(each.instrument), default=None)
