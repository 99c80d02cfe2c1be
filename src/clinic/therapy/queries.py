"""Reads: what was prepared, which touch is agreed, which integration visit is due."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Coalesce

from clinic.episodes import queries as episodes
from clinic.episodes.models import Episode, GivenDose
from clinic.people.models import Patient, StaffMember, User
from clinic.people.worded import worded_once
from clinic.planning import queries as planning
from clinic.therapy.models import (
    AllowedTouch,
    DangerTold,
    Debrief,
    DrugActs,
    IntegrationVisit,
    Intention,
    Outcome,
    Preparation,
    TouchAgreement,
    TouchAsked,
)
from kapstone.dose.treatment import DoseModel, treatment
from kapstone.pathway import Need

# The first integration visit after a dose. Source: protocol INT-04, mark P: warns, never blocks.
INTEGRATION_FROM_H, INTEGRATION_UNTIL_H = 24, 72

# Further visits count within this long. Source: protocol 8.2, mark P.
INTEGRATION_WITHIN = timedelta(days=14)

# No great decisions so soon after a dose. Source: protocol THX-R2, mark G.
DECISIONS_WAIT = timedelta(hours=48)

# How long after a dose somebody else is reminded to ask how touch was. Source: TCH-06, mark P.
TOUCH_ASKED_WITHIN = timedelta(days=7)


def preparation(patient: Patient) -> Preparation | None:
    """The latest preparation visit."""
    return next(iter(_last_preparation(patient.pk)), None)


def preparations(patient: Patient) -> QuerySet[Preparation]:
    """Every preparation visit, the latest first."""
    return _preparations(patient.pk)


def _preparations(patient_id: UUID) -> QuerySet[Preparation]:
    rows = Preparation.objects.filter(patient=patient_id).select_related("by")
    return rows.order_by("-recorded_at", "-held_at")


@worded_once
def _last_preparation(patient_id: UUID) -> QuerySet[Preparation]:
    return _preparations(patient_id)[:1]


def intention(patient: Patient) -> Intention | None:
    """What the person last wrote themselves, unless a later visit told it anew."""
    last = patient.intentions.order_by("-pk").first()
    visit = preparation(patient)
    return None if last and visit and visit.recorded_at > last.at else last


def intention_words(patient: Patient) -> str:
    """The intention that holds, whoever wrote it down."""
    own, visit = intention(patient), preparation(patient)
    return own.text if own else visit.intention if visit else ""


def touch_agreement(patient: Patient) -> TouchAgreement | None:
    """What holds now. None: nothing was ever agreed, so no touch."""
    return (
        patient.touch_agreements.filter(replaced_by__isnull=True)
        .prefetch_related("allowed__staff__user")
        .first()
    )


@worded_once
def allowed_now(patient_id: UUID) -> QuerySet[AllowedTouch]:
    """Each touch that is agreed at this moment."""
    rows = AllowedTouch.objects.filter(
        agreement__patient=patient_id, agreement__replaced_by__isnull=True
    )
    return rows.select_related("staff__user").order_by("touch", "pk")


def was_allowed(patient: Patient, staff: StaffMember, touch: str, at: datetime) -> bool:
    """Whether a touch by somebody was agreed at a moment, whatever was agreed since."""
    held = patient.touch_agreements.filter(agreed_at__lte=at).exclude(
        replaced_by__agreed_at__lte=at
    )
    return AllowedTouch.objects.filter(agreement__in=held, touch=touch, staff=staff).exists()


def drug_acts(patient: Patient) -> bool:
    """Whether a dose was begun in a session that this person has not left yet."""
    return DrugActs.objects.filter(patient=patient, worn_off__isnull=True).exists()


def may_touch(patient: Patient, by: User) -> bool:
    """Whether somebody is, or was, named in an agreement of this person's."""
    return AllowedTouch.objects.filter(agreement__patient=patient, staff__user=by).exists()


def dose_model(patient: Patient) -> DoseModel | None:
    """How dose and therapy belong together in the plan as it is; None without one."""
    plan = planning.current_plan(patient)
    return treatment().dose_model(plan.dose_model_id) if plan else None


def visits_after(patient: Patient, dose: GivenDose) -> int:
    """How many integration visits took place within two weeks of a dose."""
    ended_at = dose.ended_at or dose.started_at
    took_place = integration_visits(patient).filter(outcome=Outcome.ATTENDED)
    return took_place.filter(held_at__range=(ended_at, ended_at + INTEGRATION_WITHIN)).count()


def on_record(patient: Patient, at: datetime) -> set[Need]:
    """Which of the needs of a prepared episode stand on record."""
    found = {
        Need.CONSENT: planning.consent_in_force(patient, at),
        Need.PREPARATION: preparation(patient),
    }
    return {need for need, there in found.items() if there}


def debriefs(patient: Patient) -> QuerySet[Debrief]:
    """What the person said before leaving, newest first."""
    return patient.debriefs.select_related("by").order_by("-at")


