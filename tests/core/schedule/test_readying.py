"""A person who eats an hour late by the clock on the wall may choke in the chair."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapstone.dose import Product
from kapstone.errors import InvalidInput
from kapstone.schedule import readying, to_make_ready

NEW_YORK = ZoneInfo("America/New_York")
FIRST, LAST = datetime(2026, 1, 1), datetime(2030, 1, 1)  # noqa: DTZ001  # the wall in any zone
PRODUCTS = ["RACEMIC", "ESKETAMINE"]


def _local(product: str, *start: int) -> dict[str, str]:
    """Line by its id → its time on the wall in New York."""
    starts_at = datetime(*start, tzinfo=NEW_YORK)  # type: ignore[arg-type,misc]
    return {
        line.id: at.astimezone(NEW_YORK).strftime("%a %H:%M")
        for line, at in to_make_ready(product, starts_at)
    }


@pytest.mark.parametrize(
    ("product", "start", "wanted"),
    [
        (
            "RACEMIC",
            (2026, 6, 10, 9, 0),
            {"RDY-01": "Tue 09:00", "RDY-02": "Tue 09:00", "RDY-03": "Tue 09:00",
             "RDY-04": "Tue 09:00", "RDY-05": "Wed 03:00", "RDY-06": "Wed 07:00"},
        ),
        (
            "ESKETAMINE",
            (2026, 6, 10, 9, 0),
            {"RDY-01": "Tue 09:00", "RDY-02": "Tue 09:00", "RDY-03": "Tue 09:00",
             "RDY-07": "Wed 07:00", "RDY-08": "Wed 08:00", "RDY-09": "Wed 08:30"},
        ),
        (  # the clocks go forward at 02:00 that night: six hours before 08:00 is 01:00
            "RACEMIC",
            (2026, 3, 8, 8, 0),
            {"RDY-01": "Sat 07:00", "RDY-02": "Sat 07:00", "RDY-03": "Sat 07:00",
             "RDY-04": "Sat 07:00", "RDY-05": "Sun 01:00", "RDY-06": "Sun 06:00"},
        ),
        (  # the clocks go back at 02:00 that night: six hours before 07:00 is 01:00
            "RACEMIC",
            (2026, 11, 1, 7, 0),
            {"RDY-01": "Sat 08:00", "RDY-02": "Sat 08:00", "RDY-03": "Sat 08:00",
             "RDY-04": "Sat 08:00", "RDY-05": "Sun 01:00", "RDY-06": "Sun 05:00"},
        ),
    ],
)  # fmt: skip
def test_each_line_has_its_time(
    product: str, start: tuple[int, ...], wanted: dict[str, str]
) -> None:
    assert _local(product, *start) == wanted


@pytest.mark.parametrize("product", PRODUCTS)
@given(start=st.datetimes(FIRST, LAST))
def test_what_elapses_is_always_the_same(product: str, start: datetime) -> None:
    starts_at = start.replace(tzinfo=NEW_YORK)
    timed = to_make_ready(product, starts_at)
    for line, at in timed:
        assert starts_at.astimezone(UTC) - at == timedelta(minutes=line.minutes_before)
    assert [at for _, at in timed] == sorted(at for _, at in timed)


@pytest.mark.parametrize("product", PRODUCTS)
def test_moved_by_so_much_every_time_moves_by_so_much(product: str) -> None:
    start, later = datetime(2026, 6, 10, 13, tzinfo=UTC), timedelta(days=2, hours=3)
    moved = to_make_ready(product, start + later)
    assert moved == tuple((line, at + later) for line, at in to_make_ready(product, start))


def test_an_unknown_product_and_a_start_without_a_zone_are_refused() -> None:
    with pytest.raises(InvalidInput, match="RACEMIC"):
        to_make_ready("TEA", datetime(2026, 6, 10, tzinfo=UTC))
    with pytest.raises(InvalidInput):
        to_make_ready("RACEMIC", datetime(2026, 6, 10))  # noqa: DTZ001


def test_every_line_has_a_source_that_is_told() -> None:
    held = readying()
    assert {one for line in held.lines for one in line.source} <= set(held.sources)


def test_every_product_has_its_lines() -> None:
    """Else whoever books another drug finds no list, and Today none either."""
    assert {one for line in readying().lines for one in line.products} == set(Product)
