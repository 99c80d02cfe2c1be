"""The demo's safety plans, gone through again where one was made before, and people's wishes."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from clinic.people.models import Patient, StaffMember
from clinic.reach import actions as reach
from clinic.reach.models import PatientReach, StopWay
from clinic.safety import actions, queries
from clinic.safety.models import SafeSurroundings, SafetyPlan


def make(patient: Patient, by: StaffMember, at: datetime) -> SafetyPlan:
    """A plan made with a person, or the one that holds gone through again."""
    last = queries.plans(patient).first()
    today = timezone.localdate(at)
    plan = SafetyPlan(
        patient=patient,
        warning_signs="I stop answering messages\nI lie awake and count what went wrong",
        own_coping="A hot shower\nWalking around the block with music",
        distraction="The library\nMy neighbour's dog",
        people_to_ask="My sister, Somebody Invented, +1 202 555 0199",
        professionals="The clinic\nCall or text 988",
        reasons_for_living="My garden in spring",
        review_on=today + timedelta(days=30),
    )
    tablets = SafeSurroundings(
        item="Old tablets",
        action="Taken to the pharmacy",
        who="My sister",
        by_when=today + timedelta(days=2),
    )
    return actions.keep_plan(
        plan=plan,
        surroundings=[tablets],
        before=last.version if last else 0,
        by=by.user,
        at=at,
    )


def say_wishes(people: list[Patient], by: StaffMember, at: datetime) -> None:
    """One who sleeps long and wants no message left, and one who wants no more reminders."""
    long_night = PatientReach(
        patient=people[0], quiet_from=time(19), quiet_until=time(10), leave_no_message=True
    )
    reach.keep_wishes(wishes=long_night, by=by.user, at=at)
    reach.stop_reminders(patient=people[1], how=StopWay.STAFF, by=by.user, at=at)
