"""Who of the demo's people signs in: one has an account, one was invited."""

from datetime import datetime

from clinic.people.models import Patient
from clinic.people.roles import Role
from clinic.site.seeds import moments
from clinic.site.seeds.staff import PASSWORD, member
from clinic.welcome import actions
from clinic.welcome.models import Invited

OF = (moments.WISHES_DAILY, moments.SPEAKS_SPANISH)
EMAIL = "own.page@demo.example"  # shown to everybody on the demo's sign-in page


def fill(has_one: Patient, invited: Patient, now: datetime) -> None:
    """Both as the front desk does it: a link that is handed over."""
    desk = member(Role.FRONT_DESK).user
    theirs, _ = actions.invite(patient=has_one, way=Invited.HAND, by=desk, at=now)
    actions.redeem(invitation=theirs, birth_date=has_one.birth_date, at=now)
    actions.make_account(invitation=theirs, email=EMAIL, password=PASSWORD, language="en", at=now)
    actions.invite(patient=invited, way=Invited.HAND, by=desk, at=now)
