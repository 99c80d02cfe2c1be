"""Replay: entries in the order they were written → balances, or the first entry that breaks."""

from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from decimal import Decimal

from kapstone.errors import BrokenLedger
from kapstone.ledger.balances import Balances, CountResult, DrawBalance, VialBalance
from kapstone.ledger.entries import (
    REASONED,
    WITNESSED,
    Count,
    Draw,
    Entry,
    Given,
    Receipt,
    Reversal,
    Variance,
    VialWaste,
    Waste,
)

MG_STEP = Decimal("0.01")
TOO_MUCH = Decimal(10**9)  # mg, a tonne: a slip, and past it the sums would be inexact


def replay(entries: Iterable[Entry]) -> Balances:
    """Add a ledger up.

    Raises
    ------
    BrokenLedger
        naming the first entry that draws, gives or wastes more than there is, refers to what is
        not there, repeats an id, or lacks its witness or reason.
    """
    books = _Books()
    for entry in entries:
        books.write(entry)
    return Balances(books.vials, books.draws, books.counts)


class _Books:
    def __init__(self) -> None:
        self.vials: dict[str, VialBalance] = {}
        self.draws: dict[str, DrawBalance] = {}
        self.counts: dict[str, CountResult] = {}
        self.written: dict[str, Entry] = {}
        self.reversed: set[str] = set()

    def write(self, entry: Entry) -> None:
        """One more entry; after `BrokenLedger` the books are of no more use."""
        _check_form(entry)
        if entry.id in self.written:
            raise BrokenLedger(entry.id, "this id was written before.")
        self.written[entry.id] = entry
        if isinstance(entry, Reversal):
            self._reverse(entry)
        else:
            self._apply(entry, entry, 1)

    def _reverse(self, entry: Reversal) -> None:
        target = self.written.get(entry.reverses)
        if target is None or isinstance(target, Reversal):
            raise BrokenLedger(entry.id, f"{entry.reverses} is no earlier entry to reverse.")
        if target.id in self.reversed:
            raise BrokenLedger(entry.id, f"{target.id} is reversed already.")
        self.reversed.add(target.id)
        self._apply(target, entry, -1)

    def _apply(self, entry: Entry, at: Entry, sign: int) -> None:
        """Add an entry (sign 1) or take it back (sign -1); `at` is blamed for what breaks."""
        match entry:
            case Receipt():
                self._receive(entry, at, sign)
            case Draw():
                self._add_vial(entry.vial, at, "drawn_mg", sign * entry.amount_mg)
                self.draws.setdefault(entry.id, DrawBalance(entry.vial, entry.dose))
                self._add_draw(entry.id, at, "drawn_mg", sign * entry.amount_mg)
            case Given():
                self._add_draw(entry.draw, at, "given_mg", sign * entry.amount_mg)
            case Waste():
                self._add_draw(entry.draw, at, "wasted_mg", sign * entry.amount_mg)
            case VialWaste():
                self._add_vial(entry.vial, at, "wasted_mg", sign * entry.amount_mg)
            case Variance():
                self._add_vial(entry.vial, at, "variance_mg", sign * entry.amount_mg)
            case Count():
                self._count(entry, at, sign)
            case _:
                raise BrokenLedger(at.id, "it is of no known kind.")

    def _receive(self, entry: Receipt, at: Entry, sign: int) -> None:
        full = VialBalance(entry.concentration_mg_per_ml, entry.amount_mg)
        held = self.vials.get(entry.vial)
        if sign < 0:
            if held != full:
                raise BrokenLedger(at.id, f"vial {entry.vial} was used: reverse its entries first.")
            del self.vials[entry.vial]
        elif held is not None:
            raise BrokenLedger(at.id, f"vial {entry.vial} was received before.")
        else:
            self.vials[entry.vial] = full

    def _count(self, entry: Count, at: Entry, sign: int) -> None:
        if sign < 0:
            del self.counts[entry.id]
            return
        if entry.vial not in self.vials:
            raise BrokenLedger(at.id, f"vial {entry.vial} was never received.")
        expected_mg = self.vials[entry.vial].left_mg
        self.counts[entry.id] = CountResult(entry.vial, entry.counted_mg, expected_mg)

    def _add_vial(self, vial: str, at: Entry, column: str, amount_mg: Decimal) -> None:
        balance = self.vials.get(vial)
        if balance is None:
            raise BrokenLedger(at.id, f"vial {vial} was never received.")
        after = replace(balance, **{column: getattr(balance, column) + amount_mg})
        if after.left_mg < 0:
            raise BrokenLedger(at.id, f"vial {vial} would be {after.left_mg:f} mg.")
        self.vials[vial] = after

    def _add_draw(self, draw: str, at: Entry, column: str, amount_mg: Decimal) -> None:
        balance = self.draws.get(draw)
        if balance is None:
            raise BrokenLedger(at.id, f"draw {draw} was never made.")
        after = replace(balance, **{column: getattr(balance, column) + amount_mg})
        if after.left_mg < 0:
            raise BrokenLedger(at.id, f"draw {draw} would have {after.left_mg:f} mg left.")
        self.draws[draw] = after


def _check_form(entry: Entry) -> None:
    if entry.at.utcoffset() is None:
        raise BrokenLedger(entry.id, "its time has no zone.")
    if not entry.actor.strip():
        raise BrokenLedger(entry.id, "nobody is named as acting.")
    if entry.witness == entry.actor:
        raise BrokenLedger(entry.id, "the witness is the person who acted.")
    if isinstance(entry, WITNESSED) and not entry.witness:
        raise BrokenLedger(entry.id, "it needs a witness.")
    if isinstance(entry, REASONED) and not (entry.reason or "").strip():
        raise BrokenLedger(entry.id, "it needs a reason.")
    for column, amount in _amounts(entry).items():
        _check_amount(entry, column, amount)


def _amounts(entry: Entry) -> Mapping[str, Decimal]:
    values = {field.name: getattr(entry, field.name) for field in fields(entry)}
    return {name: value for name, value in values.items() if isinstance(value, Decimal)}


def _check_amount(entry: Entry, column: str, amount: Decimal) -> None:
    if not amount.is_finite() or abs(amount) >= TOO_MUCH or amount != amount.quantize(MG_STEP):
        raise BrokenLedger(entry.id, f"{column} {amount} is no figure below 10^9 in steps of 0.01.")
    empty_vial = isinstance(entry, Count) and amount == 0
    if amount <= 0 and not empty_vial and not (isinstance(entry, Variance) and amount):
        raise BrokenLedger(entry.id, f"{column} {amount} is not above zero.")
