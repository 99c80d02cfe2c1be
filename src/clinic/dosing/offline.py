"""What a console knows to go on recording while it reaches nobody, and what is taken from it.

A device keeps what waits under an OfflineName: no person's name, no id of theirs, no address.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from clinic.dosing import words
from clinic.dosing.actions import AHEAD_AT_MOST
from clinic.dosing.kinds import Chart
from clinic.dosing.models import DosingSession, OfflineName
from clinic.dosing.models.sessions import ENDED
from clinic.people.models import User
from clinic.people.worded import worded_once
from kapstone.errors import InvalidInput

LIBRARIES = ("idb.js", "workbox-sw.js")
# What a console may send late, by the name that it keeps beside each entry.
WAYS = {
    "chart": "dosing:chart",
    "note": "dosing:note",
    "part": "dosing:part",
    "given": "dosing:already_given",
}
NOT_YOURS = (
    "Somebody else typed this. Nothing was charted under your name: they sign in on that device."
)


class NotYours(Exception):
    """An entry was typed by another person than the one who is signed in."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a device is told of a session. `label` names nobody: it is what a locked screen says."""

    name: OfflineName
    mine: bool

    def told(self) -> dict[str, object]:
        """As a script reads it."""
        session = self.name.session
        about = {"mine": self.mine, "over": session.phase in ENDED, "session": str(session.pk)}
        if not self.mine:
            return about | {"typed_by": self.name.user.name}
        return about | {
            "name": str(self.name.pk),
            "label": f"{words.unnamed(session)}, opened {words.clock(session.opened_at)}",
            "product": session.product,
            "route": session.route,
            "ways": {way: _address(view, session) for way, view in WAYS.items()},
            "console": _address("dosing:console", session),
        }


def _address(view: str, session: DosingSession) -> str:
    return reverse(view, args=[session.patient_id, session.pk])


def is_possible() -> bool:
    """Whether set-up brought the libraries it takes."""
    return all((Path(settings.FRONT_END) / name).is_file() for name in LIBRARIES)


@transaction.atomic
def named(*, session: DosingSession, by: User, at: datetime) -> Known:
    """A console of this person begins to keep what it records on its device as well."""
    name, _ = OfflineName.objects.get_or_create(session=session, user=by, defaults={"made_at": at})
    name.session = session
    return Known(name, mine=True)


def known(name_id: UUID, reader: User) -> Known | None:
    """Whose a name is, and of which session. Whether the reader may know is the view's to ask."""
    rows = OfflineName.objects.select_related("session__patient", "session__appointment", "user")
    name = rows.filter(pk=name_id).first()
    return Known(name, mine=name.user_id == reader.pk) if name else None


def refuse_unless_own(session: DosingSession, typed_as: str, by: User) -> None:
    """Raises NotYours where an entry says that it was typed by another, or for another session."""
    try:
        found = _own(UUID(typed_as), session.pk, by.pk)
    except ValueError:
        found = []
    if not found:
        raise NotYours(NOT_YOURS)


def gap(told: Chart, at: datetime) -> Chart:
    """From when to when a console reached nobody. Raises InvalidInput for what cannot have been."""
    try:
        until = datetime.fromisoformat(str(told.body.get("until")))
    except ValueError:
        raise InvalidInput("until", "is no time.", "Load the page again.") from None
    if until.tzinfo is None or not told.observed_at <= until <= at + AHEAD_AT_MOST:
        raise InvalidInput("until", "is not possible.", "The device's clock was wrong.")
    return told


@worded_once
def _own(name_id: UUID, session_id: UUID, user_id: int) -> QuerySet[OfflineName]:
    return OfflineName.objects.filter(pk=name_id, session=session_id, user=user_id)
