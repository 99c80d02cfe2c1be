"""The people the clinic is for."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from clinic.people.models.staff import StaffMember, User


class Sex(models.TextChoices):
    """Sex as the screening rules read it."""

    FEMALE = "female", "Female"
    MALE = "male", "Male"
    INTERSEX = "intersex", "Intersex"
    UNKNOWN = "unknown", "Not known"


class Patient(models.Model):
    """One person in care. `record_number` is what people say; `id` is what programs use."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    record_number = models.CharField(max_length=12, unique=True)
    given_name = models.CharField(max_length=100)
    family_name = models.CharField(max_length=100)
    preferred_name = models.CharField(max_length=100, blank=True)
    birth_date = models.DateField()
    sex = models.CharField(max_length=8, choices=Sex)
    phone = models.CharField(max_length=32, blank=True)
    email = models.EmailField(blank=True)
    address = models.TextField(blank=True)
    language = models.CharField(max_length=16, default="en-US")
    time_zone = models.CharField(max_length=64, default="America/New_York")
    emergency_name = models.CharField(max_length=200, blank=True)
    emergency_phone = models.CharField(max_length=32, blank=True)
    safe_contact = models.TextField(blank=True)
    synthetic = models.BooleanField(default=False)
    registered_at = models.DateTimeField()
    user = models.OneToOneField(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="patient"
    )

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["family_name", "given_name"]),
            models.Index(fields=["birth_date"]),
        ]

    @property
    def name(self) -> str:
        """The name as written, with the name they go by."""
        called = f" ({self.preferred_name})" if self.preferred_name else ""
        return f"{self.given_name} {self.family_name}{called}"


class CareTeamMember(models.Model):
    """A member of staff who treats this person, from one day until another."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="team")
    staff = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="caring_for")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gte=F("starts_at")),
                name="people_careteam_ends_after_start",
            ),
            models.UniqueConstraint(
                fields=["patient", "staff"],
                condition=Q(ends_at__isnull=True),
                name="people_careteam_once_at_a_time",
            ),
        ]
