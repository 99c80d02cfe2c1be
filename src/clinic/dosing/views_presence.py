"""Who comes into the room and who leaves it."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_POST

from clinic.dosing import actions, forms, presence
from clinic.dosing.kinds import HERE
from clinic.dosing.models import DosingSession
from clinic.dosing.views import Refusal, answered, for_session, refused
from clinic.people.gate import ClinicRequest
from clinic.people.models import StaffMember


@require_POST
@for_session
def tell(request: ClinicRequest, session: DosingSession) -> HttpResponse:
    """One tap: this member of staff is in the room, or is not."""
    staff = get_object_or_404(
        StaffMember.objects.select_related("user"), pk=_number(request.POST.get("staff", ""))
    )
    try:
        row = presence.tell(
            session=session,
            event_id=forms.event_id(request.POST.dict()),
            staff=staff,
            here=request.POST.get("here") == HERE,
            by=request.user,
            at=timezone.now(),
        )
    except (*Refusal, actions.EventConflict) as error:
        return refused(request, session, error)
    return answered(request, session, row)


def _number(written: str) -> int:
    return int(written) if written.isascii() and written.isdigit() and len(written) < 9 else 0
