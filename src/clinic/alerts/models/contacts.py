"""What a step of an alert says beyond its words: an attempt's result, the plan's state."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from clinic.alerts.models.alerts import AlertStep


class How(models.TextChoices):
    """How somebody was tried."""

    PHONE = "phone", "By phone"
    TEXT = "text", "By text message"
    VIDEO = "video", "By video"
    IN_PERSON = "in_person", "In person"
    EMERGENCY = "emergency", "Through their emergency contact"
    WELFARE = "welfare", "Through emergency services, a welfare check"


class Result(models.TextChoices):
    """What came of it. Only `SPOKE` is contact."""

    SPOKE = "spoke", "Spoke with the person"
    NO_ANSWER = "no_answer", "No answer"
    MESSAGE = "message", "Left a message to call back"
    SOMEBODY_ELSE = "somebody_else", "Reached somebody else"
    WRONG = "wrong", "The number or address is wrong"


class ContactAttempt(models.Model):
    """One attempt to reach the person, and what came of it. Never changed or removed."""

    step = models.OneToOneField(AlertStep, on_delete=models.PROTECT, related_name="contact")
    how = models.CharField(max_length=12, choices=How)
    result = models.CharField(max_length=16, choices=Result)


class PlanState(models.TextChoices):
    """What became of the safety plan."""

    MADE = "made", "Made with the person"
    REVIEWED = "reviewed", "Gone through again with the person"
    DECLINED = "declined", "Not made: they declined, or it was not possible"


class PlanAnswer(models.Model):
    """What an alert's outcome says about the safety plan. Never changed or removed."""

    step = models.OneToOneField(AlertStep, on_delete=models.PROTECT, related_name="plan")
    state = models.CharField(max_length=10, choices=PlanState)
    why = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(why=""), name="alerts_no_plan_says_why"
            )
        ]
