"""What the demo's medical director set otherwise than published."""

from datetime import datetime, timedelta
from decimal import Decimal

from clinic.content import actions, held
from clinic.people.roles import Role
from clinic.site.seeds.staff import HERE_FOR, member
from kapstone.limits import Bound


def fill(now: datetime) -> None:
    """A lower hard limit under the tongue, which nobody of the demo is given."""
    actions.set_limit(
        row=held.by_id()[("dose", "DOS-SL")],
        to=Bound(mg=Decimal(350)),
        reason="Lozenges of 50 mg: more than seven at once is not handed out here.",
        by=member(Role.MEDICAL_DIRECTOR).user,
        at=now - HERE_FOR + timedelta(days=1),
    )
