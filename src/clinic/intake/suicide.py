"""The suicide screener: its tier at each save, and the alerts that follow.

Source: protocol section 10.1 through `kapstone.risk`.
"""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef

from clinic.alerts.actions import Cause, raise_alert
from clinic.intake import known
from clinic.intake.models import SuicideScreen
from clinic.measures.worrying import AT_RISK, Moment
from clinic.people.models import Patient, User
from kapstone import risk
from kapstone.risk import Trigger

PREFIX = "cssrs."
SITTING = timedelta(hours=4)  # answers within this time belong to one screener; mark P
_WORDS = {
    Trigger.HIGH_TIER: "C-SSRS screener: high. Intent, plan or behaviour in the last 3 months.",
    Trigger.MODERATE_TIER: "C-SSRS screener: moderate. A method in mind, or behaviour in the past.",
    Trigger.LOW_TIER: "C-SSRS screener: low. A wish to be dead or thoughts of suicide.",
    Trigger.INCOMPLETE: "C-SSRS screener left incomplete: ask what was not answered.",
}


def screened(*, patient: Patient, finished: bool, by: User | None, at: datetime) -> SuicideScreen:
    """Keep the tier that the answers on record come to, and alert by it.

    A positive answer alerts as soon as it is saved. A missing one alerts when whoever asks says
    that the screener is finished: until then it is still being asked.
    """
    told = {
        key.removeprefix(PREFIX): answer.value
        for key, answer in known.latest_answers(patient).items()
        if key.startswith(PREFIX)
    }
    found = risk.suicide_tier(risk.Screener(**told))
    screen = SuicideScreen.objects.create(
        patient=patient,
        sitting=_sitting(patient, at),
        at=at,
        by=by,
        answers=told,
        tier=str(found.tier),
        unanswered=list(found.unanswered),
        version=found.version,
        finished=finished,
    )
    for trigger in found.triggers:
        if trigger is not Trigger.INCOMPLETE or finished:
            cause = Cause(f"cssrs.{trigger}", risk.LEVELS[trigger], _WORDS[trigger])
            raise_alert(cause, patient=patient, subject=screen.sitting or screen, by=by, at=at)
    return screen


def _sitting(patient: Patient, at: datetime) -> SuicideScreen | None:
    """The first row of the sitting that is still going on."""
    last = SuicideScreen.objects.filter(patient=patient).order_by("-pk").first()
    if last is None or last.finished:
        return None
    first = last.sitting or last
    return first if at - first.at <= SITTING else None


def stood_at_risk(patient: OuterRef, since: Moment, until: Moment) -> Exists:
    """Whether a screener between two moments came to a tier of LOW or above."""
    rows = SuicideScreen.objects.filter(patient=patient, tier__in=AT_RISK)
    return Exists(rows.filter(at__gte=since, at__lte=until))
