"""The live stream of one session: every event after the number a viewer has, then the panel.

A viewer who comes back with the number of the last event loses nothing. Nobody holds a database
connection while waiting.
"""

from collections.abc import AsyncIterator
from contextlib import suppress
from functools import partial
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from clinic.dosing import consoles, feeds, listening, telling, wire
from clinic.dosing.models import DosingSession
from clinic.dosing.watchers import Standing, Viewer, let_in
from clinic.people.gate import ClinicRequest

RETRY_MS = 1000


async def stream(request: HttpRequest, **kwargs: UUID) -> HttpResponseBase:
    """Server-sent events of one session, from the number the viewer names."""
    passed: ClinicRequest = request  # type: ignore[assignment]  # the gate let it in
    session_id = kwargs["session_id"]
    theirs = partial(get_object_or_404, DosingSession, patient=passed.patient, pk=session_id)
    await feeds.read(theirs)
    listening.ensure()
    console_id = consoles.id_of(request.GET.dict(), "console")
    viewer = Viewer(passed.user, passed.patient, session_id, passed.session, console_id)
    standing = let_in(passed.session, timezone.now())
    response = StreamingHttpResponse(
        _events(viewer, standing, _last_seen(request)), content_type="text/event-stream"
    )
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"
    return response


def _last_seen(request: HttpRequest) -> int:
    written = request.headers.get("Last-Event-ID") or request.GET.get("after", "0")
    return int(written) if written.isascii() and written.isdigit() and len(written) < 10 else 0


async def _events(viewer: Viewer, standing: Standing, after: int) -> AsyncIterator[bytes]:
    yield f"retry: {RETRY_MS}\n\n".encode()
    version, drawn = 0, b""
    with suppress(feeds.Over), feeds.watching(viewer, standing) as feed:
        while True:
            told, standing = await feed.later(version, viewer)
            version = told.version
            if standing.ended:
                yield wire.message("closed", standing.ended)
                return
            if told.failed:
                yield wire.message("failed", {"number": after})
                continue
            found = await _missing(viewer.session_id, told, after)
            parts = [line for _, line in found]
            after = found[-1][0] if found else after
            if told.number >= after:  # never a panel from before its own page
                shown = told.panels.get(standing.locked, b"")
                parts += [shown] if shown is not drawn else []
                drawn = shown
                parts.append(told.figures)
            if new := b"".join(parts):
                yield new


async def _missing(session_id: UUID, told: telling.Told, after: int) -> list[telling.Line]:
    """The lines that a viewer has not seen, each once: from the table if it lags far behind."""
    lines = told.lines
    if not told.reaches(after):
        lines = await feeds.read(partial(telling.lines_between, session_id, after, told.number))
    return [line for line in lines if line[0] > after]
