"""What an answer, or the lack of one, calls a person for.

Source: protocol section 10.1; levels mark P.
"""

from collections.abc import Collection
from datetime import datetime
from typing import TypedDict, Unpack

from django.db import models, transaction
from django.utils.translation import gettext as _

from clinic.alerts import plans
from clinic.alerts.actions import Cause, raise_alert
from clinic.alerts.hours import next_morning
from clinic.alerts.models import Alert
from clinic.alerts.queries import open_alerts, uncontacted
from clinic.episodes import queries as episodes
from clinic.measures.models import Assignment, HelpCall
from clinic.people import audit
from clinic.people.models import Patient, User
from kapstone.instruments import Instrument
from kapstone.risk import AlertLevel

HELP = "help"  # the code of an alert that somebody asked for


class Whose(TypedDict):
    """Whom an alert is about, what it belongs to, and who brought it when."""

    patient: Patient
    subject: models.Model
    by: User | None
    at: datetime


def left_unsaid(instrument: Instrument, missing: Collection[str], **whose: Unpack[Whose]) -> None:
    """A safety question left out is urgent of somebody who stood at risk in this series."""
    watched = any(item.id in missing for item in instrument.watched)
    if watched and is_at_risk(whose["patient"], whose["at"]):
        cause = Cause(
            f"{instrument.id}.safety_left_out",
            AlertLevel.URGENT,
            f"{instrument.name}: a question about safety was left out by somebody with a suicide "
            "tier of LOW or above in this series. Ask today.",
        )
        raise_alert(cause, **whose)


def is_at_risk(patient: Patient, at: datetime) -> bool:
    """Whether a suicide tier of LOW or above is on record in the episode that is open."""
    episode = episodes.open_episode(patient)
    return episode is not None and plans.of_tiers(patient, episode.opened_at, at).exists()


def of_now(patient: Patient) -> models.QuerySet[Alert]:
    """What is open of this person and cannot wait until tomorrow."""
    return open_alerts().filter(
        patient=patient, level__in=[AlertLevel.IMMEDIATE, AlertLevel.URGENT]
    )


def next_look(patient: Patient, now: datetime) -> str:
    """When somebody will next look, in words; empty while somebody owns an alert of this person."""
    if of_now(patient).filter(owner__isnull=False).exists():
        return ""
    told = _(
        "Nobody is on duty at this moment; all of the staff are told, and the clinic opens "
        "%(when)s."
    )
    return told % {"when": next_morning(now)}


def waiting_to_be_called(patient: Patient) -> models.QuerySet[Alert]:
    """Calls for help after which nobody has spoken with this person yet."""
    return uncontacted().filter(patient=patient, code=HELP)


@transaction.atomic
def ask_for_help(
    *, patient: Patient, at: datetime, assignment: Assignment | None = None, known: bool = True
) -> Alert:
    """*I need help now*: an alert at once; pressed again before anybody spoke with them, that one.

    known: whoever pressed had shown that they are this person.
    """
    Patient.objects.select_for_update().get(pk=patient.pk)  # two presses at once take turns
    call = HelpCall.objects.create(patient=patient, assignment=assignment, at=at)
    audit.record("ask_for_help", by=None, at=at, patient=patient, subject=call, known=known)
    waiting = waiting_to_be_called(patient).first()
    if waiting is not None:
        return waiting
    how = "" if known else " Pressed on their link before the date of birth was given."
    cause = Cause(HELP, AlertLevel.IMMEDIATE, f"Asked for help now: call this person.{how}")
    return raise_alert(cause, patient=patient, subject=call, by=None, at=at)
