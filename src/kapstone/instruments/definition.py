"""What an instrument is: frozen values that hold one published version.

Labels are short labels of our own for staff. They are not the instrument's wording and are never
shown to a patient in its place.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from kapstone.instruments.conditions import Condition, Number
from kapstone.instruments.rules import Rule
from kapstone.risk import AlertLevel

LOWER_BETTER, HIGHER_BETTER, NEITHER = "lower_better", "higher_better", "none"


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer: its value, our label, its LOINC answer code or nothing."""

    value: int
    label: str
    loinc: str


@dataclass(frozen=True, slots=True)
class Span:
    """Answers that are a number: a rating, a visual analogue scale, an entered total."""

    minimum: int
    maximum: int
    decimals: int

    def holds(self, value: Number) -> bool:
        """Whether this number may be an answer."""
        inside = self.minimum <= value <= self.maximum
        return inside and value * 10**self.decimals % 1 == 0


@dataclass(frozen=True, slots=True)
class Item:
    """One question: labelled choices, or a number within a span.

    required: left out, it counts as missing. watched: never left unnoticed. asked_when: it is
    asked only then, else it is not missing. zero_when: unanswered, it is 0 by the instrument's own
    skip rule. values: the whole numbers an answer may be.
    """

    id: str
    label: str
    choices: tuple[Choice, ...]
    loinc: str
    required: bool
    watched: bool
    span: Span | None = None
    asked_when: Condition | None = None
    zero_when: Condition | None = None
    values: tuple[int, ...] = field(init=False)

    def __post_init__(self) -> None:
        known = tuple(choice.value for choice in self.choices)
        if self.span is not None:
            known = tuple(range(self.span.minimum, self.span.maximum + 1))
        object.__setattr__(self, "values", known)


@dataclass(frozen=True, slots=True)
class Band:
    """A severity band, both ends included."""

    minimum: Number
    maximum: Number
    code: str
    label: str


@dataclass(frozen=True, slots=True)
class Score:
    """One score. minimum, maximum: its range, none for a flag. cutoff_score: positive from it.

    better: ``lower_better``, ``higher_better`` or ``none``.
    """

    id: str
    rule: Rule
    minimum: int | None
    maximum: int | None
    loinc: str | None
    cutoff_score: int | None
    bands: tuple[Band, ...]
    better: str = LOWER_BETTER
    note: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """One threshold of change. unit: ``points`` or ``percent`` of the baseline."""

    value: Decimal
    unit: str
    basis: str
    mark: str


@dataclass(frozen=True, slots=True)
class ChangeThresholds:
    """When a change of the main score counts; a threshold nobody gives is None.

    direction: ``lower_better``, ``higher_better`` or ``none``. remission_min: the target of a scale
    on which higher is better. reliability: ``alpha`` and ``test_retest``, what a reliable change
    index is worked out from where no value is published.
    """

    response: Figure | None
    partial_response: Figure | None
    remission_max: Figure | None
    important: tuple[Figure, ...]
    reliable: Figure | None
    deterioration: Figure | None
    caseness_min: Figure | None
    direction: str = LOWER_BETTER
    remission_min: Figure | None = None
    reliability: Mapping[str, Decimal] = field(default_factory=dict)


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
    permission_needed: bool


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

    recall_days: how far back its questions reach; None where no number of days says it.
    main: the score that is followed over time; none where no score is.
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
    main: str | None = "total"
    note: str = ""
    item_by_id: Mapping[str, Item] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "item_by_id", {item.id: item for item in self.items})

    @property
    def main_score(self) -> Score | None:
        """The score that is followed over time."""
        return next((score for score in self.scores if score.id == self.main), None)

    @property
    def watched(self) -> tuple[Item, ...]:
        """The items whose answer, or the lack of one, calls for a person."""
        return tuple(item for item in self.items if item.watched)
