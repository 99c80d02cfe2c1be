"""A set of answers scored and kept, with the alerts it raises: all of it, or none.

Source of the watched answers: each instrument's own rules, protocol section 10.1.
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.db import models

from clinic.alerts.actions import Cause, raise_alert
from clinic.measures import queries
from clinic.measures.models import Assignment, QuestionnaireResponse
from clinic.people import audit
from clinic.people.models import Patient, User
from clinic.people.models.patients import Sex
from kapstone import instruments
from kapstone.instruments import Instrument
from kapstone.instruments.conditions import Number
from kapstone.instruments.scoring import ScoredResponse
from kapstone.risk import AlertLevel

AT_ONCE = (AlertLevel.IMMEDIATE, AlertLevel.URGENT)  # an answer that may never be sent


def keep(
    response: QuestionnaireResponse,
    answers: Mapping[str, Number],
    *,
    by: User | None,
    cause_of: models.Model,
) -> QuestionnaireResponse:
    """Score and write a response that is not saved yet, and raise what its answers call for.

    A correction raises only what the row before it had not: nobody is told twice of one answer.
    """
    instrument = instruments.load(response.instrument, response.instrument_version)
    scored = instruments.score(instrument, answers, _attributes(response, instrument))
    response.answers = plain(answers)
    response.scores = scored.plain_scores()
    response.bands = dict(scored.bands)
    response.missing = list(scored.missing)
    response.marks = dict(scored.marks)
    told = _told_before(response, instrument)
    found = [cause for cause in _causes(instrument, scored) if cause not in told]
    response.save(force_insert=True)
    alert(found, response.patient, cause_of, by=by, at=response.recorded_at)
    audit.record(
        "keep_response", by=by, at=response.recorded_at, patient=response.patient, subject=response
    )
    return response


def plain(answers: Mapping[str, Number]) -> dict[str, int | float]:
    """The answers as JSON has them."""
    return {
        item: float(value) if isinstance(value, Decimal) else value
        for item, value in answers.items()
    }


def says_the_same(
    known: QuestionnaireResponse, sheet: QuestionnaireResponse, answers: Mapping[str, Number]
) -> bool:
    """Whether a sheet that came again is the one that is kept."""
    same = ("patient_id", "instrument", "observed_at", "entered_by_id")
    return known.answers == plain(answers) and all(
        getattr(known, name) == getattr(sheet, name) for name in same
    )


def told_alone(assignment: Assignment, item: str, value: int) -> list[Cause]:
    """What one answer calls for at once, before and whether or not the rest is sent.

    It is told beside nothing, and beside the least answer to everything else: a yes that makes a
    tier is not held back by what is unanswered, and no screener is called incomplete halfway.
    """
    instrument = instruments.load(assignment.instrument, assignment.instrument_version)
    least = {each.id: min(each.values) for each in instrument.items}
    found: list[Cause] = []
    for others in ({}, least):
        before = _causes(instrument, instruments.score(instrument, others))
        after = _causes(instrument, instruments.score(instrument, others | {item: value}))
        found += [cause for cause in after if cause not in (*before, *found)]
    return [cause for cause in found if cause.level in AT_ONCE]


def alert(
    causes: list[Cause],
    patient: Patient,
    cause_of: models.Model,
    *,
    by: User | None,
    at: datetime,
) -> None:
    """Raise each of them about this subject."""
    for cause in causes:
        raise_alert(cause, patient=patient, subject=cause_of, by=by, at=at)


def _causes(instrument: Instrument, scored: ScoredResponse) -> list[Cause]:
    found = {each.id for each in scored.alerts}
    return [
        Cause(f"{instrument.id}.{rule.id}", rule.level, f"{instrument.name}: {rule.action}")
        for rule in instrument.alerts
        if rule.id in found
    ]


def _told_before(response: QuestionnaireResponse, instrument: Instrument) -> list[Cause]:
    """What the row that this one corrects called for."""
    row = response.replaces
    if row is None:
        return []
    return _causes(
        instrument, instruments.score(instrument, row.answers, _attributes(row, instrument))
    )


def _attributes(response: QuestionnaireResponse, instrument: Instrument) -> dict[str, object]:
    """What a rule may ask beside the answers: the person's sex, and the scores before these."""
    sex = response.patient.sex
    before = queries.before(response)
    known = {score.id for score in instrument.scores}
    earlier = before.scores if before else {}
    return {
        "sex": None if sex == Sex.UNKNOWN else sex,
        "previous": {key: value for key, value in earlier.items() if key in known},
    }
