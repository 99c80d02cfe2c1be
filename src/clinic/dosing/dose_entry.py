"""Two people type the dose and the weight, each without seeing the other's figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from clinic.dosing import before, hub, queries
from clinic.dosing.models import DoseCheck, DoseEntry, DosingSession, SessionEvent
from clinic.people import access, audit
from clinic.people.models import Patient, User
from clinic.people.worded import worded_once
from kapstone import dose
from kapstone.dose import Entry, Outcome

FIRST, SECOND = "give_dose", "second_dose"


class EntryRefused(Exception):
    """An entry that cannot be taken, with the reason in words. It never holds a figure."""


@dataclass(frozen=True, slots=True)
class SaidIdentity:
    """Initials and birth year, typed again before the dose."""

    initials: str
    birth_year: str

    def is_of(self, patient: Patient) -> bool:
        """Whether they are this person's."""
        letters = (patient.given_name[:1] + patient.family_name[:1]).upper()
        told = "".join(self.initials.split()).replace(".", "").upper()
        return told == letters and self.birth_year.strip() == f"{patient.birth_date.year:04d}"


@transaction.atomic
def enter_first(
    *, session: DosingSession, entry: Entry, identity: SaidIdentity, by: User, at: datetime
) -> DoseEntry:
    """Whoever will give the drug types dose and weight, and once more whom it is for."""
    locked = _lock(session)
    _refuse_if_not(FIRST, by, locked.patient, at)
    if not identity.is_of(locked.patient):
        raise EntryRefused(
            "Initials and birth year are not those of the person this session is for. "
            "Check whose console this is."
        )
    order = _ordered(locked, at)
    last = _last(locked)
    return _keep(
        DoseEntry(
            session=locked,
            order_id=order.order_id,
            attempt_number=(last.attempt_number if last else 0) + 1,
            place="first",
            by=by,
            dose_mg=entry.dose_mg,
            weight_kg=entry.weight_kg,
            at=at,
        )
    )


@transaction.atomic
def enter_second(*, session: DosingSession, entry: Entry, by: User, at: datetime) -> Outcome:
    """A second licensed person types dose and weight blind. A difference shows no figure."""
    locked = _lock(session)
    _refuse_if_not(SECOND, by, locked.patient, at)
    order = _ordered(locked, at)
    first = waiting_first(locked)
    if first is None:
        raise EntryRefused("No first entry waits. The person who gives the drug types first.")
    if first.by_id == by.pk:
        raise EntryRefused("The second entry needs a second person.")
    if first.order_id != order.order_id:
        raise EntryRefused("The order changed since the first entry. Both type again.")
    second = _keep(
        DoseEntry(
            session=locked,
            order_id=order.order_id,
            attempt_number=first.attempt_number,
            place="second",
            by=by,
            dose_mg=entry.dose_mg,
            weight_kg=entry.weight_kg,
            at=at,
        )
    )
    expected = Entry(order.dose_mg, _weight_today_kg(locked, at))
    outcome = dose.compare(expected, _entry(first), _entry(second))
    if outcome is Outcome.AGREE:
        _agree(locked, order, first, second)
    audit.record(f"dose_entries_{outcome}", by=by, at=at, patient=locked.patient, subject=locked)
    hub.announce(locked.pk, hub.NO_LINE)
    session.refresh_from_db()
    return outcome


def waiting_first(session: DosingSession) -> DoseEntry | None:
    """The first entry that waits for its second."""
    last = _last(session)
    return last if last is not None and last.place == "first" else None


def check_in_force(
    session: DosingSession, at: datetime, standing: Sequence[SessionEvent] | None = None
) -> DoseCheck | None:
    """The agreement that still fits the order in force and the weight of the day.

    standing: the lines that stand, where they were read already.
    """
    last = next(iter(_checks(session.pk)), None)
    order = None if last is None else before.order(session.patient, at)
    if last is None or order is None or last.order_id != order.order_id:
        return None
    rows = queries.standing_rows(session) if standing is None else standing
    return last if last.weight_kg == queries.weight_of_day_kg(rows, at) else None


@worded_once
def _checks(session_id: UUID) -> QuerySet[DoseCheck]:
    return DoseCheck.objects.filter(session=session_id).order_by("-at", "-pk")[:1]


def _lock(session: DosingSession) -> DosingSession:
    return queries.locked(session)


def _refuse_if_not(capability: str, by: User, patient: Patient, at: datetime) -> None:
    if not access.may(access.actor(by, at), capability, patient):
        raise EntryRefused("This person may not check a dose: no role and licence in force for it.")


def _ordered(session: DosingSession, at: datetime) -> before.Ordered:
    order = before.order(session.patient, at)
    if order is None or (order.product, order.route) != (session.product, session.route):
        raise EntryRefused("No signed order in force for this product and route.")
    _refuse_order_of_the_first_part(session, order, at)
    _weight_today_kg(session, at)
    return order


def _refuse_order_of_the_first_part(
    session: DosingSession, order: before.Ordered, at: datetime
) -> None:
    """Devices are parts of one order; a second part of any other dose has one of its own."""
    given = queries.state(session, at).dose
    if given is None or session.product == "ESKETAMINE":
        return
    if order.signed_at <= (given.end or given.start):
        raise EntryRefused(
            "A dose began. A second part needs an order of its own, signed after the last part."
        )


def _weight_today_kg(session: DosingSession, at: datetime) -> Decimal:
    weight_kg = queries.weight_today_kg(session, at)
    if weight_kg is None:
        raise EntryRefused("No weight of today. Weigh first.")
    return weight_kg


def _last(session: DosingSession) -> DoseEntry | None:
    return next(iter(_entries(session.pk)), None)


@worded_once
def _entries(session_id: UUID) -> QuerySet[DoseEntry]:
    return DoseEntry.objects.filter(session=session_id).order_by("-pk")[:1]


def _keep(row: DoseEntry) -> DoseEntry:
    row.save(force_insert=True)
    patient = row.session.patient
    audit.record(
        f"dose_entry_{row.place}", by=row.by, at=row.at, patient=patient, subject=row.session
    )
    hub.announce(row.session_id, hub.NO_LINE)
    return row


def _entry(row: DoseEntry) -> Entry:
    return Entry(Decimal(row.dose_mg), Decimal(row.weight_kg))


def _agree(
    session: DosingSession, order: before.Ordered, first: DoseEntry, second: DoseEntry
) -> None:
    DoseCheck.objects.create(
        session=session,
        order_id=order.order_id,
        dose_mg=second.dose_mg,
        weight_kg=second.weight_kg,
        hard_max_mg=order.hard_max_mg,
        first=first.by,
        second=second.by,
        at=second.at,
    )
    session.two_people = True
    session.save(update_fields=["two_people"])
