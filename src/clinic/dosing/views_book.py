"""Booking a dosing session, and moving it to another time."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from clinic.calendar.actions import RoomTaken, Slot
from clinic.dosing import before, queries, stages
from clinic.dosing.book_form import BookForm, seen_at
from clinic.dosing.models import DosingSession
from clinic.dosing.views import for_session, to_console
from clinic.people.gate import ClinicRequest
from kapstone.pathway import Session

SEEN = ("alone_at", "close_at")
Doing = Callable[[Slot, stages.Seen], DosingSession]


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

    def at(slot: Slot, seen: stages.Seen) -> DosingSession:
        return stages.book_session(
            patient=patient, order=order, slot=slot, seen=seen, by=request.user, at=now
        )

    form = BookForm(request.POST or None, at=now)
    return _at_a_time(request, form, {"of": order}, at, "The session is booked.")


@require_http_methods(["GET", "POST"])
@for_session
def move(request: ClinicRequest, session: DosingSession) -> HttpResponse:
    """Another room or time for a session that has not begun."""
    now, booked = timezone.now(), session.appointment
    if booked is None or session.phase != str(Session.SCHEDULED):
        messages.error(request, "Only a booked session that has not begun is moved.")
        return to_console(session)

    def to(slot: Slot, seen: stages.Seen) -> DosingSession:
        return stages.move_session(session=session, slot=slot, seen=seen, by=request.user, at=now)

    minutes = int((booked.ends_at - booked.starts_at).total_seconds() // 60)
    held = {"room": booked.room, "starts_at": booked.starts_at, "minutes": minutes}
    form = BookForm(request.POST or None, initial=held, at=now)
    moved = "The session is moved. What the person makes ready is asked anew, with its new times."
    return _at_a_time(request, form, {"of": session, "moved": booked}, to, moved)


def _at_a_time(
    request: ClinicRequest, form: BookForm, about: dict[str, object], do: Doing, done: str
) -> HttpResponse:
    """The form, and what stands against its time."""
    shown = about | {"patient": request.patient, "form": form, "now": form.at}
    if request.method == "POST" and form.is_valid():
        alone_at, close_at = (seen_at(request.POST.get(each, "")) for each in SEEN)
        try:
            session = do(form.slot(), stages.Seen(alone_at, close_at))
        except stages.NotYet as error:
            shown["against"] = error.against
        except stages.NotSeen as error:
            shown |= {"alone": error.cover, "close": error.close, "ticked": (alone_at, close_at)}
        except RoomTaken:
            form.add_error("room", "Somebody else is expected in this room at this time.")
        except stages.Lacking as error:
            form.add_error(None, f"Still lacking: {error}.")
        else:
            messages.success(request, done)
            return to_console(session)
    status = 422 if request.method == "POST" else 200
    return render(request, "dosing/book.html", shown, status=status)
