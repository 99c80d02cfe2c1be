"""Facts in words: what a key is called, what its value reads, where it came from."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from clinic.intake import counted, known
from clinic.intake.holding import held_back
from clinic.intake.models import FactAnswer, Recorded
from clinic.people.models import Patient
from kapstone.eligibility.keys import KEYS
from kapstone.eligibility.questions import QUESTIONS
from kapstone.findings import Finding

_QUESTIONS = {question.key.name: question for question in QUESTIONS}
_NAMES = {
    "age_y": "Age",
    "sex": "Sex",
    "weight_kg": "Weight",
    "height_cm": "Height",
    "hr": "Pulse",
    "rr": "Breathing",
    "spo2": "Oxygen saturation",
    "doses_last_7_days": "Doses in the last 7 days",
    "lifetime_doses": "Doses in life",
    "sbp": "Systolic blood pressure",
    "dbp": "Diastolic blood pressure",
    "medications": "Medicines",
    "allergies": "Allergies",
    "allergies_told": "Allergies told by a record",
    "phq9": "PHQ-9 total",
    "phq9_item9": "PHQ-9 item 9",
    "rules": "Rules counted",
    "tele_cs_allowed": "The federal exception for telemedicine still holds",
}

_LISTED = ("medications", "allergies")
_BESIDE = "From other pages"


@dataclass(frozen=True, slots=True)
class Known:
    """One fact: its name, its value in words, and its row where it has one."""

    key: str
    name: str
    value: str
    told: Recorded | None = None
    at: datetime | None = None
    held: str = ""  # why it stands although a newer answer is lower

    @property
    def correctable(self) -> bool:
        """Whether the row is an answer to a question of the form."""
        return (
            isinstance(self.told, FactAnswer) and self.key in _QUESTIONS and self.key not in _LISTED
        )


def name_of(key: str) -> str:
    """What a key is called on a page."""
    question = _QUESTIONS.get(key)
    return _NAMES.get(key) or (question.text if question else key)


def value_of(key: str, value: object) -> str:
    """A value in words, with its unit."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    question = _QUESTIONS.get(key)
    labels = dict(question.choices) if question else {}
    if isinstance(value, list):
        return ", ".join(labels.get(each := _item(item), each) for item in value) or "none"
    if value in labels:
        return labels[str(value)]
    unit = KEYS[key].unit if key in KEYS else ""
    return f"{value} {unit}".strip()


def _item(item: object) -> str:
    return str(item.get("name", "")) if isinstance(item, dict) else str(item)


def inputs(finding: Finding, held: Mapping[str, str]) -> list[Known]:
    """What a finding was read from. held: why an answer stands although a newer one is lower."""
    return [
        Known(key, name_of(key), value_of(key, value), held=held.get(key, ""))
        for key, value in finding.because.items()
    ]


def told_facts(patient: Patient, facts: Mapping[str, object]) -> list[Known]:
    """Everything known, in the order of the questions, each with its row; declined ones too."""
    latest = known.latest_answers(patient)
    pressures, held = known.last_pressures(patient), held_back(patient)
    order = [*_QUESTIONS, *facts]
    shown = []
    for key in sorted(facts, key=order.index):
        told = pressures[-1] if key in ("sbp", "dbp") and pressures else latest.get(key)
        grows = counted.ages(key) or key in ("lifetime_doses", counted.CRAVING, *_LISTED)
        if isinstance(told, FactAnswer) and told.value != facts[key] and not grows:
            told = None  # a newer answer to a questionnaire stands
        shown.append(
            Known(
                key,
                name_of(key),
                _readable(key, facts[key]),
                told,
                told.observed_at if told else None,
                held.get(key, ""),
            )
        )
    declined = [answer for key, answer in latest.items() if answer.declined]
    return shown + [
        Known(answer.key, name_of(answer.key), "Declined", answer, answer.observed_at)
        for answer in declined
    ]


@dataclass(frozen=True, slots=True)
class Part:
    """What is known of one part of the history. `concerned`: a finding was read from it."""

    title: str
    facts: tuple[Known, ...]
    concerned: bool


def parts(facts: Sequence[Known], concerned: Collection[str]) -> list[Part]:
    """The facts by the parts of the form, in their order; what it does not ask comes last."""
    found: dict[str, list[Known]] = {}
    for fact in facts:
        question = _QUESTIONS.get(fact.key)
        found.setdefault(question.title if question else _BESIDE, []).append(fact)
    return [
        Part(title, tuple(held), any(fact.key in concerned for fact in held))
        for title, held in found.items()
    ]


def _readable(key: str, value: object) -> str:
    if key == "medications" and isinstance(value, list):
        value = [entry for entry in value if entry != {"name": known.REST_OF_LIST}]
    return value_of(key, value)
