"""Writes about the plan."""

from datetime import datetime

from django.db import transaction

from clinic.episodes import actions as episodes
from clinic.episodes.models import Episode
from clinic.people import audit
from clinic.people.models import Patient, User
from clinic.planning import known, queries
from clinic.planning.models import Plan
from kapstone import pathway
from kapstone.dose import Product, Route, Situation, rows_for
from kapstone.dose.treatment import Ask, treatment
from kapstone.errors import InvalidInput, KapstoneError, UnknownContent
from kapstone.pathway import Need

SHORTEST_RATIONALE = 20  # characters. Source: protocol section 0.2, mark P


class NoEpisode(KapstoneError):
    """There is no open episode of care to plan for."""

    def __init__(self) -> None:
        super().__init__("No episode of care is open: begin with a referral.")


def locked_episode(patient: Patient) -> Episode:
    """The open episode, held until the transaction ends so that two writers take turns."""
    held = patient.episodes.select_for_update().filter(ended_at__isnull=True).first()
    if held is None:
        raise NoEpisode
    return held


@transaction.atomic
def save_plan(*, plan: Plan, by: User, at: datetime) -> Plan:
    """A prescriber writes a plan, or a new version that replaces the one they saw.

    Raises `InvalidInput` for what does not fit together, and what `episodes.actions.advance` raises
    where the episode cannot go on to a plan (no clearance, not screened yet).
    """
    plan.episode = locked_episode(plan.patient)
    before = queries.current_plan(plan.patient)
    plan.replaces, seen = before, plan.replaces_id
    if seen != (before and before.pk):
        problem = "was changed by somebody else meanwhile."
        raise InvalidInput("plan", problem, "Read the newest version, then change it.")
    _check(plan)
    plan.content_version = treatment().version
    plan.recorded_at, plan.by = at, by
    plan.save(force_insert=True)
    _step(plan, by=by, at=at)
    audit.record(
        "save_plan",
        by=by,
        at=at,
        patient=plan.patient,
        subject=plan,
        replaces=str(before.pk) if before else None,
    )
    return plan


def _check(plan: Plan) -> None:
    model = treatment().dose_model(plan.dose_model_id)
    if plan.product not in model.products or plan.route not in model.routes:
        problem = f"{model.name} is not used with {plan.product.lower()} {plan.route}."
        raise InvalidInput("dose_model_id", problem, "Choose another model, product or route.")
    indication = treatment().indication(plan.indication_id)
    if indication.ask is Ask.OUTSIDE:
        raise InvalidInput("indication_id", indication.note, "It cannot be planned here.")
    _check_limits(plan)
    if indication.ask is Ask.RATIONALE and len(plan.rationale.strip()) < SHORTEST_RATIONALE:
        problem = "is needed for this indication."
        mend = f"Say why in at least {SHORTEST_RATIONALE} characters."
        raise InvalidInput("rationale", problem, mend)
    if plan.replaces is not None and not plan.reason.strip():
        raise InvalidInput("reason", "is missing.", "Say why the plan changes.")


def _check_limits(plan: Plan) -> None:
    """What no order can be held against is not planned either."""
    product, route = Product(plan.product), Route(plan.route)
    try:
        rows_for(Situation(product=product, route=route, indication_id=plan.indication_id))
    except UnknownContent as error:
        problem = f"does not go with {plan.indication_id}."
        raise InvalidInput("treatment", problem, str(error)) from None


def _step(plan: Plan, *, by: User, at: datetime) -> None:
    """A first plan moves the episode on; one that undoes the consent moves it back."""
    episode = plan.episode
    have = {Need.PLAN}
    if known.has_clearance(plan.patient, plan.product, plan.route, at):
        have.add(Need.CLEARANCE)
    missing = {Need.CLEARANCE} - have
    if missing:
        raise episodes.NeedMissing(pathway.Episode.PLANNED, missing)
    same = plan.replaces is not None and plan.replaces.agreed_on == plan.agreed_on
    if same or episode.stage == pathway.Episode.PLANNED:
        return
    plan.episode = episodes.advance(
        episode=episode,
        to=pathway.Episode.PLANNED,
        have=have,
        by=by,
        at=at,
        reason=plan.reason,
    )
