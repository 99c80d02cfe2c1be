"""A patient's pages: open a link, answer one question at a time or all on a page, send."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic.measures import actions, queries, worrying
from clinic.measures.answering import (
    all_on_a_page,
    ask_again,
    by_link,
    following,
    given,
    may_answer,
    next_item,
)
from clinic.measures.link import begin_visit, in_visit, prolong_visit
from clinic.measures.models import Assignment
from clinic.measures.offers import wording_of
from clinic.measures.phone_forms import AnswerForm, PageForm, SecondFactForm
from clinic.measures.wording import Wording
from clinic.people.tongue import read_in


@by_link
def link(request: HttpRequest, assignment: Assignment, secret: str) -> HttpResponse:
    """Ask for the second fact. Opening this page redeems nothing and names nobody."""
    now = timezone.now()
    form = SecondFactForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            right = actions.redeem(
                assignment=assignment,
                birth_date=form.cleaned_data["birth_date"],
                at=now,
                hand=form.hand(),
            )
        except actions.LinkDead:
            right = False
        if right:
            begin_visit(request, assignment, now)
            return redirect("measures:answer", secret=secret)
        form.add_error("birth_date", _("This does not match. Check it, or call the clinic."))
    state = queries.link_state(assignment, now)
    if state is queries.LinkState.OPEN and wording_of(assignment) is None:
        state = queries.LinkState.CANCELLED  # its wording was withdrawn: nothing is asked
    shown = {
        "form": form,
        "secret": secret,
        "state": state,
        "opens_at": assignment.opens_at,
        "begun": assignment.answers.exists(),
    }
    return render(request, "measures/link.html", shown)


@by_link
def answer(request: HttpRequest, assignment: Assignment, secret: str) -> HttpResponse:
    """Each answer is kept before anything else is shown."""
    now = timezone.now()
    wording = wording_of(assignment, read_in(request, assignment.patient))
    if wording is None or not may_answer(request, assignment, now):
        return ask_again(request, secret)
    item = request.GET.get("item", "") or next_item(assignment, wording)
    if item not in wording.items:
        return redirect("measures:review", secret=secret)
    if all_on_a_page(request, assignment):
        return _whole_page(request, assignment, secret, wording)
    form = AnswerForm(wording, item, request.POST or None, initial=given(assignment, item))
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_answer(assignment=assignment, item=item, value=form.value(), at=now)
        except actions.LinkDead:  # sent or cancelled in another tab meanwhile
            return redirect("measures:link", secret=secret)
        prolong_visit(request, assignment, now)
        return redirect(following(list(wording.items), item, secret))
    items = list(wording.items)
    number = items.index(item) + 1
    shown = {
        "form": form,
        "wording": wording,
        "secret": secret,
        "number": number,
        "count": len(items),
        "before": items[number - 2] if number > 1 else None,
        "progress": _("Question %(number)s of %(count)s") % {"number": number, "count": len(items)},
    }
    return render(request, "measures/answer.html", shown)


def _whole_page(
    request: HttpRequest, assignment: Assignment, secret: str, wording: Wording
) -> HttpResponse:
    """All questions on one page. With JavaScript each is kept when tapped, without it by Next."""
    now, before = timezone.now(), queries.answered(assignment)
    form = PageForm(wording, request.POST or None, initial=before)
    if request.method == "POST" and form.is_valid():
        try:
            for item, value in form.changed().items():
                actions.save_answer(assignment=assignment, item=item, value=value, at=now)
        except actions.LinkDead:
            return ask_again(request, secret)
        prolong_visit(request, assignment, now)
        if not request.headers.get("HX-Request"):
            return redirect("measures:review", secret=secret)
    count = {"done": len(queries.answered(assignment)), "count": len(wording.items)}
    told = count | {"progress": _("%(done)s of %(count)s answered") % count}
    if request.headers.get("HX-Request"):
        return render(request, "measures/_told.html", told)
    shown = told | {"form": form, "wording": wording, "secret": secret, "whole": True}
    return render(request, "measures/answer.html", shown)


@by_link
def review(request: HttpRequest, assignment: Assignment, secret: str) -> HttpResponse:
    """All answers before they are sent; sending them ends the questions."""
    now = timezone.now()
    wording = wording_of(assignment, read_in(request, assignment.patient))
    if wording is None or not may_answer(request, assignment, now):
        return ask_again(request, secret)
    if request.method == "POST":
        try:
            actions.submit_answers(assignment=assignment, wording=wording, at=now)
        except actions.LinkDead:  # sent in another tab meanwhile: that is no error
            return redirect("measures:link", secret=secret)
        return redirect("measures:thanks", secret=secret)
    told = queries.latest_answers(assignment)
    rows = [
        (item, text, wording.choices[item].get(told.get(item, -1)))
        for item, text in wording.items.items()
    ]
    shown = {
        "rows": rows,
        "secret": secret,
        "left_open": len(rows) - len(told),
        "language": wording.language,
    }
    return render(request, "measures/review.html", shown)


@by_link
def thanks(request: HttpRequest, assignment: Assignment, secret: str) -> HttpResponse:
    """Thanked; with crisis contacts always, and first when an answer calls for them."""
    now = timezone.now()
    if not in_visit(request, assignment, now):
        return redirect("measures:link", secret=secret)
    shown = {
        "secret": secret,
        "sent": queries.link_state(assignment, now) is queries.LinkState.ANSWERED,
        "worrying": worrying.of_now(assignment.patient).exists(),
        "next_look": worrying.next_look(assignment.patient, now),
        "called": worrying.waiting_to_be_called(assignment.patient).exists(),
    }
    return render(request, "measures/thanks.html", shown)
