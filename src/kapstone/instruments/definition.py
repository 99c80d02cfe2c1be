"""What an instrument is: frozen values that hold one published version.

Labels are short labels of our own for staff. They are not the instrument's wording and are never
shown to a patient in its place.
"""

from dataclasses import dataclass
from decimal import Decimal

from kapstone.instruments.conditions import Condition
from kapstone.instruments.rules import Rule
from kapstone.risk import AlertLevel


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer: its value, our label, its LOINC answer code."""

    value: int
    label: str
    loinc: str


@dataclass(frozen=True, slots=True)
class Item:
    """One question. required: left out, it counts as missing. watched: never left unnoticed."""

    id: str
    label: str
    choices: tuple[Choice, ...]
    loinc: str
    required: bool
    watched: bool

    @property
    def values(self) -> tuple[int, ...]:
        """The values an answer may have."""
        return tuple(choice.value for choice in self.choices)


@dataclass(frozen=True, slots=True)
class Band:
    """A severity band, both ends included."""

    minimum: int
    maximum: int
    code: str
    label: str


@dataclass(frozen=True, slots=True)
class Score:
    """One score. minimum, maximum: its range, none for a flag. cutoff_score: positive from it."""

    id: str
    rule: Rule
    minimum: int | None
    maximum: int | None
    loinc: str | None
    cutoff_score: int | None
    bands: tuple[Band, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """One threshold of change. unit: ``points`` or ``percent`` of the baseline."""

    value: Decimal
    unit: str
    basis: str
    mark: str


@dataclass(frozen=True, slots=True)
class ChangeThresholds:
    """When a change of the total counts; a lower total is better."""

    response: Figure
    partial_response: Figure
    remission_max: Figure
    important: tuple[Figure, ...]
    reliable: Figure
    deterioration: Figure | None
    caseness_min: Figure


@dataclass(frozen=True, slots=True)
class AlertRule:
    """An alert an answer raises. mark: how far the level may be trusted."""

    id: str
    level: AlertLevel
    when: Condition
    action: str
    mark: str


@dataclass(frozen=True, slots=True)
class Licence:
    """On which terms the instrument may be used."""

    status: str
    holder: str
    note: str
    source: str


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact comes from. seen: the page was read; otherwise cited from memory."""

    title: str
    url: str
    seen: bool


@dataclass(frozen=True, slots=True)
class Verification:
    """How far the content was checked against its sources. No clinician has reviewed it."""

    level: str
    confirmed: str
    from_memory: str


@dataclass(frozen=True, slots=True)
class Instrument:
    """One version of a questionnaire, whole.

    recall_days: how far back its questions reach; None in a version that does not say it.
    """

    id: str
    version: str
    name: str
    purpose: str
    kind: str
    minutes: int
    recall: str
    recall_days: int | None
    population: str
    verification: Verification
    licence: Licence
    loinc_panel: str
    items: tuple[Item, ...]
    scores: tuple[Score, ...]
    change: ChangeThresholds
    alerts: tuple[AlertRule, ...]
    sources: tuple[Source, ...]
