"""The beats of consoles on their short way: read in the event loop, without a page's views.

Only of those whose stream is open in this process, and who are asked every moment whether they may
still look. Nothing is told by it and nothing can be altered but the sign of life of a console whose
first beat went through every gate; its id is known to its own page alone.
"""

import re
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

from django.conf import settings
from django.http import parse_cookie
from django.utils import timezone

from clinic.dosing import beats, consoles, feeds

_PATH = re.compile(r"/patients/[^/]+/sessions/([0-9a-f-]{36})/beat/")


def takes(scope: dict[str, Any], body: bytes) -> bool:
    """Whether this request was a plain beat, and is kept."""
    path = _PATH.fullmatch(scope["path"])
    if path is None or scope["method"] != "POST":
        return False
    told = {name: values[0] for name, values in parse_qs(body.decode("latin-1")).items()}
    said = consoles.said(told)
    session_id, key = UUID(path[1]), _sign_in(scope)
    if said is None or "leaving" in told or not feeds.is_fed(session_id, key):
        return False
    return beats.keep(session_id, key, said, timezone.now())


def _sign_in(scope: dict[str, Any]) -> str:
    cookies = dict(scope["headers"]).get(b"cookie", b"").decode("latin-1")
    return str(parse_cookie(cookies).get(settings.SESSION_COOKIE_NAME, ""))
