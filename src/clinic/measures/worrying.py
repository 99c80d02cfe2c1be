"""What an answer, or the lack of one, calls a person for.

Source: protocol section 10.1; levels mark P.
"""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import TypedDict, Unpack

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Value

from clinic.alerts.actions import Cause, raise_alert
from clinic.episodes import queries as episodes
from clinic.measures.models import QuestionnaireResponse
from clinic.people.models import Patient, User
from kapstone.instruments import Instrument
from kapstone.risk import AlertLevel, Tier

Moment = models.Expression | OuterRef | F
Screened = Callable[[OuterRef, Moment, Moment], Q | Exists]
AT_RISK = (Tier.LOW, Tier.MODERATE, Tier.HIGH)
_screened: list[Screened] = []


class Whose(TypedDict):
    """Whom an alert is about, what it belongs to, and who brought it when."""

    patient: Patient
    subject: models.Model
    by: User | None
    at: datetime


def told(instrument: Instrument, found: Collection[str], **whose: Unpack[Whose]) -> None:
    """The alerts that an instrument's own rules found."""
    for rule in instrument.alerts:
        if rule.id in found:
            code, message = f"{instrument.id}.{rule.id}", f"{instrument.name}: {rule.action}"
            raise_alert(Cause(code, rule.level, message), **whose)


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


def screened_by(screened: Screened) -> None:
    """Called once by a room above that screens, in its `AppConfig.ready`."""
    if screened not in _screened:
        _screened.append(screened)


def stood_at_risk(patient: OuterRef, since: Moment, until: Moment) -> Q:
    """Whether any screener between two moments came to a tier of LOW or above."""
    here = QuestionnaireResponse.objects.filter(
        patient=patient,
        instrument="cssrs_screener",
        replaced_by=None,
        observed_at__gte=since,
        observed_at__lte=until,
        scores__risk_level__in=[tier.lower() for tier in AT_RISK],
    )
    found = Q(Exists(here))
    for screened in _screened:
        found |= Q(screened(patient, since, until))
    return found


def is_at_risk(patient: Patient, at: datetime) -> bool:
    """Whether this person stood at risk at any time of the episode that is open."""
    episode = episodes.open_episode(patient)
    if episode is None:
        return False
    since, until = Value(episode.opened_at), Value(at)
    return Patient.objects.filter(
        stood_at_risk(OuterRef("pk"), since, until), pk=patient.pk
    ).exists()
