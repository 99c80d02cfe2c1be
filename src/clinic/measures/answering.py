"""What the pages of a link share: whose they are, in which language, and where an answer leads."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from clinic.measures import queries
from clinic.measures.link import assignment_of, in_visit
from clinic.measures.models import Assignment
from clinic.measures.wording import Wording
from clinic.people import tongue

_WHOLE = "all-on-a-page"
View = Callable[[HttpRequest, Assignment, str], HttpResponse]


def by_link(view: View) -> Callable[[HttpRequest, str], HttpResponse]:
    """A page of a link, in its person's language; of an unknown link in the browser's."""

    @wraps(view)
    def shown(request: HttpRequest, secret: str) -> HttpResponse:
        try:
            assignment = assignment_of(secret)
        except Http404:
            with translation.override(tongue.of_browser(request)):
                return render(request, "measures/unknown.html", status=404)
        with translation.override(tongue.read_in(request, assignment.patient)):
            return view(request, assignment, secret)

    return shown


def ask_again(request: HttpRequest, secret: str) -> HttpResponse:
    """Back to the door. What was pressed after the half hour was not kept, and that is said."""
    there = reverse("measures:link", args=[secret])
    if request.headers.get("HX-Request"):  # a tap must not seem kept that was not
        return HttpResponse(status=204, headers={"HX-Redirect": there})
    if request.method == "POST":
        told = _("This page was open for a long time, so it closed. Earlier answers are kept.")
        messages.warning(request, told)
    return redirect(there)


def may_answer(request: HttpRequest, assignment: Assignment, now: datetime) -> bool:
    """Whether this browser may answer this now."""
    still_open = queries.link_state(assignment, now) is queries.LinkState.OPEN
    return still_open and in_visit(request, assignment, now)


def all_on_a_page(request: HttpRequest, assignment: Assignment) -> bool:
    """Whether this person chose to see all questions at once, in this visit."""
    return bool(request.session.get(_WHOLE) == str(assignment.pk))


def choose_pace(request: HttpRequest, assignment: Assignment, *, whole: bool) -> None:
    """All questions at once, or one at a time."""
    request.session[_WHOLE] = str(assignment.pk) if whole else ""


def following(items: list[str], item: str, secret: str) -> str:
    """The question after this one; after the last all answers."""
    after = items[items.index(item) + 1 :]
    if not after:
        return reverse("measures:review", args=[secret])
    return f"{reverse('measures:answer', args=[secret])}?item={after[0]}"


def next_item(assignment: Assignment, wording: Wording) -> str:
    """The first question nobody answered yet."""
    done = set(assignment.answers.values_list("item", flat=True))
    return next((item for item in wording.items if item not in done), "")


def given(assignment: Assignment, item: str) -> dict[str, object]:
    """What was answered before, as the form has it."""
    answers = queries.answered(assignment)
    return {"answer": answers[item]} if item in answers else {}
