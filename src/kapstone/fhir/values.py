"""What a bundle said, as frozen values. No value here can say that something is not so."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from kapstone.fhir.dates import When


@dataclass(frozen=True, slots=True)
class Coded:
    """A code with its system; `display` is the record's own word for it."""

    system: str
    code: str
    display: str


@dataclass(frozen=True, slots=True)
class Origin:
    """The resource a value came from. `when`: onset, or when it was measured or written."""

    resource_type: str
    resource_id: str
    path: str
    coded: Coded
    when: When | None


@dataclass(frozen=True, slots=True)
class Fact:
    """A key of the screening contract that a code set: True, or a measured number.

    `mark`: how far the code map's row may be trusted. `source`: where the row comes from.
    """

    key: str
    value: Literal[True] | Decimal
    origin: Origin
    source: str
    mark: str


@dataclass(frozen=True, slots=True)
class Medicine:
    """A medicine a record names. `ingredients` only where an RxNorm name spells them out.

    `daily_dose_mg` only where one plain dosage states it. A stopped medicine is listed too:
    read `status`.
    """

    name: str
    ingredients: tuple[str, ...]
    route: str | None
    daily_dose_mg: Decimal | None
    status: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Allergy:
    """A substance the record says the person reacts to."""

    substances: tuple[str, ...]
    criticality: str | None
    status: str | None
    origin: Origin


@dataclass(frozen=True, slots=True)
class Measurement:
    """One measured number in the unit its `key` carries (`weight_kg`, `systolic_mmhg`)."""

    key: str
    value: Decimal
    origin: Origin


@dataclass(frozen=True, slots=True)
class BloodPressure:
    """One reading with both pressures, mmHg."""

    systolic_mmhg: Decimal
    diastolic_mmhg: Decimal
    origin: Origin


@dataclass(frozen=True, slots=True)
class PriorScore:
    """A questionnaire answered elsewhere. `items`: LOINC item code and answer, as recorded."""

    instrument: str
    total: int | None
    items: tuple[tuple[str, int], ...]
    origin: Origin


@dataclass(frozen=True, slots=True)
class Question:
    """Something the record says that no row of the code map can settle: a person asks."""

    resource_type: str
    coded: Coded
    reason: str
    path: str


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """A piece of the record that was kept and not used, and why."""

    resource_type: str
    resource_id: str
    reason: str
    path: str


@dataclass(frozen=True, slots=True)
class PersonName:
    """One name; `use` is official, usual, maiden, nickname, old …"""

    family: str
    given: tuple[str, ...]
    use: str


@dataclass(frozen=True, slots=True)
class Identifier:
    """A number some system gave this person."""

    system: str
    value: str


@dataclass(frozen=True, slots=True)
class Person:
    """Who the referral is about. `deceased` False only means that nobody said so."""

    names: tuple[PersonName, ...]
    birth: When | None
    gender: str | None
    birth_sex: str | None
    identifiers: tuple[Identifier, ...]
    phones: tuple[str, ...]
    emails: tuple[str, ...]
    languages: tuple[str, ...]
    deceased: bool

    @property
    def birth_date(self) -> date | None:
        """The day of birth, where the record gives the day."""
        return None if self.birth is None else self.birth.day


@dataclass(frozen=True, slots=True)
class Referral:
    """Everything one bundle said about one person. `digest`: SHA-256 of the canonical bundle."""

    person: Person
    facts: tuple[Fact, ...]
    medicines: tuple[Medicine, ...]
    allergies: tuple[Allergy, ...]
    measurements: tuple[Measurement, ...]
    blood_pressures: tuple[BloodPressure, ...]
    scores: tuple[PriorScore, ...]
    questions: tuple[Question, ...]
    not_understood: tuple[NotUnderstood, ...]
    digest: str

    @property
    def sbp(self) -> tuple[Decimal, ...]:
        """Systolic readings, mmHg, oldest first. A record's reading is never a sign of today."""
        return tuple(reading.systolic_mmhg for reading in self.blood_pressures)

    @property
    def dbp(self) -> tuple[Decimal, ...]:
        """Diastolic readings, mmHg, oldest first."""
        return tuple(reading.diastolic_mmhg for reading in self.blood_pressures)
