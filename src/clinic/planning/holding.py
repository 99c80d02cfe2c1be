"""Why a series is held (SER-10): what the rules find, and what the clinic reads elsewhere."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar
from uuid import UUID

from django.db.models import Count, QuerySet, TextField
from django.db.models.functions import Cast

from clinic.alerts.models import Alert
from clinic.episodes import queries as episodes
from clinic.episodes.models import GivenDose
from clinic.intake import queries as intake
from clinic.intake import screening
from clinic.intake.models import FactAnswer
from clinic.measures import causes, trend
from clinic.measures import queries as measures
from clinic.measures.models import QuestionnaireResponse
from clinic.people.models import Patient
from clinic.planning.course import Held
from kapstone import instruments, series
from kapstone.errors import InvalidInput
from kapstone.findings import Finding
from kapstone.outcome import Worsening
from kapstone.risk import Trigger
from kapstone.series import Hold

_TIERS = [
    causes.cause(each).code for each in (Trigger.HIGH_TIER, Trigger.MODERATE_TIER, Trigger.LOW_TIER)
]
URINARY = "urinary_symptoms"
URINARY_TWICE = "urinary symptoms at two visits running"
TIER_UP = "suicide tier up"


class _OfPatient(Protocol):
    patient_id: UUID


_Row = TypeVar("_Row", bound=_OfPatient)


def now(held: Held, at: datetime) -> tuple[Hold, ...]:
    """Why the series is held, the screening rules run anew."""
    if not held.course.doses:
        return ()
    patient = held.episode.patient
    return by(held, _findings(patient, at), _said_of(patient))


def today(held: Held) -> tuple[Hold, ...]:
    """The same without what the screening rules find: that holds a dosing day by itself."""
    return by(held, (), _said_of(held.episode.patient)) if held.course.doses else ()


def by(of: Held, findings: Sequence[Finding], said: Sequence[str]) -> tuple[Hold, ...]:
    """Why a series is held. What a prescriber decided counts until the next dose."""
    if not of.course.doses:
        return ()
    last = of.course.doses[-1]
    decided = {key for each in of.course.decisions if each.at >= last for key in each.keys}
    return series.held(findings, said, decided)


def _findings(patient: Patient, now: datetime) -> list[Finding]:
    """What the rules find, without what an override covers."""
    try:
        found = screening.run(patient, now).screening.findings
    except InvalidInput:
        return []
    overrides = intake.overrides(patient, now)
    return [each for each in found if intake.covering(overrides, each) is None]


def _said_of(patient: Patient) -> list[str]:
    doses, answered = episodes.doses(patient), measures.responses(patient)
    told = FactAnswer.objects.filter(patient=patient, key=URINARY, replaced_by__isnull=True)
    values = told.order_by("-observed_at", "-recorded_at").values_list("value", flat=True)[:2]
    return list(_said(doses, answered, list(values)))


def said_of(people: "QuerySet[Any, Any]") -> dict[UUID, list[str]]:
    """The same of those of these people of whom anything is told, by their ids."""
    tiers = Alert.objects.filter(code__in=_TIERS)
    told = FactAnswer.objects.filter(key=URINARY, replaced_by__isnull=True)
    some = told.filter(patient__in=people).annotate(words=Cast("value", TextField()))
    counted = some.exclude(words__in=("[]", "null")).values("patient").annotate(count=Count("pk"))
    tiered = {*tiers.values_list("patient", flat=True)}
    twice = {*counted.filter(count__gte=2).values_list("patient", flat=True)}
    answers = told.filter(patient__in=twice).order_by("-observed_at", "-recorded_at")
    urinary = _by_patient(answers.only("patient", "value"))
    answered = _by_patient(measures.of_many(tiered, measures.SCREENERS))
    doses = episodes.doses_of_many(tiered)
    found = {
        each: list(
            _said(doses.get(each, ()), answered[each], [row.value for row in urinary[each][:2]])
        )
        for each in tiered | twice
    }
    return {each: said for each, said in found.items() if said}


def _by_patient(rows: Iterable[_Row]) -> dict[UUID, list[_Row]]:
    found: dict[UUID, list[_Row]] = defaultdict(list)
    for row in rows:
        found[row.patient_id].append(row)
    return found


def _said(
    doses: Sequence[GivenDose], answered: Sequence[QuestionnaireResponse], urinary: Sequence[object]
) -> Iterator[str]:
    """In a hold's words. urinary: the last two answers, the newest first."""
    for name in measures.SCREENERS:
        rows = [row for row in answered if row.instrument == name]
        if rows and Worsening.SUICIDE_TIER in trend.worsening(instruments.load(name), rows, doses):
            yield TIER_UP
            break
    if len(urinary) == 2 and all(urinary):
        yield URINARY_TWICE
