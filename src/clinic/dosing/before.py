"""What the earlier rooms say of a dosing day, and what this one tells them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from clinic.intake import actions as intake_actions
from clinic.intake import queries as intake
from clinic.intake import screening
from clinic.intake.models import Source
from clinic.people.models import Patient, StaffMember, User
from clinic.pharmacy import actions as pharmacy
from clinic.pharmacy import queries as register
from clinic.pharmacy.models import Vial
from clinic.planning import actions as planning_actions
from clinic.planning import lowered, spacing, standing
from clinic.planning import queries as planning
from clinic.therapy import queries as therapy
from clinic.therapy import touching
from clinic.therapy.models import Preparation, TouchAgreement
from kapstone.eligibility import Screening
from kapstone.errors import InvalidInput
from kapstone.findings import Finding, Severity
from kapstone.risk import AlertLevel

NO_TOUCH = "none"


@dataclass(frozen=True, slots=True)
class Ordered:
    """The order in force."""

    order_id: UUID
    product: str
    route: str
    dose_mg: Decimal
    dose_mg_per_kg: Decimal
    volume_ml: Decimal | None
    devices: int | None
    infusion_min: int | None
    hard_max_mg: Decimal
    weight_kg: Decimal
    signed_at: datetime


def order(patient: Patient, at: datetime) -> Ordered | None:
    """The signed order in force, if there is one."""
    row = planning.order_in_force(patient, at)
    if row is None:
        return None
    return Ordered(
        order_id=row.pk,
        product=row.product,
        route=row.route,
        dose_mg=row.dose_mg,
        dose_mg_per_kg=row.dose_mg_per_kg,
        volume_ml=row.volume_ml,
        devices=row.devices,
        infusion_min=row.infusion_min,
        hard_max_mg=row.hard_max_mg,
        weight_kg=row.weight_kg,
        signed_at=row.signed_at,
    )


def above_limit(order: Ordered | None) -> str:
    """That this clinic's hard limit is below the order by now, in words without its dose."""
    return lowered.running(order.order_id) if order else ""


def last_weight_kg(patient: Patient) -> Decimal | None:
    """The newest weight on record."""
    known = intake.latest_weight(patient)
    return known.weight_kg if known else None


def has_consent(patient: Patient, at: datetime) -> bool:
    """Whether a signed consent to the present plan is in force."""
    return planning.consent_in_force(patient, at) is not None


def withdrawn_at(patient: Patient) -> datetime | None:
    """When the person took their consent back, while none was given since."""
    row = planning.withdrawal_in_force(patient)
    return row.at if row else None


def withdraw_consent(
    *, patient: Patient, words: str, level: AlertLevel, by: User, at: datetime
) -> None:
    """The person takes their consent back: plan and orders follow."""
    planning_actions.withdraw_consent(patient=patient, words=words, level=level, by=by, at=at)


def reconfirm_consent(*, patient: Patient, session_id: UUID, by: User, at: datetime) -> None:
    """The person still wants it, asked on the day, before any drug. Without consent, nothing."""
    if has_consent(patient, at):
        planning_actions.reconfirm_consent(patient=patient, session_id=session_id, by=by, at=at)


def dose_model(patient: Patient) -> str:
    """The dose model of the plan as it is; empty without one."""
    held = planning.current_plan(patient)
    return held.dose_model_id if held else ""


def is_cleared(patient: Patient, product: str, route: str, at: datetime) -> bool:
    """Whether a prescriber's clearance for this product and route is in force."""
    held = intake.clearance(patient, at)
    return held is not None and (held.product, held.route) == (product, route)


def screening_today(
    patient: Patient, at: datetime, signs: Mapping[str, object]
) -> Screening | None:
    """Every rule run again for a dosing day, `signs` of the session over what is on record.

    None where what is on record cannot be read.
    """
    try:
        asked = {"for": "dosing_day", **signs}
        return screening.run(patient, at, asked, today_only=True).screening
    except InvalidInput:
        return None


