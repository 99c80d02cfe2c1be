"""A session's line as the doses a curve is made of: what people charted, pauses and rates with it.

Nothing is filled in. What a curve needs and nobody charted is named, and then there is no curve.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from clinic.curves.predicted import DEVICE_MG, way_of
from clinic.dosing.kinds import MOUTH
from clinic.dosing.models import SessionEvent
from kapstone.dose import SaltOrBase
from kapstone.monitoring.events import Event, Kind
from kapstone.monitoring.parts import amounts_differ_percent
from kapstone.pharmacology import Dose, Form, Way

_MINUTE = timedelta(minutes=1)
_SPAT, _SWALLOWED = "spat", "swallowed"


@dataclass(frozen=True, slots=True)
class Order:
    """What an order says that the line does not."""

    formulation: str = ""
    salt_or_base: SaltOrBase | None = None


@dataclass(frozen=True, slots=True)
class Charted:
    """Doses by minutes since the first. `still`: from and to which minute an infusion stood still.

    `runs`: an infusion nobody stopped. `lacks`: what nobody charted, one sentence each. `notes`:
    what was taken for granted.
    """

    start: datetime | None
    doses: tuple[Dose, ...] = ()
    still: tuple[tuple[float, float], ...] = ()
    runs: bool = False
    lacks: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


EVENLY = "No rate was charted: the mg charted at the stop are taken as even over the time it ran."


@dataclass(slots=True)
class _Pump:
    """An infusion as its charted settings give it.

    Of the run that is open: when it `began`, `ran_mg` by its charted rates, and in `unset` the
    stretches whose rate or mg/mL nobody charted.
    """

    start: datetime
    form: Form
    salt_or_base: SaltOrBase | None
    doses: list[Dose] = field(default_factory=list)
    still: list[tuple[float, float]] = field(default_factory=list)
    lacks: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    unset: list[tuple[datetime, datetime]] = field(default_factory=list)
    ran_mg: Decimal = Decimal()
    began: datetime | None = None
    since: datetime | None = None
    paused: bool = False
    rate_ml_per_h: Decimal | None = None
    mg_per_ml: Decimal | None = None

    def minute(self, at: datetime) -> float:
        return (at - self.start) / _MINUTE

    def until(self, at: datetime) -> None:
        """It ran, or stood still, as it was set until this moment."""
        began = self.since
        if began is None or at <= began:
            return
        self.since = at
        if self.paused or self.rate_ml_per_h == 0:
            self.still.append((self.minute(began), self.minute(at)))
        elif self.rate_ml_per_h is None or self.mg_per_ml is None:
            self.unset.append((began, at))
        else:
            mg_per_min = self.rate_ml_per_h * self.mg_per_ml / 60
            self.ran_mg += self._ran(began, at, mg_per_min)

    def _ran(self, began: datetime, ended: datetime, mg_per_min: Decimal) -> Decimal:
        """A stretch of it in mg a minute; one that took no time is a bolus of so many mg."""
        lasts_min = (ended - began) / _MINUTE
        amount_mg = mg_per_min * Decimal(lasts_min) if lasts_min else mg_per_min
        self.doses.append(
            Dose(
                amount_mg=amount_mg,
                way=Way.IV,
                form=self.form,
                at_min=self.minute(began),
                infusion_min=lasts_min,
                salt_or_base=self.salt_or_base,
            )
        )
        return amount_mg

    def take(self, one: Event) -> None:
        self.until(one.observed_at)
        if one.kind is Kind.DOSE_STOP:
            self._stop(one)
            return
        if one.kind is Kind.DOSE_START and self.since is None:
            self.since = self.began = one.observed_at
        elif one.kind in (Kind.DOSE_PAUSE, Kind.DOSE_RESUME):
            self.paused = one.kind is Kind.DOSE_PAUSE
        self.rate_ml_per_h = self.rate_ml_per_h if one.rate_ml_per_h is None else one.rate_ml_per_h
        self.mg_per_ml = self.mg_per_ml if one.mg_per_ml is None else one.mg_per_ml

    def _stop(self, one: Event) -> None:
        """What the charted mg of a run say beside its charted rates."""
        if one.dose_mg is not None:
            self._compare(one.dose_mg, one.observed_at)
        self.end_run()

    def _compare(self, charted_mg: Decimal, at: datetime) -> None:
        """Rates decide. With none in the whole run its mg are taken as even over it, or at once."""
        if self.began == at:
            self._ran(at, at, charted_mg)
        elif self.unset and not self.ran_mg:
            ran_min = sum((ended - began) / _MINUTE for began, ended in self.unset)
            for began, ended in self.unset:
                self._ran(began, ended, charted_mg / Decimal(ran_min))
            self.notes.append(EVENLY)
            self.unset = []
        elif abs(charted_mg - self.ran_mg) * 100 > charted_mg * amounts_differ_percent():
            self.notes.append(
                f"The charted rates give {self.ran_mg:.1f} mg, and {charted_mg:f} mg were charted "
                "at the stop. The curve follows the rates."
            )

    def end_run(self) -> None:
        """What is known of this run is known now."""
        for began, _ in self.unset:
            self.lacks.append(f"The pump's rate and mg/mL from minute {self.minute(began):.0f} on.")
        self.unset, self.ran_mg, self.paused = [], Decimal(), False
        self.since = self.began = None
        self.rate_ml_per_h = self.mg_per_ml = None


def charted(
    route: str,
    form: Form,
    line: Sequence[Event],
    rows: Iterable[SessionEvent],
    order: Order,
    now: datetime,
) -> Charted:
    """The line that stands, up to now. `rows` are the same with the room's own kinds."""
    begun = [one for one in line if one.kind in (Kind.DOSE_START, Kind.DEVICE)]
    if not begun:
        return Charted(None, lacks=("No drug is charted yet.",))
    start = begun[0].observed_at
    if route == "IV":
        return _infused(form, line, order, start, now)
    went, lacks = _went(route, rows)
    doses = tuple(_parts(route, form, begun, order, start, swallowed=went))
    if len(doses) < len(begun):
        lacks = (*lacks, "The mg of a part of the dose.")
    return Charted(start, doses, (), runs=False, lacks=lacks)


