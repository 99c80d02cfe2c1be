"""What must be on record before an order is signed; what lacks is named."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from clinic.planning import known, queries, spacing
from clinic.planning.models import Plan
from kapstone import pathway
from kapstone.errors import KapstoneError
from kapstone.pathway import Need

# Stages that are reached only through a preparation visit.
_PREPARED = (
    pathway.Episode.PREPARED,
    pathway.Episode.IN_SERIES,
    pathway.Episode.PAUSED,
    pathway.Episode.MAINTENANCE,
)


@dataclass(frozen=True, slots=True)
class Lack:
    """Something that is not on record, in words."""

    need: Need
    words: str


class Lacking(KapstoneError):
    """An order was to be signed without what must be on record before it."""

    def __init__(self, lacks: list[Lack]) -> None:
        self.lacks = lacks
        super().__init__(" ".join(lack.words for lack in lacks))


@dataclass(frozen=True, slots=True)
class Dose:
    """The dose a clearance must cover, and the weight it rests on."""

    dose_mg: Decimal
    weight_kg: Decimal


def before_order(plan: Plan, at: datetime, dose: Dose | None = None) -> list[Lack]:
    """What lacks, in the order in which it is put right. Without a dose its ceiling is not held."""
    return list(_lacks(plan, at, dose))


def _lacks(plan: Plan, at: datetime, dose: Dose | None) -> Iterator[Lack]:
    patient = plan.patient
    if not known.has_clearance(patient, plan.product, plan.route, at):
        words = f"No clearance for {plan.product.lower()} {plan.route} is in force."
        yield Lack(Need.CLEARANCE, words)
    elif dose is not None:
        ceiling_mg = known.ceiling_mg(patient, dose.weight_kg, at)
        if ceiling_mg is None or dose.dose_mg > ceiling_mg:
            yield Lack(Need.CLEARANCE, "The dose is above the ceiling that was cleared.")
    for words in spacing.undecided(patient, at):
        yield Lack(Need.PRESCRIBER, f"The series waits for a prescriber. {words}")
    if why := queries.why_no_consent(patient, at):
        yield Lack(Need.CONSENT, f"No consent holds. {why}")
    if plan.episode.stage not in _PREPARED:
        yield Lack(Need.PREPARATION, "The preparation visit has not been recorded.")
    if queries.baseline(plan, at) is None:
        words = "No matching questionnaire was answered in full in the last 14 days (IND-R1)."
        yield Lack(Need.BASELINE, words)
