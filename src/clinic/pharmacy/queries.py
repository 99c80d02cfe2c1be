"""Reads of the register: what stands in the cupboard, what is still open."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Max, Sum

from clinic.people.models import User
from clinic.pharmacy import books, deadline
from clinic.pharmacy.models import GivenReport, Kind, Row, Vial
from kapstone.ledger import Balances, VialBalance

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Stock:
    """A vial and what it holds."""

    vial: Vial
    balance: VialBalance

    @property
    def left_mg(self) -> Decimal:
        """What it holds, in mg."""
        return self.balance.left_mg


@dataclass(frozen=True, slots=True)
class OpenDraw:
    """Drug drawn and neither given nor wasted: whose it is and until when."""

    draw: Row
    left_mg: Decimal
    owner: User
    due_at: datetime

    def overdue(self, now: datetime) -> bool:
        """Whether its business day is over."""
        return now > self.due_at


@dataclass(frozen=True, slots=True)
class Uncovered:
    """A dose given that no draw accounts for, or not all of it."""

    dose_id: UUID
    missing_mg: Decimal
    owner: User
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Difference:
    """A count that did not match and that nobody has explained."""

    count: Row
    difference_mg: Decimal
    due_at: datetime


def register() -> tuple[list[Row], Balances]:
    """The whole register and what it adds up to."""
    rows = books.rows_of()
    return rows, books.balances(rows)


def vials(sums: Balances) -> list[Stock]:
    """Every vial that was received, the first to expire first."""
    known = Vial.objects.in_bulk([UUID(key) for key in sums.vials])
    stock = [Stock(known[UUID(key)], balance) for key, balance in sums.vials.items()]
    return sorted(stock, key=lambda each: (each.vial.expires_on, each.vial.received_at))


def vials_in_stock(product: str) -> list[Stock]:
    """Vials of a product that still hold something, the first to expire first."""
    _, sums = register()
    return [each for each in vials(sums) if each.left_mg > 0 and each.vial.product == product]


def open_draws() -> list[OpenDraw]:
    """Draws with a rest nobody has accounted for, oldest first. Discharge never waits for one."""
    return open_among(*register())


def open_among(rows: list[Row], sums: Balances) -> list[OpenDraw]:
    """The open draws of a register read before."""
    left = sums.open_draws
    return [
        OpenDraw(row, left[str(row.entry_id)].left_mg, row.actor, deadline.one_business_day(row.at))
        for row in rows
        if str(row.entry_id) in left
    ]


def uncovered(sums: Balances) -> list[Uncovered]:
    """Doses given beyond what was drawn for them, oldest first."""
    reports = GivenReport.objects.values("dose_id").annotate(mg=Sum("amount_mg"), last=Max("pk"))
    given: dict[str, Decimal] = {}
    for draw in sums.draws.values():
        given[draw.dose] = given.get(draw.dose, ZERO) + draw.given_mg
    found = []
    for report in reports.order_by("last"):
        missing_mg = report["mg"] - given.get(str(report["dose_id"]), ZERO)
        if missing_mg > 0:
            last = GivenReport.objects.select_related("by").get(pk=report["last"])
            due_at = deadline.one_business_day(last.at)
            found.append(Uncovered(last.dose_id, missing_mg, last.by, due_at))
    return found


def reported_mg(dose_id: UUID) -> Decimal:
    """What sessions told of a dose so far, whether or not a draw covers it."""
    told = GivenReport.objects.filter(dose_id=dose_id).aggregate(mg=Sum("amount_mg"))["mg"]
    return told or ZERO


def differences(rows: list[Row], sums: Balances) -> list[Difference]:
    """Each vial's last count, where it differed and nothing was documented after it."""
    open_counts: dict[UUID, Row] = {}
    for row in rows:
        if row.kind == Kind.COUNT and str(row.entry_id) in sums.counts:
            open_counts[row.vial_id] = row
        if row.kind == Kind.VARIANCE:
            open_counts.pop(row.vial_id, None)
    return [
        Difference(row, off_mg, deadline.one_business_day(row.at))
        for row in open_counts.values()
        if (off_mg := sums.counts[str(row.entry_id)].difference_mg)
    ]
