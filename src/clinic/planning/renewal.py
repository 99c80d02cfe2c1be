"""When a consent no longer holds, why, and how long before it runs out somebody is told."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias, TypedDict
from uuid import UUID

from django.db.models import (
    Exists,
    Max,
    OuterRef,
    Prefetch,
    QuerySet,
    Subquery,
    prefetch_related_objects,
)
from django.utils import timezone
from django.utils.formats import date_format
from django_stubs_ext import WithAnnotations

from clinic.episodes.models import Episode
from clinic.people.models import Patient
from clinic.people.worded import worded_once
from clinic.planning.models import Consent, Plan
from clinic.planning.some import Some, first
from kapstone import pathway
from kapstone.dose.treatment import treatment

TOLD_AHEAD = timedelta(days=14)  # before a consent runs out. Source: design of the clinic, mark P
# Stages in which a further dose is to be expected.
_DOSES_TO_COME = (
    pathway.Episode.PLANNED,
    pathway.Episode.CONSENTED,
    pathway.Episode.PREPARED,
    pathway.Episode.IN_SERIES,
    pathway.Episode.MAINTENANCE,
)


class _TakenBack(TypedDict):
    taken_back_at: datetime | None


_Dosed: TypeAlias = "WithAnnotations[Episode, _TakenBack]"


@dataclass(frozen=True, slots=True)
class Renewal:
    """Whose consent is to be gone through again, and why."""

    patient: Patient
    consent: Consent
    words: str


def why_not(consent: Consent, plan: Plan, withdrawn_at: datetime | None, at: datetime) -> str:
    """Why a consent does not hold for a plan at a moment; empty while it does."""
    if withdrawn_at is not None and withdrawn_at >= consent.signed_at:
        return "Consent was withdrawn."
    if not consent.agreed:
        return "An item was refused."
    if at < consent.signed_at:
        return "It was signed later."
    if at >= consent.expires_at:
        return f"Consent ran out on {_day(consent.expires_at)}: go through it again."
    if consent.plan.episode_id != plan.episode_id:
        return "It was signed for an earlier episode of care: go through it again."
    if changes := _changes(consent.plan, plan):
        return f"The plan changed {' and '.join(changes)}: go through it again."
    return ""


def _changes(signed: Plan, now: Plan) -> list[str]:
    """What a consent stands and falls with, where it is another now."""
    models = treatment()
    names = [
        (models.dose_model(plan.dose_model_id).name, plan.product.lower(), plan.route)
        for plan in (signed, now)
    ]
    return [
        f"from {before} to {after}" for before, after in zip(*names, strict=True) if before != after
    ]


def _day(at: datetime) -> str:
    return date_format(timezone.localtime(at), "M j, Y")


def _soon(consent: Consent, at: datetime) -> str:
    if at < consent.expires_at - TOLD_AHEAD:
        return ""
    return f"Consent runs out on {_day(consent.expires_at)}: go through it again before then."


def of(patient: Patient, at: datetime) -> str:
    """Why this person's consent is to be gone through again; empty where it is not."""
    return next((each.words for each in _due(_open_of(patient.pk), at)), "")


@worded_once
def _open_of(patient_id: UUID) -> QuerySet[_Dosed]:
    return _open(Episode.objects.filter(patient=patient_id))


def _open(episodes: QuerySet[Episode]) -> QuerySet[_Dosed]:
    """Those of them with doses to come, and when consent was last taken back."""
    rows = episodes.filter(ended_at=None, stage__in=[str(stage) for stage in _DOSES_TO_COME])
    return rows.select_related("patient").annotate(taken_back_at=Max("patient__withdrawals__at"))


def everywhere(of: QuerySet[Patient], at: datetime, most: int | None = None) -> Some[Renewal]:
    """Those whose consent does not hold any more, or not for long, where a dose is to come.

    The soonest to end first.
    """
    theirs = Exists(of.filter(pk=OuterRef("patient")))
    signed = Consent.objects.filter(patient=OuterRef("patient"))
    lasting = signed.filter(expires_at__gt=at + TOLD_AHEAD)
    changed = Plan.objects.filter(
        ~Exists(Consent.objects.filter(plan=OuterRef("pk"))),
        episode=OuterRef("pk"),
        replaces__isnull=False,
        replaced_by=None,
    )
    ends = Subquery(signed.order_by("-expires_at").values("expires_at")[:1])
    rows = _open(Episode.objects.filter(theirs, ~Exists(lasting) | Exists(changed)))
    rows = rows.filter(Exists(signed)).order_by(ends, "pk")

    def judge(some: QuerySet[Episode]) -> list[Renewal]:
        return sorted(_due(list(_open(some)), at), key=lambda each: each.consent.expires_at)

    return first(most, rows, judge)


def _due(episodes: list[_Dosed], at: datetime) -> Iterator[Renewal]:
    signed = Consent.objects.select_related("plan").defer("document").order_by("-signed_at")
    plans = Plan.objects.filter(replaced_by__isnull=True)
    prefetch_related_objects(
        episodes, Prefetch("plans", plans), Prefetch("patient__consents", signed)
    )
    for episode in episodes:
        plan = next(iter(episode.plans.all()), None)
        consent = next(iter(episode.patient.consents.all()), None)
        if plan is None or consent is None or not consent.agreed:
            continue
        if episode.taken_back_at is not None and episode.taken_back_at >= consent.signed_at:
            continue
        if words := why_not(consent, plan, None, at) or _soon(consent, at):
            yield Renewal(episode.patient, consent, words)
