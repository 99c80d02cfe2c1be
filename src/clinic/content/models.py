"""Who signed which row of content, and what this clinic set itself. Rows are only added."""

import uuid
from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import Q

from clinic.people.models import Licence, User
from kapstone.findings import Severity
from kapstone.limits import Bound


class Signature(models.Model):
    """A medical director answers for one row as it stood: its hash, and what was shown.

    `licence` was in force then.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    room = models.CharField(max_length=32)
    row = models.CharField(max_length=120)
    digest = models.CharField(max_length=64)
    shown = models.JSONField()  # words, value, source and mark, as they were read
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    licence = models.ForeignKey(Licence, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["room", "row", "digest"])]


class Withdrawal(models.Model):
    """A signature that no longer stands, and why."""

    signature = models.OneToOneField(Signature, on_delete=models.PROTECT, related_name="withdrawal")
    reason = models.TextField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(reason=""), name="content_withdrawal_has_reason")
        ]


class SeverityChoice(models.Model):
    """The severity this clinic gave one band of a screening rule. The last one of a hash counts.

    A band that a new release changes has another hash: what was set for the old one lapses.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    row = models.CharField(max_length=120)
    digest = models.CharField(max_length=64)
    number = models.PositiveIntegerField()  # of this hash, from 1
    severity = models.CharField(max_length=8, choices=[(str(each), str(each)) for each in Severity])
    reason = models.TextField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(reason=""), name="content_severity_has_reason"),
            models.CheckConstraint(
                condition=Q(severity__in=[str(each) for each in Severity]),
                name="content_severity_is_one",
            ),
            models.UniqueConstraint(
                fields=["digest", "number"], name="content_severity_one_after_another"
            ),
        ]


class LimitChoice(models.Model):
    """This clinic's own hard limit of a dose row; the last counts. Without a figure: as published.

    It stays when a release changes the row: the lower of the two counts, so it never loosens one.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    row = models.CharField(max_length=120)
    number = models.PositiveIntegerField()  # of this row, from 1
    mg_per_kg = models.DecimalField(max_digits=7, decimal_places=3, null=True)
    mg = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    reason = models.TextField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(reason=""), name="content_limit_has_reason"),
            models.CheckConstraint(
                condition=(Q(mg_per_kg__isnull=True) | Q(mg_per_kg__gt=0))
                & (Q(mg__isnull=True) | Q(mg__gt=0)),
                name="content_limit_above_zero",
            ),
            models.UniqueConstraint(
                fields=["row", "number"], name="content_limit_one_after_another"
            ),
        ]

    @property
    def bound(self) -> Bound | None:
        """The limit; None where the clinic took its own back."""
        if self.mg_per_kg is None and self.mg is None:
            return None
        return Bound(_shortened(self.mg_per_kg), _shortened(self.mg))


def _shortened(figure: Decimal | None) -> Decimal | None:
    """Without the zeros that the column adds."""
    return None if figure is None else Decimal(f"{figure.normalize():f}")
