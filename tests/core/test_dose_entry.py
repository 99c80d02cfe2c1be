"""Two people type a dose blind; a difference shows neither figure."""

from decimal import Decimal

import pytest

from kapstone.dose import Entry, Outcome, compare

ORDER = Entry(Decimal("35.1666"), Decimal("70.3"))
SHOWN = Entry(Decimal("35.16"), Decimal("70.3"))


def entry(dose_mg: str = "35.16", weight_kg: str = "70.3") -> Entry:
    return Entry(Decimal(dose_mg), Decimal(weight_kg))


@pytest.mark.hazard(4)
@pytest.mark.parametrize(
    ("first", "second", "outcome"),
    [
        (entry(), entry(), "agree"),
        (entry("35.160", "70.30"), entry(), "agree"),
        (entry(), entry("351.6"), "differ"),
        (entry("351.6"), entry("351.6"), "differ"),  # both wrong alike
        (entry("3.516"), entry(), "differ"),
        (entry(), entry(weight_kg="154.9"), "differ"),
        (entry("35.17"), entry(), "differ"),
        (entry("NaN"), entry("NaN"), "differ"),
    ],
)
def test_only_two_entries_that_repeat_the_order_agree(
    first: Entry, second: Entry, outcome: str
) -> None:
    assert compare(ORDER, first, second) == outcome
    assert compare(ORDER, second, first) == outcome


def test_the_outcome_holds_no_figure() -> None:
    assert set(Outcome) == {"agree", "differ"}
