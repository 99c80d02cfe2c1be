"""The one place where a request is let in: route, role, licence, relation, proof, audit."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django_htmx.middleware import HtmxDetails

from clinic.people import access, audit, lock, owed, proof, signed_out
from clinic.people.models import Patient, User
from clinic.people.tongue import Reader
from clinic.people.worded import worded_once


class ClinicRequest(HttpRequest):
    """A request that passed the gate."""

    user: User
    reader: Reader
    actor: access.Actor
    patient: Patient
    htmx: HtmxDetails


class GateMiddleware:
    """Default deny. A patient that may not be seen is answered like one who does not exist."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and write down each reading of a person's record, by whichever method."""
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")  # nothing stays on a shared screen
        lock.tell(request, response)
        signed_out.wipe(request, response)
        if response.status_code < 300 and getattr(request, "patient", None) is not None:
            _note_reading(request)
        return response

    def process_view(
        self, request: Any, view: Callable[..., Any], args: Any, kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """Refuse, ask for sign-in or a proof, or let through."""
        route = access.table().routes.get(request.resolver_match.view_name)
        if route is None or route.about == "closed":
            raise Http404
        if route.about in ("anyone", "link"):
            return None
        if not request.user.is_authenticated:
            return signed_out.answer(request)
        session_id = kwargs.get("session_id")
        request.actor = access.actor(request.user, timezone.now(), session_id)
        if (waits := lock.keep(request, route)) is not None:
            return waits
        if route.about != "signed_in" and (first := _first(request.actor)):
            return redirect(first)
        if route.about in ("patient", "own"):
            patient_id = kwargs.pop("patient_id", request.actor.patient_id)
            request.patient = _patient(request, route.may, patient_id)
        elif route.about == "clinic" and not access.may(request.actor, route.may):
            raise PermissionDenied
        if route.proof and request.method == "POST":
            return proof.demand(request)
        return None


def _note_reading(request: Any) -> None:
    """A person's record was read. Beside a chair it is read even while nothing can be written."""
    name, at = request.resolver_match.view_name, request.actor.at
    try:
        audit.record(f"read {name}", by=request.user, at=at, patient=request.patient)
    except OperationalError:
        if not access.table().routes[name].beside:
            raise
        owed.owe(owed.Reading(f"read {name}", request.user, request.patient, at))


def _first(who: access.Actor) -> str | None:
    """What somebody does before anything opens: a password of their own, a second factor."""
    if who.user.start_password:
        return "account_change_password"
    staff = who.staff_id is not None
    return "people:account" if staff and not (settings.DEMO or is_mfa_enabled(who.user)) else None


def _patient(request: Any, capability: str, patient_id: Any) -> Patient:
    """The patient, or 404 and a line in the trail: the same whether refused or absent."""
    patient = next(iter(_patients(patient_id)), None) if patient_id else None
    if patient is None or not access.may(request.actor, capability, patient):
        route = request.resolver_match.view_name
        audit.record(f"refused {route}", by=request.user, at=request.actor.at, patient=patient)
        raise Http404
    return patient


@worded_once
def _patients(patient_id: UUID) -> QuerySet[Patient]:
    return Patient.objects.filter(pk=patient_id)
