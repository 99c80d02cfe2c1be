"""A console while its screen is locked: what keeps the person safe, and nobody's name."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from clinic.dosing import screen, words
from clinic.dosing.models import DosingSession


def page(
    request: HttpRequest, session: DosingSession, now: datetime, status: int = 200
) -> HttpResponse:
    """Figures, ages, alarms and the call for help. What is charted waits for the PIN."""
    shown = {
        "patient": session.patient,
        "session": session,
        "screen": screen.build(session, now),
        "unnamed": words.unnamed(session),
    }
    return render(request, "dosing/console_locked.html", shown, status=status)
