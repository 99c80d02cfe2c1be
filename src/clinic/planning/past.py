"""What stands beside the order: how the last sessions went, and how far the course has come.

What was charted during a session, dosing tells, which this room may not import.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from clinic.episodes import queries as episodes
from clinic.episodes.models import GivenDose
from clinic.measures import queries as measures
from clinic.people.models import Patient
from clinic.planning import known, queries
from clinic.planning.models import Order, Plan
from kapstone import dose, instruments
from kapstone.dose.treatment import DoseModel, treatment
from kapstone.outcome import Change, compare

SHOWN = 4
MG_PER_KG = Decimal("0.001")


@dataclass(frozen=True, slots=True)
class Pressure:
    """Systolic over diastolic in mmHg, each as charted."""

    systolic_mmhg: Decimal
    diastolic_mmhg: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Charted:
    """What was charted of a session from its dose on; None and empty: nothing was.

    highest: the reading with the highest systolic value. peaks: label and highest score.
    """

    weight_kg: Decimal | None
    before: Pressure | None
    highest: Pressure | None
    highest_after: timedelta | None
    last: Pressure | None
    peaks: tuple[tuple[str, Decimal], ...]
    symptoms: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PastSession:
    """One dose given here. said: the order after it, where it says how it went."""

    given: GivenDose
    dose_mg_per_kg: Decimal | None
    charted: Charted | None
    said: Order | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """How far the course of this plan's product and route has come."""

    doses: int
    planned_doses: int
    days: Decimal | None
    reassess: bool | None
    change: Change | None
    scored_at: datetime | None


Source = Callable[[Patient, UUID], Charted | None]
_sources: list[Source] = []


def told_by(source: Source) -> None:
    """Called once by dosing's `AppConfig.ready`, with its query for what a session's line holds."""
    if source not in _sources:
        _sources.append(source)


def sessions(patient: Patient) -> list[PastSession]:
    """The last doses given here, of whatever product and route, the newest first."""
    went = queries.how_doses_went(patient)
    newest = reversed(episodes.doses(patient)[-SHOWN:])
    return [_past(patient, given, went.get(given.session_id)) for given in newest]


def _past(patient: Patient, given: GivenDose, said: Order | None) -> PastSession:
    told = (source(patient, given.session_id) for source in _sources)
    charted = next((each for each in told if each is not None), None)
    weight_kg = charted.weight_kg if charted else None
    return PastSession(
        given=given,
        dose_mg_per_kg=(given.dose_mg / weight_kg).quantize(MG_PER_KG) if weight_kg else None,
        charted=charted,
        said=said,
    )


def course(plan: Plan, facts: known.Facts) -> Course:
    """Doses, days and scores of this course."""
    given = [one for one in episodes.doses(plan.patient) if one.episode_id == plan.episode_id]
    alike = [one for one in given if (one.product, one.route) == (plan.product, plan.route)]
    change, scored_at = _change(plan, alike[0].started_at) if alike else (None, None)
    return Course(
        doses=len(alike),
        planned_doses=plan.sessions,
        days=facts.course_days,
        reassess=dose.reassess_reached(len(alike), facts.course_days),
        change=change,
        scored_at=scored_at,
    )


def _change(plan: Plan, first_at: datetime) -> tuple[Change | None, datetime | None]:
    """The matching score now against the one before the first dose, as far as both are known."""
    for name in treatment().indication(plan.indication_id).baseline:
        rows = [
            (row.observed_at, row.scores["total"])
            for row in measures.responses(plan.patient)
            if row.instrument == name and row.scores.get("total") is not None
        ]
        before = [each for each in rows if each[0] <= first_at]
        since = [each for each in rows if each[0] > first_at]
        if before and since:
            told = compare(instruments.load(name), before[-1][1], since[-1][1])
            return told, since[-1][0]
    return None, None


def models(plan: Plan) -> list[DoseModel]:
    """The therapy models that go with this product and route, the plan's own among them."""
    held = treatment().dose_models.values()
    return [one for one in held if plan.product in one.products and plan.route in one.routes]
