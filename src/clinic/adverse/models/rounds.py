"""A round of questions after a session: what was asked by name, and what was answered."""

import uuid

from django.db import models

from clinic.dosing.models import DosingSession
from clinic.people.models import User


class AskedRound(models.Model):
    """Each name of the list with yes, no or nothing. Append-only.

    Only what is asked is heard: unasked, people leave out most of it. Source: protocol AE-R8.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(DosingSession, on_delete=models.PROTECT, related_name="rounds")
    answers = models.JSONField(default=dict)
    version = models.CharField(max_length=16)
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
