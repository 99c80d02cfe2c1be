"""The event line of a session: numbered, append-only, corrected by later events.

An event's number is its place in the line; `replaces` names an earlier one. Of an event and all
its corrections the one with the highest number stands, so the order of arrival does not count.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from kapstone.errors import InvalidInput
from kapstone.monitoring import screener
from kapstone.monitoring.moments import utc
from kapstone.monitoring.vitals import Reading, Symptom, Value, parameters
from kapstone.pathway import Session


class Kind(StrEnum):
    """What an event tells."""

    DOSE_START = "dose_start"
    DOSE_STOP = "dose_stop"
    DEVICE = "device"
    DOSE_RATE = "dose_rate"
    DOSE_PAUSE = "dose_pause"
    DOSE_RESUME = "dose_resume"
    VITALS = "vitals"
    SAMPLE = "sample"  # one value of a device's stream
    MOAAS = "moaas"
    NRS = "nrs"
    ALDRETE = "aldrete"
    PADSS = "padss"
    GAIT = "gait"
    SCREENER = "screener"
    ESCORT = "escort"
    INSTRUCTION = "instruction"
    SYMPTOM = "symptom"
    PHASE = "phase"
    ALARM_RESOLVED = "alarm_resolved"
    OVERRIDE = "override"  # of a discharge criterion, by a prescriber
    WITHDRAWN = "withdrawn"  # what it replaces was charted in error
    ARTEFACT = "artefact"  # what it marks was measured, and was not the person's own


DOSE_KINDS = frozenset({Kind.DOSE_START, Kind.DOSE_STOP, Kind.DEVICE})
# key → above or from which figure to which, and how many decimals: so far sums are exact
PUMPED: Mapping[str, tuple[Decimal, Decimal, int]] = {
    "rate_ml_per_h": (Decimal(0), Decimal(1000), 2),
    "mg_per_ml": (Decimal("0.001"), Decimal(100), 3),
}

SYMPTOMS = frozenset(
    {
        *("chest_pain", "dyspnoea", "severe_headache", "visual_loss", "focal_deficit"),
        *("unexpected_confusion", "symptomatic_bradycardia", "distress", "panic"),
        *("unsafe_movement", "vomiting", "seizure", "myoclonus", "new_suicidal_ideation"),
    }
)

# What of a device's stream may be marked, by its key; a pressure is marked whole.
STREAMED: Mapping[str, tuple[str, ...]] = {
    one.key: (one.name, "diastolic_mmhg") if one.key == "sbp" else (one.name,)
    for one in parameters().values()
    if Kind.SAMPLE in one.kinds and one.channel and one.key != "dbp"
}
LONGEST_STRETCH_S = 86_400


@dataclass(frozen=True, slots=True)
class Event:
    """One line. Beside values, each field belongs to the kinds that its name tells.

    values: parameter name → what was read. symptoms, present: they are there, or gone again.
    dose_mg: what this event itself put into the body. rate_ml_per_h, mg_per_ml: what a pump was
    set to, and what was in it. rule, band: of a resolved alarm or an overridden criterion.
    marks_number: that of a reading said to be an artefact; it stays on the line and goes on
    calling. marks_key, lasted_s: of a stretch of a device's stream that ends at this event's
    moment: which parameter, and for how long; of samples charted before it alone.
    Raises InvalidInput for a value that is not possible.
    """

    number: int
    kind: Kind
    observed_at: datetime
    replaces: int | None = None
    values: Mapping[str, Value] = field(default_factory=dict)
    symptoms: tuple[str, ...] = ()
    present: bool = True
    dose_mg: Decimal | None = None
    rate_ml_per_h: Decimal | None = None
    mg_per_ml: Decimal | None = None
    phase: Session | None = None
    rule: str = ""
    band: str | None = None
    marks_number: int | None = None
    marks_key: str = ""
    lasted_s: Decimal | None = None
    _reading: Reading | None = field(default=None, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "observed_at", utc("observed_at", self.observed_at))
        if self.replaces is not None and self.replaces >= self.number:
            problem = f"is {self.replaces}; event {self.number} can only replace an earlier one."
            raise InvalidInput("replaces", problem)
        if self.kind is Kind.WITHDRAWN and self.replaces is None:
            raise InvalidInput("replaces", "is missing.", "Name the event that is withdrawn.")
        if self.kind is Kind.ARTEFACT:
            self._check_mark()
        if self.dose_mg is not None and not 0 <= self.dose_mg <= 1000:
            raise InvalidInput("dose_mg", f"is {self.dose_mg}, not possible.", "Give 0 to 1000 mg.")
        self._check_pump()
        for name in self.symptoms:
            if name not in SYMPTOMS:
                mend = f"Give one of: {', '.join(sorted(SYMPTOMS))}."
                raise InvalidInput("symptom", f"is {name!r}.", mend)
        if self.values:
            object.__setattr__(self, "values", screener.judged(self.values))
            streamed = self.kind is Kind.SAMPLE
            reading = Reading(self.number, self.observed_at, self.values, streamed)
            object.__setattr__(self, "_reading", reading)

    def _check_mark(self) -> None:
        """One reading, or a stretch of one parameter."""
        if self.marks_key:
            if self.marks_key not in STREAMED:
                mend = f"Give one of: {', '.join(STREAMED)}."
                raise InvalidInput("marks_key", f"is {self.marks_key!r}.", mend)
            if self.marks_number is not None:
                raise InvalidInput("marks", "stands beside a stretch.", "Mark one or the other.")
            if self.lasted_s is None or not 0 <= self.lasted_s <= LONGEST_STRETCH_S:
                mend = f"Give 0 to {LONGEST_STRETCH_S} s."
                raise InvalidInput("lasted_s", f"is {self.lasted_s}.", mend)
        elif self.marks_number is None or self.marks_number >= self.number:
            raise InvalidInput("marks", "names no earlier event.", "Name the reading it marks.")

    def _check_pump(self) -> None:
        told = {"rate_ml_per_h": self.rate_ml_per_h, "mg_per_ml": self.mg_per_ml}
        if self.kind is Kind.DOSE_RATE and not any(one is not None for one in told.values()):
            raise InvalidInput("rate_ml_per_h", "is missing.", "Give the rate in mL/h.")
        for key, (least, most, decimals) in PUMPED.items():
            value = told[key]
            if value is None:
                continue
            if not least <= value <= most or value != round(value, decimals):
                mend = f"Give {least} to {most}, with at most {decimals} decimals."
                raise InvalidInput(key, f"is {value}, not possible.", mend)

    def reading(self) -> Reading | None:
        """Its values as a reading; None where it carries none."""
        return self._reading

    def charted_symptoms(self) -> list[Symptom]:
        """Its symptoms, each by itself."""
        return [Symptom(self.number, self.observed_at, s, self.present) for s in self.symptoms]


def standing(events: Iterable[Event]) -> list[Event]:
    """The events that hold, by the moment they were true: no replaced and no withdrawn one.

    The same event twice is one. InvalidInput when two different events bear one number.
    """
    line: dict[int, Event] = {}
    for event in events:
        if line.setdefault(event.number, event) != event:
            raise InvalidInput("events", f"number {event.number} stands for two different events.")
    heads: dict[int, Event] = {}
    for number in sorted(line):
        heads[_root(line, line[number])] = line[number]
    held = (one for one in heads.values() if one.kind is not Kind.WITHDRAWN)
    return sorted(held, key=lambda one: (one.observed_at, one.number))


def _root(line: Mapping[int, Event], event: Event) -> int:
    number = event.number
    while number in line and (before := line[number].replaces) is not None:
        number = before
    return number
