"""No sequence of entries makes or loses a hundredth of a milligram."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from kapstone import ledger
from kapstone.errors import BrokenLedger

TWO = {
    "at": datetime(2026, 3, 2, 9, tzinfo=UTC),
    "actor": "a",
    "witness": "b",
    "reason": "as it was",
}
CENTS = st.integers(1, 60000)
PLACE = st.integers(0, 40)


class Books(RuleBasedStateMachine):
    """Random entries against an independent count in whole hundredths of a milligram."""

    def __init__(self) -> None:
        super().__init__()
        self.entries: list[ledger.Entry] = []
        self.taken_back: set[str] = set()

    @initialize()
    def first_vial(self) -> None:
        self.receive(50000)

    def name(self) -> str:
        return f"e{len(self.entries)}"

    def pick(self, kind: type[ledger.Entry], place: int) -> ledger.Entry | None:
        found = [entry for entry in self.entries if isinstance(entry, kind)]
        return found[place % len(found)] if found else None

    def write(self, entry: ledger.Entry) -> bool:
        """Append the entry if replay takes it, and hold replay's answer against the oracle."""
        try:
            ledger.replay([*self.entries, entry])
        except BrokenLedger:
            return False
        self.entries.append(entry)
        return True

    def cents_left(self, entry: ledger.Entry) -> int:
        """The oracle: what stands in a vial (by receipt) or a draw, counted afresh."""
        total = 0
        for other in self.entries:
            if other.id in self.taken_back or not hasattr(other, "amount_mg"):
                continue
            cents = int(other.amount_mg * 100)
            if isinstance(entry, ledger.Receipt) and getattr(other, "vial", "") == entry.vial:
                gains = isinstance(other, ledger.Receipt | ledger.Variance)
                total += cents if gains else -cents
            elif other is entry:
                total += cents
            elif getattr(other, "draw", "") == entry.id:
                total -= cents
        return total

    @rule(cents=CENTS)
    def receive(self, cents: int) -> None:
        name = self.name()
        receipt = ledger.Receipt(
            id=name,
            vial=f"V{name}",
            product="RACEMIC",
            lot="L",
            expires_on=date(2027, 1, 1),
            concentration_mg_per_ml=Decimal(50),
            amount_mg=Decimal(cents) / 100,
            **TWO,
        )
        assert self.write(receipt)

    def spend(self, source: ledger.Entry, entry: ledger.Entry, cents: int) -> None:
        enough = cents <= self.cents_left(source)
        known = source.id not in self.taken_back or not isinstance(source, ledger.Receipt)
        assert self.write(entry) == (enough and known)

    @rule(place=PLACE, cents=CENTS, waste=st.booleans())
    def take_from_vial(self, place: int, cents: int, waste: bool) -> None:
        vial = self.pick(ledger.Receipt, place)
        assert isinstance(vial, ledger.Receipt)
        facts = {"id": self.name(), "vial": vial.vial, "amount_mg": Decimal(cents) / 100} | TWO
        entry = ledger.VialWaste(**facts) if waste else ledger.Draw(dose="D", **facts)
        self.spend(vial, entry, cents)

    @rule(place=PLACE, cents=CENTS, waste=st.booleans())
    def take_from_draw(self, place: int, cents: int, waste: bool) -> None:
        draw = self.pick(ledger.Draw, place)
        if draw is None:
            return
        kind = ledger.Waste if waste else ledger.Given
        entry = kind(id=self.name(), draw=draw.id, amount_mg=Decimal(cents) / 100, **TWO)
        self.spend(draw, entry, cents)

    @rule(place=PLACE, cents=st.integers(-3000, 3000).filter(bool))
    def differ_from_label(self, place: int, cents: int) -> None:
        vial = self.pick(ledger.Receipt, place)
        assert isinstance(vial, ledger.Receipt)
        amount_mg = Decimal(cents) / 100
        entry = ledger.Variance(id=self.name(), vial=vial.vial, amount_mg=amount_mg, **TWO)
        self.spend(vial, entry, -cents)

    @rule(place=PLACE)
    def take_back(self, place: int) -> None:
        target = self.entries[place % len(self.entries)]
        again = target.id in self.taken_back or isinstance(target, ledger.Reversal)
        done = self.write(ledger.Reversal(id=self.name(), reverses=target.id, **TWO))
        assert not (done and again)
        if done:
            self.taken_back.add(target.id)

    @invariant()
    def everything_adds_up(self) -> None:
        found = ledger.replay(self.entries)
        vials, draws = found.vials.values(), found.draws.values()
        came = sum(vial.received_mg + vial.variance_mg for vial in vials)
        held = sum(vial.left_mg for vial in vials) + sum(draw.left_mg for draw in draws)
        gone = sum(vial.wasted_mg for vial in vials)
        gone += sum(draw.given_mg + draw.wasted_mg for draw in draws)
        assert came == held + gone
        assert sum(vial.drawn_mg for vial in vials) == sum(draw.drawn_mg for draw in draws)
        assert all(balance.left_mg >= 0 for balance in (*vials, *draws))

    @invariant()
    def each_balance_is_what_the_oracle_counts(self) -> None:
        found = ledger.replay(self.entries)
        for entry in self.entries:
            if isinstance(entry, ledger.Receipt) and entry.id not in self.taken_back:
                assert found.vials[entry.vial].left_mg * 100 == self.cents_left(entry)
            if isinstance(entry, ledger.Draw):
                assert found.draws[entry.id].left_mg * 100 == self.cents_left(entry)

    @invariant()
    def an_export_reads_back_the_same(self) -> None:
        entries, _ = ledger.read_export(ledger.export(self.entries))
        assert list(entries) == self.entries


TestBooks = pytest.mark.hazard(17)(Books.TestCase)
TestBooks.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)
