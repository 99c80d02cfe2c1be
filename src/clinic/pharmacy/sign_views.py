"""The page for the registrant."""

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from clinic.people import audit
from clinic.people.gate import ClinicRequest
from clinic.pharmacy import signs as found
from kapstone import ledger

PERIODS_DAYS = (30, 90, 365)
USUAL_DAYS = 90


@require_safe
def signs(request: ClinicRequest) -> HttpResponse:
    """What stands out in the last days. Each reading is on the audit trail."""
    now, asked = timezone.now(), request.GET.get("days", "")
    days = next((each for each in PERIODS_DAYS if str(each) == asked), USUAL_DAYS)
    told = found.since(now - timedelta(days=days))
    audit.record("open_register_signs", by=request.user, at=now, days=days)
    shown = {
        "now": now,
        "days": days,
        "periods": PERIODS_DAYS,
        "count": len(told),
        "by_sign": [(sign, [each for each in told if each.sign is sign]) for sign in ledger.SIGNS],
    }
    return render(request, "pharmacy/signs.html", shown)
