"""How much of the drug is in, in words: what people charted, and what the charted rates give."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from clinic.dosing import mouth, queries
from clinic.dosing.kinds import RESCUE
from clinic.dosing.models import DosingSession, SessionEvent
from clinic.dosing.words import clock, plain
from kapstone.dose import rest_between_devices
from kapstone.monitoring.events import Kind
from kapstone.monitoring.infusion import Infusion, Run
from kapstone.monitoring.parts import pause_chased_after
from kapstone.monitoring.session import SessionState

_PER_KG, _TENTH = Decimal("0.01"), Decimal("0.1")
UNKNOWN = "an amount was not charted"


@dataclass(frozen=True, slots=True)
class SoFar:
    """The dose until now. computed, per_kg, differs and late are empty where there is none."""

    given: str
    computed: str = ""
    per_kg: str = ""
    differs: tuple[str, ...] = ()
    running: str = ""
    pump: str = ""
    late: str = ""
    rescue: tuple[str, ...] = ()
    mouth: str = ""


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
        running=_running(state, rows),
        pump=_pump(infusion) or _rest(session, rows),
        late=_late(infusion, now),
        rescue=rescue,
        mouth=mouth.words(session, rows),
    )


def _given(state: SessionState) -> str:
    """The figure that is read from across the room."""
    run = state.infusion.open_run
    if state.dose_given_mg is None:
        return UNKNOWN
    if run is None:
        return f"{plain(state.dose_given_mg)} mg"
    if run.computed_mg is not None:
        return f"about {plain((state.dose_given_mg + run.computed_mg).quantize(_TENTH))}\u00a0mg"
    if state.dose_given_mg:
        return f"{plain(state.dose_given_mg)} mg, and what runs now"
    return "not charted while it runs"


def _computed(infusion: Infusion) -> str:
    """Of the run that is open, else of the last: never without saying what it is."""
    if not infusion.runs:
        return ""
    run = infusion.runs[-1]
    if run.computed_mg is None:
        return "No sum from the rates: a rate or the mg/mL was not charted." if not run.end else ""
    if run.end is None:
        return "Computed from the charted rates. The mg are charted at the stop."
    return f"By the charted rates {plain(run.computed_mg)} mg"


def _differs(run: Run) -> str:
    charted, computed = (plain(one or Decimal()) for one in (run.charted_mg, run.computed_mg))
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
    about = "About " if run else ""
    return f"{about}{plain(mg_per_kg)} mg/kg by {plain(weight_kg)} kg"


def _running(state: SessionState, rows: Iterable[SessionEvent]) -> str:
    infusion = state.infusion
    if infusion.open_run is None:
        return _devices(rows) or "Dose over"
    if infusion.still_since is not None:
        return f"Paused since {clock(infusion.still_since)}"
    return "Running"


def _pump(infusion: Infusion) -> str:
    """What the pump of an open run was set to, and what is in it."""
    rate, strength = infusion.rate_ml_per_h, infusion.mg_per_ml
    if infusion.open_run is None or rate is None:
        return ""
    return f"{plain(rate)} mL/h" + (f", {plain(strength)} mg/mL" if strength else "")


def _devices(rows: Iterable[SessionEvent]) -> str:
    given = [row for row in rows if row.kind == Kind.DEVICE]
    if not given:
        return ""
    return f"{len(given)} device" + ("s" if len(given) > 1 else "")


def _rest(session: DosingSession, rows: Iterable[SessionEvent]) -> str:
    """Until when the next device waits."""
    given = [row.observed_at for row in rows if row.kind == Kind.DEVICE]
    rest = rest_between_devices(session.product, session.route)
    return f"A next one not before {clock(given[-1] + rest)}" if given else ""


def _late(infusion: Infusion, now: datetime) -> str:
    since = infusion.still_since
    if since is None or now - since < pause_chased_after():
        return ""
    minutes = int((now - since).total_seconds()) // 60
    return f"The infusion stands still for {minutes} min. Resume it, or stop it and chart the mg."


def _rescue(row: SessionEvent) -> str:
    drug, amount, route = (row.body[key] for key in ("drug", "amount", "by_route"))
    under = ", under a standing order" if "under" in row.body else ""
    return f"{drug}, {amount}, {route} at {clock(row.observed_at)}{under}"