def undecided(patient: Patient, found: Screening, at: datetime) -> list[Finding]:
    """RELATIVE findings of the day that no override covers upon what is known at this moment."""
    held = intake.overrides(patient, at, of_day=True)
    return [
        finding
        for finding in found.findings
        if finding.severity is Severity.RELATIVE and intake.covering(held, finding) is None
    ]


def note_weight(
    *, patient: Patient, weight_kg: Decimal, measured_at: datetime, by: User | None, at: datetime
) -> None:
    """Let the room of facts know the weight of the day."""
    intake_actions.record_fact(
        patient=patient,
        key="weight_today_kg",
        value=float(weight_kg),
        how=intake_actions.How(measured_at, Source.MEASURED),
        by=by,
        at=at,
    )


def standing_orders(at: datetime) -> list[standing.Standing]:
    """The newest standing orders of the clinic, in force or not, as they stood at a moment."""
    return standing.newest(at)


def given_by(since: datetime, now: datetime) -> list[standing.Standing]:
    """The standing orders in force now, and those that were at an earlier moment."""
    return standing.stood(since, now)


def tell_register(
    *, session_id: UUID, amount_mg: Decimal, by: User | None, at: datetime
) -> Decimal:
    """Let the drug register know what reached the person. It settles its draws by itself.

    Returns what it holds too much: an entry that two people must take back.
    """
    more_mg = amount_mg - register.reported_mg(session_id)
    if by is None or more_mg == 0:
        return Decimal()
    if more_mg < 0:
        return pharmacy.record_less(dose_id=session_id, less_mg=-more_mg, by=by, at=at)
    pharmacy.record_given(dose_id=session_id, amount_mg=more_mg, by=by, at=at)
    return Decimal()


def stock(product: str) -> list[register.Stock]:
    """Vials of a product that hold something, the first to expire first."""
    return register.vials_in_stock(product)


def draw(*, vial: Vial, amount_mg: Decimal, session_id: UUID, by: User, at: datetime) -> None:
    """Drug is drawn for a session's dose."""
    pharmacy.draw(vial=vial, amount_mg=amount_mg, dose_id=session_id, by=by, witness=None, at=at)


def preparation(patient: Patient) -> Preparation | None:
    """What was agreed in preparation: the word that stops everything, what calms, which music."""
    return therapy.preparation(patient)


def against_booking(
    patient: Patient,
    product: str,
    route: str,
    at: datetime,
    now: datetime,
    *,
    but: UUID | None = None,
) -> spacing.Against:
    """What stands against a dose at a moment: frequency, what waits for a prescriber, a hold.

    but: a session that is booked and would be moved to then.
    """
    return spacing.against(patient, spacing.wanted(product, route, at), now, but=but)


def against_session(
    patient: Patient, product: str, route: str, session_id: UUID, at: datetime
) -> spacing.Against:
    """The same for the dose of a session that is open."""
    return spacing.against_session(patient, spacing.wanted(product, route, at), session_id)


def touch(patient: Patient) -> TouchAgreement | None:
    """What touch is agreed now; None and an empty one are no touch."""
    return therapy.touch_agreement(patient)


def touch_words(patient: Patient) -> str:
    """Which touch is agreed at this moment, and by whom."""
    rows = therapy.allowed_now(patient.pk)
    named = (f"{each.get_touch_display()} by {each.staff.name}" for each in rows)
    return ", ".join(named) or NO_TOUCH


def touch_agreed(patient: Patient, staff: StaffMember, touch: str, at: datetime) -> bool:
    """Whether this touch by this member of staff was agreed at that moment."""
    return therapy.was_allowed(patient, staff, touch, at)


def dose_begun(*, patient: Patient, session_id: UUID, at: datetime) -> None:
    """From now until they leave, touch is only made less: the database holds it."""
    touching.dose_begun(patient=patient, session_id=session_id, at=at)


def person_left(*, session_id: UUID, at: datetime) -> None:
    """The session is over."""
    touching.person_left(session_id=session_id, at=at)
