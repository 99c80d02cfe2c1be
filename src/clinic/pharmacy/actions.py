"""Writes to the register: one function an event, each with its audit row.

Each locks the register, replays the vial's rows with the new one, and writes only what adds up.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Sum

from clinic.episodes import queries as episodes
from clinic.people import access, audit
from clinic.people.models import User
from clinic.pharmacy import books, queries
from clinic.pharmacy.models import GivenReport, Kind, RegisterHead, Row, Vial
from kapstone.errors import BrokenLedger, InvalidInput, KapstoneError

ZERO = Decimal(0)


class WitnessRefused(KapstoneError):
    """The second person is the first, or may not witness."""


class NotEnough(KapstoneError):
    """More than there is, or what the register cannot add up."""


@dataclass(frozen=True, slots=True)
class Hands:
    """Who acted and who stood by, and when."""

    by: User
    witness: User | None
    at: datetime


@transaction.atomic
def receive_vial(*, vial: Vial, by: User, witness: User, at: datetime) -> Row:
    """A vial came in. `vial` is not saved yet; its label and invoice were read by both people."""
    vial.received_at = at
    vial.full_clean(exclude=["id"])
    if vial.amount_mg != books.exact_mg(vial.amount_mg):
        raise InvalidInput("volume_ml", "gives no whole hundredth of a mg.", "Check the label.")
    vial.save(force_insert=True)
    row = Row(kind=Kind.RECEIPT, vial=vial, amount_mg=vial.amount_mg)
    return _write(row, Hands(by, witness, at))


@transaction.atomic
def draw(
    *, vial: Vial, amount_mg: Decimal, dose_id: UUID, by: User, witness: User | None, at: datetime
) -> Row:
    """Drug is drawn from a vial for one dose. What was given of it already is settled at once."""
    row = Row(kind=Kind.DRAW, vial=vial, dose_id=dose_id, amount_mg=amount_mg)
    _write(row, Hands(by, witness, at))
    _settle(dose_id)
    return row


@transaction.atomic
def record_given(*, dose_id: UUID, amount_mg: Decimal, by: User, at: datetime) -> Decimal:
    """A dose reached the person: written whatever was drawn. Returns the mg no draw covers yet."""
    if amount_mg <= 0:
        raise InvalidInput("amount_mg", f"{amount_mg} is not above zero.", "Write what was given.")
    report = GivenReport(dose_id=dose_id, amount_mg=amount_mg, at=at, by=by)
    report.save(force_insert=True)
    audit.record("report_given", by=by, at=at, subject=report)
    return _settle(dose_id)


@transaction.atomic
def record_less(*, dose_id: UUID, less_mg: Decimal, by: User, at: datetime) -> Decimal:
    """A session charts less than it told. What no draw covers is taken off by itself.

    Returns the mg that stand as given in the register: two people take those back.
    """
    _locked_head()
    draws = Row.objects.filter(kind=Kind.DRAW, dose_id=dose_id).select_related("vial")
    sums = [books.balances(books.rows_of(each.vial)).draws[str(each.entry_id)] for each in draws]
    open_mg = queries.reported_mg(dose_id) - sum((each.given_mg for each in sums), ZERO)
    off_mg = max(min(less_mg, open_mg), ZERO)
    if off_mg:
        report = GivenReport.objects.create(dose_id=dose_id, amount_mg=-off_mg, at=at, by=by)
        audit.record("report_given", by=by, at=at, subject=report)
    return less_mg - off_mg


@transaction.atomic
def waste(
    *, draw: Row, amount_mg: Decimal, reason: str, by: User, witness: User, at: datetime
) -> Row:
    """The rest of a draw is destroyed before a witness; `reason` says why and how."""
    row = Row(kind=Kind.WASTE, vial=draw.vial, about=draw, amount_mg=amount_mg, reason=reason)
    return _write(row, Hands(by, witness, at))


@transaction.atomic
def waste_vial(
    *, vial: Vial, amount_mg: Decimal, reason: str, by: User, witness: User, at: datetime
) -> Row:
    """Drug still in a vial is destroyed before a witness; `reason` says why and how."""
    row = Row(kind=Kind.VIAL_WASTE, vial=vial, amount_mg=amount_mg, reason=reason)
    return _write(row, Hands(by, witness, at))


@transaction.atomic
def count(*, vial: Vial, counted_mg: Decimal, by: User, witness: User, at: datetime) -> Row:
    """Two people say what a vial holds, without being shown what it should hold."""
    return _write(Row(kind=Kind.COUNT, vial=vial, amount_mg=counted_mg), Hands(by, witness, at))


@transaction.atomic
def document_variance(
    *, vial: Vial, amount_mg: Decimal, reason: str, by: User, witness: User, at: datetime
) -> Row:
    """A difference is explained: above zero the vial held more than its label, below it less."""
    row = Row(kind=Kind.VARIANCE, vial=vial, amount_mg=amount_mg, reason=reason)
    return _write(row, Hands(by, witness, at))


@transaction.atomic
def reverse(*, row: Row, reason: str, by: User, witness: User, at: datetime) -> Row:
    """Take back a wrong entry whole. It stays to be read; the right one is written after it.

    Where a session has charted less than was told, that is written at once.
    """
    taking = Row(kind=Kind.REVERSAL, vial=row.vial, about=row, reason=reason)
    _write(taking, Hands(by, witness, at))
    if row.kind == Kind.GIVEN and row.about and row.about.dose_id and row.amount_mg:
        dose_id, told_mg = row.about.dose_id, queries.reported_mg(row.about.dose_id)
        GivenReport.objects.create(dose_id=dose_id, amount_mg=-row.amount_mg, at=at, by=by)
        charted_mg = episodes.charted_mg(dose_id)
        if told_mg - row.amount_mg < charted_mg < told_mg:
            more_mg = charted_mg - (told_mg - row.amount_mg)
            record_given(dose_id=dose_id, amount_mg=more_mg, by=by, at=at)
    return taking


def _write(row: Row, hands: Hands, *, recorded_at: datetime | None = None) -> Row:
    head = _locked_head()
    _check_witness(hands)
    row.entry_id, row.actor, row.witness = uuid4(), hands.by, hands.witness
    row.at, row.recorded_at = hands.at, recorded_at or hands.at
    try:
        books.balances([*books.rows_of(row.vial), row])
    except BrokenLedger as broken:
        raise NotEnough(broken.problem.capitalize()) from broken
    head.sequence += 1
    head.save()
    row.sequence = head.sequence
    row.save(force_insert=True)
    audit.record(
        f"register_{row.kind}",
        by=hands.by,
        at=row.recorded_at,
        subject=row,
        witness=hands.witness.pk if hands.witness else None,
    )
    return row


def _check_witness(hands: Hands) -> None:
    if hands.witness is None:
        return
    if hands.witness == hands.by:
        raise WitnessRefused("The second person must be somebody else.")
    if not access.may(access.actor(hands.witness, hands.at), "witness_drug"):
        raise WitnessRefused(
            f"{hands.witness.name} may not witness: it takes a prescriber, nurse or pharmacist "
            "whose licence is in force."
        )


def _locked_head() -> RegisterHead:
    RegisterHead.objects.get_or_create(pk=1)
    return RegisterHead.objects.select_for_update().get(pk=1)


def _settle(dose_id: UUID) -> Decimal:
    """Write as given what was reported for a dose, draw by draw; return what no draw covers."""
    _locked_head()
    draws = list(
        Row.objects.filter(kind=Kind.DRAW, dose_id=dose_id)
        .select_related("vial")
        .order_by("sequence")
    )
    reports = GivenReport.objects.filter(dose_id=dose_id)
    open_mg = reports.aggregate(mg=Sum("amount_mg"))["mg"] or ZERO
    sums = [books.balances(books.rows_of(each.vial)).draws[str(each.entry_id)] for each in draws]
    open_mg -= sum((each.given_mg for each in sums), ZERO)
    for each, balance in zip(draws, sums, strict=True):
        amount_mg = min(open_mg, balance.left_mg)
        if amount_mg > 0:
            _give(each, amount_mg, reports.latest("pk"))
            open_mg -= amount_mg
    return max(open_mg, ZERO)


def _give(draw: Row, amount_mg: Decimal, report: GivenReport) -> None:
    row = Row(kind=Kind.GIVEN, vial=draw.vial, about=draw, amount_mg=amount_mg)
    _write(row, Hands(report.by, None, report.at), recorded_at=max(report.at, draw.recorded_at))