def dangers_told(patient: Patient) -> QuerySet[DangerTold]:
    """What was told of a danger, newest first."""
    return patient.dangers_told.select_related("by").order_by("-at")


def integration_visits(patient: Patient) -> QuerySet[IntegrationVisit]:
    """Integration visits, corrected ones left out, newest first."""
    return (
        patient.integration_visits.filter(replaced_by__isnull=True)
        .select_related("by")
        .order_by("-held_at")
    )


@dataclass(frozen=True, slots=True)
class IntegrationDue:
    """The visit that a given dose calls for."""

    patient: Patient
    session_id: UUID
    dosed_at: datetime
    from_at: datetime
    until_at: datetime

    def overdue(self, now: datetime) -> bool:
        """Whether its window has passed."""
        return now > self.until_at


def integration_due(patient: Patient) -> IntegrationDue | None:
    """The visit still owed for the last dose, or None. One that took place since settles it."""
    last = episodes.given_doses(patient).last()
    if last is None:
        return None
    settled = integration_visits(patient).filter(
        outcome=Outcome.ATTENDED, held_at__gte=last.ended_at or last.started_at
    )
    return None if settled.exists() else _owed(last)


def integration_due_everywhere(now: datetime) -> list[IntegrationDue]:
    """Every visit whose window has opened and that nobody held, longest waiting first."""
    due = map(_owed, _unsettled(now - timedelta(hours=INTEGRATION_FROM_H)))
    return sorted((each for each in due if each.from_at <= now), key=lambda each: each.from_at)


@worded_once
def _unsettled(until: datetime) -> QuerySet[GivenDose]:
    """The last dose of everybody in care who was dosed by then, without a visit since."""
    person = OuterRef("episode__patient")
    standing = GivenDose.objects.filter(replaced_by__isnull=True)
    in_care = Episode.objects.filter(
        patient=person, ended_at__isnull=True, doses__started_at__lte=until
    )
    later = standing.filter(episode__patient=person, started_at__gt=OuterRef("started_at"))
    visits = IntegrationVisit.objects.filter(
        patient=person,
        replaced_by__isnull=True,
        outcome=Outcome.ATTENDED,
        held_at__gte=Coalesce(OuterRef("ended_at"), OuterRef("started_at")),
    )
    rows = standing.filter(Exists(in_care), ~Exists(later), ~Exists(visits))
    return rows.select_related("episode__patient")


def decisions_wait(dose: GivenDose, now: datetime) -> bool:
    """Whether a dose was so lately that no great decision is advised."""
    return now < (dose.ended_at or dose.started_at) + DECISIONS_WAIT


def drug_acted(patient: Patient, at: datetime) -> bool:
    """Whether a dose had begun by a moment in a session that the person has not left yet."""
    return DrugActs.objects.filter(patient=patient, since__lte=at, worn_off__isnull=True).exists()


def asked_about_touch(patient: Patient) -> QuerySet[TouchAsked]:
    """What the person said of touch afterwards, newest first."""
    return TouchAsked.objects.filter(patient=patient).select_related("by").order_by("-at")


def dose_to_ask(patient: Patient, now: datetime) -> GivenDose | None:
    """The first dose of this person's after which nobody else asked yet."""
    mine = (dose for dose in touch_to_ask(now) if dose.episode.patient_id == patient.pk)
    return next(mine, None)


def expected_within_a_day(patient: Patient, now: datetime) -> bool:
    """Whether the person is expected here in less than 24 hours (TCH-02)."""
    rows = patient.appointments.filter(given_up_at__isnull=True)
    return rows.filter(starts_at__gte=now, starts_at__lt=now + timedelta(hours=24)).exists()


def touch_to_ask(now: datetime) -> list[GivenDose]:
    """Doses after which nobody else has asked yet how touch was, longest waiting first."""
    return list(_touch_to_ask(now - TOUCH_ASKED_WITHIN))


@worded_once
def _touch_to_ask(since: datetime) -> QuerySet[GivenDose]:
    asked = TouchAsked.objects.filter(session_id=OuterRef("session_id"))
    acts = DrugActs.objects.filter(session_id=OuterRef("session_id"), worn_off__isnull=True)
    in_care = GivenDose.objects.filter(replaced_by__isnull=True, episode__ended_at__isnull=True)
    rows = in_care.filter(~Exists(asked), ~Exists(acts), started_at__gte=since)
    return rows.select_related("episode__patient").order_by("started_at")


def _owed(dose: GivenDose) -> IntegrationDue:
    dosed_at = dose.ended_at or dose.started_at
    return IntegrationDue(
        dose.episode.patient,
        dose.session_id,
        dosed_at,
        dosed_at + timedelta(hours=INTEGRATION_FROM_H),
        dosed_at + timedelta(hours=INTEGRATION_UNTIL_H),
    )
