"""Pages about reaching people: of a person, by staff or themselves, and of staff."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from clinic.people.gate import ClinicRequest
from clinic.reach import actions
from clinic.reach.channels import open_ways
from clinic.reach.forms import StaffWayForm, WishesForm
from clinic.reach.messages import Way
from clinic.reach.models import StaffReach, StopWay
from clinic.reach.stopping import take_in
from clinic.reach.wishes import wishes


def patient(request: ClinicRequest) -> HttpResponse:
    """Staff write down how a person wants to be reached."""
    after = reverse("people:patient", args=[request.patient.pk])
    return _page(request, "reach/patient.html", StopWay.STAFF, after)


def own(request: ClinicRequest) -> HttpResponse:
    """A person says it themselves, and can stop all reminders with one button."""
    return _page(request, "reach/own.html", StopWay.OWN_PAGE, reverse("people:me"))


def _page(request: ClinicRequest, template: str, how: StopWay, after: str) -> HttpResponse:
    now, person, said = timezone.now(), request.patient, wishes(request.patient)
    if "stop" in request.POST:
        actions.stop_reminders(patient=person, how=how, by=request.user, at=now)
        messages.success(request, _("No more reminders. Calls by a person stay as they are."))
        return redirect(request.path)
    if "resume" in request.POST:
        actions.resume_reminders(patient=person, by=request.user, at=now)
        messages.success(request, _("Reminders come again."))
        return redirect(request.path)
    form = WishesForm(request.POST or None, instance=said.row)
    if request.method == "POST" and form.is_valid():
        actions.keep_wishes(wishes=form.instance, by=request.user, at=now)
        messages.success(request, _("Kept."))
        return redirect(after)
    return render(request, template, {"patient": person, "said": said, "form": form, "now": now})


def staff(request: ClinicRequest) -> HttpResponse:
    """By which way a member of staff is told of alerts."""
    member = request.user.staff
    held = StaffReach.objects.filter(staff=member).first() or StaffReach(staff=member)
    told = {"way": held.way, "number": held.number}
    form = StaffWayForm(request.POST or None, initial=told)
    if request.method == "POST" and form.is_valid():
        actions.choose_way(
            staff=member,
            way=Way(form.cleaned_data["way"]),
            number=form.cleaned_data["number"],
            by=request.user,
            at=timezone.now(),
        )
        messages.success(request, "Kept. E-mail is used where this way fails.")
        return redirect("people:account")
    return render(request, "reach/staff.html", {"form": form, "ways": open_ways(), "held": held})


@csrf_exempt
@require_POST
def inbound(request: HttpRequest, secret: str) -> HttpResponse:
    """A text message that came in: the gateway hands over who wrote and what."""
    known = settings.CLINIC_TEXT_IN
    if not known or not constant_time_compare(secret, known):
        raise Http404
    number, words = request.POST.get("From", ""), request.POST.get("Body", "")
    take_in(number, words, at=timezone.now())
    return HttpResponse(status=204)
