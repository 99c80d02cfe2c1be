"""How much of the drug is in, in words: what people charted, and what the charted rates give."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils import timezone

from clinic.dosing import queries
from clinic.dosing.kinds import RESCUE
from clinic.dosing.models import DosingSession, SessionEvent
from kapstone.dose import rest_between_devices
from kapstone.monitoring.events import Kind
from kapstone.monitoring.infusion import Infusion, Run
from kapstone.monitoring.parts import pause_chased_after
from kapstone.monitoring.session import SessionState

_PER_KG = Decimal("0.01")
UNKNOWN = "an amount was not charted"


@dataclass(frozen=True, slots=True)
class SoFar:
    """The dose until now. computed, per_kg, differs and late are empty where there is none."""

    given: str
    computed: str = ""
    per_kg: str = ""
    differs: tuple[str, ...] = ()
    running: str = ""
    late: str = ""
    rescue: tuple[str, ...] = ()


def so_far(
    session: DosingSession, rows: Sequence[SessionEvent], state: SessionState, now: datetime
) -> SoFar:
    """What the console says of a dose at a moment. rows: those of the line that stand."""
    rescue = tuple(_rescue(row) for row in rows if row.kind == RESCUE)
    if state.dose is None:
        return SoFar("nothing yet", running="No drug yet", rescue=rescue)
    infusion = state.infusion
    return SoFar(
        given=_given(state),
        computed=_computed(infusion),
        per_kg=_per_kg(state, queries.weight_of_day_kg(rows, now)),
        differs=tuple(_differs(run) for run in infusion.runs if run.differs),
        running=_running(session, state, rows),
        late=_late(infusion, now),
        rescue=rescue,
    )


def _given(state: SessionState) -> str:
    if state.dose_given_mg is None:
        return UNKNOWN
    if state.infusion.open_run is None:
        return f"{_plain(state.dose_given_mg)} mg"
    if state.dose_given_mg:
        return f"{_plain(state.dose_given_mg)} mg, and what runs now"
    return "not charted while it runs"


def _computed(infusion: Infusion) -> str:
    """Of the run that is open, else of the last: never without saying what it is."""
    if not infusion.runs:
        return ""
    run = infusion.runs[-1]
    if run.computed_mg is None:
        return "No sum from the rates: a rate or the mg/mL was not charted." if not run.end else ""
    told = "so far" if run.end is None else "in all"
    return f"{_plain(run.computed_mg)} mg {told}, computed from the charted rates"


def _differs(run: Run) -> str:
    charted, computed = (_plain(one or Decimal()) for one in (run.charted_mg, run.computed_mg))
    return (
        f"{charted} mg were charted at the stop, and the charted rates give {computed} mg. Read "
        "the pump, and correct the line that is wrong."
    )


def _per_kg(state: SessionState, weight_kg: Decimal | None) -> str:
    """All that is in, the open run as its rates give it, by the weight of the day of the dose."""
    run = state.infusion.open_run
    running_mg = run.computed_mg if run else Decimal()
    if weight_kg is None or state.dose_given_mg is None or running_mg is None:
        return ""
    mg_per_kg = ((state.dose_given_mg + running_mg) / weight_kg).quantize(_PER_KG)
    about = "about " if run else ""
    return f"{about}{_plain(mg_per_kg)} mg/kg by {_plain(weight_kg)} kg"


def _running(session: DosingSession, state: SessionState, rows: Iterable[SessionEvent]) -> str:
    infusion = state.infusion
    if infusion.open_run is None:
        return _devices(session, rows) or "Dose over"
    if infusion.still_since is not None:
        return f"Paused since {_clock(infusion.still_since)}"
    if infusion.rate_ml_per_h is None:
        return "Running"
    strength = f", {_plain(infusion.mg_per_ml)} mg/mL" if infusion.mg_per_ml else ""
    return f"Running, {_plain(infusion.rate_ml_per_h)} mL/h{strength}"


def _devices(session: DosingSession, rows: Iterable[SessionEvent]) -> str:
    """How many devices, and until when the next one waits."""
    given = [row for row in rows if row.kind == Kind.DEVICE]
    if not given:
        return ""
    many = f"{len(given)} device" + ("s" if len(given) > 1 else "")
    rest = rest_between_devices(session.product, session.route)
    return f"{many}; a next one not before {_clock(given[-1].observed_at + rest)}"


def _late(infusion: Infusion, now: datetime) -> str:
    since = infusion.still_since
    if since is None or now - since < pause_chased_after():
        return ""
    minutes = int((now - since).total_seconds()) // 60
    return f"The infusion stands still for {minutes} min. Resume it, or stop it and chart the mg."


def _rescue(row: SessionEvent) -> str:
    drug, amount, route = (row.body[key] for key in ("drug", "amount", "by_route"))
    return f"{drug}, {amount}, {route} at {_clock(row.observed_at)}"


def _clock(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%H:%M}"


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"
