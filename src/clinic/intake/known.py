"""What is known of a person: answers, readings, lists, and the document the rules read."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import TypeVar
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from clinic.episodes.models import Episode
from clinic.intake import counted, last_taken
from clinic.intake.models import (
    AllergyEntry,
    CheckedAs,
    DrugTrial,
    FactAnswer,
    MedicineEntry,
    PressureReading,
    Recorded,
    Source,
    SuicideScreen,
)
from clinic.measures import queries as measures
from clinic.measures.models import QuestionnaireResponse
from clinic.people.models import Patient
from clinic.people.worded import worded_once
from kapstone.dose.rows import content as dose_content
from kapstone.eligibility import Facts, medicines, read_facts
from kapstone.eligibility.keys import KEYS, Kind
from kapstone.eligibility.questions import QUESTIONS

# Stands in the engine's list while nobody has said that the list is whole: no table knows it, so
# "takes no such medicine" stays unknown.
REST_OF_LIST = "unconfirmed-remainder"

_MEASURED = (Kind.NUMBER, Kind.INTEGER, Kind.NUMBER_OR_WORD, Kind.READINGS)
# A result that counts only while it is recent enough: found again, it is a new one.
AGE_COUNTS = frozenset(
    {"weight_kg", "weight_today_kg", "hcg_result", "ecg_qtc_ms", "egfr", "child_pugh"}
    | {"ymrs", "moca", "mmse", "ciwa", "breath_alcohol", "hr", "rr", "spo2", "temp_c"}
    | {"lab.alt", "lab.ast", "lab.bilirubin"}
)
_LISTS = ("medications", "allergies")
_DOSES = ("dose_mg", "dose_mg_per_kg")
_OF_THE_DAY = frozenset(
    question.key.name
    for question in QUESTIONS
    if question.section in ("signs", "visit", "substances", "dosing_day")
)
_Row = TypeVar("_Row", bound=Recorded)
Latest = Mapping[str, FactAnswer]


@dataclass(frozen=True, slots=True)
class Weight:
    """The newest weight and when it was taken."""

    weight_kg: Decimal
    measured_at: datetime


def standing(model: type[_Row], patient: Patient) -> list[_Row]:
    """Rows that no correction replaces, oldest recorded first."""
    return _standing(model)(patient.pk)


@cache
def _standing(model: type[_Row]) -> Callable[[UUID], list[_Row]]:
    def say(patient_id: UUID) -> QuerySet[_Row]:
        rows = model._default_manager.filter(patient=patient_id, replaced_by__isnull=True)
        return rows.select_related("by").order_by("recorded_at", "observed_at")

    return worded_once(say)


def latest_answers(patient: Patient) -> dict[str, FactAnswer]:
    """The answer that counts for each key: of a result the newest taken, else the last told."""
    return _that_count(standing(FactAnswer, patient))


def _that_count(rows: Iterable[FactAnswer]) -> dict[str, FactAnswer]:
    latest: dict[str, FactAnswer] = {}
    for row in rows:
        held = latest.get(row.key)
        if held is None or not _measured(row.key) or row.observed_at >= held.observed_at:
            latest[row.key] = row
    return latest


def _measured(key: str) -> bool:
    return key in AGE_COUNTS or (key in KEYS and KEYS[key].kind in _MEASURED)


def fact(patient: Patient, key: str) -> FactAnswer | None:
    """The answer that counts for one key."""
    return latest_answers(patient).get(key)


def latest_weight(patient: Patient) -> Weight | None:
    """The newest weight on record."""
    latest = latest_answers(patient)
    found = [answer for key in ("weight_kg", "weight_today_kg") if (answer := latest.get(key))]
    known = [answer for answer in found if answer.value is not None]
    if not known:
        return None
    newest = max(known, key=lambda answer: answer.observed_at)
    return Weight(Decimal(str(newest.value)), newest.observed_at)


def facts(patient: Patient, at: datetime, *, today_only: bool = False) -> dict[str, object]:
    """What is known, in the keys of `kapstone screen`. What is not known is absent.

    `today_only` leaves out signs and checks of the day that were taken on an earlier day.
    """
    today, rows = timezone.localdate(at), standing(FactAnswer, patient)
    latest = _that_count(rows)
    answers = [
        answer
        for key, answer in latest.items()
        if key not in _LISTS
        and answer.value is not None
        and not (today_only and key in _OF_THE_DAY and counted.day_of(answer) != today)
    ]
    known: dict[str, object] = {answer.key: counted.as_of(answer, today) for answer in answers}
    readings = last_pressures(patient)
    if readings and not (today_only and counted.day_of(readings[0]) != today):
        known["sbp"] = [_plain(reading.systolic_mmhg) for reading in readings]
        known["dbp"] = [_plain(reading.diastolic_mmhg) for reading in readings]
    sheets, given = measures.read_in_screening(patient), counted.doses(patient, today, latest)
    known |= dict.fromkeys(held_screener(patient, latest, sheets), True)
    known |= given | counted.person(patient, today) | counted.phq9(sheets, answers)
    known |= counted.telemedicine(known, today)
    told = [row for row in rows if row.key == counted.CRAVING]
    return known | counted.cravings(told) | _listed(patient, at, latest, today_only=today_only)


def held_screener(
    patient: Patient, latest: Latest, sheets: Sequence[QuestionnaireResponse]
) -> dict[str, counted.Since]:
    """Positive answers of the last whole suicide screener, and of sheets that came since.

    They hold until a whole one says otherwise: feeling better lowers no tier (SUI-R1).
    """
    screeners = [row for row in sheets if row.instrument in measures.SCREENERS]
    if not screeners and not any(key.startswith("cssrs.") for key in latest):
        return {}
    return counted.screeners(whole_screener(patient), screeners)


def whole_screener(patient: Patient) -> SuicideScreen | None:
    """The last suicide screener of which everything was asked."""
    return next((row for row in _finished(patient.pk) if not row.unanswered), None)


@worded_once
def _finished(patient_id: UUID) -> QuerySet[SuicideScreen]:
    return SuicideScreen.objects.filter(patient=patient_id, finished=True).order_by("-pk")


def read(patient: Patient, at: datetime) -> Facts:
    """The same, as the rules read it."""
    return read_facts(of_route(facts(patient, at)))


def of_route(known: Mapping[str, object]) -> dict[str, object]:
    """Without a dose in mg where the route is dosed by weight, or the other way round.

    It was told of another route, and would contradict the one that counts.
    """
    counts = dose_key(known)
    if not counts:
        return dict(known)
    return {key: value for key, value in known.items() if key not in _DOSES or key == counts}


def dose_key(known: Mapping[str, object]) -> str:
    """Which figure of the dose counts on the route: by weight or in mg; empty while it is unknown.

    What was told of the other is of another route.
    """
    usual = {row.route: row.usual.max for row in dose_content().ranges}.get(str(known.get("route")))
    if usual is None:
        return ""
    return "dose_mg" if usual.mg_per_kg is None else "dose_mg_per_kg"


def _plain(number: Decimal) -> int | float:
    return int(number) if number == int(number) else float(number)


def last_pressures(patient: Patient) -> list[PressureReading]:
    """The readings of the last day on which any was taken here, oldest first.

    A reading from a referral is history, never a sign.
    """
    taken = [row for row in standing(PressureReading, patient) if row.source != Source.REFERRAL]
    taken.sort(key=lambda row: row.observed_at)
    return [row for row in taken if counted.day_of(row) == counted.day_of(taken[-1])]


def _listed(
    patient: Patient, at: datetime, latest: Latest, *, today_only: bool
) -> dict[str, object]:
    known: dict[str, object] = {}
    entries = current_medicines(patient)
    names: list[object] = [
        _as_the_engine_reads(entry, at, today_only=today_only)
        for entry in entries
        if entry.checked != CheckedAs.NO_INTERACTION
    ]
    if is_whole(latest, "medications"):
        known["medications"] = names
    elif entries:
        known["medications"] = [*names, {"name": REST_OF_LIST}]
    if is_whole(latest, "allergies"):
        known["allergies"] = [entry.substance for entry in current_allergies(patient)]
    return known


def is_whole(latest: Latest, key: str) -> bool:
    """Whether somebody was asked and said that the list of medicines or allergies is whole."""
    answer = latest.get(key)
    return answer is not None and answer.value is not None


def current_medicines(patient: Patient) -> list[MedicineEntry]:
    """What is taken, in the order it was told."""
    return [entry for entry in standing(MedicineEntry, patient) if entry.taken]


def current_allergies(patient: Patient) -> list[AllergyEntry]:
    """What the person reacts to. One that a record calls resolved still counts."""
    return [entry for entry in standing(AllergyEntry, patient) if entry.stands]


def current_trials(patient: Patient) -> list[DrugTrial]:
    """Antidepressants tried."""
    return [entry for entry in standing(DrugTrial, patient) if entry.stands]


def engine_name(entry: MedicineEntry) -> str:
    """The name the tables are asked for: as checked, as told, or by a record's ingredients."""
    if entry.checked == CheckedAs.SAME_AS:
        return entry.same_as
    if not medicines.resolve(entry.name)[1] and entry.ingredients:
        return " / ".join(entry.ingredients)
    return entry.name


