"""Reads about invitations and accounts of people in care."""

from datetime import datetime
from enum import StrEnum

from clinic.episodes import queries as episodes
from clinic.people.models import Patient
from clinic.reach.messages import Way
from clinic.reach.wishes import wishes
from clinic.welcome.models import Invitation

WRONG_TRIES = 5  # as for a link to questions


class State(StrEnum):
    """What an invitation can still do."""

    OPEN = "open"
    USED = "used"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"
    EXPIRED = "expired"
    LOCKED = "locked"


def state(invitation: Invitation, now: datetime) -> State:
    """The one that holds now. A death says no more than an invitation taken back."""
    patient = invitation.patient
    if invitation.used_at is not None or has_account(patient):
        return State.USED
    if invitation.withdrawn_at is not None or episodes.has_died(patient):
        return State.WITHDRAWN
    if care_is_over(patient):
        return State.ENDED
    if invitation.expires_at <= now:
        return State.EXPIRED
    wrong = invitation.tries.filter(right=False).count()
    return State.LOCKED if wrong >= WRONG_TRIES else State.OPEN


def has_account(patient: Patient) -> bool:
    """Whether they can sign in."""
    return patient.user is not None and patient.user.is_active


def works_here(patient: Patient) -> bool:
    """Whether they sign in with an account that is, or was, one of the staff."""
    return patient.user is not None and hasattr(patient.user, "staff")


def care_is_over(patient: Patient) -> bool:
    """Whether they were in care here and no longer are."""
    return patient.episodes.exists() and episodes.open_episode(patient) is None


def why_not(patient: Patient) -> str:
    """Why nobody can be invited in this person's name, for staff; "" where they can."""
    if episodes.has_died(patient):
        return "This person died. Nobody is invited in their name."
    if works_here(patient):
        return "They sign in with their account as staff. The manager looks after that one."
    if has_account(patient):
        return "They have an account."
    if care_is_over(patient):
        return "Their care here has ended. They can be invited once it begins anew."
    return ""


def waiting(patient: Patient) -> Invitation | None:
    """The invitation that was neither used nor withdrawn, if there is one."""
    return patient.invitations.filter(used_at=None, withdrawn_at=None).first()


def way_now(patient: Patient, now: datetime) -> tuple[Way | None, str]:
    """By which way an invitation can be sent at this moment; else none, and why."""
    said = wishes(patient)
    if why := said.why_not():
        return None, f"{why}."
    if said.quiet.holds(now, said.zone):
        return None, f"It is their quiet hours, until {said.quiet.ends:%H:%M}."
    return said.way(), ""
