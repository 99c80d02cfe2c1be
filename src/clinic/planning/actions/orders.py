"""Writes about orders."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from clinic.episodes import actions as episodes
from clinic.episodes.models import Episode
from clinic.people import audit
from clinic.people.models import Patient, User
from clinic.planning import known, lowered, needs, ordering, queries
from clinic.planning.actions.plans import locked_episode
from clinic.planning.models import Order, OrderCancellation, SecondSignature
from clinic.planning.models.orders import SIGNABLE
from clinic.planning.ordering import Judged, Typed
from kapstone import pathway
from kapstone.dose import State, WeightBasis, differs_much
from kapstone.errors import InvalidInput, KapstoneError
from kapstone.limits import Limits
from kapstone.pathway import Need

SHORTEST_RATIONALE = 20  # characters. Source: protocol section 0.2, mark P
_ON_RECORD = {Need.CLEARANCE, Need.CONSENT, Need.BASELINE, Need.PREPARATION, Need.ORDER}
_STARTS_SERIES = (pathway.Episode.PREPARED, pathway.Episode.PAUSED)


class NotSignable(KapstoneError):
    """An order that cannot be signed as it stands."""


@transaction.atomic
def sign_order(*, patient: Patient, typed: Typed, by: User, at: datetime) -> Order:
    """A prescriber signs a dose: what stands on the screen, no more and no less.

    Everything is judged again here. Raises `InvalidInput`, `NotSignable` or `needs.Lacking`, and
    writes nothing then. Sent twice, it is kept once.
    """
    episode = locked_episode(patient)
    kept = patient.orders.filter(pk=typed.order_id).first()
    if kept is not None:
        return kept
    plan = queries.current_plan(patient)
    if plan is None:
        raise NotSignable("There is no plan to order for.")
    judged = ordering.judge(plan, typed, known.facts(plan, at))
    limits, dose = _signable(judged, typed)
    lacks = needs.before_order(plan, at, dose)
    if lacks:
        raise needs.Lacking(lacks)
    order = _row(judged, limits, typed)
    order.patient, order.plan = patient, plan
    order.consent = queries.consent_in_force(patient, at)  # type: ignore[assignment]  # no lack
    order.baseline = queries.baseline(plan, at)  # type: ignore[assignment]  # no lack
    order.signed_by, order.signed_at = by, at
    order.save(force_insert=True)
    if queries.is_complete(order):
        _take_effect(order, episode, by=by, at=at)
    audit.record("sign_order", by=by, at=at, patient=patient, subject=order, state=str(order.state))
    return order


def _signable(judged: Judged, typed: Typed) -> tuple[Limits, needs.Dose]:
    check = judged.check
    if check.state not in SIGNABLE or check.limits is None or check.dose_mg is None:
        raise NotSignable("This order cannot be signed. See what is missing or refused below.")
    if typed.seen != judged.seen:
        raise NotSignable("The figures are not those you saw. Read them again, then sign.")
    if check.state is not State.WITHIN and len(typed.rationale.strip()) < SHORTEST_RATIONALE:
        mend = f"Say why in at least {SHORTEST_RATIONALE} characters."
        raise InvalidInput("rationale", "is needed for this dose.", mend)
    return check.limits, needs.Dose(check.dose_mg, check.limits.weight_kg)


def _row(judged: Judged, limits: Limits, typed: Typed) -> Order:
    order, check = judged.order, judged.check
    held = check.as_json()
    same = ("dose_mg", "dose_mg_per_kg", "volume_ml", "devices", "version")
    went = ("last_ae_grade", "last_bp_ok", "last_tolerated")
    ends = ("soft_max_mg", "hard_max_mg", "first_max_mg")
    values: dict[str, Any] = {
        "id": typed.order_id,
        "product": str(order.product),
        "route": str(order.route),
        "indication_id": order.indication_id,
        "concentration_mg_per_ml": order.concentration_mg_per_ml,
        "formulation": str(typed.formulation),
        "salt_or_base": str(typed.salt_or_base),
        "sedative_planned": typed.sedative_planned,
        "infusion_min": typed.infusion_min,
        "weight_kg": order.weight_kg,
        "weight_measured_at": judged.facts.weight_measured_at,
        "weight_basis": str(order.weight_basis or WeightBasis.ACTUAL),
        "state": str(check.state),
        "rationale": typed.rationale.strip(),
        "limits": held["limits"],
        "findings": held["findings"],
    }
    values |= {name: getattr(check, name) for name in same}
    values |= {name: getattr(limits, name) for name in ends}
    if judged.facts.last_session is not None:
        values |= {name: getattr(typed, name) for name in went}
        values["about_session"] = judged.facts.last_session
    return Order(**values)


@transaction.atomic
def second_sign_order(*, order: Order, by: User, at: datetime) -> SecondSignature:
    """A pharmacist or medical director agrees to a dose above the soft limit."""
    episode = locked_episode(order.patient)
    if queries.waiting_order(order.patient) != order:
        raise NotSignable("This order no longer waits for a second signature.")
    if order.signed_by == by:
        raise NotSignable("The second signature is another person's.")
    if differs_much(known.facts(order.plan, at).weight_kg, order.weight_kg):
        raise NotSignable("The weight has changed much since. A prescriber writes the order anew.")
    if above := lowered.waiting(order.pk):
        raise NotSignable(above)
    dose = needs.Dose(order.dose_mg, Decimal(str(order.limits["weight_kg"])))
    lacks = needs.before_order(order.plan, at, dose)
    if lacks:
        raise needs.Lacking(lacks)
    row = SecondSignature.objects.create(order=order, by=by, at=at)
    _take_effect(order, episode, by=by, at=at)
    audit.record("second_sign_order", by=by, at=at, patient=order.patient, subject=order)
    return row


@transaction.atomic
def cancel_order(*, order: Order, reason: str, by: User, at: datetime) -> OrderCancellation:
    """An order is taken back, or refused by whom it waited for. Said twice, it is kept once."""
    if not reason.strip():
        raise InvalidInput("reason", "is missing.", "Say why the order is cancelled.")
    row, is_new = OrderCancellation.objects.get_or_create(
        order=order, defaults={"by": by, "at": at, "reason": reason.strip()}
    )
    if is_new:
        audit.record("cancel_order", by=by, at=at, patient=order.patient, subject=order)
    return row


@transaction.atomic
def stop_orders(*, patient: Patient, reason: str, by: User, at: datetime) -> None:
    """What stands or waits is cancelled: consent was withdrawn, or care was paused or ended."""
    stands = (queries.order_in_force(patient, at), queries.waiting_order(patient))
    for order in (each for each in stands if each is not None):
        cancel_order(order=order, reason=reason, by=by, at=at)


def _take_effect(order: Order, episode: Episode, *, by: User, at: datetime) -> None:
    """The first order of a prepared or paused episode begins or resumes its series."""
    if episode.stage not in _STARTS_SERIES:
        return
    if not _has_open_series(episode):
        sessions = order.plan.sessions
        episodes.open_series(episode=episode, planned_doses=sessions, by=by, at=at)
    episodes.advance(episode=episode, to=pathway.Episode.IN_SERIES, have=_ON_RECORD, by=by, at=at)


def _has_open_series(episode: Episode) -> bool:
    open_states = [str(state) for state in pathway.Series if pathway.allowed(state)]
    return episode.series.filter(status__in=open_states).exists()
