"""Why somebody goes on beside a chair though the table no longer lets them, in words."""

from datetime import date

from django.utils import timezone

from clinic.people import access
from clinic.people.beside import READ_ON, Seat
from clinic.people.models import Licence, Patient
from clinic.people.roles import Relation
from clinic.people.standing import standing

GO_ON = (
    "you may go on with this session, not start another. You chart, pause and stop; "
    "somebody else gives more of the drug and signs."
)


def words(who: access.Actor, patient: Patient) -> str:
    """Empty for whoever needs no holding."""
    held = access.only_beside(who, patient)
    if held is None or who.staff_id is None:
        return ""
    why = _why(who, who.staff_id, held, patient)
    if not held.may_act(who.at):
        until = timezone.localtime(held.ends_at + READ_ON)
        return f"{why}, and this session is over: you may read it until {until:%H:%M}."
    if not access.acting(held):
        return f"{why}: you may read this session and call for help, no more."
    return f"{why}: {GO_ON}"


def _why(who: access.Actor, staff_id: int, held: Seat, patient: Patient) -> str:
    has, needed = standing(staff_id, who.at), access.table().licences
    for role in sorted(held.roles):
        if needed[role] & held.revoked:
            return "Your licence was revoked"
        if role not in has.roles:
            return f"Your role as {role.label.lower()} ended"
        if needed[role] and not needed[role] & has.licences:
            return _ran_out(staff_id, needed[role], timezone.localdate(who.at))
    if Relation.TREATING not in access.relation(who, patient):
        return "You left this person's care team"
    return "What you may do here changed"


def _ran_out(staff_id: int, kinds: frozenset[str], today: date) -> str:
    rows = Licence.objects.filter(staff=staff_id, kind__in=kinds, expires_on__lt=today)
    last = rows.order_by("expires_on").last()
    if last is None:
        return "Your licence is no longer on record"
    if (today - last.expires_on).days == 1:
        return "Your licence ran out today"
    return f"Your licence ran out on {last.expires_on:%d %B %Y}"
