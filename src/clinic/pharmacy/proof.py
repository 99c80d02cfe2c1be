"""A second person's proof at the console of the first."""

from allauth.core import ratelimit
from django.utils import timezone

from clinic.people import audit
from clinic.people.gate import ClinicRequest
from clinic.people.models import User
from clinic.pharmacy.witness import Prove


def proving(request: ClinicRequest) -> Prove:
    """A check of somebody else's password, here and now; the session keeps its own user."""

    def prove(person: User, secret: str) -> bool:
        free = ratelimit.consume(request, action="reauthenticate", user=person)
        held = person != request.user and person.is_active and free
        held = held and person.check_password(secret)
        action = "second_person_proved" if held else "second_person_refused"
        audit.record(action, by=request.user, at=timezone.now(), subject=person)
        return held

    return prove
