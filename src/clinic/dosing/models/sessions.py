"""A dosing session and the stages it went through."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from clinic.calendar.models import Appointment
from clinic.episodes.models import Episode
from clinic.people.models import Patient, User
from kapstone import pathway

PHASES = [(str(phase), str(phase).capitalize()) for phase in pathway.Session]
ENDED = [str(phase) for phase in pathway.Session if not pathway.allowed(phase)]
AFTER_DRUG = ("dosing", "peak", "return", "stopped early", "recovery", "discharged")
_STEPS = [(str(a), str(b)) for a, following in pathway.SESSION.items() for b in following]


def _allowed_steps() -> Q:
    known = Q(before="", after=str(pathway.Session.SCHEDULED))
    for before, after in _STEPS:
        known |= Q(before=before, after=after)
    return known


class DosingSession(models.Model):
    """One person, one visit, one line of numbered events. The line is the record; the screen is
    its fold. `phase`, `last_number` and `deviation` only repeat what the line says.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="sessions")
    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="sessions")
    appointment = models.ForeignKey(
        Appointment, null=True, on_delete=models.PROTECT, related_name="sessions"
    )
    product = models.CharField(max_length=16)
    route = models.CharField(max_length=4)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    phase = models.CharField(max_length=24, choices=PHASES, default="scheduled")
    last_number = models.PositiveIntegerField(default=0)
    two_people = models.BooleanField(default=False)
    deviation = models.BooleanField(default=False)
    simulated = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(phase__in=[phase for phase, _ in PHASES]), name="dosing_known_phase"
            ),
            # No drug without two people, unless it was charted as the deviation that it is.
            models.CheckConstraint(
                condition=~Q(phase__in=AFTER_DRUG) | Q(two_people=True) | Q(deviation=True),
                name="dosing_no_dose_without_two_people",
            ),
            models.UniqueConstraint(
                fields=["patient"],
                condition=~Q(phase__in=ENDED),
                name="dosing_one_open_session",
            ),
        ]


class SessionStep(models.Model):
    """One step from phase to phase. The database knows which ones there are."""

    session = models.ForeignKey(DosingSession, on_delete=models.PROTECT, related_name="steps")
    before = models.CharField(max_length=24, blank=True)
    after = models.CharField(max_length=24)
    at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=_allowed_steps(), name="dosing_allowed_step")
        ]
