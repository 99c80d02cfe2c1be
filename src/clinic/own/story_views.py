"""The story of a session: offered by a therapist, read by the person if they wish."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from clinic.dosing import queries as dosing
from clinic.own import actions, queries
from clinic.own.forms import StoryForm
from clinic.people.gate import ClinicRequest
from kapstone.errors import InvalidInput


@require_http_methods(["GET", "POST"])
def offer(request: ClinicRequest, session_id: UUID) -> HttpResponse:
    """Tell a session. The form begins with the last story, or with the moments that were marked."""
    session = dosing.session_of(request.patient, session_id)
    if session is None:
        raise Http404
    held = next((one for one in queries.stories(request.patient) if one.session == session), None)
    begin = held.text if held else "\n".join(queries.moments(session))
    form = StoryForm(request.POST or None, initial={"text": begin})
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        try:
            actions.offer_story(session=session, text=text, by=request.user, at=timezone.now())
        except InvalidInput as refused:
            form.add_error(
                None, f"{refused.problem[0].upper()}{refused.problem[1:]} {refused.mend}"
            )
        else:
            messages.success(request, "The story lies on their own page.")
            return redirect("therapy:therapy", patient_id=request.patient.pk)
    shown = {"patient": request.patient, "session": session, "form": form, "held": held}
    return render(request, "own/offer.html", shown | {"now": timezone.now()})


@require_safe
def stories(request: ClinicRequest) -> HttpResponse:
    """The stories that wait for whoever wishes to read them."""
    shown = {"patient": request.patient, "stories": queries.stories(request.patient)}
    return render(request, "own/stories.html", shown)


@require_safe
def story(request: ClinicRequest, story_id: int) -> HttpResponse:
    """One story, opened because the person chose to."""
    held = {one.pk: one for one in queries.stories(request.patient)}
    if story_id not in held:
        raise Http404
    return render(request, "own/story.html", {"patient": request.patient, "story": held[story_id]})
