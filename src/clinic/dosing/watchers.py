"""Who watches a session, and whether they still may: asked again every few seconds."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase

from clinic.people import access, idle, sessions
from clinic.people.models import Patient, User


@dataclass(frozen=True, eq=False, slots=True)
class Viewer:
    """Who watches whom, and the sign-in they watch by."""

    user: User
    patient: Patient
    sign_in: SessionBase


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a viewer may look. ended: why not; locked: what is shown names nobody."""

    ended: str = ""
    locked: bool = True


def standings(
    viewers: Collection[Viewer], session_id: UUID, now: datetime
) -> dict[Viewer, Standing]:
    """Read again each time: a sign-in may have ended elsewhere, and a right with it."""
    keys = [str(viewer.sign_in.session_key) for viewer in viewers]
    signed_in = sessions.open_ones(keys, now)
    people = User.objects.select_related("staff", "patient")
    users = people.in_bulk([viewer.user.pk for viewer in viewers])
    return {
        viewer: _standing(viewer, users, signed_in.get(key, {}), session_id, now)
        for viewer, key in zip(viewers, keys, strict=True)
    }


def _standing(
    viewer: Viewer,
    users: Mapping[int, User],
    sign_in: Mapping[str, Any],
    session_id: UUID,
    now: datetime,
) -> Standing:
    if sign_in.get(SESSION_KEY) != str(viewer.user.pk):
        return Standing("signed out")
    who = access.actor(users[viewer.user.pk], now, session_id)
    if not access.may(who, "see_session", viewer.patient):
        return Standing("not allowed")
    return Standing(locked=idle.left_s(sign_in, now.timestamp()) <= 0)
