"""A session's prediction with what was measured, ready to be drawn."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from clinic.curves.charted import Charted, Order, charted
from clinic.curves.drawing import Drawn, Frame, Row, drawn, frame, table
from clinic.curves.measured import Panel, panels
from clinic.curves.predicted import FORMS, Predicted, predict
from clinic.dosing import lines, queries
from clinic.dosing.models import DosingSession, SessionEvent
from clinic.dosing.models.sessions import ENDED
from clinic.intake import queries as intake
from clinic.people.models import Patient
from clinic.planning import queries as planning
from kapstone.dose import Product, SaltOrBase
from kapstone.monitoring.events import standing
from kapstone.pharmacology import Person

_MINUTE = timedelta(minutes=1)
_LEAST_MIN, _MOST_MIN, _AHEAD_MIN, _STEP_MIN = 60, 480, 60, 30


@dataclass(frozen=True, slots=True)
class Seen:
    """Everything the page shows. `predicted` has no curve where something lacks."""

    start: datetime | None
    charted: Charted
    predicted: Predicted
    axes: Frame
    curve: Drawn | None
    rows: tuple[Row, ...]
    panels: tuple[Panel, ...]
    still: tuple[tuple[float, float], ...]
    parts: tuple[float, ...]
    now_px: float | None
    is_over: bool


def of_session(session: DosingSession, now: datetime) -> Seen:
    """The line as it stands, drawn."""
    known = lines.read(session)
    line, rows = standing(known.events), queries.standing_of(known.rows)
    order = _order(session.patient, now)
    form = FORMS[Product(session.product)]
    found = charted(session.route, form, line, rows, order, now)
    over = session.phase in ENDED
    predicted = Predicted("", None, found.lacks)
    until_min = _LEAST_MIN
    if found.start is not None:
        until = line[-1].observed_at if over else now
        since_min = (until - found.start) / _MINUTE
        until_min = _end(since_min, runs=found.runs)
        if not found.lacks:
            # Of a running infusion nothing after now is known, and nothing is foreseen.
            drawn_min = int(min(since_min, until_min)) if found.runs else until_min
            times = [float(minute) for minute in range(drawn_min + 1)]
            predicted = predict("", found.doses, _person(session, rows, now), times)
    axes = frame([predicted.shown] if predicted.shown else [], until_min)
    now_min = (now - found.start) / _MINUTE if found.start and not over else None
    return Seen(
        start=found.start,
        charted=found,
        predicted=predicted,
        axes=axes,
        curve=drawn("", predicted.shown, axes) if predicted.shown else None,
        rows=tuple(table(predicted.shown)) if predicted.shown else (),
        panels=panels(line, found.start, axes, predicted.shown) if found.start else (),
        still=tuple((axes.x(a), axes.x(b) - axes.x(a)) for a, b in found.still),
        parts=tuple(dict.fromkeys(axes.x(one.at_min) for one in found.doses)),
        now_px=axes.x(now_min) if now_min is not None and now_min <= until_min else None,
        is_over=over,
    )


def _end(since_min: float, *, runs: bool) -> int:
    """The last minute drawn, a whole half hour."""
    wanted = since_min + (0 if runs else _AHEAD_MIN)
    steps = -(-max(wanted, _LEAST_MIN) // _STEP_MIN)
    return int(min(steps * _STEP_MIN, _MOST_MIN))


def _person(session: DosingSession, rows: list[SessionEvent], now: datetime) -> Person:
    """The weight of the dosing day, else the newest on record; the age."""
    weight_kg = queries.weight_of_day_kg(rows, now)
    if weight_kg is None:
        known = intake.latest_weight(session.patient)
        weight_kg = known.weight_kg if known else None
    age_y = intake.facts(session.patient, now).get("age_y")
    return Person(age_y=None if age_y is None else Decimal(str(age_y)), weight_kg=weight_kg)


def _order(patient: Patient, now: datetime) -> Order:
    """What the newest order signed until now says of salt and of how it is made up."""
    order = planning.orders(patient).filter(signed_at__lte=now).first()
    if order is None:
        return Order()
    return Order(order.formulation, SaltOrBase(order.salt_or_base))
