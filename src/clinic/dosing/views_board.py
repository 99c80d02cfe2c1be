"""The board on a wall, and the tiles that it fetches again."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from clinic.dosing import board
from clinic.people.gate import ClinicRequest


def wall(request: ClinicRequest) -> HttpResponse:
    """Every open session at a glance."""
    return _shown(request, "dosing/board.html")


def tiles(request: ClinicRequest) -> HttpResponse:
    """The tiles alone, fetched every few seconds."""
    return _shown(request, "dosing/_board.html")


def _shown(request: ClinicRequest, template: str) -> HttpResponse:
    return render(request, template, {"board": board.build(request.actor, timezone.now())})
