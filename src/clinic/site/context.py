"""What every page may show."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from clinic.people import crisis, lock, staffing
from clinic.people import queries as people
from clinic.people.models import Patient
from clinic.site import ways

if TYPE_CHECKING:
    from clinic.site.demo import SignIn


def clinic(request: HttpRequest) -> dict[str, object]:
    """Whether this is the demo, who is signed in, and where they may go."""
    actor, reader = getattr(request, "actor", None), getattr(request, "reader", None)
    return {
        "demo": settings.DEMO,
        "demo_sign_ins": _sign_ins() if settings.DEMO and actor is None else (),
        "demo_pin": staffing.DEMO_PIN if settings.DEMO and actor is None else "",
        "clinic_name": settings.CLINIC_NAME,
        "clinic_phone": settings.CLINIC_PHONE,
        "crisis_contacts": SimpleLazyObject(crisis.lines),
        "tongue": (get_language() or "en").partition("-")[0],
        "in_care": reader is not None and reader.in_care,
        "frame": "site/phone.html" if reader is not None and reader.in_care else "site/base.html",
        "actor": actor,
        "locked": lock.is_locked(request),
        "idle_s": lock.left_s(request),
        "nav": ways.in_clinic(actor, request.path) if actor else (),
        # Asked for by pages about a person.
        "person_nav": SimpleLazyObject(lambda: ways.to_person(request)),
        "namesakes": SimpleLazyObject(lambda: _namesakes(request)),
    }


def _sign_ins() -> tuple["SignIn", ...]:
    from clinic.site import demo  # the seeds import every room: only the demo needs them

    return demo.SIGN_INS


def _namesakes(request: HttpRequest) -> list[Patient]:
    patient = getattr(request, "patient", None)
    return list(people.namesakes(patient)) if patient else []
