"""The live stream of one session: every event after the number a viewer has, then the panel.

A viewer who comes back with the number of the last event loses nothing. Rows are read apart from
the stream, so that a viewer holds no database connection while waiting.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar
from uuid import UUID

from asgiref.sync import sync_to_async
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.db import close_old_connections
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from clinic.dosing import hub, listening, screen
from clinic.dosing.models import DosingSession, SessionEvent
from clinic.people import access, idle
from clinic.people.gate import ClinicRequest
from clinic.people.models import Patient, User

TICK_S = 5  # the panel ages, and a message lost between processes is made good
RETRY_MS = 1000
Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class News:
    """What a viewer has not seen yet. `ended`: why the stream is over."""

    ended: str
    events: tuple[tuple[int, str], ...]
    panel: str


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who watches whom, and the sign-in they watch by."""

    user: User
    patient: Patient
    sign_in: SessionBase

    def read_sign_in(self) -> SessionBase | None:
        """That sign-in if it still stands: read again, for it may have ended elsewhere."""
        store = type(self.sign_in)(self.sign_in.session_key)
        return store if store.get(SESSION_KEY) == str(self.user.pk) else None


async def stream(request: HttpRequest, **kwargs: UUID) -> HttpResponseBase:
    """Server-sent events of one session, from the number the viewer names."""
    passed: ClinicRequest = request  # type: ignore[assignment]  # the gate let it in
    session_id = kwargs["session_id"]
    await _read(lambda: get_object_or_404(DosingSession, patient=passed.patient, pk=session_id))
    user, patient = passed.user, passed.patient
    listening.ensure()
    response = StreamingHttpResponse(
        _events(session_id, _last_seen(request), Viewer(user, patient, passed.session)),
        content_type="text/event-stream",
    )
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"
    return response


def _last_seen(request: HttpRequest) -> int:
    written = request.headers.get("Last-Event-ID") or request.GET.get("after", "0")
    return int(written) if written.isascii() and written.isdigit() and len(written) < 10 else 0


async def _events(session_id: UUID, after: int, viewer: Viewer) -> AsyncIterator[bytes]:
    yield f"retry: {RETRY_MS}\n\n".encode()
    with hub.waiting(session_id) as news:
        while True:
            news.clear()
            found = await _read(partial(_news, session_id, after, viewer))
            if found.ended:
                yield _message("closed", json.dumps(found.ended))
                return
            for number, told in found.events:
                after = number
                yield f"id: {number}\n".encode() + _message("line", told)
            yield _message("panel", json.dumps({"number": after, "html": found.panel}))
            try:
                await asyncio.wait_for(news.wait(), TICK_S)
            except TimeoutError:
                continue


def _news(session_id: UUID, after: int, viewer: Viewer) -> News:
    """One read: whether the viewer may still look, the rows, the screen (nameless if locked)."""
    now = timezone.now()
    sign_in = viewer.read_sign_in()
    if sign_in is None:
        return News("signed out", (), "")
    if not access.may(access.actor(viewer.user, now, session_id), "see_session", viewer.patient):
        return News("not allowed", (), "")
    session = DosingSession.objects.select_related("patient").get(pk=session_id)
    rows = session.events.filter(number__gt=after).order_by("number")
    told = tuple((row.number, _told(row)) for row in rows)
    locked = idle.left_s(sign_in, now.timestamp()) <= 0
    return News("", told, screen.panel(session, now, locked=locked))


def _told(row: SessionEvent) -> str:
    at = row.observed_at.isoformat()
    return json.dumps({"number": row.number, "kind": row.kind, "at": at})


def _message(event: str, data: str) -> bytes:
    return f"event: {event}\ndata: {data}\n\n".encode()


async def _read(work: Callable[[], Read]) -> Read:
    """Run a short read in a thread and give its connection back at once."""

    def run() -> Read:
        try:
            return work()
        finally:
            close_old_connections()

    return await sync_to_async(run, thread_sensitive=False)()
