"""Incidents: who may look into one, what they did, and how it ends (TCH-06).

Its words are open to the reviewer alone. Whoever treats the person, was beside the chair, may touch
them or asked is not independent, and the concern may be about them.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from clinic.people import audit
from clinic.people.models import AtTheChair, CareTeamMember, StaffMember, User
from clinic.therapy.models import AllowedTouch, Did, Incident, IncidentStep, ReviewerNamed
from clinic.therapy.models.touch import TouchAsked
from kapstone.errors import InvalidInput


def open_for(concern: TouchAsked) -> Incident:
    """Open the incident of a concern. Call it in the transaction that keeps the concern."""
    opened = Incident.objects.create(patient=concern.patient, concern=concern, at=concern.at)
    audit.record(
        "open_incident", by=concern.by, at=concern.at, patient=concern.patient, subject=opened
    )
    return opened


def open_everywhere() -> QuerySet[Incident]:
    """Every incident that nobody has closed, the oldest first."""
    closed = IncidentStep.objects.filter(incident=OuterRef("pk"), did=Did.CLOSED)
    rows = Incident.objects.filter(~Exists(closed)).select_related("patient")
    return rows.prefetch_related("reviewers__reviewer__user").order_by("at")


def reviewer(incident: Incident) -> StaffMember | None:
    """Who looks into it now."""
    named = max(incident.reviewers.all(), key=lambda row: (row.at, row.pk), default=None)
    return named.reviewer if named else None


def is_closed(incident: Incident) -> bool:
    """Whether its reviewer ended it."""
    return incident.steps.filter(did=Did.CLOSED).exists()


def independent(incident: Incident) -> QuerySet[StaffMember]:
    """Who works here and had no part in what the concern is about."""
    patient, session_id = incident.patient, incident.concern.session_id
    treats = CareTeamMember.objects.filter(patient=patient).values("staff")
    beside = AtTheChair.objects.filter(session_id=session_id).values("staff")
    touches = AllowedTouch.objects.filter(agreement__patient=patient).values("staff")
    apart = ~Q(pk__in=treats) & ~Q(pk__in=beside) & ~Q(pk__in=touches)
    found = StaffMember.objects.filter(apart, left_at__isnull=True, user__is_active=True)
    found = found.exclude(user=incident.concern.by).exclude(user__patient=patient)
    return found.select_related("user").order_by("user__name")


@transaction.atomic
def name_reviewer(*, incident: Incident, to: StaffMember, by: User, at: datetime) -> ReviewerNamed:
    """Somebody independent looks into it from now on; whoever did before does no longer.

    Raises `InvalidInput` for somebody who had a part in it, and for an incident that is closed.
    """
    held = Incident.objects.select_for_update().get(pk=incident.pk)
    if is_closed(held):
        raise InvalidInput("incident", "is closed.", "A new concern opens a new one.")
    if not independent(held).filter(pk=to.pk).exists():
        problem = "treats this person, was there, may touch them or asked."
        raise InvalidInput("reviewer", problem, "Name somebody who had no part in it.")
    named = ReviewerNamed.objects.create(incident=held, reviewer=to, by=by, at=at)
    audit.record("name_reviewer", by=by, at=at, patient=held.patient, subject=named)
    return named


@transaction.atomic
def take_step(*, incident: Incident, did: Did, words: str, by: User, at: datetime) -> IncidentStep:
    """The reviewer writes down what they did. It is closed once the duties were looked at.

    Raises `InvalidInput` for anybody else, after the end, and for an end that is too early.
    """
    held = Incident.objects.select_for_update().get(pk=incident.pk)
    named = reviewer(held)
    if named is None or named.user_id != by.pk:
        raise InvalidInput("by", "does not review this incident.", "Its reviewer writes.")
    if is_closed(held):
        raise InvalidInput("incident", "is closed.", "A new concern opens a new one.")
    done = set(held.steps.values_list("did", flat=True))
    if did is Did.CLOSED and not {Did.PERSON, Did.DUTIES} <= done:
        problem = "comes too early."
        mend = "First speak with the person and look at the duties, and write both down."
        raise InvalidInput("did", problem, mend)
    step = IncidentStep.objects.create(incident=held, did=did, words=words, by=by, at=at)
    audit.record("incident_step", by=by, at=at, patient=held.patient, subject=step, did=str(did))
    return step
