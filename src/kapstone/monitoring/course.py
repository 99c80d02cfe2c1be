"""What a session is judged on: the dose, and all that was charted in this visit."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal

from kapstone.monitoring.readings import Readings
from kapstone.monitoring.schedules import Dose, Schedule, stale
from kapstone.monitoring.vitals import Reading, Symptom

EVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Course:
    """What discharge is judged on: the dose and all that was charted in this visit.

    dose is None before any drug. baseline: by parameter name.
    """

    schedule: Schedule
    dose: Dose | None
    readings: Readings
    symptoms: Sequence[Symptom] = ()
    baseline: Mapping[str, Decimal] = field(default_factory=dict)

    def last(
        self, name: str, now: datetime, count: int = 1, any_time: bool = False
    ) -> list[Reading]:
        """The last readings of a parameter: after the dose, the newest of them not stale.

        None where the newest was marked as an artefact: then nobody knows how the person is.
        """
        if self.dose is None or (self.dose.end is None and not any_time):
            return []
        first = EVER if any_time else self.dose.end or EVER
        found: list[Reading] = []
        for one in _by_moment(self.readings.between(name, first, now)):
            if one.artefact and not found:
                return []
            if not one.artefact:
                found.append(one)
            if len(found) == count:
                break
        if len(found) < count or stale(self.schedule, self.dose, found[0], name, now):
            return []
        return found[::-1]


def _by_moment(readings: Sequence[Reading]) -> Iterator[Reading]:
    """The newest first. One moment charted twice is one reading, the later line."""
    before: datetime | None = None
    for one in reversed(readings):
        if one.observed_at != before:
            before = one.observed_at
            yield one
