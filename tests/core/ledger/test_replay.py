"""A ledger that does not add up is refused at the entry that breaks it."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from kapstone import ledger
from kapstone.errors import BrokenLedger

pytestmark = pytest.mark.hazard(17)

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
TWO = {"at": AT, "actor": "nurse", "witness": "pharmacist"}
ONE = {"at": AT, "actor": "nurse"}
D = Decimal

RECEIPT = ledger.Receipt(
    id="e1", vial="V1", product="RACEMIC", lot="L7", expires_on=date(2027, 1, 1),
    concentration_mg_per_ml=D(50), amount_mg=D(500), **TWO,
)  # fmt: skip
DRAW = ledger.Draw(id="e2", vial="V1", dose="D1", amount_mg=D("40"), **ONE)
GIVEN = ledger.Given(id="e3", draw="e2", amount_mg=D("35.16"), **ONE)
WASTE = ledger.Waste(id="e4", draw="e2", amount_mg=D("4.84"), reason="rest", **TWO)


def test_one_dose_adds_up() -> None:
    found = ledger.replay([RECEIPT, DRAW, GIVEN, WASTE])
    assert found.vials["V1"].left_mg == 460
    assert found.vials["V1"].left_ml == D("9.2")
    assert found.draws["e2"].left_mg == 0
    assert found.open_draws == {}


def test_what_nobody_accounted_for_stays_open() -> None:
    found = ledger.replay([RECEIPT, DRAW, GIVEN])
    assert {name: draw.left_mg for name, draw in found.open_draws.items()} == {"e2": D("4.84")}


def test_a_vial_is_drawn_from_many_times_until_empty() -> None:
    draws = [replace(DRAW, id=f"d{n}", dose=f"D{n}", amount_mg=D(100)) for n in range(5)]
    assert ledger.replay([RECEIPT, *draws]).vials["V1"].left_mg == 0
    with pytest.raises(BrokenLedger, match=r"entry one: vial V1 would be -0\.01 mg"):
        ledger.replay([RECEIPT, *draws, replace(DRAW, id="one", amount_mg=D("0.01"))])


def test_overfill_and_shortage_are_documented() -> None:
    over = ledger.Variance(id="v", vial="V1", amount_mg=D("12.5"), reason="overfill", **TWO)
    short = replace(over, id="w", amount_mg=D(-2), reason="broken stopper")
    balance = ledger.replay([RECEIPT, over, short]).vials["V1"]
    assert (balance.left_mg, balance.variance_mg) == (D("510.5"), D("10.5"))


def test_a_count_changes_nothing_and_shows_the_difference() -> None:
    count = ledger.Count(id="c", vial="V1", counted_mg=D(455), **TWO)
    found = ledger.replay([RECEIPT, DRAW, count])
    assert found.counts["c"].difference_mg == -5
    assert found.vials["V1"].left_mg == 460
    empty = ledger.VialWaste(id="x", vial="V1", amount_mg=D(500), reason="expired", **TWO)
    none = replace(count, counted_mg=D(0))
    assert ledger.replay([RECEIPT, empty, none]).counts["c"].difference_mg == 0


def reversal(of: str, name: str = "r") -> ledger.Reversal:
    return ledger.Reversal(id=name, reverses=of, reason="mistyped", **TWO)


def test_a_wrong_entry_is_taken_back_and_written_again() -> None:
    wrong = replace(DRAW, id="e0", amount_mg=D(400))
    found = ledger.replay([RECEIPT, wrong, reversal("e0"), DRAW])
    assert found.vials["V1"].left_mg == 460
    assert found.draws["e0"].left_mg == 0
    typo = replace(RECEIPT, id="e0", concentration_mg_per_ml=D(10))
    again = ledger.replay([typo, reversal("e0"), RECEIPT])
    assert again.vials["V1"].left_ml == 10
    count = ledger.Count(id="c", vial="V1", counted_mg=D(5), **TWO)
    assert ledger.replay([RECEIPT, count, reversal("c")]).counts == {}


NO_ONE = {"witness": None}
BROKEN = [
    ([ledger.Entry(id="e0", **ONE)], "e0", "it is of no known kind"),
    ([DRAW], "e2", "vial V1 was never received"),
    ([RECEIPT, replace(RECEIPT, id="e9")], "e9", "vial V1 was received before"),
    ([RECEIPT, DRAW, DRAW], "e2", "this id was written before"),
    ([RECEIPT, GIVEN], "e3", "draw e2 was never made"),
    ([RECEIPT, DRAW, replace(GIVEN, amount_mg=D("40.01"))], "e3", "would have -0.01 mg left"),
    ([RECEIPT, DRAW, GIVEN, replace(WASTE, amount_mg=D("4.85"))], "e4", "would have -0.01 mg left"),
    ([RECEIPT, DRAW, GIVEN, reversal("e2")], "r", "draw e2 would have -35.16 mg left"),
    ([RECEIPT, DRAW, reversal("e1")], "r", "vial V1 was used"),
    ([RECEIPT, reversal("e7")], "r", "e7 is no earlier entry to reverse"),
    ([RECEIPT, reversal("e1"), reversal("r", "s")], "s", "r is no earlier entry to reverse"),
    ([RECEIPT, reversal("e1"), reversal("e1", "s")], "s", "e1 is reversed already"),
    ([ledger.Count(id="c", vial="V2", counted_mg=D(1), **TWO)], "c", "vial V2 was never received"),
    ([replace(RECEIPT, **NO_ONE)], "e1", "it needs a witness"),
    ([RECEIPT, DRAW, replace(WASTE, **NO_ONE)], "e4", "it needs a witness"),
    ([RECEIPT, DRAW, replace(WASTE, witness="nurse")], "e4", "the witness is the person who acted"),
    ([RECEIPT, replace(DRAW, witness="nurse")], "e2", "the witness is the person who acted"),
    ([RECEIPT, DRAW, replace(WASTE, reason=" ")], "e4", "it needs a reason"),
    ([replace(RECEIPT, actor=" ")], "e1", "nobody is named"),
    ([replace(RECEIPT, at=AT.replace(tzinfo=None))], "e1", "its time has no zone"),
    ([replace(RECEIPT, amount_mg=D("0.001"))], "e1", "in steps of 0.01"),
    ([replace(RECEIPT, amount_mg=D("NaN"))], "e1", "in steps of 0.01"),
    ([replace(RECEIPT, amount_mg=D("1e9"))], "e1", "in steps of 0.01"),
    ([replace(RECEIPT, amount_mg=D(0))], "e1", "amount_mg 0 is not above zero"),
    ([replace(RECEIPT, concentration_mg_per_ml=D(0))], "e1", "is not above zero"),
    ([RECEIPT, replace(DRAW, amount_mg=D(-1))], "e2", "amount_mg -1 is not above zero"),
]  # fmt: skip


@pytest.mark.parametrize(("entries", "name", "problem"), BROKEN)
def test_the_entry_that_breaks_is_named(
    entries: list[ledger.Entry], name: str, problem: str
) -> None:
    with pytest.raises(BrokenLedger, match=problem) as raised:
        ledger.replay(entries)
    assert raised.value.entry == name


@pytest.mark.parametrize("amount_mg", [D(0), D(-501)])
def test_a_variance_says_something_possible(amount_mg: Decimal) -> None:
    entry = ledger.Variance(id="v", vial="V1", amount_mg=amount_mg, reason="x", **TWO)
    with pytest.raises(BrokenLedger, match="entry v"):
        ledger.replay([RECEIPT, entry])
