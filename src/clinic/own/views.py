"""Pages of a person's own. What is sealed is fetched for whoever is signed in, and nobody else."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinic.own import actions, queries, writings
from clinic.own.forms import HomeworkForm, IntentionForm, LetterForm, ValuesForm, WordsForm
from clinic.own.models import Kind
from clinic.people.gate import ClinicRequest
from clinic.therapy import actions as therapy_actions
from clinic.therapy import queries as therapy
from clinic.therapy.sealing import SealBroken

NOT_KEPT = "no-store"  # neither the browser nor anything between keeps the page


def _today() -> date:
    return timezone.localdate(timezone.now())


def _page(request: ClinicRequest, template: str, shown: dict[str, object]) -> HttpResponse:
    response = render(request, template, {"patient": request.patient, **shown})
    response["Cache-Control"] = NOT_KEPT
    return response


def _not_kept() -> str:
    return _(
        "We could not keep it safe just now. Nothing was saved. Copy your words, or try later."
    )


def _own(request: ClinicRequest, writing_id: UUID) -> writings.Own:
    found = writings.one(request.user, writing_id, _today())
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "POST"])
def journal(request: ClinicRequest) -> HttpResponse:
    """What somebody wrote for themselves, and a box for more."""
    form = WordsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        text, now = form.cleaned_data["text"], timezone.now()
        try:
            writings.keep(kind=Kind.JOURNAL, text=text, by=request.user, at=now)
        except SealBroken:
            form.add_error(None, _not_kept())
        else:
            messages.success(request, _("Kept, for you alone."))
            return redirect("own:journal")
    held = writings.every(request.user, _today(), Kind.JOURNAL)
    return _page(request, "own/journal.html", {"form": form, "entries": held})


@require_http_methods(["GET", "POST"])
def entry(request: ClinicRequest, writing_id: UUID) -> HttpResponse:
    """One entry: read it, change it, share it, delete it."""
    own = _own(request, writing_id)
    if own.kind is not Kind.JOURNAL:
        raise Http404
    form = WordsForm(request.POST or None, initial={"text": own.text})
    if request.method == "POST" and form.is_valid() and not own.problem:
        text = form.cleaned_data["text"]
        writings.change(writing_id=own.id, text=text, by=request.user, at=timezone.now())
        messages.success(request, _("Kept, for you alone."))
        return redirect("own:journal")
    shared = request.patient.shared_writings.filter(writing_id=own.id).order_by("-at")
    return _page(request, "own/entry.html", {"form": form, "own": own, "shared": shared})


@require_http_methods(["GET", "POST"])
def share(request: ClinicRequest, writing_id: UUID) -> HttpResponse:
    """Give a copy to those who treat them, after seeing what that means."""
    own = _own(request, writing_id)
    if own.problem or not own.text:
        raise Http404
    if request.method == "POST":
        actions.share(patient=request.patient, own=own, by=request.user, at=timezone.now())
        messages.success(request, _("Those who treat you can read this copy now."))
        return redirect(_PAGE_OF[own.kind])
    return _page(request, "own/share.html", {"own": own, "back": _PAGE_OF[own.kind]})


@require_http_methods(["GET", "POST"])
def delete(request: ClinicRequest, writing_id: UUID) -> HttpResponse:
    """Delete it for good, after seeing what that means."""
    own = _own(request, writing_id)
    if request.method == "POST":
        writings.delete(writing_id=own.id, by=request.user, at=timezone.now())
        messages.success(request, _("Deleted."))
        return redirect(_PAGE_OF[own.kind])
    shared = request.patient.shared_writings.filter(writing_id=own.id).exists()
    shown = {"own": own, "shared": shared, "back": _PAGE_OF[own.kind]}
    return _page(request, "own/delete.html", shown)


@require_safe
def export(request: ClinicRequest) -> HttpResponse:
    """Everything somebody wrote, as a plain text file. A letter keeps its words until its day."""
    parts = []
    for own in writings.every(request.user, _today(), *Kind):
        day = date_format(timezone.localtime(own.written_at), "DATETIME_FORMAT")
        words = own.text or own.problem or _("This letter waits until its day.")
        parts.append(f"{_called(own.kind)}, {day}\n\n{words}\n")
    text = "\n---\n\n".join(parts) or _("Nothing written yet.")
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="my-words.txt"'
    response["Cache-Control"] = NOT_KEPT
    return response


@require_http_methods(["GET", "POST"])
def values(request: ClinicRequest) -> HttpResponse:
    """What matters to somebody: one page, changed as they wish."""
    held = next(iter(writings.every(request.user, _today(), Kind.VALUES)), None)
    form = ValuesForm(request.POST or None, initial={"text": held.text if held else ""})
    if request.method == "POST" and form.is_valid():
        text, now = form.cleaned_data["text"], timezone.now()
        try:
            writings.keep(kind=Kind.VALUES, text=text, by=request.user, at=now)
        except SealBroken:
            form.add_error(None, _not_kept())
        else:
            messages.success(request, _("Kept, for you alone."))
            return redirect("own:values")
    return _page(request, "own/values.html", {"form": form, "own": held})


@require_http_methods(["GET", "POST"])
def letters(request: ClinicRequest) -> HttpResponse:
    """Letters to oneself: write one, read those whose day has come."""
    today, now = _today(), timezone.now()
    proposed = {"opens_on": queries.day_of_letter(request.patient, now)}
    form = LetterForm(request.POST or None, initial=proposed, today=today)
    if request.method == "POST" and form.is_valid():
        try:
            writings.keep(kind=Kind.LETTER, **form.cleaned_data, by=request.user, at=now)
        except SealBroken:
            form.add_error(None, _not_kept())
        else:
            messages.success(request, _("Kept, for you alone, until its day."))
            return redirect("own:letters")
    held = writings.every(request.user, today, Kind.LETTER)
    return _page(request, "own/letters.html", {"form": form, "letters": held, "today": today})


@require_POST
def open_letter(request: ClinicRequest, writing_id: UUID) -> HttpResponse:
    """Read a letter before its day."""
    own = _own(request, writing_id)
    if own.kind is not Kind.LETTER:
        raise Http404
    now = timezone.now()
    writings.open_now(writing_id=own.id, today=_today(), by=request.user, at=now)
    return redirect("own:letters")


@require_http_methods(["GET", "POST"])
def intention(request: ClinicRequest) -> HttpResponse:
    """What somebody comes with. Those who treat them read it."""
    held = therapy.intention_words(request.patient)
    form = IntentionForm(request.POST or None, initial={"text": held})
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        therapy_actions.intend(
            patient=request.patient, text=text, by=request.user, at=timezone.now()
        )
        messages.success(request, _("Kept. Those who treat you can read it."))
        return redirect("people:me")
    return _page(request, "own/intention.html", {"form": form})


@require_safe
def homework(request: ClinicRequest) -> HttpResponse:
    """What somebody took with them from their visits."""
    return _page(request, "own/homework.html", {"tasks": queries.homework(request.patient)})


@require_http_methods(["GET", "POST"])
def say_homework(request: ClinicRequest, visit_id: UUID) -> HttpResponse:
    """How it went. Those who treat them read it."""
    tasks = {task.visit.pk: task for task in queries.homework(request.patient)}
    task = tasks.get(visit_id)
    if task is None:
        raise Http404
    form = HomeworkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        actions.say_homework(visit=task.visit, **told, by=request.user, at=timezone.now())
        messages.success(request, _("Kept. Those who treat you can read it."))
        return redirect("own:homework")
    return _page(request, "own/say_homework.html", {"form": form, "task": task})


def _called(kind: Kind) -> str:
    return {
        Kind.JOURNAL: _("Journal"),
        Kind.VALUES: _("What matters to you"),
        Kind.LETTER: _("A letter to yourself"),
    }[kind]


_PAGE_OF = {Kind.JOURNAL: "own:journal", Kind.VALUES: "own:values", Kind.LETTER: "own:letters"}
