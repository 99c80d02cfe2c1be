"""The contacts that a suicide tier asks for in the days after, and each attempt at one."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from clinic.alerts.models.alerts import Alert
from clinic.alerts.models.contacts import How, Result
from clinic.people.models import Patient, StaffMember
from kapstone.risk import Tier

_OPEN = Q(settled_at__isnull=True, voided_at__isnull=True)


class TierContact(models.Model):
    """Somebody is to speak with this person by `due_at`. Only that settles it.

    hours: the protocol's, counted from the alert; a clinic may ask for it sooner. voided_at: a
    newer tier asks for it sooner, or the person died. told_at: that it is overdue was told.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="tier_contacts")
    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="contacts")
    tier = models.CharField(max_length=10, choices=[(str(tier), str(tier)) for tier in Tier])
    hours = models.PositiveSmallIntegerField()
    version = models.CharField(max_length=32)
    due_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    voided_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=80, blank=True)
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["alert", "hours"], name="alerts_one_contact_an_hour"),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True) | Q(voided_at__isnull=True),
                name="alerts_contact_settled_or_void",
            ),
            models.CheckConstraint(
                condition=Q(voided_at__isnull=True, why="")
                | (Q(voided_at__isnull=False) & ~Q(why="")),
                name="alerts_void_contact_says_why",
            ),
            models.CheckConstraint(
                condition=Q(told_at__isnull=True) | Q(told_at__gte=F("due_at")),
                name="alerts_contact_told_once_overdue",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["due_at"], condition=_OPEN, name="alerts_contacts_open")
        ]

    @property
    def is_open(self) -> bool:
        """Whether somebody is still to speak with the person."""
        return self.settled_at is None and self.voided_at is None


class ContactTry(models.Model):
    """One attempt at such a contact, and what came of it. Never changed or removed."""

    contact = models.ForeignKey(TierContact, on_delete=models.PROTECT, related_name="tries")
    how = models.CharField(max_length=12, choices=How)
    result = models.CharField(max_length=16, choices=Result)
    note = models.TextField(blank=True)
    by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
