"""Reads about adverse events."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import QuerySet

from clinic.adverse.models import AdverseEvent, Departure
from clinic.dosing.models import DosingSession
from clinic.episodes import queries as episodes
from clinic.people.models import Patient
from kapstone import adverse

NOT_SAID = "not said yet"
LISTS = ("causality", "expectedness", "outcome")


@dataclass(frozen=True, slots=True)
class Shown:
    """One event as a page shows it. gone: the time from the start of its dose to the onset.

    open: what nobody has said of it. unlike: where what was said tells different things.
    """

    event: AdverseEvent
    serious: bool | None
    criteria: tuple[str, ...]
    said: tuple[tuple[str, str], ...]
    soon_after: bool
    gone: timedelta | None
    dose_mg: Decimal | None
    open: tuple[str, ...]
    unlike: tuple[str, ...]


def standing() -> QuerySet[AdverseEvent]:
    """The newest row of each event; what was recorded in error is left out."""
    rows = AdverseEvent.objects.filter(replaced_by__isnull=True, withdrawn=False)
    return rows.select_related("patient", "session", "by").order_by("-onset_at", "pk")


def of_patient(patient: Patient) -> QuerySet[AdverseEvent]:
    """A person's events, the latest first."""
    return standing().filter(patient=patient)


def of_session(session: DosingSession) -> QuerySet[AdverseEvent]:
    """A session's events."""
    return standing().filter(session=session)


def history(event: AdverseEvent) -> list[AdverseEvent]:
    """Every row of an event, the oldest first."""
    rows = AdverseEvent.objects.filter(patient=event.patient_id).select_related("by", "session")
    after = {row.replaces_id: row for row in rows if event.root_id in (row.pk, row.first_id)}
    found, row = [], after.get(None)
    while row is not None:
        found.append(row)
        row = after.get(row.pk)
    return found


def newest(event: AdverseEvent) -> AdverseEvent:
    """The row that stands for an event."""
    replaced = {row.replaces_id for row in history(event)}
    return next(row for row in history(event) if row.pk not in replaced)


def shown(event: AdverseEvent) -> Shown:
    """What is known of an event, what is stated, and what is open."""
    doses = episodes.doses(event.patient)
    own = [dose for dose in doses if event.session_id and dose.session_id == event.session_id]
    held = adverse.content().choices
    return Shown(
        event=event,
        serious=adverse.serious(event.criteria, event.judged),
        criteria=tuple(held["criterion"][name].title for name in event.criteria),
        said=tuple(_said(event)),
        soon_after=adverse.soon_after(event.onset_at, [dose.started_at for dose in doses]),
        gone=event.onset_at - own[-1].started_at if own else None,
        dose_mg=own[-1].dose_mg if own else None,
        open=tuple(_open(event)),
        unlike=adverse.unlike(event.grade, event.criteria, event.outcome),
    )


def _said(event: AdverseEvent) -> Iterable[tuple[str, str]]:
    held = adverse.content().choices
    taken = "; ".join(held["taken"][name].title for name in event.taken)
    yield "What was done", taken or NOT_SAID
    for name in ("outcome", "causality", "expectedness"):
        chosen = held[name].get(getattr(event, name))
        yield TITLES[name], chosen.title if chosen else NOT_SAID


TITLES = {
    "causality": "How likely it came from the drug",
    "expectedness": "Whether it is known of this drug",
    "outcome": "What became of it",
}


def _open(event: AdverseEvent) -> Iterable[str]:
    if event.grade is None:
        yield "grade"
    if not event.judged:
        yield "whether it is serious"
    if not event.taken:
        yield "what was done"
    for name in LISTS:
        if not getattr(event, name):
            yield TITLES[name].lower()


def departure(session: DosingSession) -> Departure | None:
    """What was last charted of somebody who left against advice."""
    return session.departures.select_related("by").order_by("number").last()


def near(patient: Patient, at: datetime) -> DosingSession | None:
    """The session in whose day a moment lies: the last that began within 24 hours before it."""
    within = timedelta(hours=adverse.content().association.hours)
    doses = [
        dose
        for dose in episodes.doses(patient)
        if timedelta() <= at - dose.started_at <= within and dose.session_id
    ]
    return DosingSession.objects.filter(pk=doses[-1].session_id).first() if doses else None
