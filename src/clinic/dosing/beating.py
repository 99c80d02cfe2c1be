"""The beats of consoles on their short way: read in the event loop, without a page's views.

Only of pages whose stream is open in this process: it went through every gate with the page's id,
which nobody else knows, and whether they may still look is asked again every moment. Nothing is
told by a beat, and nothing altered but its console's sign of life.
"""

from functools import lru_cache
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

from django.conf import settings
from django.http import parse_cookie
from django.urls import Resolver404, resolve
from django.utils import timezone

from clinic.dosing import beats, consoles, feeds


def takes(scope: dict[str, Any], body: bytes) -> bool:
    """Whether this request was a plain beat, and is kept."""
    session_id = _session(scope["path"]) if scope["path"].endswith("/beat/") else None
    if session_id is None or scope["method"] != "POST":
        return False
    told = {name: values[0] for name, values in parse_qs(body.decode("latin-1")).items()}
    said = consoles.said(told)
    if said is None or "leaving" in told:
        return False
    viewer = feeds.viewer(session_id, _sign_in(scope), said.console_id)
    if viewer is None:
        return False
    return beats.keep(consoles.Beat(session_id, viewer.user.pk, said, timezone.now()))


@lru_cache(4096)  # a console asks by one address every 2 s
def _session(path: str) -> UUID | None:
    """Whose beats an address takes."""
    try:
        found = resolve(path)
    except Resolver404:
        return None
    return found.kwargs["session_id"] if found.view_name == "dosing:beat" else None


def _sign_in(scope: dict[str, Any]) -> str:
    cookies = dict(scope["headers"]).get(b"cookie", b"").decode("latin-1")
    return str(parse_cookie(cookies).get(settings.SESSION_COOKIE_NAME, ""))
