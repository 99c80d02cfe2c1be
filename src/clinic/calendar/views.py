"""Who is in the house, and when."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from clinic.calendar import actions, queries
from clinic.calendar.forms import ShiftForm
from clinic.people.gate import ClinicRequest


@require_safe
def shifts(request: ClinicRequest) -> HttpResponse:
    """Shifts that run or are ahead."""
    return _page(request, ShiftForm(), 200)


@require_POST
def put(request: ClinicRequest) -> HttpResponse:
    """Put somebody on shift."""
    form = ShiftForm(request.POST)
    if not form.is_valid():
        return _page(request, form, 422)
    told = form.cleaned_data
    actions.put_on_shift(**told, by=request.user, at=timezone.now())
    messages.success(request, f"{told['staff'].name} is on shift.")
    return redirect("calendar:shifts")


def _page(request: ClinicRequest, form: ShiftForm, status: int) -> HttpResponse:
    now = timezone.now()
    shown = {"now": now, "shifts": queries.shifts_from(now), "form": form}
    return render(request, "calendar/shifts.html", shown, status=status)
