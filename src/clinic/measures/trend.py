"""A course against its baseline, as each answer is kept: who is so much worse is told the same day.

Source: protocol section 9, DEF-05, mark P.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db import models

from clinic.alerts.actions import Cause, raise_alert
from clinic.episodes import queries as episodes
from clinic.episodes.models import GivenDose
from clinic.measures import queries
from clinic.measures.models import QuestionnaireResponse
from clinic.people.models import User
from kapstone import outcome
from kapstone.instruments import Instrument
from kapstone.instruments.conditions import Number
from kapstone.outcome import Reading, Worsening
from kapstone.risk import AlertLevel, Tier

TIER_OF = {str(tier).lower(): tier for tier in Tier}
TOLD_BY_THE_ANSWER = {Worsening.WATCHED_ITEM, Worsening.SUICIDE_TIER}


def score_of(instrument: Instrument, row: QuestionnaireResponse) -> Number | None:
    """The score that is followed over time. JSON keeps a decimal as a float."""
    value: int | float | None = row.scores.get(instrument.main or "")
    return Decimal(repr(value)) if isinstance(value, float) else value


def reading(instrument: Instrument, row: QuestionnaireResponse) -> Reading:
    """One answer set as the definitions read it."""
    watched = [item.id for item in instrument.items if item.watched]
    answered = row.answers.get(watched[0]) if len(watched) == 1 else None
    tier = TIER_OF.get(str(row.scores.get("risk_level")))
    return Reading(row.observed_at, score_of(instrument, row), answered, tier)


def worsening(
    instrument: Instrument, rows: Sequence[QuestionnaireResponse], doses: Sequence[GivenDose]
) -> tuple[Worsening, ...]:
    """Why the newest of these rows, oldest first, calls for review; only after a dose."""
    if not doses:
        return ()
    first = doses[0].started_at
    before = [row for row in rows if row.observed_at < first]
    since = [row for row in rows if row.observed_at >= first]
    if not (before and since):
        return ()
    told = [reading(instrument, row) for row in before]
    baseline = next((each for each in reversed(told) if each.total is not None), told[-1])
    return outcome.worsening(instrument, baseline, [reading(instrument, row) for row in since])


def tell(
    response: QuestionnaireResponse,
    instrument: Instrument,
    *,
    subject: models.Model,
    by: User | None,
    answer_told: bool,
) -> None:
    """Alert for review today if this answer set, the newest, is a worsening.

    answer_told: an alert of its own tells of the watched answer already. A correction that leaves
    the worsening as it was tells nobody again.
    """
    doses = episodes.doses(response.patient)
    rows = [row for row in queries.responses(response.patient) if row.instrument == instrument.id]
    if not doses or rows[-1].pk != response.pk:
        return
    found = worsening(instrument, rows, doses)
    if response.replaces is not None:
        found_before = worsening(instrument, [*rows[:-1], response.replaces], doses)
        found = tuple(each for each in found if each not in found_before)
    if answer_told:
        found = tuple(each for each in found if each not in TOLD_BY_THE_ANSWER)
    if found:
        raise_alert(
            _cause(instrument, found),
            patient=response.patient,
            subject=subject,
            by=by,
            at=response.recorded_at,
        )


def _cause(instrument: Instrument, found: tuple[Worsening, ...]) -> Cause:
    return Cause(
        f"{instrument.id}.worsening",
        AlertLevel.REVIEW,
        f"{instrument.name}: worse since the baseline ({', '.join(found)}). Review today.",
        same_day=True,
    )


def relapses(
    instrument: Instrument,
    baseline: Number | None,
    counted: Sequence[QuestionnaireResponse],
    events: Sequence[datetime],
) -> dict[str, tuple[outcome.Relapse, ...]]:
    """Of each row that counts, oldest first: why it is a relapse."""
    told = [reading(instrument, row) for row in counted]
    return {
        str(row.pk): outcome.relapse(instrument, baseline, told[: number + 1], events)
        for number, row in enumerate(counted)
    }


def suicidal_behaviour(rows: Sequence[QuestionnaireResponse]) -> list[datetime]:
    """When a screener since the last contact told of it: all that is on record of such events."""
    return [
        row.observed_at
        for row in rows
        if row.instrument == "cssrs_slc" and row.answers.get("q6") == 1
    ]
