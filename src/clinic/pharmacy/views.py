"""Pages that show the register."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from clinic.people.gate import ClinicRequest
from clinic.pharmacy import books, queries
from clinic.pharmacy.models import Kind, Vial


def stock(request: ClinicRequest) -> HttpResponse:
    """Vials with what they hold, and whatever is still open."""
    now = timezone.now()
    rows, sums = queries.register()
    vials = queries.vials(sums)
    shown = {
        "now": now,
        "today": timezone.localdate(now),
        "held": [each for each in vials if each.left_mg],
        "empty_count": sum(not each.left_mg for each in vials),
        "draws": queries.open_among(rows, sums),
        "uncovered": queries.uncovered(sums),
        "differences": queries.differences(rows, sums),
    }
    return render(request, "pharmacy/stock.html", shown)


def vial(request: ClinicRequest, vial_id: UUID) -> HttpResponse:
    """One vial: its label, what it holds, every entry."""
    found = get_object_or_404(Vial, pk=vial_id)
    rows = books.rows_of(found)
    sums = books.balances(rows)
    taken_back = {row.about_id for row in rows if row.kind == Kind.REVERSAL}
    shown = {
        "now": timezone.now(),
        "vial": found,
        "balance": sums.vials.get(str(found.pk)),
        "rows": [
            (row, sums.counts.get(str(row.entry_id)), row.pk in taken_back)
            for row in reversed(rows)
        ],
    }
    return render(request, "pharmacy/vial.html", shown)
