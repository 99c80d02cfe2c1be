"""What every other room knows of this session's dose, kept in step with the line."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from uuid import uuid4

from clinic.alerts import actions as alerts
from clinic.dosing import before, lines, queries, words
from clinic.dosing.models import DosingSession
from clinic.episodes import actions as episodes
from clinic.episodes.models import GivenDose
from clinic.people.models import User
from kapstone.monitoring.doses import dose_of, given_mg
from kapstone.monitoring.events import Kind
from kapstone.monitoring.schedules import schedule_for
from kapstone.risk import AlertLevel

_HUNDREDTH = Decimal("0.01")
Heard = Callable[[DosingSession, User | None, datetime], None]
_heard_by: list[Heard] = []


def followed_by(hear: Heard) -> None:
    """A room above hears of each change of a session's dose, in its transaction."""
    if hear not in _heard_by:
        _heard_by.append(hear)


def tell(*, session: DosingSession, by: User | None, at: datetime) -> None:
    """A part of the dose was charted, corrected or withdrawn."""
    for hear in _heard_by:
        hear(session, by, at)


def keep(*, session: DosingSession, by: User | None, at: datetime) -> GivenDose | None:
    """Write the dose as the line now tells it; a row that differs replaces the one before.

    None while an infusion runs, or where a part was charted without its mg: an amount that
    nobody knows is not a number. Where the line holds no dose any more, what stood is taken back.
    """
    line = lines.read(session).folded.line
    dose = dose_of(session.route, line)
    known = queries.given(session)
    amount_mg = given_mg(schedule_for(session.product, session.route), line)
    if dose is None or amount_mg == 0:
        _take_back(session, known, by, at)
        return None
    if dose.end is None or amount_mg is None:
        return None
    told = {
        "product": session.product,
        "route": session.route,
        "dose_mg": amount_mg.quantize(_HUNDREDTH),
        "started_at": dose.start,
        "ended_at": dose.end,
        "stopped_early": _stopped_early(session),
    }
    if known is not None and all(getattr(known, key) == value for key, value in told.items()):
        return known
    made = GivenDose(id=uuid4(), episode=session.episode, session_id=session.pk, **told)
    episodes.record_given_dose(dose=made, by=by, at=at, replaces=known)
    _tell_register(session, made.dose_mg, by, at)
    return made


def _stopped_early(session: DosingSession) -> bool:
    stops = (row for row in queries.standing_rows(session) if row.kind == Kind.DOSE_STOP)
    return any(row.body.get("early") is True for row in stops)


def _take_back(
    session: DosingSession, known: GivenDose | None, by: User | None, at: datetime
) -> None:
    if known is not None:
        episodes.take_back_dose(dose=known, by=by, at=at)
        _tell_register(session, Decimal(), by, at)


def _tell_register(
    session: DosingSession, amount_mg: Decimal, by: User | None, at: datetime
) -> None:
    """Up by itself. Down takes two people at the register, so somebody is called to it."""
    too_much_mg = before.tell_register(session_id=session.pk, amount_mg=amount_mg, by=by, at=at)
    if not too_much_mg:
        return
    cause = alerts.Cause(
        f"dose-register.{amount_mg.normalize():f}",
        AlertLevel.URGENT,
        f"{words.session(session)}: the drug register says more as given than the session does. "
        "Take the register's entry back with a witness; the right amount is then written.",
    )
    alerts.raise_alert(cause, patient=session.patient, subject=session, by=by, at=at)


def call_if_unknown(*, session: DosingSession, by: User | None, at: datetime) -> None:
    """The visit is over and a drug was given, but how much or until when nobody charted.

    No dose stands then, so nothing after it falls due: a person must chart what is missing.
    """
    line = lines.read(session).folded.line
    dose = dose_of(session.route, line)
    amount_mg = given_mg(schedule_for(session.product, session.route), line)
    if dose is None or (dose.end is not None and amount_mg is not None):
        return  # nothing was begun, or all is known: also that it came to nothing
    cause = alerts.Cause(
        "dose-unknown",
        AlertLevel.URGENT,
        f"{words.session(session)}: a dose stands without its amount or its end. Chart it there: "
        "until then no call is due on the day after.",
    )
    alerts.raise_alert(cause, patient=session.patient, subject=session, by=by, at=at)
