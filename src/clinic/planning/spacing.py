"""What stands against booking a dose: its frequency, what waits for a prescriber, what holds."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.template.defaultfilters import pluralize
from django.utils import timezone

from clinic.episodes.models import SeriesDecision
from clinic.people.models import Patient
from clinic.planning import course, holding
from clinic.planning.course import Held
from kapstone import series
from kapstone.findings import Finding, Severity
from kapstone.series import Hold, Standing, Wanted


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


def against(patient: Patient, wanted: Wanted, now: datetime, *, but: UUID | None = None) -> Against:
    """What stands against a dose at a moment, as known now. True where anything does.

    but: a session that is booked and would be moved to then.
    """
    held = course.of(patient, but=but)
    return _against(held, wanted, now, holding.now(held, now)) if held else Against()


def against_session(patient: Patient, wanted: Wanted, session_id: UUID) -> Against:
    """What stands against the dose of a session, which is not yet one of the series.

    What the screening rules find holds the day by itself, and is not looked at again here.
    """
    held = course.of(patient, but=session_id)
    return _against(held, wanted, wanted.at, holding.today(held)) if held else Against()


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
    return Against(standings=blocking, holds=holding.today(held)).words


def waiting(held: Held, now: datetime) -> Against:
    """What waits for a prescriber's decision, whether or not it blocks a booking."""
    states = series.standings(held.course, now)
    waits = tuple(each for each in states if each.state is series.State.WAITS)
    return Against(standings=waits, holds=holding.now(held, now))


def wanted(product: str, route: str, at: datetime) -> Wanted:
    """A dose of this product and route at a moment, by the clinic's own calendar."""
    return Wanted(product, route, at, timezone.get_default_timezone())


def _allows(finding: Finding, row: SeriesDecision, asked: Wanted) -> bool:
    since = row.allows_from
    in_time = since is not None and since <= asked.at
    return finding.overridable and finding.band in row.keys and in_time
