"""What people said about how they may be reached."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clinic.people.models import Patient, StaffMember
from clinic.reach.messages import Way


class ReminderWay(models.TextChoices):
    """By which way somebody wants what the clinic sends by itself."""

    MAIL = "mail", _("E-mail")
    TEXT = "text", _("Text message")
    NONE = "none", _("No messages: it waits on the signed-in page")


class StopWay(models.TextChoices):
    """How somebody said that they want no more reminders."""

    OWN_PAGE = "own_page", "on their own page"
    TEXT = "text", "by text message"
    STAFF = "staff", "to a member of staff"


class PatientReach(models.Model):
    """One person's wishes. Without a row `reaching.DEFAULT` holds.

    They touch reminders only: never a person's call, and never what staff are told.
    """

    patient = models.OneToOneField(Patient, on_delete=models.PROTECT, related_name="reach")
    reminders_by = models.CharField(
        max_length=8, choices=ReminderWay, default=ReminderWay.MAIL, verbose_name="Reminders"
    )
    leave_no_message = models.BooleanField(default=False)
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_until = models.TimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True)
    stopped_how = models.CharField(max_length=8, choices=StopWay, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | (
                    Q(quiet_from__isnull=False, quiet_until__isnull=False)
                    & ~Q(quiet_from=F("quiet_until"))
                ),
                name="reach_quiet_has_both_ends",
            ),
            models.CheckConstraint(
                condition=Q(stopped_at__isnull=True, stopped_how="")
                | (Q(stopped_at__isnull=False) & ~Q(stopped_how="")),
                name="reach_stopped_says_how",
            ),
        ]


class StaffReach(models.Model):
    """By which way a member of staff is told of alerts. Without a row: e-mail."""

    staff = models.OneToOneField(StaffMember, on_delete=models.PROTECT, related_name="reach")
    way = models.CharField(max_length=8, choices=Way, default=Way.MAIL)
    number = models.CharField(max_length=80, blank=True)  # a telephone's, or a pager's key

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(way=Way.MAIL) | ~Q(number=""), name="reach_way_has_its_number"
            )
        ]
