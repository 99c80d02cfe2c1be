"""What a session's line says of the questions of the monitoring form. Nothing is made up.

What somebody marked as an artefact answers none of them: it was not the person.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from kapstone.monitoring import marks
from kapstone.monitoring.criteria import criteria
from kapstone.monitoring.doses import DEVICE_MG
from kapstone.monitoring.events import Event, Kind, standing
from kapstone.monitoring.moments import minutes
from kapstone.monitoring.vitals import Reading

Pressure = tuple[Decimal, Decimal]
FORTY = next(row for row in criteria() if row.id == "MON-INE")
NEAR = minutes(40)  # when the label wants a pressure. Source: MON-INE
GIVEN = frozenset({Kind.DOSE_START, Kind.DEVICE})
_NONE = Decimal()
AWAKE_SCORE = 5  # of MOAA/S: below it somebody is sedated. Source: protocol 6.2, ALM-SED


@dataclass(frozen=True, slots=True)
class Charted:
    """What stands on the line. None: nobody charted it.

    end: the last pressure after the one near 40 minutes. lowest, highest: of what was charted since
    the first device. sedated_min: the first and the last score below 5, in minutes after it.
    """

    first_at: datetime
    last_at: datetime
    device_numbers: tuple[int, ...]
    dose_mg: Decimal
    before: Pressure | None
    forty: Pressure | None
    end: Pressure | None
    lowest_spo2_pct: Decimal | None
    spo2_count: int
    lowest_moaas_score: Decimal | None
    sedated_min: tuple[int, int] | None
    highest_dissociation_score: Decimal | None
    slowest_breathing_per_min: Decimal | None

    def minutes(self, left_at: datetime | None) -> tuple[int, int] | None:
        """Whole minutes from the first and from the last device until they left."""
        if left_at is None:
            return None
        return _minutes(self.first_at, left_at), _minutes(self.last_at, left_at)


def charted(events: Iterable[Event], now: datetime) -> Charted | None:
    """The line up to now; None while no device stands on it."""
    line = [one for one in standing(events) if one.observed_at <= now]
    devices = [one for one in line if one.kind in GIVEN]
    if not devices:
        return None
    first_at = devices[0].observed_at
    read = [one for one in marks.readings(line) if not one.artefact]
    since = [one for one in read if one.observed_at >= first_at]
    before, forty, end = _pressures(read, first_at)
    oxygen, asleep = _values(since, "spo2_percent"), _asleep(since)
    return Charted(
        first_at=first_at,
        last_at=devices[-1].observed_at,
        device_numbers=tuple(one.number for one in devices),
        dose_mg=sum((DEVICE_MG if one.dose_mg is None else one.dose_mg for one in devices), _NONE),
        before=before,
        forty=forty,
        end=end,
        lowest_spo2_pct=min(oxygen, default=None),
        spo2_count=len(oxygen),
        lowest_moaas_score=min(_values(since, "moaas_score"), default=None),
        sedated_min=_ends(asleep, first_at),
        highest_dissociation_score=max(_values(since, "dissociation_nrs_score"), default=None),
        slowest_breathing_per_min=min(_values(since, "respiratory_rate_per_min"), default=None),
    )


def _pressures(
    read: Sequence[Reading], first_at: datetime
) -> tuple[Pressure | None, Pressure | None, Pressure | None]:
    """The last before the first device, the one nearest 40 minutes, the last of those after it."""
    opens, closes = (first_at + edge for edge in FORTY.window)
    taken = [(one.observed_at, pair) for one in read if (pair := _pressure(one))]
    earlier = [pair for at, pair in taken if at < first_at]
    near = [(abs(at - first_at - NEAR), pair) for at, pair in taken if opens <= at <= closes]
    later = [pair for at, pair in taken if at > closes]
    return (
        earlier[-1] if earlier else None,
        min(near, key=lambda one: one[0])[1] if near else None,
        later[-1] if later else None,
    )


def _values(read: Sequence[Reading], name: str) -> list[Decimal]:
    found = (one.number_of(name) for one in read)
    return [value for value in found if value is not None]


def _ends(moments: Sequence[datetime], since: datetime) -> tuple[int, int] | None:
    if not moments:
        return None
    return _minutes(since, min(moments)), _minutes(since, max(moments))


def _asleep(read: Sequence[Reading]) -> list[datetime]:
    scored = ((one.observed_at, one.number_of("moaas_score")) for one in read)
    return [at for at, score in scored if score is not None and score < AWAKE_SCORE]


def _pressure(reading: Reading) -> Pressure | None:
    systolic, diastolic = reading.number_of("systolic_mmhg"), reading.number_of("diastolic_mmhg")
    return None if systolic is None or diastolic is None else (systolic, diastolic)


def _minutes(since: datetime, until: datetime) -> int:
    return int((until - since).total_seconds()) // 60
