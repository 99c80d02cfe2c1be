"""Sign-in sessions in the database, read at every request: SESSION_ENGINE."""

from datetime import datetime

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from clinic.people.worded import worded_once


class SessionStore(db.SessionStore):
    """Django's own, which words its read once."""

    def _get_session_from_db(self) -> Session | None:
        for session in _sessions(self.session_key or "", timezone.now()):
            return session
        self._session_key = None
        return None


@worded_once
def _sessions(session_key: str, now: datetime) -> QuerySet[Session]:
    return Session.objects.filter(session_key=session_key, expire_date__gt=now)
