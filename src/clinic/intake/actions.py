"""Writes of facts: answers, readings, earlier scores. Each screens again what was decided."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final, TypeVar

from django.db import transaction
from django.utils import timezone

from clinic.episodes import actions as episodes
from clinic.episodes import queries as episode_queries
from clinic.intake import counted, deciding, known, suicide
from clinic.intake.models import FactAnswer, PressureReading, Recorded, Source
from clinic.people import audit
from clinic.people.models import Patient, User
from kapstone import eligibility, pathway
from kapstone.errors import InvalidInput
from kapstone.pathway import Need

DECLINED: Final = "declined to answer"
_Row = TypeVar("_Row", bound=Recorded)


@dataclass(frozen=True, slots=True)
class How:
    """How something came to be known: when it was true, from where, and by which resource."""

    observed_at: datetime
    source: Source
    origin: str = ""

    def row(self, at: datetime) -> dict[str, object]:
        """The fields of a row. A record's date that lies ahead is taken for the day it came."""
        return {
            "observed_at": min(self.observed_at, at),
            "recorded_at": at,
            "source": self.source,
            "origin": self.origin,
        }


@transaction.atomic
def record_fact(
    *, patient: Patient, key: str, value: object, how: How, by: User | None, at: datetime
) -> FactAnswer | None:
    """One answer became known. None is "not known yet", DECLINED a refusal to answer."""
    made = keep_facts(patient=patient, answers={key: value}, how=how, by=by, at=at)
    settle(patient=patient, made=made, by=by, at=at)
    return made[0] if made else None


@transaction.atomic
def record_facts(
    *, patient: Patient, answers: Mapping[str, object], how: How, by: User, at: datetime
) -> list[FactAnswer]:
    """A section of the form was saved on the way: what changed is kept."""
    made = keep_facts(patient=patient, answers=answers, how=how, by=by, at=at)
    settle(patient=patient, made=made, by=by, at=at)
    return made


@transaction.atomic
def finish_screener(*, patient: Patient, by: User, at: datetime) -> None:
    """Whoever asked the suicide screener says that this is all: what is missing alerts."""
    screen = suicide.screened(patient=patient, finished=True, by=by, at=at)
    audit.record("finish_screener", by=by, at=at, patient=patient, subject=screen)


def keep_facts(
    *,
    patient: Patient,
    answers: Mapping[str, object],
    how: How,
    by: User | None,
    at: datetime,
) -> list[FactAnswer]:
    """Rows for the answers that say something new. Raises `InvalidInput`; then none is kept."""
    for key, value in answers.items():
        check(key, value)
    latest = known.latest_answers(patient)
    made = [
        FactAnswer(
            patient=patient,
            key=key,
            value=None if value == DECLINED else value,
            declined=value == DECLINED,
            by=by,
            **how.row(at),
        )
        for key, value in answers.items()
        if how.source != Source.ASKED or not _same(latest.get(key), value, how)
    ]
    FactAnswer.objects.bulk_create(made)
    return made


def check(key: str, value: object) -> None:
    """Refuse a key the rules do not know, and a value that cannot be."""
    if key in ("sbp", "dbp"):
        raise InvalidInput(key, "is recorded as a reading of both pressures.")
    eligibility.read_facts({key: None if value == DECLINED else value})


def _same(latest: FactAnswer | None, value: object, how: How) -> bool:
    """Whether it was said before; the same result of another day is a new one."""
    if latest is None:
        return False
    if latest.key in known.AGE_COUNTS and _day(latest.observed_at) != _day(how.observed_at):
        return False
    held = counted.as_of(latest, _day(how.observed_at))
    return latest.declined if value == DECLINED else held == value and not latest.declined


def _day(moment: datetime) -> date:
    return timezone.localdate(moment)


def settle(*, patient: Patient, made: list[FactAnswer], by: User | None, at: datetime) -> None:
    """What follows from new answers: the suicide tier, the stage, the decisions, the trail."""
    if not made:
        return
    if any(row.key.startswith(suicide.PREFIX) for row in made):
        suicide.screened(patient=patient, finished=False, by=by, at=at)
    if any(row.source != Source.REFERRAL for row in made):
        _begin_screening(patient, by, at)
    deciding.rescreen(patient=patient, by=by, at=at)
    keys = sorted(row.key for row in made)
    audit.record("record_facts", by=by, at=at, patient=patient, keys=keys)


def _begin_screening(patient: Patient, by: User | None, at: datetime) -> None:
    episode = episode_queries.open_episode(patient)
    if episode is not None and episode.stage == pathway.Episode.REFERRED:
        episodes.advance(
            episode=episode, to=pathway.Episode.SCREENING, have={Need.REFERRAL}, by=by, at=at
        )


@transaction.atomic
def correct_fact(
    *,
    answer: FactAnswer,
    value: object,
    reason: str,
    by: User,
    at: datetime,
    observed_at: datetime | None = None,
) -> FactAnswer:
    """An answer, or the day of a result, was recorded wrongly: a new row says what is right."""
    check(answer.key, value)
    made = FactAnswer.objects.create(
        patient=answer.patient,
        key=answer.key,
        value=None if value == DECLINED else value,
        declined=value == DECLINED,
        observed_at=observed_at or answer.observed_at,
        recorded_at=at,
        by=by,
        source=answer.source,
        origin=answer.origin,
        replaces=answer,
        reason=reason,
    )
    settle(patient=answer.patient, made=[made], by=by, at=at)
    return made


@transaction.atomic
def record_pressures(
    *,
    patient: Patient,
    readings: list[tuple[datetime, Decimal, Decimal]],
    source: Source,
    by: User,
    at: datetime,
) -> list[PressureReading]:
    """Blood pressure was taken: (when, systolic, diastolic) of each reading."""
    made = [
        keep(
            PressureReading(systolic_mmhg=systolic_mmhg, diastolic_mmhg=diastolic_mmhg),
            patient,
            how=How(observed_at, source),
            by=by,
            at=at,
        )
        for observed_at, systolic_mmhg, diastolic_mmhg in readings
    ]
    _begin_screening(patient, by, at)
    kept(patient, "record_pressures", made[-1], by=by, at=at)
    return made


def kept(patient: Patient, event: str, row: Recorded, *, by: User | None, at: datetime) -> None:
    """What follows from a new row of a list: decisions are looked at again, the trail grows."""
    looked_at_again(patient, by=by, at=at)
    audit.record(event, by=by, at=at, patient=patient, subject=row)


def keep(row: _Row, patient: Patient, *, how: How, by: User | None, at: datetime) -> _Row:
    """One more row, as it was told."""
    row.patient, row.by = patient, by
    for name, value in how.row(at).items():
        setattr(row, name, value)
    row.save(force_insert=True)
    return row


def looked_at_again(patient: Patient, *, by: User | None, at: datetime) -> None:
    """Rows were added by another room: what was decided is held against them."""
    deciding.rescreen(patient=patient, by=by, at=at)
