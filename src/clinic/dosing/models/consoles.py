"""What each console last said it has shown: a silent one cannot raise its own alarm."""

import uuid
from typing import ClassVar

from django.db import models

from clinic.dosing.models.sessions import DosingSession
from clinic.people.models import User


class Sound(models.TextChoices):
    """Whether a page can make itself heard, as far as a page knows."""

    UNKNOWN = "unknown", "not tried"
    ON = "on", "on"
    OFF = "off", "blocked"


class ConsoleBeat(models.Model):
    """One opened page of one session. Overwritten at each beat: it is a state, not a record.

    `console_id` comes from the page, anew whenever it is loaded, so that of two screens of one
    person neither stands in for the other. heard_at: when a person said that they heard the alarm's
    test tone there; a page cannot know how loud the tablet is. tab_id: of the tab it was loaded in,
    where what was heard still holds when the page is loaded again.
    """

    session = models.ForeignKey(DosingSession, on_delete=models.PROTECT, related_name="consoles")
    console_id = models.UUIDField()
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    shown_number = models.PositiveIntegerField()
    beat_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)
    sound = models.CharField(max_length=8, choices=Sound, default=Sound.UNKNOWN)
    heard_at = models.DateTimeField(null=True)
    tab_id = models.UUIDField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["session", "console_id"], name="dosing_one_beat_a_console"
            )
        ]


class OfflineName(models.Model):
    """What a device calls one person's part in one session, so that it need keep no name.

    Random, and made anew for each person and session. What waits on a device under it is taken
    from this person alone.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(
        DosingSession, on_delete=models.PROTECT, related_name="offline_names"
    )
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["session", "user"], name="dosing_one_offline_name_a_person"
            )
        ]
