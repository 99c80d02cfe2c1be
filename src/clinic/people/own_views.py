"""Pages about oneself: the account of whoever is signed in, and a patient's own first page."""

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation

from clinic.people import queries, staffing, tongue
from clinic.people.gate import ClinicRequest
from clinic.people.models import Pin, User
from clinic.people.roles import Role
from clinic.people.staff_forms import PinForm


def account(request: ClinicRequest) -> HttpResponse:
    """How one signs in, what roles hold today, and what is still missing."""
    if request.reader.in_care:
        return render(request, "people/own_account.html", _ways_in(request.user))
    now = timezone.now()
    member = getattr(request.user, "staff", None)
    shown = _ways_in(request.user) | {
        "now": now,
        "member": queries.staff_line(member, now) if member else None,
        "must_enrol": bool(member and not settings.DEMO and not is_mfa_enabled(request.user)),
        "pin": Pin.objects.filter(user=request.user).first(),
        "own_record": Role.PATIENT in request.actor.roles,
    }
    return render(request, "people/account.html", shown)


def _ways_in(user: User) -> dict[str, object]:
    keys = Authenticator.objects.filter(user=user)
    return {
        "passkeys": keys.filter(type=Authenticator.Type.WEBAUTHN).count(),
        "codes": keys.filter(type=Authenticator.Type.TOTP).exists(),
    }


def pin(request: ClinicRequest) -> HttpResponse:
    """Set the PIN that proves who one is beside a colleague's screen."""
    form = PinForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        staffing.set_pin(digits=form.cleaned_data["pin"], by=request.user, at=timezone.now())
        messages.success(request, "Your PIN is set.")
        return redirect("people:account")
    return render(request, "people/pin.html", {"form": form})


def help_page(request: HttpRequest, language: str) -> HttpResponse:
    """What these pages are and where help is: for whoever opens it, in one language."""
    if language not in tongue.spoken():
        raise Http404
    with translation.override(language):
        return render(request, "people/help.html")


def me(request: ClinicRequest) -> HttpResponse:
    """A patient's own first page."""
    now = timezone.now()
    shown = {"patient": request.patient, "team": queries.care_team(request.patient, now)}
    return render(request, "people/me.html", shown)
