"""What the room keeps: vials, and the rows of the register. Nothing here holds a balance.

Source: protocol 10.4 (CS-01, CS-03, CS-04), 21 CFR 1304.22, marks G and P.
"""

import uuid
from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from clinic.people.models import User
from kapstone.dose import Product


class Vial(models.Model):
    """One vial as its label and invoice say. It never changes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    product = models.CharField(
        max_length=16, choices=[(str(p), str(p).capitalize()) for p in Product]
    )
    concentration_mg_per_ml = models.DecimalField(max_digits=7, decimal_places=2)
    volume_ml = models.DecimalField(max_digits=7, decimal_places=2)
    lot = models.CharField(max_length=40)
    expires_on = models.DateField()
    supplier = models.CharField(max_length=200)
    invoice = models.CharField(max_length=60)
    received_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(concentration_mg_per_ml__gt=0, volume_ml__gt=0),
                name="pharmacy_vial_holds_something",
            ),
            models.CheckConstraint(
                condition=Q(product__in=[str(p) for p in Product]), name="pharmacy_known_product"
            ),
        ]

    @property
    def amount_mg(self) -> Decimal:
        """What the label says it holds, in mg."""
        return self.concentration_mg_per_ml * self.volume_ml

    @property
    def label(self) -> str:
        """How people name it."""
        return f"{self.get_product_display()}, lot {self.lot}"


class RegisterHead(models.Model):
    """The last row's number. Every writer locks it first, so that no two draw the same drug."""

    sequence = models.PositiveBigIntegerField(default=0)


class Kind(models.TextChoices):
    """What a row says happened. The values are those of `kapstone.ledger`."""

    RECEIPT = "receipt", "Received"
    DRAW = "draw", "Drawn"
    GIVEN = "given", "Given"
    WASTE = "waste", "Rest of a draw wasted"
    VIAL_WASTE = "vial_waste", "Wasted from the vial"
    COUNT = "count", "Counted"
    VARIANCE = "variance", "Difference documented"
    REVERSAL = "reversal", "Taken back"


_WITNESSED = ["receipt", "waste", "vial_waste", "count", "variance", "reversal"]
_REASONED = ["waste", "vial_waste", "variance", "reversal"]
_ABOVE_ZERO = ["receipt", "draw", "given", "waste", "vial_waste"]


class Row(models.Model):
    """One entry of the register. Never changed or removed: a wrong one is taken back by another."""

    sequence = models.PositiveBigIntegerField(primary_key=True)
    entry_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=12, choices=Kind)
    vial = models.ForeignKey(Vial, on_delete=models.PROTECT, related_name="rows")
    about = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="followed_by"
    )
    dose_id = models.UUIDField(null=True)
    amount_mg = models.DecimalField(max_digits=11, decimal_places=2, null=True)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    actor = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    witness = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(witness__isnull=True) | ~Q(witness=F("actor")),
                name="pharmacy_witness_is_another",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=_WITNESSED) | Q(witness__isnull=False),
                name="pharmacy_witnessed",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=_REASONED) | ~Q(reason=""), name="pharmacy_reasoned"
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=_ABOVE_ZERO) | Q(amount_mg__gt=0, amount_mg__isnull=False),
                name="pharmacy_amount_above_zero",
            ),
            models.CheckConstraint(
                condition=~Q(kind="count") | Q(amount_mg__gte=0, amount_mg__isnull=False),
                name="pharmacy_count_not_below_zero",
            ),
            models.CheckConstraint(
                condition=~Q(kind="variance") | (Q(amount_mg__isnull=False) & ~Q(amount_mg=0)),
                name="pharmacy_variance_not_zero",
            ),
            models.CheckConstraint(
                condition=Q(kind="reversal", amount_mg__isnull=True) | ~Q(kind="reversal"),
                name="pharmacy_reversal_has_no_amount",
            ),
            models.CheckConstraint(
                condition=Q(kind="draw", dose_id__isnull=False)
                | (~Q(kind="draw") & Q(dose_id__isnull=True)),
                name="pharmacy_draw_names_its_dose",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["given", "waste", "reversal"], about__isnull=False)
                | (~Q(kind__in=["given", "waste", "reversal"]) & Q(about__isnull=True)),
                name="pharmacy_row_names_what_it_is_about",
            ),
            models.UniqueConstraint(
                fields=["vial"], condition=Q(kind="receipt"), name="pharmacy_received_once"
            ),
            models.UniqueConstraint(
                fields=["about"], condition=Q(kind="reversal"), name="pharmacy_taken_back_once"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["vial", "sequence"]),
            models.Index(fields=["dose_id"]),
        ]


class GivenReport(models.Model):
    """What the session says a dose was, whether or not it was drawn here first.

    Charting never waits for the register: what no draw covers stays open until one is recorded.
    Below zero: a report taken back.
    """

    dose_id = models.UUIDField(db_index=True)
    amount_mg = models.DecimalField(max_digits=8, decimal_places=2)
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~Q(amount_mg=0), name="pharmacy_report_says_something"
            ),
        ]
