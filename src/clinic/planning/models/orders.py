"""Dose orders as signed, with the limits they were held against. Rows are added, never changed."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from clinic.measures.models import QuestionnaireResponse
from clinic.people.models import Patient, User
from clinic.planning.models.consents import Consent
from clinic.planning.models.plans import Plan
from kapstone.dose import Formulation, Product, SaltOrBase, State

SIGNABLE = (State.WITHIN, State.NEEDS_RATIONALE, State.NEEDS_SECOND_SIGNATURE)


class Order(models.Model):
    """One dose as a prescriber signed it. The database holds it under its hard limit."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="orders")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="orders")
    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="orders")
    baseline = models.ForeignKey(
        QuestionnaireResponse, on_delete=models.PROTECT, related_name="orders"
    )
    product = models.CharField(max_length=16)
    route = models.CharField(max_length=4)
    indication_id = models.CharField(max_length=12)
    dose_mg = models.DecimalField(max_digits=8, decimal_places=2)
    dose_mg_per_kg = models.DecimalField(max_digits=7, decimal_places=3)
    formulation = models.CharField(max_length=12, default=str(Formulation.SOLUTION))
    salt_or_base = models.CharField(max_length=4, default=str(SaltOrBase.BASE))
    volume_ml = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    concentration_mg_per_ml = models.DecimalField(max_digits=7, decimal_places=3, null=True)
    devices = models.PositiveSmallIntegerField(null=True)
    sedative_planned = models.BooleanField(default=False)
    about_session = models.UUIDField(null=True)  # of the last dose: how it went, as said here
    last_ae_grade = models.PositiveSmallIntegerField(null=True)
    last_bp_ok = models.BooleanField(null=True)
    last_tolerated = models.BooleanField(null=True)
    infusion_min = models.PositiveSmallIntegerField(null=True)
    weight_kg = models.DecimalField(max_digits=6, decimal_places=2)
    weight_measured_at = models.DateTimeField()
    weight_basis = models.CharField(max_length=12)
    state = models.CharField(max_length=24)
    rationale = models.TextField(blank=True)
    limits = models.JSONField()
    findings = models.JSONField()
    soft_max_mg = models.DecimalField(max_digits=8, decimal_places=2)
    hard_max_mg = models.DecimalField(max_digits=8, decimal_places=2)
    first_max_mg = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    version = models.CharField(max_length=32)
    signed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(dose_mg__gt=0) & Q(dose_mg__lte=F("hard_max_mg")),
                name="planning_dose_under_hard_limit",
            ),
            models.CheckConstraint(
                condition=Q(first_max_mg__isnull=True) | Q(dose_mg__lte=F("first_max_mg")),
                name="planning_first_dose_under_limit",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[str(state) for state in SIGNABLE]),
                name="planning_signable_state",
            ),
            models.CheckConstraint(
                condition=Q(state=str(State.WITHIN)) | ~Q(rationale=""),
                name="planning_outside_has_rationale",
            ),
            models.CheckConstraint(
                condition=Q(dose_mg__lte=F("soft_max_mg"))
                | Q(state=str(State.NEEDS_SECOND_SIGNATURE)),
                name="planning_above_soft_needs_second",
            ),
            models.CheckConstraint(
                condition=Q(volume_ml__isnull=True, concentration_mg_per_ml__isnull=True)
                | Q(volume_ml__isnull=False, concentration_mg_per_ml__isnull=False),
                name="planning_volume_with_concentration",
            ),
            models.CheckConstraint(
                condition=Q(product=str(Product.ESKETAMINE), devices__isnull=False)
                | (~Q(product=str(Product.ESKETAMINE)) & Q(devices__isnull=True)),
                name="planning_esketamine_in_devices",
            ),
            models.CheckConstraint(
                condition=Q(about_session__isnull=False)
                | Q(
                    last_ae_grade__isnull=True,
                    last_bp_ok__isnull=True,
                    last_tolerated__isnull=True,
                ),
                name="planning_says_which_dose_went_so",
            ),
            models.CheckConstraint(
                condition=Q(weight_measured_at__lte=F("signed_at")),
                name="planning_weight_before_signature",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["patient", "signed_at"])]


class SecondSignature(models.Model):
    """A pharmacist or medical director agrees to a dose above the soft limit."""

    order = models.OneToOneField(Order, on_delete=models.PROTECT, related_name="second_signature")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class OrderCancellation(models.Model):
    """An order is taken back, or refused by whom it waited for."""

    order = models.OneToOneField(Order, on_delete=models.PROTECT, related_name="cancellation")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.TextField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(reason=""), name="planning_cancellation_has_reason")
        ]
