"""Pages of whoever was invited: their date of birth, then how they will sign in."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from allauth.core import ratelimit
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clinic.episodes import queries as episodes
from clinic.measures import worrying
from clinic.measures.actions import link_hash
from clinic.people import tongue
from clinic.welcome import actions, queries
from clinic.welcome.forms import AccountForm, BirthDateForm
from clinic.welcome.models import Invitation

VISIT = timedelta(minutes=30)
_KEY = "invitation-visit"
View = Callable[[HttpRequest, Invitation, str], HttpResponse]


def by_link(view: View) -> Callable[[HttpRequest, str], HttpResponse]:
    """A page of an invitation, in its person's language; of an unknown one in the reader's."""

    @wraps(view)
    def shown(request: HttpRequest, secret: str) -> HttpResponse:
        known = Invitation.objects.select_related("patient__user")
        invitation = known.filter(link_hash=link_hash(secret)).first()
        if invitation is None:
            return render(request, "welcome/link.html", {"state": "unknown"}, status=404)
        with translation.override(tongue.read_in(request, invitation.patient)):
            return view(request, invitation, secret)

    return shown


@by_link
def link(request: HttpRequest, invitation: Invitation, secret: str) -> HttpResponse:
    """Ask for the date of birth. Opening this page uses nothing up and names nobody."""
    now = timezone.now()
    form = BirthDateForm(request.POST or None)
    if request.method == "POST":
        too_many: HttpResponse | None = ratelimit.consume_or_429(request, action="invitation")
        if too_many is not None:
            return too_many
        if form.is_valid() and _is_theirs(form, invitation, now):
            request.session.cycle_key()
            request.session[_KEY] = [str(invitation.pk), (now + VISIT).timestamp()]
            return redirect("welcome:begin", secret=secret)
    shown = {"form": form, "secret": secret, "state": queries.state(invitation, now)}
    return render(request, "welcome/link.html", shown)


def _is_theirs(form: BirthDateForm, invitation: Invitation, now: datetime) -> bool:
    try:
        right = actions.redeem(
            invitation=invitation, birth_date=form.cleaned_data["birth_date"], at=now
        )
    except actions.Dead:
        return False
    if not right:
        form.add_error("birth_date", _("This does not match. Check it, or call the clinic."))
    return right


def _in_visit(request: HttpRequest, invitation: Invitation, now: datetime) -> bool:
    visit = request.session.get(_KEY)
    return visit is not None and visit[0] == str(invitation.pk) and now.timestamp() < visit[1]


@by_link
def begin(request: HttpRequest, invitation: Invitation, secret: str) -> HttpResponse:
    """How they will sign in. Sent, the account is made and they are on their own page."""
    now, patient = timezone.now(), invitation.patient
    still_open = queries.state(invitation, now) is queries.State.OPEN
    if not still_open or not _in_visit(request, invitation, now):
        return redirect("welcome:link", secret=secret)
    told = {"email": patient.email, "language": tongue.read_in(request, patient)}
    form = AccountForm(request.POST or None, patient=patient, initial=told)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            user = actions.make_account(
                invitation=invitation,
                email=given["email"],
                password=given["password1"],
                language=given["language"],
                at=now,
            )
        except actions.Dead:  # used, taken back or over meanwhile
            return redirect("welcome:link", secret=secret)
        except actions.AddressTaken:
            form.add_error("email", _("Another account uses this address. Type another one."))
        else:
            tongue.choose(request, patient, given["language"])
            login = Login(user=user, redirect_url=reverse("people:me"))
            signed_in: HttpResponse = perform_password_login(request, {"email": user.email}, login)
            return signed_in
    return render(request, "welcome/begin.html", {"form": form, "secret": secret})


@require_POST
@by_link
def help_now(request: HttpRequest, invitation: Invitation, secret: str) -> HttpResponse:
    """*I need help now*: an alert at once, even before any date of birth was given."""
    now, patient = timezone.now(), invitation.patient
    if not episodes.has_died(patient):
        worrying.ask_for_help(patient=patient, at=now, known=_in_visit(request, invitation, now))
        told = _("Somebody at the clinic is being told now. Keep your phone near.")
        messages.success(request, f"{told} {worrying.next_look(patient, now)}".strip())
    return redirect("welcome:link", secret=secret)


@require_POST
@by_link
def language(request: HttpRequest, invitation: Invitation, secret: str) -> HttpResponse:
    """Read these pages in another language."""
    tongue.choose(request, invitation.patient, request.POST.get("language", ""))
    return redirect("welcome:link", secret=secret)
