"""The one place where a request is let in: route, role, licence, relation, audit."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django_htmx.middleware import HtmxDetails

from clinic.people import access, audit
from clinic.people.models import Patient, User


class ClinicRequest(HttpRequest):
    """A request that passed the gate."""

    user: User
    actor: access.Actor
    patient: Patient
    htmx: HtmxDetails


class GateMiddleware:
    """Default deny. A patient that may not be seen is answered like one who does not exist."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and write down each reading of a person's record."""
        response = self.get_response(request)
        read = request.method in ("GET", "HEAD") and response.status_code == 200
        if read and getattr(request, "patient", None) is not None:
            audit.record(
                f"read {request.resolver_match.view_name}",  # type: ignore[union-attr]  # resolved
                by=request.user,  # type: ignore[arg-type]  # the gate let a User in
                at=request.actor.at,  # type: ignore[attr-defined]
                patient=request.patient,  # type: ignore[attr-defined]
            )
        return response

    def process_view(
        self, request: Any, view: Callable[..., Any], args: Any, kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """Refuse, ask for sign-in, or let through."""
        route = access.table().routes.get(request.resolver_match.view_name)
        if route is None:
            raise Http404
        if route.about in ("anyone", "link"):
            return None
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        request.actor = access.actor(request.user, timezone.now())
        if route.about == "patient":
            request.patient = _patient(request.actor, route.may, kwargs.pop("patient_id"))
        elif route.about == "clinic" and not access.may(request.actor, route.may):
            raise PermissionDenied
        return None


def _patient(who: access.Actor, capability: str, patient_id: UUID) -> Patient:
    patient = Patient.objects.filter(pk=patient_id).first()
    if patient is None or not access.may(who, capability, patient):
        raise Http404
    return patient
