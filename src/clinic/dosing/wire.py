"""What goes down a live stream: server-sent events, worded once for everybody who watches."""

import json
from collections.abc import Iterable
from datetime import datetime

from clinic.dosing.screen import Vital


def message(event: str, told: object) -> bytes:
    """One event."""
    return f"event: {event}\ndata: {json.dumps(told)}\n\n".encode()


def line(number: int, kind: str, at: datetime) -> bytes:
    """One line of the session. Its number is what a browser comes back with."""
    told = {"number": number, "kind": kind, "at": at.isoformat()}
    return f"id: {number}\n".encode() + message("line", told)


def panel(number: int, html: str) -> bytes:
    """Everything that the console shows."""
    return message("panel", {"number": number, "html": html})


def figures(number: int, vitals: Iterable[Vital], now: datetime) -> bytes:
    """The figures alone, where nothing else of the panel changed."""
    shown = {
        vital.name: {
            "words": vital.words,
            "unit": vital.unit,
            "at": vital.observed_at.isoformat(),
            "stale_at": vital.stale_at.isoformat() if vital.stale_at else None,
            "source": vital.source,
            "artefact": vital.artefact,
        }
        for vital in vitals
        if vital.observed_at
    }
    return message("figures", {"number": number, "now": now.isoformat(), "figures": shown})
