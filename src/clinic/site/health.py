"""Are alerts being delivered? Said to a watcher outside, and on every staff page."""

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from clinic.alerts import beats


@require_safe
@never_cache
def loop_line(request: HttpRequest) -> HttpResponse:
    """The red line of every staff page: empty while alerts are being delivered."""
    now = timezone.now()
    return render(request, "site/loop_line.html", {"now": now, "status": beats.status(now)})


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """200 with a live loop; 503 with the names of the silent jobs. Holds nothing about people."""
    try:
        status = beats.status(timezone.now())
    except DatabaseError as error:
        return JsonResponse({"ok": False, "database": type(error).__name__}, status=503)
    failing = {job.job: {"reason": job.reason, "since": job.since} for job in status.failing}
    return JsonResponse(
        {"ok": status.delivering, "failing": failing}, status=200 if status.delivering else 503
    )
