"""What stands against a further part of a dose: its route, its order, its rest, two people's check.

It refuses what is about to be given. What was given all the same is charted as a dose that was
already given, whatever stands here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from clinic.dosing import before, dose_entry, queries, readiness
from clinic.dosing.kinds import PAUSED, RATE, RESUMED, Chart
from clinic.dosing.models import DosingSession
from clinic.dosing.models.sessions import ENDED
from clinic.dosing.words import clock, plain
from kapstone.dose import rest_between_devices
from kapstone.errors import ForbiddenStep, InvalidInput
from kapstone.findings import Severity
from kapstone.monitoring.alarms import Tier
from kapstone.monitoring.doses import DEVICE_MG
from kapstone.monitoring.events import Kind
from kapstone.monitoring.infusion import gives_more
from kapstone.monitoring.parts import second_part
from kapstone.monitoring.schedules import Dose
from kapstone.monitoring.session import SessionState
from kapstone.pathway import Need, Session

GIVEN_ALL_THE_SAME = "If it was given all the same, chart it as a dose that was already given."
UNTIL_CALM = "It may go on once a reading is calm; an A3 is resolved in words as well."
PUMP = frozenset({RATE, PAUSED, RESUMED})
_OVER = (Session.STOPPED_EARLY, Session.RECOVERY, *map(Session, ENDED))


def refuse_unless_fits(session: DosingSession, chart: Chart, at: datetime) -> None:
    """Raises ForbiddenStep or InvalidInput, in words, for a part that cannot be, or not now."""
    state = queries.state(session, max(at, chart.observed_at))
    if chart.kind in PUMP:
        refuse_unless_runs(session, state)
        if chart.kind == RESUMED or (chart.kind == RATE and _raises(chart, state)):
            _refuse_under_alarm(session)
    elif chart.kind == Kind.DOSE_STOP:
        _refuse_stop(session, chart, state)
    elif chart.kind == Kind.DEVICE:
        _refuse_device(session, chart, state)
    elif lacks := list(second_part_lacks(session, state, at)):
        raise ForbiddenStep(f"No second part: {'; '.join(lacks)}. {GIVEN_ALL_THE_SAME}")


def refuse_unless_runs(session: DosingSession, state: SessionState) -> None:
    """A rate, a pause and a resuming are of an infusion that runs. Raises ForbiddenStep."""
    if session.route != "IV":
        raise ForbiddenStep("Only an infusion has a rate, a pause and a resuming.")
    if state.dose is not None and state.dose.end is not None:
        raise ForbiddenStep(
            f"No infusion runs: it was stopped at {clock(state.dose.end)}. If that line is wrong, "
            "correct it first."
        )


def _refuse_stop(session: DosingSession, chart: Chart, state: SessionState) -> None:
    """Two consoles that stop one infusion must not chart its mg twice."""
    if session.route == "IV":
        refuse_unless_runs(session, state)
        return
    if chart.body.get("dose_mg") is not None:
        raise InvalidInput("dose_mg", "stands with each part on this route.", "Leave it empty.")
    if any(row.kind == Kind.DOSE_STOP for row in queries.standing_rows(session)):
        raise ForbiddenStep(
            "This dose was stopped before. If that line is wrong, correct it first."
        )


def _refuse_device(session: DosingSession, chart: Chart, state: SessionState) -> None:
    if session.product != "ESKETAMINE":
        raise ForbiddenStep("Only esketamine is given in devices.")
    _refuse_if_over(session)
    _refuse_before_rest(session, chart)
    checked = checked_mg(session, state.dose)
    if DEVICE_MG + (state.dose_given_mg or 0) > checked:
        devices = plain(checked / DEVICE_MG)
        raise ForbiddenStep(
            f"Two people checked {plain(checked)} mg, {devices} devices of it: this one would be "
            f"more. {GIVEN_ALL_THE_SAME}"
        )
    _refuse_under_alarm(session)


def _refuse_if_over(session: DosingSession) -> None:
    if Session(session.phase) in _OVER:
        raise ForbiddenStep(f"The session is in {session.phase}. {GIVEN_ALL_THE_SAME}")


def _refuse_before_rest(session: DosingSession, chart: Chart) -> None:
    """Five minutes between two devices, counted from when each was given. Source: DOS-IN-E."""
    rest = rest_between_devices(session.product, session.route)
    for row in queries.standing_rows(session):
        if row.kind == Kind.DEVICE and abs(chart.observed_at - row.observed_at) < rest:
            minutes = int(rest.total_seconds()) // 60
            raise ForbiddenStep(
                f"A device was given at {clock(row.observed_at)}. {minutes} minutes rest between "
                f"two: the next from {clock(row.observed_at + rest)}. {GIVEN_ALL_THE_SAME}"
            )


def _refuse_under_alarm(session: DosingSession) -> None:
    """Source: protocol 6.2, no further drug under an A2 or A3."""
    if named := calling(session):
        raise ForbiddenStep(f"{named} calls: no further drug. {UNTIL_CALM} {GIVEN_ALL_THE_SAME}")


def _raises(chart: Chart, state: SessionState) -> bool:
    return gives_more(state.infusion, _told(chart, "rate_ml_per_h"), _told(chart, "mg_per_ml"))


def _told(chart: Chart, key: str) -> Decimal | None:
    return Decimal(str(chart.body[key])) if key in chart.body else None


def calling(session: DosingSession) -> str:
    """The A2 and A3 alarms that stand, latched ones too, by name; empty where none does."""
    rows = (row for row in queries.alarms_now(session) if row.tier != str(Tier.A1))
    return ", ".join(f"{row.tier} {row.title}" for row in rows)


def second_part_lacks(session: DosingSession, state: SessionState, at: datetime) -> Iterator[str]:
    """What a second part still asks for, in words; nothing where it may be given."""
    if session.product == "ESKETAMINE" or not second_part(session.route).allowed:
        yield "this route takes none"
        return
    if state.dose is None:
        yield "no dose began"
        return
    yield from order_lacks(session, state, before.order(session.patient, at))
    check = dose_entry.check_in_force(session, at)
    if check is None or check.at <= _part_charted_at(session):
        yield str(Need.TWO_PEOPLE)
    if not before.has_consent(session.patient, at) or before.withdrawn_at(session.patient):
        yield "consent in force"
    if Session(session.phase) in _OVER:
        yield f"the session is in {session.phase}"
    if named := calling(session):
        yield f"{named} calls"
    found = readiness.screened(session, at)
    if found is None:
        yield "the screening rules, run on what is known now"
    else:
        yield from (one.code for one in found.findings if one.severity is Severity.ABSOLUTE)


def order_lacks(
    session: DosingSession, state: SessionState, order: before.Ordered | None
) -> Iterator[str]:
    """What an order for a second part still needs: its own, later one, and room under the limit."""
    fits = order is not None and (order.product, order.route) == (session.product, session.route)
    last = (state.dose.end or state.dose.start) if state.dose else None
    if order is None or last is None or not fits or order.signed_at <= last:
        yield "an order of its own, signed after the last part"
    elif state.dose_given_mg is None:
        yield "the mg of the first part, charted"
    elif state.dose_given_mg + order.dose_mg > order.hard_max_mg:
        yield f"both parts together within the hard limit of {plain(order.hard_max_mg)} mg"


def _part_charted_at(session: DosingSession) -> datetime:
    """When the last part was charted: a check before it was of that part."""
    rows = queries.standing_rows(session)
    return max(row.recorded_at for row in rows if row.kind in (Kind.DOSE_START, Kind.DOSE_STOP))


def checked_mg(session: DosingSession, dose: Dose | None) -> Decimal:
    """What two people agreed on: the last check before the dose, and of each later order's."""
    checks = list(session.checks.order_by("at", "pk"))
    first = [one for one in checks if dose is None or one.at <= dose.start][-1:]
    later = [one for one in checks if dose is not None and one.at > dose.start]
    by_order = {one.order_id: Decimal(one.dose_mg) for one in (*first, *later)}
    return sum(by_order.values(), Decimal())


def refuse_mg_at_start(session: DosingSession, chart: Chart) -> None:
    """The mg of an infusion stand on its end: told at its start too, they would count twice."""
    if session.route == "IV" and chart.kind == Kind.DOSE_START and "dose_mg" in chart.body:
        raise InvalidInput(
            "dose_mg", "of an infusion stands with its end.", "Leave it empty, and chart the end."
        )


@dataclass(frozen=True, slots=True)
class Offer:
    """A second part at the console. entries: two people may type; lacks: what it asks for."""

    takes: bool
    why: str
    entries: bool = False
    lacks: tuple[str, ...] = ()


def offer(
    session: DosingSession, state: SessionState, order: before.Ordered | None, at: datetime
) -> Offer | None:
    """What the console says of a second part; None where there is nothing to say.

    Without its order nothing else is asked: nobody waits for the page then.
    """
    if state.dose is None or session.product == "ESKETAMINE" or session.route == "IV":
        return None
    row = second_part(session.route)
    if not row.allowed:
        return Offer(takes=False, why=row.why)
    if lacks := tuple(order_lacks(session, state, order)):
        return Offer(takes=True, why=row.why, lacks=lacks)
    return Offer(True, row.why, True, tuple(second_part_lacks(session, state, at)))
