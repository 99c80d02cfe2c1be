"""The beats of consoles on their short way: read in the event loop, without a page's views.

Only of pages whose stream is open in this process: it went through every gate with the page's id,
which nobody else knows, and whether they may still look is asked again every moment. Nothing is
told by a beat, and nothing altered but its console's sign of life.
"""

import re
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

from django.conf import settings
from django.http import parse_cookie
from django.utils import timezone

from clinic.dosing import beats, consoles, feeds

_PATH = re.compile(
    r"/patients/[^/]+/sessions/([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})/beat/"
)


def takes(scope: dict[str, Any], body: bytes) -> bool:
    """Whether this request was a plain beat, and is kept."""
    path = _PATH.fullmatch(scope["path"])
    if path is None or scope["method"] != "POST":
        return False
    told = {name: values[0] for name, values in parse_qs(body.decode("latin-1")).items()}
    said, session_id = consoles.said(told), UUID(path[1])
    if said is None or "leaving" in told:
        return False
    viewer = feeds.viewer(session_id, _sign_in(scope), said.console_id)
    if viewer is None:
        return False
    return beats.keep(consoles.Beat(session_id, viewer.user.pk, said, timezone.now()))


def _sign_in(scope: dict[str, Any]) -> str:
    cookies = dict(scope["headers"]).get(b"cookie", b"").decode("latin-1")
    return str(parse_cookie(cookies).get(settings.SESSION_COOKIE_NAME, ""))
