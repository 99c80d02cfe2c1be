"""The demo clinic's standing orders: signed and changed, waiting, expired.

Of things that no pharmacy holds: no real drug and no real dose stands here.
"""

from datetime import date, datetime, timedelta
from uuid import uuid4

from django.utils import timezone

from clinic.people.roles import Role
from clinic.planning import actions
from clinic.planning.actions.standing import StandingTyped
from clinic.planning.models import StandingOrder
from clinic.site.seeds.staff import HERE_FOR, member

SICKNESS, SICKNESS_STEP = "PATH-NV", 3
TABLET: dict[str, object] = {
    "drug": "Sickness tablet, clinic stock (invented)",
    "dose": "one tablet",
    "route": "by mouth, awake and sitting up",
}


def fill(now: datetime) -> None:
    """Typed by a nurse, signed by the prescriber."""
    since, today = now - HERE_FOR + timedelta(days=2), timezone.localdate(now)
    later = today + timedelta(days=200)
    first = _typed(since, later, **TABLET, conditions="Once in a session.")
    _sign(first, since)
    told = "Once in a session. Look at the interactions first. Not while MOAA/S is under 4."
    second = _typed(since + timedelta(days=90), later, first, **TABLET, conditions=told)
    _sign(second, since + timedelta(days=91))
    _typed(
        now - timedelta(days=2), later, pathway="PATH-HTN", step=7,
        drug="Pressure drops (invented)", dose="two drops", route="under the tongue",
        conditions="Still high after 20 minutes, and the prescriber is on the way.",
    )  # fmt: skip
    calm = _typed(
        since, today - timedelta(days=20), pathway="PATH-CE", step=8,
        drug="Calming syrup (invented)", dose="one spoon", route="by mouth",
        conditions="Only if talking and breathing together did not help.",
    )  # fmt: skip
    _sign(calm, since + timedelta(days=1))


def _typed(
    at: datetime, until: date, before: StandingOrder | None = None, /, **told: object
) -> StandingOrder:
    words: dict[str, object] = {
        "order_id": uuid4(),
        "series": before.series if before else uuid4(),
        "after_version": before.version if before else 0,
        "pathway": SICKNESS,
        "step": SICKNESS_STEP,
        "valid_until": until,
    }
    typed = StandingTyped(**(words | told))  # type: ignore[arg-type]  # words of the lines above
    return actions.type_standing_order(typed=typed, by=member(Role.NURSE).user, at=at)


def _sign(order: StandingOrder, at: datetime) -> None:
    by = member(Role.PRESCRIBER).user
    actions.sign_standing_order(order=order, by=by, at=at)
