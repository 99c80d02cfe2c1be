"""Writing the line of a session: one transaction an event, told only once it is on disk."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from clinic.dosing import (
    alarms,
    at_chair,
    before,
    doses_given,
    hub,
    late,
    lines,
    mouth,
    queries,
    screened,
    simulated,
    unwritten,
)
from clinic.dosing.kinds import CHECKED, CONSENT_ITEM, PASS, WEIGHT, Chart, Placed, core_event
from clinic.dosing.models import DosingSession, SessionEvent
from clinic.people import audit, worded
from clinic.people.models import User
from clinic.people.worded import worded_once
from kapstone.errors import InvalidInput
from kapstone.monitoring.events import DOSE_KINDS, Kind

AHEAD_AT_MOST = timedelta(minutes=1)  # a console's clock may be a little fast
BEFORE_AT_MOST = timedelta(hours=24)
# A try whose answer was lost stands by the clinic's clock, the same entry sent again by its own.
SAME_WITHIN = timedelta(minutes=2)
MEASURED = (Kind.VITALS, Kind.SAMPLE)


Heard = Callable[[DosingSession, SessionEvent, User | None, datetime], None]
_heard_by: list[Heard] = []


def followed_by(hear: Heard) -> None:
    """A room above hears of each event of a line, in its transaction."""
    if hear not in _heard_by:
        _heard_by.append(hear)


def tell_above(session: DosingSession, row: SessionEvent, by: User | None, at: datetime) -> None:
    """Tell the rooms above of an event, in its transaction."""
    for hear in _heard_by:
        hear(session, row, by, at)


class EventConflict(Exception):
    """This id already stands for another event."""


@transaction.atomic
def record(*, session: DosingSession, chart: Chart, by: User | None, at: datetime) -> SessionEvent:
    """Chart one event: row, fold, alarms, what other rooms know of the dose, audit.

    The same id with the same content answers with the row that stands; with another content it
    raises EventConflict. Raises InvalidInput for what is not possible; then nothing is kept.
    """
    locked = queries.locked(session)
    for known in _events(chart.id):
        return _same(known, locked, chart, at)
    simulated.check(locked, chart, by)
    row = _place(locked, chart, by, at)
    locked.last_number = session.last_number = row.number
    worded.update(locked, "last_number")
    line = lines.read(locked)
    found = line.alarms(at)
    alarms.follow(session=locked, event=row, found=found, by=by, at=at)
    for alarm in late.missed(line, row, found):
        alarms.add_missed(session=locked, event=row, alarm=alarm, by=by, at=at)
    if _touches_dose(row):
        doses_given.keep(session=locked, by=by, at=at)
        doses_given.tell(session=locked, by=by, at=at)
    _tell_rooms(row)
    tell_above(locked, row, by, at)
    at_chair.keep(session=locked, event=row, line=line, at=at)
    audit.record(
        f"session {row.kind}",
        by=by,
        at=at,
        patient=locked.patient,
        subject=row,
        session=str(locked.pk),
        number=row.number,
    )
    hub.announce(locked.pk, row.number)
    transaction.on_commit(lambda: unwritten.drop(locked.pk, row.pk))
    return row


def _same(known: SessionEvent, session: DosingSession, chart: Chart, at: datetime) -> SessionEvent:
    told = (chart.kind, dict(chart.body), chart.note, chart.replaces)
    held = (known.kind, known.body, known.note, known.replaces_id)
    # "Now" and "ten minutes ago" count from the sending: sent again later, they say the same.
    same_age = at - chart.observed_at == known.recorded_at - known.observed_at
    apart = abs(chart.observed_at - known.observed_at)
    same_moment = not apart or same_age or (chart.waited and apart <= SAME_WITHIN)
    if known.session_id != session.pk or told != held or not same_moment:
        raise EventConflict
    return known


def _place(session: DosingSession, chart: Chart, by: User | None, at: datetime) -> SessionEvent:
    """Check an event and write it under the next number."""
    _check_mark(session, chart)
    mouth.check(session, chart)
    replaced = _replaced(session, chart)
    if not _is_of_a_line(session, chart, replaced):
        _check_moment(session, chart, at)
    number = session.last_number + 1
    placed = Placed(number, chart.observed_at, replaced.number if replaced else None)
    core_event(chart.kind, chart.body, placed)
    row = SessionEvent(
        id=chart.id,
        session=session,
        number=number,
        kind=chart.kind,
        observed_at=chart.observed_at,
        recorded_at=at,
        by=by,
        body=dict(chart.body),
        note=chart.note,
        replaces=replaced,
        reason=chart.reason,
        clock_offset_s=chart.clock_offset_s,
    )
    worded.insert(row)
    return row


@worded_once
def _events(event_id: UUID) -> QuerySet[SessionEvent]:
    return SessionEvent.objects.filter(pk=event_id)


def _check_moment(session: DosingSession, chart: Chart, at: datetime) -> None:
    """What waited on a device is taken however late, and never as before the session."""
    earliest = at if chart.waited else chart.observed_at
    check_moment(max(chart.observed_at, earliest), at)
    if chart.waited and chart.observed_at < session.opened_at:
        raise InvalidInput("time", "lies before the session.", "The device's clock was wrong.")


def check_moment(observed_at: datetime, at: datetime) -> None:
    """Refuse a moment that lies ahead, or a day back. Raises InvalidInput."""
    if observed_at > at + AHEAD_AT_MOST:
        raise InvalidInput("time", "lies ahead.", "Give the time at which it was true.")
    if observed_at < at - BEFORE_AT_MOST:
        raise InvalidInput("time", "is more than 24 hours ago.", "Check the date.")


def _is_of_a_line(session: DosingSession, chart: Chart, replaced: SessionEvent | None) -> bool:
    """Whether it stands at the moment of the line it corrects or marks: that may be days ago."""
    if chart.kind == Kind.ARTEFACT:
        marks = chart.body.get("marks")  # a stretch names none, and is of now
        marked = session.events.filter(observed_at=chart.observed_at)
        return isinstance(marks, int) and marked.filter(number=int(marks)).exists()
    return replaced is not None and replaced.observed_at == chart.observed_at


def _check_mark(session: DosingSession, chart: Chart) -> None:
    """An artefact is a reading, or samples, of this session, and has a reason."""
    if chart.kind != Kind.ARTEFACT:
        return
    if "marks_key" in chart.body:
        _check_stretch(session, chart)
    else:
        number = chart.body.get("marks")
        measured = session.events.filter(kind__in=MEASURED)
        if not isinstance(number, int) or not measured.filter(number=number).exists():
            raise InvalidInput("marks", "names no reading of this session.")
    if not chart.reason.strip():
        raise InvalidInput("reason", "is missing.", "Say why it is not the person's own.")


def _check_stretch(session: DosingSession, chart: Chart) -> None:
    key, lasted_s = chart.body["marks_key"], chart.body.get("lasted_s")
    seconds = float(lasted_s) if isinstance(lasted_s, int | float) else 0.0
    began = chart.observed_at - timedelta(seconds=min(max(seconds, 0), 86_400))
    samples = session.events.filter(kind=Kind.SAMPLE, observed_at__gte=began)
    if not samples.filter(observed_at__lte=chart.observed_at, body__has_key=str(key)).exists():
        mend = "Look at the samples below."
        raise InvalidInput("from, to", "hold no sample of that from a device.", mend)


def _replaced(session: DosingSession, chart: Chart) -> SessionEvent | None:
    if chart.replaces is None:
        if chart.kind == Kind.WITHDRAWN:
            raise InvalidInput("replaces", "is missing.", "Name the event that is withdrawn.")
        return None
    found = session.events.filter(pk=chart.replaces).first()
    if found is None:
        raise InvalidInput("replaces", "names no event of this session.")
    if found.replaced_by.exists():
        raise InvalidInput("replaces", "was corrected already.", "Correct the newest line.")
    if chart.kind not in (found.kind, Kind.WITHDRAWN):
        raise InvalidInput("kind", "differs from the event it corrects.", "Withdraw it instead.")
    if not chart.reason.strip():
        raise InvalidInput("reason", "is missing.", "Say why the line is corrected.")
    return found


def _tell_rooms(row: SessionEvent) -> None:
    """What earlier rooms must know of an event, in its own transaction."""
    patient = row.session.patient
    if row.kind == WEIGHT:
        weight_kg = Decimal(str(row.body["weight_kg"]))
        before.note_weight(
            patient=patient,
            weight_kg=weight_kg,
            measured_at=row.observed_at,
            by=row.by,
            at=row.recorded_at,
        )
    if row.kind == Kind.SCREENER:
        screened.tell(row)
    asked_again = row.kind == CHECKED and row.body["item"] == CONSENT_ITEM
    if asked_again and row.body["result"] == PASS and row.by is not None:
        before.reconfirm_consent(
            patient=patient, session_id=row.session_id, by=row.by, at=row.recorded_at
        )


def _touches_dose(row: SessionEvent) -> bool:
    kinds = {row.kind, row.replaces.kind if row.replaces else row.kind}
    return bool(kinds & {str(kind) for kind in DOSE_KINDS})
