"""A patient's pages: open a link, answer one question at a time, send, be thanked."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from clinic.alerts import hours
from clinic.alerts import queries as alert_queries
from clinic.measures import actions, queries
from clinic.measures.forms import AnswerForm, SecondFactForm
from clinic.measures.link import assignment_of, begin_visit, in_visit, prolong_visit
from clinic.measures.models import Assignment
from clinic.measures.offers import wording_of
from clinic.measures.wording import Wording

NOBODY = "Nobody is on duty at this moment; all of the staff are told, and the clinic opens"


def link(request: HttpRequest, secret: str) -> HttpResponse:
    """Ask for the second fact. Opening this page redeems nothing and names nobody."""
    now = timezone.now()
    assignment = assignment_of(secret)
    form = SecondFactForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            right = actions.redeem(
                assignment=assignment, birth_date=form.cleaned_data["birth_date"], at=now
            )
        except actions.LinkDead:
            right = False
        if right:
            begin_visit(request, assignment, now)
            return redirect("measures:answer", secret=secret)
        form.add_error("birth_date", "This does not match. Check it, or call the clinic.")
    state = queries.link_state(assignment, now)
    if state is queries.LinkState.OPEN and wording_of(assignment) is None:
        state = queries.LinkState.CANCELLED  # its wording was withdrawn: nothing is asked
    shown = {
        "form": form,
        "state": state,
        "opens_at": assignment.opens_at,
        "begun": assignment.answers.exists(),
    }
    return render(request, "measures/link.html", shown)


def answer(request: HttpRequest, secret: str) -> HttpResponse:
    """One question; the answer is kept before the next is shown."""
    now = timezone.now()
    assignment = assignment_of(secret)
    wording = wording_of(assignment)
    if wording is None or not _may_answer(request, assignment, now):
        return _ask_again(request, secret)
    items = list(wording.items)
    item = request.GET.get("item", "") or _next_item(assignment, wording)
    if item not in items:
        return redirect("measures:review", secret=secret)
    form = AnswerForm(wording, item, request.POST or None, initial=_given(assignment, item))
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_answer(assignment=assignment, item=item, value=form.value(), at=now)
        except actions.LinkDead:  # sent or cancelled in another tab meanwhile
            return redirect("measures:link", secret=secret)
        prolong_visit(request, assignment, now)
        return redirect(_after(items, item, secret))
    number = items.index(item) + 1
    shown = {
        "form": form,
        "wording": wording,
        "secret": secret,
        "number": number,
        "count": len(items),
        "before": items[number - 2] if number > 1 else None,
        "progress": f"Question {number} of {len(items)}",
    }
    return render(request, "measures/answer.html", shown)


def review(request: HttpRequest, secret: str) -> HttpResponse:
    """All answers before they are sent; sending them ends the questions."""
    now = timezone.now()
    assignment = assignment_of(secret)
    wording = wording_of(assignment)
    if wording is None or not _may_answer(request, assignment, now):
        return _ask_again(request, secret)
    if request.method == "POST":
        try:
            actions.submit_answers(assignment=assignment, at=now)
        except actions.LinkDead:  # sent in another tab meanwhile: that is no error
            return redirect("measures:link", secret=secret)
        return redirect("measures:thanks", secret=secret)
    given = queries.latest_answers(assignment)
    rows = [
        (item, text, wording.choices[item].get(given.get(item, -1)))
        for item, text in wording.items.items()
    ]
    shown = {
        "rows": rows,
        "secret": secret,
        "left_open": len(rows) - len(given),
        "language": wording.language,
    }
    return render(request, "measures/review.html", shown)


def thanks(request: HttpRequest, secret: str) -> HttpResponse:
    """Thanked; with crisis contacts always, and first when an answer calls for them."""
    now = timezone.now()
    assignment = assignment_of(secret)
    if not in_visit(request, assignment, now):
        return redirect("measures:link", secret=secret)
    worrying = alert_queries.open_alerts().filter(
        patient=assignment.patient, level__in=["immediate", "urgent"]
    )
    somebody = worrying.filter(owner__isnull=False).exists()
    shown = {
        "secret": secret,
        "sent": queries.link_state(assignment, now) is queries.LinkState.ANSWERED,
        "next_look": "" if somebody else f"{NOBODY} {hours.next_morning(now)}.",
        "worrying": worrying.exists(),
        "called": worrying.filter(code="help").exists(),
    }
    return render(request, "measures/thanks.html", shown)


@require_POST
def help_now(request: HttpRequest, secret: str) -> HttpResponse:
    """*Call me now*: an alert at once, whatever else is unfinished."""
    now = timezone.now()
    assignment = assignment_of(secret)
    if not in_visit(request, assignment, now):
        return _ask_again(request, secret)
    actions.ask_for_help(assignment=assignment, at=now)
    return redirect("measures:thanks", secret=secret)


def _ask_again(request: HttpRequest, secret: str) -> HttpResponse:
    """Back to the door. What was pressed after the half hour was not kept, and that is said."""
    if request.method == "POST":
        messages.warning(
            request, "This page was open for a long time, so it closed. Earlier answers are kept."
        )
    return redirect("measures:link", secret=secret)


def _after(items: list[str], item: str, secret: str) -> str:
    following = items[items.index(item) + 1 :]
    if not following:
        return reverse("measures:review", args=[secret])
    return f"{reverse('measures:answer', args=[secret])}?item={following[0]}"


def _may_answer(request: HttpRequest, assignment: Assignment, now: datetime) -> bool:
    still_open = queries.link_state(assignment, now) is queries.LinkState.OPEN
    return still_open and in_visit(request, assignment, now)


def _next_item(assignment: Assignment, wording: Wording) -> str:
    done = set(assignment.answers.values_list("item", flat=True))
    return next((item for item in wording.items if item not in done), "")


def _given(assignment: Assignment, item: str) -> dict[str, object]:
    row = assignment.answers.filter(item=item).order_by("-pk").first()
    return {} if row is None else {"answer": "skip" if row.value is None else str(row.value)}
