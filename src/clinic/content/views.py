"""Pages of clinical content: its rooms, a room's rows, one row with its history."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from clinic.content import actions, hard_limits, held, queries
from clinic.content.forms import LimitForm, SeverityForm, WithdrawForm, shown_rows
from clinic.content.models import Signature
from clinic.people.gate import ClinicRequest
from kapstone.content import ContentRow
from kapstone.dose.page import bound_words
from kapstone.eligibility import allowed
from kapstone.errors import InvalidInput
from kapstone.findings import Severity

PAGE_SIZE = 25
SHOW = {
    "all": "All, unsigned first",
    "unsigned": "To be signed",
    "signed": "Signed",
    "free": "Without need of a signature",
}


@require_safe
def content(request: ClinicRequest) -> HttpResponse:
    """Every room, and how much of it waits."""
    rooms = queries.overview()
    shown = {
        "rooms": rooms,
        "waiting": sum(room.waiting_count for room in rooms),
        "to_sign": sum(room.sign_count for room in rooms),
        "set_here": queries.choices_in_force().values(),
        "limits_here": [
            (each, hard_limits.words(each)) for each in hard_limits.in_force().values()
        ],
    }
    return render(request, "content/content.html", shown)


@require_safe
def room(request: ClinicRequest, room: str) -> HttpResponse:
    """The rows of one room, to read and to sign."""
    if room not in held.rooms():
        raise Http404
    show = request.GET.get("show", "all")
    lines = [line for line in queries.lines(room) if _belongs(line, show)]
    page = Paginator(lines, PAGE_SIZE).get_page(request.GET.get("page"))
    shown = {
        "room": room,
        "title": held.rooms()[room],
        "page": page,
        "show": show,
        "filters": SHOW.items(),
        "waiting_here": sum(line.waits for line in page),
        "now": timezone.now(),
    }
    return render(request, "content/room.html", shown)


def _belongs(line: queries.Line, show: str) -> bool:
    kinds = {"unsigned": line.waits, "signed": line.signature, "free": not line.row.to_sign}
    return bool(kinds.get(show, True))


@require_safe
def row(request: ClinicRequest, room: str, row_id: str) -> HttpResponse:
    """One row, and everything that was signed or set about it."""
    return _row(request, _held(room, row_id))


@require_POST
def sign(request: ClinicRequest) -> HttpResponse:
    """Sign the rows that were shown and stay ticked."""
    rows = shown_rows(request.POST.getlist("row"))
    back = request.POST.get("room", "")
    if not rows:
        messages.error(request, "Nothing was signed: tick the rows you sign.")
    elif "read" not in request.POST:
        messages.error(request, "Nothing was signed: say that you have read each of the rows.")
    else:
        try:
            made = actions.sign(shown=rows, by=request.user, at=timezone.now())
        except actions.NotSignable as error:
            messages.error(request, f"Nothing was signed. {error}")
        else:
            count = len(made)
            messages.success(request, "1 row signed." if count == 1 else f"{count} rows signed.")
    return (
        redirect("content:room", room=back) if back in held.rooms() else redirect("content:content")
    )


@require_POST
def withdraw(request: ClinicRequest, signature_id: UUID) -> HttpResponse:
    """A signature no longer stands."""
    signature = get_object_or_404(Signature, pk=signature_id, withdrawal=None)
    form = WithdrawForm(request.POST)
    known = held.by_id().get((signature.room, signature.row))
    if known is None:
        raise Http404
    if not form.is_valid():
        return _row(request, known, why=form)
    actions.withdraw(
        signature=signature,
        reason=form.cleaned_data["reason"],
        by=request.user,
        at=timezone.now(),
    )
    messages.success(request, "Withdrawn: the row is not signed in this clinic.")
    return redirect("content:row", room=known.room, row_id=known.id)


@require_POST
def severity(request: ClinicRequest, row_id: str) -> HttpResponse:
    """This clinic gives a band of a screening rule another severity."""
    known = _held("eligibility", row_id)
    rule = queries.rule_of(known)
    if rule is None or not allowed(rule):
        raise Http404
    form = SeverityForm(allowed(rule), request.POST)
    if not form.is_valid():
        return _row(request, known, change=form)
    chosen = Severity(form.cleaned_data["severity"])
    actions.set_severity(
        row=known,
        severity=chosen,
        reason=form.cleaned_data["reason"],
        by=request.user,
        at=timezone.now(),
    )
    messages.success(request, f"{known.id} is {chosen} in this clinic from now on.")
    return redirect("content:row", room=known.room, row_id=known.id)


@require_POST
def limit(request: ClinicRequest, row_id: str) -> HttpResponse:
    """This clinic lowers a hard limit of a dose, or goes back to the published one."""
    known = _held("dose", row_id)
    ranged = hard_limits.range_of(known)
    if ranged is None:
        raise Http404
    form = LimitForm(ranged, None, request.POST)
    if form.is_valid():
        try:
            made = actions.set_limit(
                row=known,
                to=form.bound(),
                reason=form.cleaned_data["reason"],
                by=request.user,
                at=timezone.now(),
            )
        except InvalidInput as error:
            form.add_error(error.key, f"{error.problem} {error.mend}")
        except actions.NotSignable as error:
            form.add_error(None, str(error))
        else:
            told = f"The hard limit of {known.id} in this clinic from now on: "
            messages.success(
                request, f"{told}{hard_limits.words(made)}. The row is to be signed again."
            )
            return redirect("content:row", room=known.room, row_id=known.id)
    return _row(request, known, lower=form)


def _held(room: str, row_id: str) -> ContentRow:
    known = held.by_id().get((room, row_id))
    if known is None:
        raise Http404
    return known


def _row(
    request: ClinicRequest,
    known: ContentRow,
    *,
    why: WithdrawForm | None = None,
    change: SeverityForm | None = None,
    lower: LimitForm | None = None,
) -> HttpResponse:
    rule = queries.rule_of(known)
    signatures = list(queries.history(known))
    standing = [each for each in signatures if not hasattr(each, "withdrawal")]
    choices = allowed(rule) if rule else ()
    shown = {
        "row": known,
        "title": held.rooms()[known.room],
        "signatures": signatures,
        "signature": next((each for each in standing if each.digest == known.digest), None),
        "older": bool(standing) and standing[0].digest != known.digest,
        "choice": queries.choices_in_force().get(known.digest),
        "choices": queries.choices_of(known) if rule else (),
        "why": why or WithdrawForm(),
        "change": change or (SeverityForm(choices) if len(choices) > 1 else None),
        "rule": rule,
        "sources": queries.sources(known),
        "now": timezone.now(),
        **_limits(known, lower),
    }
    refused = why or change or lower
    return render(request, "content/row.html", shown, status=422 if refused else 200)


def _limits(known: ContentRow, lower: LimitForm | None) -> dict[str, object]:
    """The hard limit of a row of dose limits in this clinic, and what was set before."""
    ranged = hard_limits.range_of(known)
    if ranged is None:
        return {"stamp": known.digest}
    set_here = hard_limits.set_for(known, hard_limits.in_force())
    return {
        "stamp": hard_limits.stamp(known, set_here),
        "limit": set_here,
        "limit_words": hard_limits.counts(ranged, set_here),
        "published": bound_words(ranged.hard_max),
        "limits": [(each, hard_limits.words(each)) for each in hard_limits.choices_of(known)],
        "lower": lower or LimitForm(ranged, set_here),
    }
