"""Sign-in sessions in the database, read at every request: SESSION_ENGINE."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from clinic.people.worded import worded_once


class SessionStore(db.SessionStore):
    """Django's own, which words its read once, and ends when it was to end at sign-in.

    Django's begins its twelve hours anew with each write, and the clock of an idle screen writes.
    """

    _ends: tuple[str, datetime] | None = None

    def _get_session_from_db(self) -> Session | None:
        for session in _sessions(self.session_key or "", timezone.now()):
            self._ends = (session.session_key, session.expire_date)
            return session
        self._session_key = None
        return None

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """The row to be written; one that stands keeps its end."""
        row: Session = super().create_model_instance(data)  # type: ignore[assignment]  # its stub
        if self._ends is not None and self._ends[0] == row.session_key:
            row.expire_date = self._ends[1]
        return row


def open_ones(session_keys: Iterable[str], now: datetime) -> dict[str, dict[str, Any]]:
    """What those sign-ins that have not ended hold, by their key."""
    rows = Session.objects.filter(session_key__in=list(session_keys), expire_date__gt=now)
    return {row.session_key: row.get_decoded() for row in rows}


@worded_once
def _sessions(session_key: str, now: datetime) -> QuerySet[Session]:
    return Session.objects.filter(session_key=session_key, expire_date__gt=now)