def _infused(
    form: Form, line: Sequence[Event], order: Order, start: datetime, now: datetime
) -> Charted:
    pump = _Pump(start, form, order.salt_or_base)
    kinds = {Kind.DOSE_START, Kind.DOSE_STOP, Kind.DOSE_RATE, Kind.DOSE_PAUSE, Kind.DOSE_RESUME}
    for one in line:
        if one.kind in kinds and one.observed_at <= now:
            pump.take(one)
    runs = pump.since is not None
    if runs:
        pump.until(now)
        pump.end_run()
    lacks = tuple(pump.lacks)
    if not lacks and not pump.doses:
        lacks = ("Nothing has been infused yet.",)
    return Charted(start, tuple(pump.doses), tuple(pump.still), runs, lacks, tuple(pump.notes))


def _went(route: str, rows: Iterable[SessionEvent]) -> tuple[bool, tuple[str, ...]]:
    """Whether what was held in the mouth was swallowed; on other routes everything counts."""
    if route != "SL":
        return True, ()
    told = {str(row.body["went"]) for row in rows if row.kind == MOUTH}
    if told in ({_SPAT}, {_SWALLOWED}):
        return told == {_SWALLOWED}, ()
    if not told:
        return True, ("Whether it was spat out or swallowed.",)
    return True, ("How much was swallowed: some of each was charted.",)


def _parts(
    route: str,
    form: Form,
    begun: Sequence[Event],
    order: Order,
    start: datetime,
    *,
    swallowed: bool,
) -> Iterator[Dose]:
    for place, one in enumerate(begun):
        device = one.kind is Kind.DEVICE
        amount_mg = DEVICE_MG if device and one.dose_mg is None else one.dose_mg
        if amount_mg is None:
            continue
        yield Dose(
            amount_mg=amount_mg,
            way=way_of(route, order.formulation),
            form=form,
            at_min=(one.observed_at - start) / _MINUTE,
            salt_or_base=SaltOrBase.BASE if device else order.salt_or_base,
            swallowed=swallowed,
            earlier_devices=place if device else 0,
        )
