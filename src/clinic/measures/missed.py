"""What was missed and must itself reach a person."""

from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

from django.db.models import Exists, F, OuterRef, QuerySet

from clinic.alerts import plans
from clinic.episodes.models import Episode
from clinic.measures.due import known_items
from kapstone import instruments
from kapstone.schedule import Way

if TYPE_CHECKING:
    from clinic.measures.due import Known


def calls(now: datetime) -> "QuerySet[Known]":
    """Check-ins whose window closed with nobody reached, and that staff were not told of."""
    return _untold(now).filter(way=str(Way.CALL))


def watched(now: datetime) -> "QuerySet[Known]":
    """Questionnaires about suicide that somebody with a suicide tier on record left unanswered.

    On record: in this episode before the window closed, LOW or above. A baseline is no part of the
    series. Source: protocol 10.1.
    """
    patient, opened_at = OuterRef("patient"), OuterRef("episode__opened_at")
    # First whose they could be at all: few, where what was ever missed is a long list.
    ever = plans.of_tiers(patient, OuterRef("opened_at"), now)
    theirs = list(Episode.objects.filter(Exists(ever), ended_at=None).values_list("pk", flat=True))
    in_time = plans.of_tiers(patient, opened_at, OuterRef("closes_at"))
    asks = [each for each in instruments.ids() if _is_watched(each)]
    asked = _untold(now).exclude(way=str(Way.CALL)).exclude(anchor="")
    return asked.filter(Exists(in_time), episode__in=theirs, ask__in=asks)


@cache
def _is_watched(instrument: str) -> bool:
    return any(item.watched for item in instruments.load(instrument).items)


def _untold(now: datetime) -> "QuerySet[Known]":
    """One that was charted only after its window had closed was never to be done: no alarm."""
    rows = known_items().filter(
        episode__ended_at=None,
        voided_at=None,
        told_at=None,
        answered_at=None,
        closes_at__lte=now,
        made_at__lt=F("closes_at"),
    )
    return rows.order_by("closes_at")
