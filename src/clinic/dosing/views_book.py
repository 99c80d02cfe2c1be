"""Booking a dosing session."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from clinic.calendar.actions import RoomTaken
from clinic.dosing import before, queries, stages
from clinic.dosing.book_form import BookForm, seen_at
from clinic.dosing.views import to_console
from clinic.people.gate import ClinicRequest

SEEN = ("alone_at", "close_at")


@require_http_methods(["GET", "POST"])
def book(request: ClinicRequest) -> HttpResponse:
    """A room and a time for the order in force. A time without a second person is said first."""
    now, patient = timezone.now(), request.patient
    order = before.order(patient, now)
    if order is None:
        messages.error(request, "No signed order is in force. Sign one first.")
        return redirect("dosing:sessions", patient_id=patient.pk)
    if (known := queries.open_session(patient)) is not None:
        messages.error(request, "A session is open already. It ends, or is cancelled, first.")
        return to_console(known)
    form = BookForm(request.POST or None, at=now)
    shown = {"patient": patient, "order": order, "form": form, "now": now}
    if request.method == "POST" and form.is_valid():
        alone_at, close_at = (seen_at(request.POST.get(each, "")) for each in SEEN)
        try:
            session = stages.book_session(
                patient=patient,
                order=order,
                slot=form.slot(),
                seen=stages.Seen(alone_at, close_at),
                by=request.user,
                at=now,
            )
        except stages.NotYet as error:
            shown["against"] = error.against
        except stages.NotSeen as error:
            shown |= {"alone": error.cover, "close": error.close, "ticked": (alone_at, close_at)}
        except RoomTaken:
            form.add_error("room", "Somebody else is expected in this room at this time.")
        except stages.Lacking as error:
            form.add_error(None, f"Still lacking: {error}.")
        else:
            messages.success(request, "The session is booked.")
            return to_console(session)
    status = 422 if request.method == "POST" else 200
    return render(request, "dosing/book.html", shown, status=status)
