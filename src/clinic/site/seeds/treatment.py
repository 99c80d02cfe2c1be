"""Plan, consent, preparation and order, as the rooms keep them."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from uuid import uuid4

from clinic.episodes.models import SeriesDecision
from clinic.people.models import Patient
from clinic.planning import actions, consent_text, known, ordering, queries, spacing
from clinic.planning.consenting import Capacity, ItemAnswer, Reply, Signing
from clinic.planning.models import Plan
from clinic.planning.ordering import Typed, Unit
from clinic.site.seeds.cupboard import MG_PER_ML
from clinic.site.seeds.person import DEVICES, Person, Team
from clinic.therapy import actions as therapy
from clinic.therapy import touching
from clinic.therapy.models import Position, Preparation, Touch, TouchAgreement
from clinic.therapy.touching import Allowed
from kapstone.dose import Formulation, Product, SaltOrBase, State, WeightBasis

GOALS = (
    "Get up before nine. See friends again.",
    "Sleep through the night, and work three days a week.",
    "Feel something when the children laugh.",
    "To be less afraid of the mornings.",
)
INTENTIONS = (
    "To look at it without running away.",
    "To feel my father is near.",
    "To rest.",
    "To find out what I would do if I were not so tired.",
)
STOP_WORDS = ("River", "Red", "Enough", "Lantern")
MORE_MG_PER_KG = Decimal("1.1")  # above the soft limit by vein
MORE_WORDS = "Better and not well yet; every dose was well borne. Talked through with the person."
ABOVE_START_WORDS = "Heart and vessels found fit; pressure every ten minutes, slower if it climbs."


def plan(person: Person, at: datetime, route: str = "", reason: str = "") -> Plan:
    """What was decided together."""
    spray = person.product is Product.ESKETAMINE
    written = Plan(
        patient=person.patient,
        indication_id="IND-01",
        goals=GOALS[person.number % len(GOALS)],
        product=str(person.product),
        route=route or person.route,
        dose_model_id="THX-04" if spray else "THX-02",
        sessions=8 if spray else 6,
        spacing_days=3,
        costs="About 600 dollars a session; what an insurer pays is not known yet.",
        replaces=queries.current_plan(person.patient),
        reason=reason,
    )
    return actions.save_plan(plan=written, by=person.team.prescriber.user, at=at)


def change_route(person: Person, at: datetime) -> None:
    """The plan changes, and the order that was signed for the old one no longer holds."""
    plan(person, at, route="IM", reason="Cannot lie with a line in the arm: an injection instead.")


def consent(person: Person, at: datetime) -> None:
    """Every item agreed to, one of them after a question."""
    held = queries.current_plan(person.patient)
    if held is None:
        return
    who = person.patient
    initials = who.given_name[0] + who.family_name[0]
    answers = {item.id: ItemAnswer(Reply.AGREED, initials) for item in consent_text.items_for(held)}
    asked = next(iter(answers))
    answers[asked] = ItemAnswer(Reply.ASKED, initials, "May I stop in the middle? Yes.")
    spoken = consent_text.needs_interpreter(who.language)
    signing = Signing(
        consent_id=uuid4(),
        plan=held,
        text_version=consent_text.text().version,
        answers=answers,
        language="English",
        interpreter="Invented Interpreter" if spoken else "",
        interpreter_way="present" if spoken else "",
        witness="Invented Witness" if spoken else "",
        signed_name=f"{who.given_name} {who.family_name}",
        capacity=Capacity(understands=True, appreciates=True, weighs=True, chooses=True),
        copy_given=True,
    )
    actions.sign_consent(signing=signing, by=person.team.therapist.user, at=at)


def prepare(person: Person, at: datetime) -> None:
    """The visit before a first dose, with what touch is agreed, if any."""
    by, who = person.team.therapist, person.patient
    visit = Preparation(
        patient=who,
        held_at=at,
        intention=INTENTIONS[person.number % len(INTENTIONS)],
        topics=["history", "expectations", "effects", "stop_sign", "touch", "logistics"],
        hopes="To sleep through a night again.",
        fears="Losing control.",
        altered_states="None. Panic once, on a plane: counting breaths helped.",
        calming="Say where they are and that it passes. Do not ask questions.",
        touch_rehearsed=True,
        stop_word=STOP_WORDS[person.number % len(STOP_WORDS)],
        support_name="Sam Invented",
        tension_score=3,
        sleep_hours=Decimal("6.5"),
        set_notes="Calm; no conflicts of late.",
        comforts=["eyeshade", "blanket", "dim", "near"],
        music="Piano, no voices.",
    )
    therapy.record_preparation(preparation=visit, by=by.user, at=at)
    if person.number % 2:
        agreed = TouchAgreement(
            patient=who,
            sober=True,
            longest_s=60,
            position=Position.EITHER,
            manner="Asked each time before.",
            signed_name=f"{who.given_name} {who.family_name}",
        )
        hand = [Allowed(Touch.HAND, by)]
        touching.widen_touch(agreement=agreed, allowed=hand, by=by.user, at=at)


def complete(person: Person, at: datetime) -> None:
    """Preparation is complete."""
    therapy.complete_preparation(patient=person.patient, by=person.team.therapist.user, at=at)


def order(person: Person, at: datetime) -> None:
    """The dose that was drawn, signed as it stands on the screen."""
    held = queries.current_plan(person.patient)
    if held is None:
        return
    typed = _typed(person, held.route)
    if ordering.judge(held, typed, known.facts(held, at)).check.state is not State.WITHIN:
        typed = replace(typed, rationale=ABOVE_START_WORDS)
    _sign(person, held, typed, at)


def order_more(person: Person, at: datetime) -> None:
    """A dose above the soft limit: a pharmacist or the medical director is to agree."""
    held = queries.current_plan(person.patient)
    if held is None:
        return
    decide(person.patient, person.team, at)
    dose_mg = round(MORE_MG_PER_KG * person.weight_kg, 1)
    typed = replace(
        _typed(person, held.route),
        dose_value=dose_mg,
        volume_ml=round(dose_mg / MG_PER_ML, 2),
        last_ae_grade=1,
        last_bp_ok=True,
        last_tolerated=True,
        rationale=MORE_WORDS,
    )
    _sign(person, held, typed, at)


def _sign(person: Person, held: Plan, typed: Typed, at: datetime) -> None:
    judged = ordering.judge(held, typed, known.facts(held, at))
    actions.sign_order(
        patient=person.patient,
        typed=replace(typed, seen=judged.seen),
        by=person.team.prescriber.user,
        at=at,
    )


def decide(patient: Patient, team: Team, at: datetime) -> None:
    """Before the next dose a prescriber decides on what of the series waits."""
    if spacing.undecided(patient, at):
        actions.decide_series(
            patient=patient,
            choice=SeriesDecision.Choice.CONTINUE,
            rationale="Scores, notes and side effects read with the person: it goes on.",
            by=team.prescriber.user,
            at=at,
        )


def _typed(person: Person, route: str) -> Typed:
    spray = person.product is Product.ESKETAMINE
    return Typed(
        order_id=uuid4(),
        dose_value=person.dose_mg,
        unit=Unit.MG,
        formulation=Formulation.SPRAY if spray else Formulation.SOLUTION,
        salt_or_base=SaltOrBase.BASE,
        concentration_mg_per_ml=None if spray else MG_PER_ML,
        volume_ml=None if spray else round(person.dose_mg / MG_PER_ML, 2),
        devices=DEVICES if spray else None,
        infusion_min=40 if route == "IV" else None,
        weight_basis=WeightBasis.ACTUAL,
        sedative_planned=False,
        last_ae_grade=None,
        last_bp_ok=None,
        last_tolerated=None,
        rationale="",
        seen="",
    )
