"""What stands against a further part of a dose: its route, its order, its rest, two people's check.

It refuses what is about to be given. What was given all the same is charted as a dose that was
already given, whatever stands here.
"""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from django.utils import timezone

from clinic.dosing import before, dose_entry, queries, readiness
from clinic.dosing.kinds import PAUSED, RATE, RESUMED, Chart
from clinic.dosing.models import DosingSession
from clinic.dosing.models.sessions import ENDED
from kapstone.dose import rest_between_devices
from kapstone.errors import ForbiddenStep, InvalidInput
from kapstone.findings import Severity
from kapstone.monitoring.alarms import Tier
from kapstone.monitoring.events import Kind
from kapstone.monitoring.parts import second_part
from kapstone.monitoring.schedules import Dose
from kapstone.monitoring.session import DEVICE_MG, SessionState
from kapstone.pathway import Need, Session

GIVEN_ALL_THE_SAME = "If it was given all the same, chart it as a dose that was already given."
PUMP = frozenset({RATE, PAUSED, RESUMED})
_OVER = (Session.STOPPED_EARLY, Session.RECOVERY, *map(Session, ENDED))


def refuse_unless_fits(session: DosingSession, chart: Chart, at: datetime) -> None:
    """Raises ForbiddenStep or InvalidInput, in words, for a part that cannot be, or not now."""
    state = queries.state(session, max(at, chart.observed_at))
    if chart.kind in PUMP:
        _refuse_unless_runs(session, state)
    elif chart.kind == Kind.DOSE_STOP:
        _refuse_stop(session, chart, state)
    elif chart.kind == Kind.DEVICE:
        _refuse_device(session, chart, state)
    elif lacks := list(second_part_lacks(session, state, at)):
        raise ForbiddenStep(f"No second part: {'; '.join(lacks)}. {GIVEN_ALL_THE_SAME}")


def _refuse_unless_runs(session: DosingSession, state: SessionState) -> None:
    if session.route != "IV":
        raise ForbiddenStep("Only an infusion has a rate, a pause and a resuming.")
    if state.dose is None or state.dose.end is not None:
        stopped = f" It was stopped at {_clock(state.dose.end)}." if _end(state.dose) else ""
        raise ForbiddenStep(f"No infusion runs.{stopped} If that line is wrong, correct it first.")


def _end(dose: Dose | None) -> datetime | None:
    return dose.end if dose else None


def _refuse_stop(session: DosingSession, chart: Chart, state: SessionState) -> None:
    """Two consoles that stop one infusion must not chart its mg twice."""
    if session.route == "IV":
        _refuse_unless_runs(session, state)
    elif chart.body.get("dose_mg") is not None:
        raise InvalidInput("dose_mg", "stands with each part on this route.", "Leave it empty.")
    elif any(row.kind == Kind.DOSE_STOP for row in queries.standing_rows(session)):
        raise ForbiddenStep("This dose was stopped before. If that line is wrong, correct it first.")


def _refuse_device(session: DosingSession, chart: Chart, state: SessionState) -> None:
    if session.product != "ESKETAMINE":
        raise ForbiddenStep("Only esketamine is given in devices.")
    _refuse_if_over(session)
    _refuse_before_rest(session, chart)
    mg = DEVICE_MG + (state.dose_given_mg or 0)
    if mg > (checked := checked_mg(session, state.dose)):
        raise ForbiddenStep(
            f"Two people checked {_plain(checked)} mg, {_plain(checked / DEVICE_MG)} devices of it: "
            f"this one would be more. {GIVEN_ALL_THE_SAME}"
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
                f"A device was given at {_clock(row.observed_at)}. {minutes} minutes rest between "
                f"two: the next from {_clock(row.observed_at + rest)}. {GIVEN_ALL_THE_SAME}"
            )


def _refuse_under_alarm(session: DosingSession) -> None:
    """Source: protocol 6.2, no further drug under an A2 or A3."""
    if calling := _calling(session):
        raise ForbiddenStep(f"{calling} calls: no further drug. {GIVEN_ALL_THE_SAME}")


def _calling(session: DosingSession) -> str:
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
    yield from order_lacks(session, state, at)
    check = dose_entry.check_in_force(session, at)
    if check is None or check.at <= _part_charted_at(session):
        yield str(Need.TWO_PEOPLE)
    if not before.has_consent(session.patient, at) or before.withdrawn_at(session.patient):
        yield "consent in force"
    if Session(session.phase) in _OVER:
        yield f"the session is in {session.phase}"
    if calling := _calling(session):
        yield f"{calling} calls"
    found = readiness.screened(session, at)
    if found is None:
        yield "the screening rules, run on what is known now"
    else:
        yield from (one.code for one in found.findings if one.severity is Severity.ABSOLUTE)


def order_lacks(session: DosingSession, state: SessionState, at: datetime) -> Iterator[str]:
    """What an order for a second part still needs: its own, later one, and room under the limit."""
    order = before.order(session.patient, at)
    fits = order is not None and (order.product, order.route) == (session.product, session.route)
    last = (state.dose.end or state.dose.start) if state.dose else None
    if order is None or last is None or not fits or order.signed_at <= last:
        yield "an order of its own, signed after the last part"
    elif state.dose_given_mg is None:
        yield "the mg of the first part, charted"
    elif state.dose_given_mg + order.dose_mg > order.hard_max_mg:
        yield f"both parts together within the hard limit of {_plain(order.hard_max_mg)} mg"


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


def _clock(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%H:%M}" if moment else ""


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"
