"""A person on the way to an order: made through the rooms' own actions."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import uuid4

from clinic.episodes import actions as episodes
from clinic.episodes.models import Episode
from clinic.intake.models import FactAnswer, Source
from clinic.measures import actions as measures
from clinic.measures.models import QuestionnaireResponse
from clinic.people.models import Patient, StaffMember
from clinic.planning import actions, consent_text, ordering, queries
from clinic.planning import known as plan_known
from clinic.planning.consenting import Capacity, ItemAnswer, Reply, Signing
from clinic.planning.models import Consent, Order, Plan
from clinic.planning.ordering import Typed, Unit
from kapstone.dose import Formulation, SaltOrBase, WeightBasis
from kapstone.pathway import Episode as Stage
from kapstone.pathway import Need
from tests.clinic import cast

NOW = cast.NOON
EVERY_NEED = set(Need)
CAPABLE = Capacity(understands=True, appreciates=True, weighs=True, chooses=True)


@dataclass(frozen=True)
class Cleared:
    """What the intake says of a clearance in force."""

    product: str = "RACEMIC"
    route: str = "IM"
    dose_ceiling_mg_per_kg: Decimal | None = Decimal("1.5")
    dose_ceiling_mg: Decimal | None = None


def at_stage(person: Patient, *stages: Stage) -> Episode:
    """An open episode, walked through stages in order."""
    episode = episodes.open_episode(patient=person, by=None, at=NOW - timedelta(days=20))
    for stage in stages:
        episodes.advance(episode=episode, to=stage, have=EVERY_NEED, by=None, at=NOW, reason="test")
    episode.refresh_from_db()
    return episode


def tell(person: Patient, key: str, value: object, at: datetime = NOW) -> FactAnswer:
    """One fact of the intake."""
    return FactAnswer.objects.create(
        patient=person,
        key=key,
        value=value,
        observed_at=at,
        recorded_at=at,
        source=Source.MEASURED,
    )


def rated(
    person: Patient, by: StaffMember, at: datetime = NOW, instrument: str = "phq9", items: int = 9
) -> QuestionnaireResponse:
    """A questionnaire entered by staff."""
    answers = {f"q{n}": 1 for n in range(1, items + 1)}
    answers |= {"q9": 0} if items == 9 else {}
    return measures.enter_answers(
        patient=person,
        instrument=instrument,
        answers=answers,
        observed_at=at,
        by=by.user,
        at=at,
    )


def plan(person: Patient, by: StaffMember, at: datetime = NOW, **fields: object) -> Plan:
    """A plan kept through the action."""
    before = queries.current_plan(person)
    known: dict[str, object] = {
        "indication_id": "IND-01", "goals": "Sleep through the night.", "product": "RACEMIC",
        "route": "IM", "dose_model_id": "THX-02", "sessions": 6, "spacing_days": 3,
        "costs": "About 600 dollars a session.", "replaces": before,
        "reason": "It changed." if before else "",
    }  # fmt: skip
    made = Plan(patient=person, **(known | fields))
    return actions.save_plan(plan=made, by=by.user, at=at)


def signing(of: Plan, reply: Reply = Reply.AGREED, **fields: object) -> Signing:
    """Every item answered alike."""
    initials = of.patient.given_name[0] + of.patient.family_name[0]
    known: dict[str, object] = {
        "consent_id": uuid4(),
        "plan": of,
        "text_version": consent_text.text().version,
        "answers": {
            item.id: ItemAnswer(reply, initials, "What about my job?")
            for item in consent_text.items_for(of)
        },
        "language": "English",
        "signed_name": f"{of.patient.given_name} {of.patient.family_name}",
        "capacity": CAPABLE,
        "copy_given": True,
    }
    return Signing(**(known | fields))


def consent(of: Plan, by: StaffMember, at: datetime = NOW, reply: Reply = Reply.AGREED) -> Consent:
    """A consent signed through the action."""
    return actions.sign_consent(signing=signing(of, reply), by=by.user, at=at)


def typed(value: str, unit: Unit = Unit.MG_PER_KG, **fields: object) -> Typed:
    """An order as typed; what stood on the screen is filled in by `order`."""
    known: dict[str, object] = {
        "order_id": uuid4(), "dose_value": Decimal(value), "unit": unit,
        "formulation": Formulation.SOLUTION, "salt_or_base": SaltOrBase.BASE,
        "concentration_mg_per_ml": Decimal(50), "volume_ml": volume(value, unit), "devices": None,
        "infusion_min": None, "weight_basis": None, "sedative_planned": False,
        "last_ae_grade": None, "last_bp_ok": None, "last_tolerated": None, "rationale": "",
        "seen": "",
    }  # fmt: skip
    return Typed(**(known | fields))


def volume(value: str, unit: Unit = Unit.MG_PER_KG, weight_kg: int = 70) -> Decimal:
    """What is drawn up of 50 mg/mL for a dose of somebody of 70 kg."""
    return Decimal(value) * (weight_kg if unit == Unit.MG_PER_KG else 1) / 50


def judged(plan: Plan, written: Typed, at: datetime) -> ordering.Judged:
    """An order held against its limits with what is known at a moment."""
    return ordering.judge(plan, written, plan_known.facts(plan, at))


def order(
    person: Patient, by: StaffMember, value: str, at: datetime = NOW, **fields: object
) -> Order:
    """An order signed through the action, as it stood on the screen."""
    known: dict[str, object] = {"weight_basis": WeightBasis.ACTUAL}
    written = typed(value, **(known | fields))
    held = queries.current_plan(person)
    assert held is not None
    seen = judged(held, written, at).seen
    shown = typed(value, **(known | {"order_id": written.order_id} | {"seen": seen} | fields))
    return actions.sign_order(patient=person, typed=shown, by=by.user, at=at)
