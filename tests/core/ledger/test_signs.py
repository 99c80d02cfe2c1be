"""GRD-06: what the registrant is shown of a register, and of whom nothing is said."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count

import pytest

from kapstone import ledger
from kapstone.errors import BrokenLedger

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
Told = list[tuple[str, tuple[str, ...], str]]


class Book:
    """A register written down line by line, an hour apart."""

    def __init__(self) -> None:
        self.entries: list[ledger.Entry] = []
        self._number: Iterator[int] = count(1)
        for vial in ("v1", "v2"):
            self.write(
                ledger.Receipt, "a", "b", vial=vial, product="RACEMIC", lot="L", amount_mg=50_000,
                expires_on=date(2027, 1, 1), concentration_mg_per_ml=50,
            )  # fmt: skip

    def write(
        self, kind: type[ledger.Entry], by: str, witness: str = "", **said: object
    ) -> ledger.Entry:
        """One entry by somebody."""
        number = next(self._number)
        exact = {k: Decimal(v) if isinstance(v, int) else v for k, v in said.items()}
        at = START + timedelta(hours=number)
        made = kind(id=f"e{number}", at=at, actor=by, witness=witness or None, **exact)  # type: ignore[call-arg]
        self.entries.append(made)
        return made

    def dose(self, by: str, waste_mg: int = 0, witness: str = "", vial: str = "v1") -> None:
        """100 mg drawn, some of it wasted."""
        drawn = self.write(ledger.Draw, by, vial=vial, dose="d", amount_mg=100)
        if waste_mg:
            self.write(
                ledger.Waste, by, witness or "w", draw=drawn.id, amount_mg=waste_mg, reason="rest"
            )

    def counted(self, off_mg: int, by: str = "a", vial: str = "v1") -> ledger.Entry:
        """A count that differs by so much."""
        left_mg = ledger.replay(self.entries).vials[vial].left_mg
        return self.write(ledger.Count, by, "b", vial=vial, counted_mg=int(left_mg) + off_mg)

    def told(self, since: datetime = START, off_shift: str = "") -> Told:
        """Sign, people and figure."""
        found = ledger.signs(self.entries, since, lambda who, _: who not in off_shift)
        return [(each.sign.id, each.people, f"{each.value:.2f}") for each in found]


@pytest.fixture
def book() -> Book:
    """Two vials received."""
    return Book()


def test_a_register_that_adds_up_says_nothing_of_anybody(book: Book) -> None:
    book.dose("a", 20)
    book.counted(0)
    assert book.told() == []


def test_a_count_that_differs_and_a_difference_explained_are_told(book: Book) -> None:
    book.counted(-5)
    book.write(ledger.Variance, "a", "c", vial="v1", amount_mg=-5, reason="spilt")
    assert book.told() == [("variance", ("a", "b"), "-5.00"), ("variance", ("a", "c"), "-5.00")]


def test_what_was_taken_back_is_no_difference(book: Book) -> None:
    wrong = book.counted(-5)
    book.write(ledger.Reversal, "a", "b", reverses=wrong.id, reason="misread")
    assert book.told() == []


def test_only_the_time_asked_for_is_told(book: Book) -> None:
    wrong = book.counted(-5)
    assert book.told(wrong.at) == [("variance", ("a", "b"), "-5.00")]
    assert book.told(wrong.at + timedelta(seconds=1)) == []


@pytest.mark.parametrize(
    ("together", "with_others", "told"),
    [
        (8, 0, []),  # with the two receipts ten, and nobody else ever signs: a clinic of two
        (7, 1, []),  # nine
        (8, 1, ["0.91"]),
        (8, 2, ["0.83"]),
        (10, 3, []),  # 12 of 15: 0.8 is not above 0.8
    ],
)
def test_two_who_always_sign_together(
    book: Book, together: int, with_others: int, told: list[str]
) -> None:
    for _ in range(together):
        book.counted(0)
    for _ in range(with_others):
        book.write(ledger.Count, "a", "c", vial="v1", counted_mg=50_000)
    assert book.told() == [("pair", ("a", "b"), figure) for figure in told]


@pytest.mark.parametrize(
    ("draws", "own_mg", "others_mg", "told"),
    [
        (5, 40, 10, ["0.30"]),
        (5, 30, 10, []),  # 0.2 is not above 0.2
        (4, 90, 10, []),  # too few to say anything of
        (5, 10, 40, []),  # less than the others
    ],
)
def test_who_wastes_more_than_the_others(
    book: Book, draws: int, own_mg: int, others_mg: int, told: list[str]
) -> None:
    for number in range(draws):
        book.dose("x", own_mg, witness=f"w{number}")
    for number in range(5):
        book.dose("y", others_mg, witness=f"w{number}")
    found = [each for each in book.told() if each[1] == ("x",)]
    assert found == [("waste", ("x",), figure) for figure in told]


def test_waste_of_a_draw_made_before_the_time_asked_for_is_left_out(book: Book) -> None:
    drawn = book.write(ledger.Draw, "x", vial="v1", dose="d", amount_mg=100)
    rest = book.write(ledger.Waste, "x", "w", draw=drawn.id, amount_mg=90, reason="rest")
    for number in range(5):
        book.dose("x", witness=f"w{number}")
        book.dose("y", witness=f"w{number}")
    assert book.told(rest.at) == []


def test_entries_while_on_no_shift(book: Book) -> None:
    book.dose("z")
    book.dose("z")
    book.dose("a")
    assert book.told(off_shift="z") == [("off-shift", ("z",), "2.00")]


@pytest.mark.parametrize(
    ("off_of_x", "told"),
    [(5, ["3.0"]), (4, ["2.4"]), (0, [])],
)
def test_whose_draws_lie_before_the_differing_counts(
    book: Book, off_of_x: int, told: list[str]
) -> None:
    """x draws from the vial whose count differs, y from the other: by chance both would alike."""
    for number in range(5):
        book.dose("x", vial="v2" if number < off_of_x else "v1")
        book.dose("y")
    book.counted(-5 if off_of_x else 0, vial="v2")
    book.counted(0)
    far = [each for each in book.told() if each[0] == "far"]
    assert far == [("far", ("x",), f"{Decimal(figure):.2f}") for figure in told]


def test_of_few_draws_or_of_one_person_alone_nothing_is_said(book: Book) -> None:
    for _ in range(4):
        book.dose("x", vial="v2")
    for _ in range(8):
        book.dose("y")
    book.counted(-5, vial="v2")
    assert [each for each in book.told() if each[0] == "far"] == []


def test_where_every_draw_lies_before_a_difference_nobody_stands_out(book: Book) -> None:
    for _ in range(6):
        book.dose("x")
        book.dose("y")
    book.counted(-5)
    assert [each for each in book.told() if each[0] == "far"] == []


def test_a_register_that_does_not_add_up_is_named(book: Book) -> None:
    book.write(ledger.Draw, "x", vial="v9", dose="d", amount_mg=1)
    with pytest.raises(BrokenLedger, match="v9"):
        book.told()
