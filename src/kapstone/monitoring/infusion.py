"""An infusion by what was charted of its pump: rate × time × concentration, exactly.

It says what the charted rates give and never what a pump did; what a person charts at the stop
stands beside it. Minutes are elapsed ones. Source: arithmetic.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from kapstone.monitoring.events import Event, Kind
from kapstone.monitoring.moments import utc
from kapstone.monitoring.parts import amounts_differ_percent

PUMP_KINDS = frozenset({Kind.DOSE_RATE, Kind.DOSE_PAUSE, Kind.DOSE_RESUME})
_STEPS_PER_HOUR = timedelta(hours=1) // timedelta.resolution


@dataclass(frozen=True, slots=True)
class Run:
    """One infusion. end: None while it runs. charted_mg: as a person said at the stop.

    computed_mg: what the charted rates give, to 0.01 mg; None where a rate or the concentration
    was not charted for some of the time.
    """

    start: datetime
    end: datetime | None
    charted_mg: Decimal | None
    computed_mg: Decimal | None

    @property
    def differs(self) -> bool:
        """Whether what was charted lies further from what the rates give than is passed over."""
        if self.charted_mg is None or self.computed_mg is None:
            return False
        off_mg = abs(self.charted_mg - self.computed_mg)
        return off_mg * 100 > self.computed_mg * amounts_differ_percent()


@dataclass(frozen=True, slots=True)
class Infusion:
    """Every run of a session, the last one perhaps open, and how its pump stands.

    still_since: since when an open run stands still, paused or at a rate of nought.
    """

    runs: tuple[Run, ...] = ()
    rate_ml_per_h: Decimal | None = None
    mg_per_ml: Decimal | None = None
    still_since: datetime | None = None

    @property
    def open_run(self) -> Run | None:
        """The run that nobody has stopped."""
        return self.runs[-1] if self.runs and self.runs[-1].end is None else None


def gives_more(now: Infusion, rate_ml_per_h: Decimal | None, mg_per_ml: Decimal | None) -> bool:
    """Whether a new setting gives more in an hour than the one that stands.

    What is not told stays as it is. Where one of the two is not known, any rate may be more.
    """
    rate = now.rate_ml_per_h if rate_ml_per_h is None else rate_ml_per_h
    strength = now.mg_per_ml if mg_per_ml is None else mg_per_ml
    if rate == 0:
        return False
    if rate is None or now.rate_ml_per_h is None:
        return True
    if strength is None or now.mg_per_ml is None:
        return mg_per_ml is not None or rate > now.rate_ml_per_h
    return rate * strength > now.rate_ml_per_h * now.mg_per_ml


@dataclass(slots=True)
class _Pump:
    """How it stands. pumped_total: the sum of mL/h × mg/mL × steps of time; None: not known."""

    runs: list[Run] = field(default_factory=list)
    start: datetime | None = None
    at: datetime | None = None
    paused: bool = False
    rate_ml_per_h: Decimal | None = None
    mg_per_ml: Decimal | None = None
    pumped_total: Decimal | None = field(default_factory=Decimal)
    still_since: datetime | None = None

    def go_on(self, until: datetime) -> None:
        """Let it run to a moment as it was set."""
        if self.start is None or self.at is None:
            return
        took = Decimal((until - self.at) // timedelta.resolution)
        self.at = until
        if not took or self.paused or self.rate_ml_per_h == 0 or self.pumped_total is None:
            return
        if self.rate_ml_per_h is None or self.mg_per_ml is None:
            self.pumped_total = None
        else:
            # At most 24 digits for a whole day: exact in the default context of 28.
            self.pumped_total += self.rate_ml_per_h * self.mg_per_ml * took

    def take(self, one: Event) -> None:
        """What was charted at this moment."""
        if one.kind is Kind.DOSE_STOP:
            self._stop(one)
            return
        if one.kind is Kind.DOSE_START and self.start is None:
            self.start = self.at = one.observed_at
        elif one.kind in (Kind.DOSE_PAUSE, Kind.DOSE_RESUME):
            self.paused = one.kind is Kind.DOSE_PAUSE and self.start is not None
        self.rate_ml_per_h = self.rate_ml_per_h if one.rate_ml_per_h is None else one.rate_ml_per_h
        self.mg_per_ml = self.mg_per_ml if one.mg_per_ml is None else one.mg_per_ml
        still = self.start is not None and (self.paused or self.rate_ml_per_h == 0)
        self.still_since = (self.still_since or one.observed_at) if still else None

    def _stop(self, one: Event) -> None:
        computed = self._computed_mg() if self.start else None
        self.runs.append(Run(self.start or one.observed_at, one.observed_at, one.dose_mg, computed))
        self.start = self.at = self.still_since = self.rate_ml_per_h = self.mg_per_ml = None
        self.paused, self.pumped_total = False, Decimal()

    def _computed_mg(self) -> Decimal | None:
        if self.pumped_total is None:
            return None
        return round(self.pumped_total / _STEPS_PER_HOUR, 2)

    def so_far(self) -> Infusion:
        """All runs, the open one with what it gave until now."""
        if self.start is not None:
            self.runs.append(Run(self.start, None, None, self._computed_mg()))
        return Infusion(tuple(self.runs), self.rate_ml_per_h, self.mg_per_ml, self.still_since)


def infusion(line: Iterable[Event], now: datetime) -> Infusion:
    """A line that stands, by the moment each event was true, folded up to `now`."""
    end, pump = utc("now", now), _Pump()
    kinds = {Kind.DOSE_START, Kind.DOSE_STOP, *PUMP_KINDS}
    for one in line:
        if one.kind in kinds and one.observed_at <= end:
            pump.go_on(one.observed_at)
            pump.take(one)
    pump.go_on(end)
    return pump.so_far()
