"""Rows of the register → entries of the core's ledger → balances, by replay alone."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from decimal import Decimal
from typing import TypedDict

from clinic.pharmacy.models import Kind, Row, Vial
from kapstone import ledger

MG_STEP = Decimal("0.01")


def rows_of(vial: Vial | None = None) -> list[Row]:
    """Rows in the order they were written, of one vial or of all."""
    found = Row.objects.select_related("vial", "about").order_by("sequence")
    return list(found.filter(vial=vial) if vial else found)


def balances(rows: Iterable[Row]) -> ledger.Balances:
    """What rows add up to. Raises `BrokenLedger` naming the first that does not fit."""
    return ledger.replay(entry(row) for row in rows)


def exact_mg(amount_mg: Decimal) -> Decimal:
    """The amount in hundredths, for the same text before and after the database."""
    return amount_mg.quantize(MG_STEP)


class _Said(TypedDict):
    id: str
    at: datetime
    actor: str
    witness: str | None
    reason: str | None


class _OfVial(TypedDict):
    vial: str
    amount_mg: Decimal


class _OfDraw(TypedDict):
    draw: str
    amount_mg: Decimal


def entry(row: Row) -> ledger.Entry:
    """One row as the core reads it."""
    said = _Said(
        id=str(row.entry_id),
        at=row.at.astimezone(UTC),
        actor=str(row.actor_id),
        witness=str(row.witness_id) if row.witness_id else None,
        reason=row.reason or None,
    )
    return _MAKE[Kind(row.kind)](row, said)


def _receipt(row: Row, said: _Said) -> ledger.Entry:
    vial = row.vial
    return ledger.Receipt(
        **said,
        **_of_vial(row),
        product=vial.product,
        lot=vial.lot,
        expires_on=vial.expires_on,
        concentration_mg_per_ml=exact_mg(vial.concentration_mg_per_ml),
    )


def _count(row: Row, said: _Said) -> ledger.Entry:
    counted = _of_vial(row)
    return ledger.Count(**said, vial=counted["vial"], counted_mg=counted["amount_mg"])


def _of_vial(row: Row) -> _OfVial:
    return {"vial": str(row.vial_id), "amount_mg": exact_mg(row.amount_mg or Decimal(0))}


def _of_draw(row: Row) -> _OfDraw:
    return {"draw": _about(row), "amount_mg": exact_mg(row.amount_mg or Decimal(0))}


def _about(row: Row) -> str:
    return str(row.about.entry_id) if row.about else ""


_MAKE: dict[Kind, Callable[[Row, _Said], ledger.Entry]] = {
    Kind.RECEIPT: _receipt,
    Kind.DRAW: lambda row, said: ledger.Draw(**said, **_of_vial(row), dose=str(row.dose_id)),
    Kind.GIVEN: lambda row, said: ledger.Given(**said, **_of_draw(row)),
    Kind.WASTE: lambda row, said: ledger.Waste(**said, **_of_draw(row)),
    Kind.VIAL_WASTE: lambda row, said: ledger.VialWaste(**said, **_of_vial(row)),
    Kind.COUNT: _count,
    Kind.VARIANCE: lambda row, said: ledger.Variance(**said, **_of_vial(row)),
    Kind.REVERSAL: lambda row, said: ledger.Reversal(**said, reverses=_about(row)),
}
