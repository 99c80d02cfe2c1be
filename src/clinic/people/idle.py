"""The clock of an unattended screen, kept in the sign-in session: when somebody last acted.

What a page asks for by itself never counts as acting. The clock is the server's, so every tab of
one sign-in is locked and unlocked with it.
"""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

ACTED_AT = "acted-at"
WRITTEN_EVERY_S = 60  # at most: a write a minute, and a lock that may come so much too soon
LONGEST_MIN = 10  # mark P; a clinic may only shorten it


def problem(written: str) -> str:
    """What is wrong with CLINIC_IDLE_MIN as it is written, or nothing."""
    if written.isascii() and written.isdigit() and 1 <= int(written) <= LONGEST_MIN:
        return ""
    return (
        f"CLINIC_IDLE_MIN is {written!r}: a clinic may only lock an idle screen sooner. "
        f"Give whole minutes from 1 to {LONGEST_MIN}."
    )


def begin(request: HttpRequest, now_s: float) -> None:
    """Somebody signed in or unlocked: they are there."""
    request.session[ACTED_AT] = now_s


def note(request: HttpRequest, now_s: float, *, quiet: bool) -> None:
    """Somebody acted; a quiet request only starts a clock that never ran."""
    acted = request.session.get(ACTED_AT)
    if acted is None or (not quiet and now_s - acted >= WRITTEN_EVERY_S):
        begin(request, now_s)


def left_s(sign_in: SessionBase | Mapping[str, Any], now_s: float) -> int:
    """Seconds until the screens of a sign-in lock; nought or less once they are locked."""
    limit_s = int(settings.CLINIC_IDLE_MIN) * 60
    return int(limit_s - (now_s - sign_in.get(ACTED_AT, now_s)))
