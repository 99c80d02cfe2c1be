"""Pages about the two recovery sheets: who holds them, printing one's own, using both."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinic.people import proof
from clinic.people.gate import ClinicRequest
from clinic.people.models import User
from clinic.therapy import keys, recovery
from clinic.therapy.forms import PairForm, RecoveryForm
from clinic.therapy.models.keys import RecoveryPair
from kapstone.errors import KapstoneError


@require_safe
def overview(request: ClinicRequest) -> HttpResponse:
    """Who holds the sheets, whether they are printed, and each time both were used."""
    return _page(request, PairForm(people=recovery.may_hold(timezone.now())))


def _page(request: ClinicRequest, form: PairForm) -> HttpResponse:
    named, printed = recovery.named_pair(), keys.printed_pair()
    shown = {
        "now": timezone.now(),
        "form": form,
        "named": named,
        "printed": printed,
        "rows": _rows(named) if named else [],
        "to_print": named is not None and _waits_for(named, request.user),
        "may_open": printed is not None and request.user in (printed.first, printed.second),
        "openings": recovery.openings(),
    }
    return render(request, "therapy/recovery.html", shown, status=422 if form.is_bound else 200)


def _rows(pair: RecoveryPair) -> list[tuple[User, object]]:
    printed = {sheet.holder_id: sheet.printed_at for sheet in pair.sheets.all()}
    return [(user, printed.get(user.pk)) for user in (pair.first, pair.second)]


def _waits_for(pair: RecoveryPair, user: User) -> bool:
    return any(each == user and not printed_at for each, printed_at in _rows(pair))


@require_POST
def name_two(request: ClinicRequest) -> HttpResponse:
    """Name the two people anew."""
    now = timezone.now()
    people = recovery.may_hold(now)
    form = PairForm(request.POST, people=people)
    if form.is_valid():
        by_id = {user.pk: user for user in people}
        first, second = (by_id[form.cleaned_data[name]] for name in ("first", "second"))
        try:
            recovery.name_two(first=first, second=second, by=request.user, at=now)
        except KapstoneError as refused:
            form.add_error("second", str(refused))
        else:
            messages.success(request, "Each of the two signs in and prints their own sheet here.")
            return redirect("therapy:recovery")
    return _page(request, form)


@require_POST
def print_sheet(request: ClinicRequest) -> HttpResponse:
    """The code of one's own sheet. It is shown this once and kept nowhere."""
    pair, now = recovery.named_pair(), timezone.now()
    if pair is None:
        raise Http404
    try:
        code = recovery.print_sheet(pair=pair, by=request.user, at=now)
    except KapstoneError as refused:
        messages.warning(request, str(refused))
        return redirect("therapy:recovery")
    other = pair.second if request.user == pair.first else pair.first
    shown = {"now": now, "code": code, "other": other}
    response = render(request, "therapy/recovery_sheet.html", shown)
    response["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "POST"])
def give_back(request: ClinicRequest) -> HttpResponse:
    """Both sheets together: a new key for the server, and each author opens their own again."""
    pair = keys.printed_pair()
    if pair is None or request.user not in (pair.first, pair.second):
        raise Http404
    other = pair.second if request.user == pair.first else pair.first
    form = RecoveryForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        if not proof.prove(request, other, typed["secret"]):
            form.add_error("secret", f"This is not {other.name}'s PIN or password.")
        else:
            try:
                codes = {request.user.pk: typed["code"], other.pk: typed["beside_code"]}
                recovery.give_back(
                    codes=codes,
                    reason=typed["reason"],
                    by=request.user,
                    beside=other,
                    at=timezone.now(),
                )
            except KapstoneError as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(request, "Every author can open their own notes again.")
                return redirect("therapy:recovery")
    response = render(request, "therapy/recovery_open.html", {"form": form, "other": other})
    response["Cache-Control"] = "no-store"
    return response
