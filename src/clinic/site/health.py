"""One address for a watcher outside: does the clinic answer, and are alerts being delivered?"""

from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from clinic.alerts import beats


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
