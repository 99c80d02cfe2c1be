"""Who watches which session, and whether they still may: asked again every few seconds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase

from clinic.people import access, idle, sessions
from clinic.people.models import Patient, User


@dataclass(frozen=True, eq=False, slots=True)
class Viewer:
    """Who watches whose session, the sign-in they watch by, and the page that shows it."""

    user: User
    patient: Patient
    session_id: UUID
    sign_in: SessionBase
    console_id: UUID | None = None

    @property
    def key(self) -> str:
        """That of the sign-in."""
        return str(self.sign_in.session_key)


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a viewer may look. ended: why not; locked: what is shown names nobody."""

    ended: str = ""
    locked: bool = True


def standings(viewers: Iterable[Viewer], now: datetime) -> dict[Viewer, Standing]:
    """Read again each time: a sign-in may have ended elsewhere, and a right with it."""
    found = list(viewers)
    signed_in = sessions.open_ones({one.key for one in found}, now)
    people = User.objects.select_related("staff", "patient")
    users = people.in_bulk({one.user.pk for one in found})
    actors = {pk: access.actor(user, now) for pk, user in users.items()}
    access.relate(actors.values(), {one.patient.pk for one in found})
    return {one: _standing(one, actors, signed_in.get(one.key, {}), now) for one in found}


def _standing(
    viewer: Viewer, actors: Mapping[int, access.Actor], sign_in: Mapping[str, Any], now: datetime
) -> Standing:
    if sign_in.get(SESSION_KEY) != str(viewer.user.pk):
        return Standing("signed out")
    who = replace(actors[viewer.user.pk], session_id=viewer.session_id, seats={})
    if not access.may(who, "see_session", viewer.patient):
        return Standing("not allowed")
    return let_in(sign_in, now)


def let_in(sign_in: SessionBase | Mapping[str, Any], now: datetime) -> Standing:
    """Of somebody who may look: an idle sign-in's screen is locked."""
    return Standing(locked=idle.left_s(sign_in, now.timestamp()) <= 0)
