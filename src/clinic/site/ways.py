"""The ways through the clinic that every page shows: the bar, and the tabs of one person."""

from dataclasses import dataclass

from django.http import HttpRequest

from clinic.people import access
from clinic.site.templatetags.addresses import address

# Words in the bar, the route they lead to, the icon beside them. Shown to whom the route is open.
NAV = (
    ("Today", "chart:today", "today"),
    ("People", "people:list", "people"),
    ("Adverse events", "adverse:everywhere", "warn"),
    ("Drug register", "pharmacy:stock", "lock"),
    ("Staff", "people:staff", "key"),
    ("Wording", "measures:wording", "note"),
    ("Clinical content", "content:content", "tick"),
)

# Words on a tab, the route it leads to, and the routes of one person that lie under it, by how
# their names begin: the longest beginning decides.
TABS = (
    ("Chart", "chart:chart", ("chart:", "measures:", "alerts:")),
    ("Details", "people:patient", ("people:", "reach:", "welcome:")),
    ("Referrals", "interop:referrals", ("interop:",)),
    ("History", "intake:form", ("intake:",)),
    (
        "Eligibility",
        "intake:eligibility",
        ("intake:eligibility", "intake:override", "intake:clear"),
    ),
    ("Plan and order", "planning:overview", ("planning:", "curves:")),
    ("Safety plan", "safety:plan", ("safety:",)),
    ("Therapy", "therapy:therapy", ("therapy:", "own:")),
    ("Sessions", "dosing:sessions", ("dosing:", "readying:", "curves:session")),
    ("Adverse events", "adverse:events", ("adverse:",)),
    ("After the dose", "measures:after", ("measures:after", "measures:check_in")),
    ("Course", "planning:care", ("planning:care", "planning:move")),
)


@dataclass(frozen=True, slots=True)
class Way:
    """One way on. `current` is the value of aria-current: "page", "true" above it, or ""."""

    words: str
    url: str
    icon: str
    current: str


def in_clinic(actor: access.Actor, path: str) -> list[Way]:
    """What the bar leads to."""
    routes, found = access.table().routes, []
    for words, name, icon in NAV:
        if access.may(actor, routes[name].may):
            url = address(name)
            found.append(Way(words, url, icon, "page" if path.startswith(url) else ""))
    return found


def to_person(request: HttpRequest) -> list[Way]:
    """The tabs of the person whom the page is about; none where it is about nobody."""
    actor, patient = getattr(request, "actor", None), getattr(request, "patient", None)
    if actor is None or patient is None or request.resolver_match is None:
        return []
    here, routes = request.resolver_match.view_name, access.table().routes
    under = _tab_of(here)
    return [
        Way(words, address(name, patient.pk), "", _current(name, here, under))
        for words, name, _ in TABS
        if access.may(actor, routes[name].may, patient)
    ]


def _tab_of(view: str) -> str:
    lengths = {
        name: max((len(each) for each in begins if view.startswith(each)), default=0)
        for _, name, begins in TABS
    }
    return max(lengths, key=lambda name: lengths[name])


def _current(tab: str, here: str, under: str) -> str:
    if tab == here:
        return "page"
    return "true" if tab == under else ""
