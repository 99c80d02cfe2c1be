"""Writes about questionnaires: one function an event, each with its audit row."""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Unpack

from django.db import models, transaction

from clinic.alerts.actions import Cause, raise_alert
from clinic.episodes import queries as episodes
from clinic.measures import answered, causes, hands, queries, trend, worrying
from clinic.measures.models import Answer, Assignment, Helper, QuestionnaireResponse, RedeemTry
from clinic.measures.offers import Offers, wording_of
from clinic.measures.wording import Wording
from clinic.people import audit
from clinic.people.models import Patient, User
from kapstone import instruments
from kapstone.instruments.conditions import Number


class LinkDead(Exception):
    """The link was answered, cancelled, closed or tried too often."""


def link_hash(secret: str) -> str:
    """What is kept of a link's secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


class AlreadyAsked(Exception):
    """This questionnaire waits for the person's answer already."""


class NobodyToAsk(Exception):
    """This person died. Nothing is asked or sent any more."""


class AlreadyCorrected(Exception):
    """Somebody corrected this response meanwhile."""


class AlreadyEntered(Exception):
    """This sheet is kept already, with other answers. They are corrected, not entered anew."""


@transaction.atomic
def ask(
    *,
    patient: Patient,
    instrument: str,
    closes_at: datetime,
    by: User | None,
    at: datetime,
    reason: str = "",
) -> tuple[Assignment, str]:
    """Ask a person to answer a questionnaire; returns the assignment and its link's secret.

    The secret is 256 bits and is not kept: a lost link is replaced by `renew_link`. `reason`: the
    row of the schedule, where the clock asks.
    """
    Patient.objects.select_for_update().get(pk=patient.pk)  # two who ask at once take turns
    if episodes.has_died(patient):
        raise NobodyToAsk
    if queries.open_assignments(patient, at).filter(instrument=instrument).exists():
        raise AlreadyAsked
    secret = secrets.token_urlsafe(32)
    offer = Offers().find(instrument, patient.language)
    assignment = Assignment.objects.create(
        patient=patient,
        instrument=instrument,
        instrument_version=instruments.load(instrument).version,
        reason=reason,
        wording=offer.row if offer else None,
        link_hash=link_hash(secret),
        link_made_at=at,
        opens_at=at,
        closes_at=closes_at,
        made_at=at,
        made_by=by,
    )
    audit.record("ask_questionnaire", by=by, at=at, patient=patient, subject=assignment)
    return assignment, secret


@transaction.atomic
def renew_link(
    *, assignment: Assignment, closes_at: datetime, by: User | None, at: datetime
) -> str:
    """Replace a lost or locked link; the old one is dead, the answers so far stay."""
    locked = _waiting(assignment)
    secret = secrets.token_urlsafe(32)
    locked.link_hash, locked.link_made_at, locked.closes_at = link_hash(secret), at, closes_at
    locked.save(update_fields=["link_hash", "link_made_at", "closes_at"])
    audit.record("renew_link", by=by, at=at, patient=locked.patient, subject=locked)
    return secret


@transaction.atomic
def cancel_assignment(*, assignment: Assignment, by: User, at: datetime) -> Assignment:
    """Ask no longer; the link is dead, the answers so far stay on record."""
    locked = _waiting(assignment)
    locked.cancelled_at = at
    locked.save(update_fields=["cancelled_at"])
    audit.record("cancel_assignment", by=by, at=at, patient=locked.patient, subject=locked)
    return locked


def _waiting(assignment: Assignment) -> Assignment:
    locked = Assignment.objects.select_for_update().get(pk=assignment.pk)
    answered = QuestionnaireResponse.objects.filter(assignment=locked).exists()
    if answered or locked.cancelled_at is not None:
        raise LinkDead
    return locked


@transaction.atomic
def redeem(
    *, assignment: Assignment, birth_date: date | None, at: datetime, hand: hands.Hand | None = None
) -> bool:
    """Open a link with the person's birth date. Five wrong tries close it for good.

    hand: somebody else answers, with or for the person.
    """
    Assignment.objects.select_for_update().get(pk=assignment.pk)
    if queries.link_state(assignment, at) is not queries.LinkState.OPEN:
        raise LinkDead
    right = birth_date == assignment.patient.birth_date
    visit = RedeemTry.objects.create(assignment=assignment, at=at, right=right)
    if right and hand is not None:
        Helper.objects.create(visit=visit, kind=hand.kind, words=hand.words)
    audit.record(
        "open_link", by=None, at=at, patient=assignment.patient, subject=assignment, right=right
    )
    return right


@transaction.atomic
def save_answer(*, assignment: Assignment, item: str, value: int | None, at: datetime) -> Answer:
    """Keep one answer as it is given. A watched answer alerts now: it may never be sent."""
    _check_open(assignment, at)
    answer = Answer.objects.create(assignment=assignment, item=item, value=value, at=at)
    instrument = instruments.load(assignment.instrument, assignment.instrument_version)
    if value is not None:
        whose = worrying.Whose(patient=assignment.patient, subject=assignment, by=None, at=at)
        _alert(causes.of_answer(instrument, item, value), **whose)
    audit.record(
        "save_answer", by=None, at=at, patient=assignment.patient, subject=assignment, item=item
    )
    return answer


