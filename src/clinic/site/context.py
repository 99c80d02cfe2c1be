"""What every page may show."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpRequest

from clinic.people import access
from clinic.site.templatetags.addresses import address

if TYPE_CHECKING:
    from clinic.site.demo import SignIn

# Words in the bar, the route they lead to, the icon beside them. Shown to whom the route is open.
NAV = (
    ("Today", "chart:today", "today"),
    ("People", "people:list", "people"),
    ("Drug register", "pharmacy:stock", "lock"),
    ("Staff", "people:staff", "key"),
    ("Wording", "measures:wording", "note"),
)


@dataclass(frozen=True, slots=True)
class NavItem:
    """One way on from the bar."""

    words: str
    url: str
    icon: str
    current: bool


def clinic(request: HttpRequest) -> dict[str, object]:
    """Whether this is the demo, who is signed in, and where they may go."""
    actor = getattr(request, "actor", None)
    return {
        "demo": settings.DEMO,
        "demo_sign_ins": _sign_ins() if settings.DEMO and actor is None else (),
        "clinic_name": settings.CLINIC_NAME,
        "clinic_phone": settings.CLINIC_PHONE,
        "crisis_contacts": settings.CRISIS_CONTACTS,
        "actor": actor,
        "nav": _open_to(actor, request.path) if actor else [],
    }


def _sign_ins() -> tuple["SignIn", ...]:
    from clinic.site import demo  # the seeds import every room: only the demo needs them

    return demo.SIGN_INS


def _open_to(actor: access.Actor, path: str) -> list[NavItem]:
    routes = access.table().routes
    return [
        NavItem(words, url := address(name), icon, path.startswith(url))
        for words, name, icon in NAV
        if access.may(actor, routes[name].may)
    ]
