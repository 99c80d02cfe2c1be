"""What stands against booking a dose: its frequency, what waits for a prescriber, what holds."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.template.defaultfilters import pluralize
from django.utils import timezone

from clinic.episodes import queries as episodes
from clinic.episodes.models import SeriesDecision
from clinic.intake import queries as intake
from clinic.intake import screening
from clinic.intake.models import FactAnswer
from clinic.measures import queries as measures
from clinic.measures import trend
from clinic.people.models import Patient
from clinic.planning import course
from clinic.planning.course import Held
from kapstone import instruments, series
from kapstone.errors import InvalidInput
from kapstone.findings import Finding, Severity
from kapstone.outcome import Worsening
from kapstone.series import Hold, Standing, Wanted

_SCREENERS = ("cssrs_slc", "cssrs_screener")
URINARY_TWICE = "urinary symptoms at two visits running"
TIER_UP = "suicide tier up"


@dataclass(frozen=True, slots=True)
class Against:
    """What stands against one booking. findings: those that no prescriber has allowed yet.

    close: said beside it and stops nothing: closer than the plan has it.
    """

    findings: tuple[Finding, ...] = ()
    standings: tuple[Standing, ...] = ()
    holds: tuple[Hold, ...] = ()
    close: str = ""

    @property
    def refused(self) -> bool:
        """Whether nobody can allow it."""
        return any(each.severity is Severity.ABSOLUTE for each in self.findings)

    @property
    def blocks(self) -> bool:
        """Whether any of it keeps a booking back."""
        waits = any(each.blocks for each in self.standings)
        return waits or bool(self.findings or self.holds)

    @property
    def words(self) -> list[str]:
        """Each in a sentence."""
        return [
            *(f"{each.code}: {each.message}" for each in self.findings),
            *(f"{each.row.key}: {each.row.message} {each.why}" for each in self.standings),
            *(f"{each.key}: {each.message}" for each in self.holds),
        ]

    def __bool__(self) -> bool:
        return bool(self.findings or self.standings or self.holds)


def against(patient: Patient, wanted: Wanted, now: datetime) -> Against:
    """What stands against a dose at a moment, as known now. True where anything does."""
    held = course.of(patient)
    return _against(held, wanted, now, holds(held, now)) if held else Against()


def against_session(patient: Patient, wanted: Wanted, session_id: UUID) -> Against:
    """What stands against the dose of a session, which is not yet one of the series.

    What the screening rules find holds the day by itself, and is not looked at again here.
    """
    held = course.of(patient, but=session_id)
    return _against(held, wanted, wanted.at, _held(held, ())) if held else Against()


def _against(held: Held, asked: Wanted, now: datetime, found: tuple[Hold, ...]) -> Against:
    states = series.standings(held.course, max(asked.at, now))
    return Against(
        findings=tuple(
            each
            for each in series.booking(held.course, asked)
            if not any(_allows(each, row, asked) for row in held.allowances)
        ),
        standings=tuple(each for each in states if each.blocks),
        holds=found,
        close=_close(held, asked),
    )


def _close(held: Held, asked: Wanted) -> str:
    planned = held.plan.spacing_days if held.plan else None
    apart = series.closer_than_planned(held.course, asked, planned)
    if apart is None:
        return ""
    return f"{apart} day{pluralize(apart)} from another dose, where the plan says {planned}."


def undecided(patient: Patient, at: datetime) -> list[str]:
    """What a prescriber decides before anything more is ordered, in words.

    Beside it a clearance lapses upon what the screening rules find.
    """
    held = course.of(patient)
    if held is None:
        return []
    blocking = tuple(each for each in series.standings(held.course, at) if each.blocks)
    return Against(standings=blocking, holds=_held(held, ())).words


def waiting(held: Held, now: datetime) -> Against:
    """What waits for a prescriber's decision, whether or not it blocks a booking."""
    states = series.standings(held.course, now)
    waits = tuple(each for each in states if each.state is series.State.WAITS)
    return Against(standings=waits, holds=holds(held, now))


def wanted(product: str, route: str, at: datetime) -> Wanted:
    """A dose of this product and route at a moment, by the clinic's own calendar."""
    return Wanted(product, route, at, timezone.get_default_timezone())


def _allows(finding: Finding, row: SeriesDecision, asked: Wanted) -> bool:
    since = row.allows_from
    in_time = since is not None and since <= asked.at
    return finding.overridable and finding.band in row.keys and in_time


def holds(held: Held, now: datetime) -> tuple[Hold, ...]:
    """Why the series is held (SER-10). What a prescriber decided counts until the next dose."""
    return _held(held, _findings(held.episode.patient, now)) if held.course.doses else ()


def _held(held: Held, findings: Sequence[Finding]) -> tuple[Hold, ...]:
    if not held.course.doses:
        return ()
    last = held.course.doses[-1]
    decided = {key for each in held.course.decisions if each.at >= last for key in each.keys}
    return series.held(findings, tuple(_said(held.episode.patient)), decided)


def _findings(patient: Patient, now: datetime) -> list[Finding]:
    """What the rules find, without what an override covers."""
    try:
        found = screening.run(patient, now).screening.findings
    except InvalidInput:
        return []
    overrides = intake.overrides(patient, now)
    return [each for each in found if intake.covering(overrides, each) is None]


def _said(patient: Patient) -> Iterator[str]:
    doses, answered = episodes.doses(patient), measures.responses(patient)
    for name in _SCREENERS:
        rows = [row for row in answered if row.instrument == name]
        if rows and Worsening.SUICIDE_TIER in trend.worsening(instruments.load(name), rows, doses):
            yield TIER_UP
            break
    told = FactAnswer.objects.filter(
        patient=patient, key="urinary_symptoms", replaced_by__isnull=True
    )
    two = list(told.order_by("-observed_at", "-recorded_at").values_list("value", flat=True)[:2])
    if len(two) == 2 and all(two):
        yield URINARY_TWICE