@transaction.atomic
def submit_answers(
    *, assignment: Assignment, at: datetime, wording: Wording | None = None
) -> QuestionnaireResponse:
    """The person sends their answers: scored, kept, and alerts raised, all or nothing.

    wording: what they read, where it is not what the person's record calls for.
    """
    _check_open(assignment, at)
    wording = wording or wording_of(assignment)
    return _keep(
        QuestionnaireResponse(
            patient=assignment.patient,
            assignment=assignment,
            instrument=assignment.instrument,
            instrument_version=assignment.instrument_version,
            wording=f"{wording.source} sha256:{wording.sha256}" if wording else "",
            observed_at=at,
            recorded_at=at,
        ),
        queries.latest_answers(assignment),
        by=None,
        cause_of=assignment,
    )


def enter_answers(
    *,
    patient: Patient,
    instrument: str,
    answers: Mapping[str, Number],
    observed_at: datetime,
    by: User,
    at: datetime,
) -> QuestionnaireResponse:
    """Staff enter by number what a person answered on the clinic's own sheet."""
    sheet = QuestionnaireResponse(patient=patient, instrument=instrument, observed_at=observed_at)
    return enter_sheet(sheet=sheet, answers=answers, by=by, at=at)


@transaction.atomic
def enter_sheet(
    *,
    sheet: QuestionnaireResponse,
    answers: Mapping[str, Number],
    by: User,
    at: datetime,
    hand: hands.Hand | None = None,
) -> QuestionnaireResponse:
    """The same. `sheet` is not saved yet; its id makes one entry of a sheet that is sent twice.

    hand: who gave the answers, where somebody asked.
    """
    Patient.objects.select_for_update().get(pk=sheet.patient_id)  # sent twice, they take turns
    sheet.instrument_version = instruments.load(sheet.instrument).version
    known = QuestionnaireResponse.objects.filter(pk=sheet.pk).first()
    if known is None:
        return _keep_sheet(sheet, answers, hand, by, at)
    same = known.entered_by == by and queries.says_the_same(known, sheet, _plain(answers))
    if not same or hands.of(known) != hand:
        raise AlreadyEntered
    return known


@transaction.atomic
def correct_sheet(
    *,
    sheet: QuestionnaireResponse,
    answers: Mapping[str, Number],
    by: User,
    at: datetime,
    hand: hands.Hand | None = None,
) -> QuestionnaireResponse:
    """Staff put right what staff entered wrongly: a new row; the first stays readable.

    `sheet` is not saved yet; hand: None where it is whom the first names.
    """
    assert sheet.replaces_id is not None  # noqa: S101 - tells mypy what a correction has
    first = QuestionnaireResponse.objects.select_for_update().get(pk=sheet.replaces_id)
    if QuestionnaireResponse.objects.filter(replaces=first).exists():
        raise AlreadyCorrected
    sheet.patient, sheet.instrument = first.patient, first.instrument
    sheet.instrument_version = first.instrument_version
    return _keep_sheet(sheet, answers, hand or hands.of(first), by, at)


def _keep_sheet(
    sheet: QuestionnaireResponse,
    answers: Mapping[str, Number],
    hand: hands.Hand | None,
    by: User,
    at: datetime,
) -> QuestionnaireResponse:
    sheet.recorded_at, sheet.entered_by = at, by
    return hands.keep(_keep(sheet, answers, by=by, cause_of=sheet), hand)


def _keep(
    response: QuestionnaireResponse,
    answers: Mapping[str, Number],
    *,
    by: User | None,
    cause_of: models.Model,
) -> QuestionnaireResponse:
    instrument = instruments.load(response.instrument, response.instrument_version)
    scored = instruments.score(instrument, answers, queries.attributes(response, instrument))
    response.answers = _plain(answers)
    response.scores = scored.plain_scores()
    response.bands = dict(scored.bands)
    response.missing = list(scored.missing)
    response.marks = dict(scored.marks)
    found, at = causes.of_response(response, instrument, scored), response.recorded_at
    response.save(force_insert=True)
    answered.keep(response.patient.due_items.filter(ask=response.instrument))
    whose: worrying.Whose = {"patient": response.patient, "subject": cause_of, "by": by, "at": at}
    _alert(found, **whose)
    if not any(cause.level in causes.PRESSING for cause in found):
        worrying.left_unsaid(instrument, scored.missing, **whose)
    trend.tell(response, instrument, subject=cause_of, by=by, answer_told=bool(found))
    audit.record(
        "keep_response", by=by, at=response.recorded_at, patient=response.patient, subject=response
    )
    return response


def _plain(answers: Mapping[str, Number]) -> dict[str, int | float]:
    """The answers as JSON has them."""
    return {
        item: float(value) if isinstance(value, Decimal) else value
        for item, value in answers.items()
    }


def _alert(found: list[Cause], **whose: Unpack[worrying.Whose]) -> None:
    for cause in found:
        raise_alert(cause, **whose)


def _check_open(assignment: Assignment, at: datetime) -> None:
    queries.locked(assignment.pk)
    if queries.link_state(assignment, at) is not queries.LinkState.OPEN:
        raise LinkDead