def needs_check(entry: MedicineEntry) -> bool:
    """Whether no table knows it and no pharmacist or prescriber has said what it is."""
    known = medicines.Medicine(engine_name(entry), entry.route).known
    return not known and entry.checked != CheckedAs.NO_INTERACTION


def medicines_to_check(patient: Patient) -> list[MedicineEntry]:
    """The pharmacist's task: names that no table knows."""
    return [entry for entry in current_medicines(patient) if needs_check(entry)]


def medicines_waiting(people: QuerySet[Patient]) -> list[MedicineEntry]:
    """The same for all of these people whose care has not ended, longest waiting first."""
    in_care = Episode.objects.filter(ended_at__isnull=True).values("patient")
    ended = Episode.objects.exclude(patient__in=in_care).values("patient")
    taken = MedicineEntry.objects.filter(
        patient__in=people.exclude(pk__in=ended),
        replaced_by__isnull=True,
        taken=True,
        checked=CheckedAs.NOT_CHECKED,
    )
    names = taken.values_list("name", flat=True).distinct()
    strange = [name for name in names if not medicines.resolve(name)[1]]
    rows = taken.filter(name__in=strange).select_related("patient").order_by("recorded_at")
    return [entry for entry in rows if needs_check(entry)]


def _as_the_engine_reads(
    entry: MedicineEntry, at: datetime, *, today_only: bool
) -> dict[str, object]:
    today = timezone.localdate(at)
    told: dict[str, object] = {"name": engine_name(entry)}
    if entry.route:
        told["route"] = entry.route
    for key, amount in (
        ("daily_dose_mg", entry.daily_dose_mg),
        (last_taken.KEY, last_taken.hours(entry, at, today_only=today_only)),
    ):
        if amount is not None:
            told[key] = _plain(amount)
    for key, day in (
        ("started_days_ago", entry.started_on),
        ("dose_raised_days_ago", entry.raised_on),
    ):
        if day is not None:
            told[key] = max((today - day).days, 0)
    return told
