"""What the room reads of the intake: weight, clearance, and the facts a dose is judged by."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from clinic.episodes import queries as episodes
from clinic.episodes.models import GivenDose
from clinic.intake import queries as intake
from clinic.intake.models import FactAnswer
from clinic.people.models import Patient
from clinic.planning import queries
from clinic.planning.models import Order, Plan
from kapstone.dose import ChildPugh, PreviousDose, Sex

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of a person that the limits of a dose depend on. None is unknown."""

    weight_kg: Decimal | None
    weight_measured_at: datetime | None
    weight_days_ago: Decimal | None
    previous_weight_kg: Decimal | None
    height_cm: Decimal | None
    sex: Sex | None
    age_y: Decimal | None
    child_pugh: ChildPugh | None
    first_exposure: bool | None
    course_days: Decimal | None
    previous: tuple[PreviousDose, ...]
    last_session: UUID | None


def facts(plan: Plan, at: datetime) -> Facts:
    """What is known now. Doses by another route are exposure, but no step to compare with."""
    patient = plan.patient
    told = intake.facts(patient, at)
    given = episodes.doses(patient)
    alike = [dose for dose in given if (dose.product, dose.route) == (plan.product, plan.route)]
    course = [dose for dose in alike if dose.episode_id == plan.episode_id]
    went = queries.how_doses_went(patient)
    last, before = _two_weights(patient)
    exposure = told.get("first_exposure")
    return Facts(
        weight_kg=last.weight_kg if last else None,
        weight_measured_at=last.measured_at if last else None,
        weight_days_ago=_days(at - last.measured_at) if last else None,
        previous_weight_kg=before.weight_kg if before else None,
        height_cm=_decimal(told.get("height_cm")),
        sex=Sex(patient.sex) if patient.sex in list(Sex) else None,
        age_y=_decimal(told.get("age_y")),
        child_pugh=ChildPugh(str(told["child_pugh"])) if "child_pugh" in told else None,
        first_exposure=exposure if isinstance(exposure, bool) else None,
        course_days=_days(at - course[0].started_at) if course else None,
        previous=tuple(_previous(dose, went.get(dose.session_id), at) for dose in alike),
        last_session=alike[-1].session_id if alike else None,
    )


def _previous(dose: GivenDose, said: Order | None, at: datetime) -> PreviousDose:
    """A dose given here, with what an order after it said of how it went."""
    days_ago = _days(max(at - dose.started_at, timedelta()))
    if said is None:
        return PreviousDose(dose_mg=dose.dose_mg, days_ago=days_ago)
    return PreviousDose(
        dose_mg=dose.dose_mg,
        days_ago=days_ago,
        max_ae_grade=_decimal(said.last_ae_grade),
        bp_ok=said.last_bp_ok,
        tolerated=said.last_tolerated,
    )


def _two_weights(patient: Patient) -> tuple[intake.Weight | None, intake.Weight | None]:
    """The newest weight and the one before it."""
    rows = FactAnswer.objects.filter(
        patient=patient, key__in=("weight_kg", "weight_today_kg"), replaced_by__isnull=True
    )
    taken = [
        intake.Weight(Decimal(str(row.value)), row.observed_at)
        for row in rows.order_by("observed_at", "recorded_at")
        if row.value is not None
    ]
    before, last = [None, None, *taken][-2:]
    return last, before


def has_clearance(patient: Patient, product: str, route: str, at: datetime) -> bool:
    """Whether a prescriber's clearance for this product and route is in force."""
    found = intake.clearance(patient, at)
    return found is not None and (found.product, found.route) == (product, route)


def ceiling_mg(patient: Patient, weight_kg: Decimal, at: datetime) -> Decimal | None:
    """The highest dose the clearance in force covers, for one weight; None without a clearance."""
    found = intake.clearance(patient, at)
    if found is None:
        return None
    by_weight = found.dose_ceiling_mg_per_kg
    return found.dose_ceiling_mg if by_weight is None else by_weight * weight_kg


def _days(gone: timedelta) -> Decimal:
    return Decimal(gone // timedelta(minutes=1)) / (_DAY // timedelta(minutes=1))


def _decimal(value: object) -> Decimal | None:
    return None if value is None else Decimal(str(value))
