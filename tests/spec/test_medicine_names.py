"""Names as people write them. Read as another, one hides an interaction; not read, it is a task."""

import csv
from pathlib import Path

import pytest

from kapstone.eligibility import Medicine, read_facts, screen, tables
from kapstone.eligibility.medicines import CLASSES, COMBINATIONS, INGREDIENTS, LONGEST_NAME, resolve

TABLE = Path(__file__).with_name("medicine_names.csv")
ROWS = list(csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines(), delimiter="|"))
NAMES = tables.load("medicine_names")


@pytest.mark.hazard(12)
@pytest.mark.parametrize("row", ROWS, ids=[row["written"] for row in ROWS])
def test_a_name_as_it_is_written(row: dict[str, str]) -> None:
    medicine = Medicine(row["written"], route=row["route"])
    assert "+".join(medicine.ingredients) == row["ingredients"]
    assert medicine.known is (row["known"] == "yes")
    assert medicine.classes == set(row["classes"].split())


def test_the_table_is_long_enough_to_say_something() -> None:
    assert len(ROWS) >= 140
    assert sum(row["known"] != "yes" for row in ROWS) >= 15


@pytest.mark.hazard(12)
@pytest.mark.parametrize(
    "row", [row for row in ROWS if row["known"] != "yes"], ids=lambda r: r["written"]
)
def test_a_name_that_is_not_known_leaves_the_screening_open(row: dict[str, str]) -> None:
    found = screen(read_facts({"medications": [{"name": row["written"]}]}))
    assert row["written"] in [name for item in found.unknown for name in item.names]


@pytest.mark.hazard(12)
@pytest.mark.parametrize("name", sorted(INGREDIENTS)[::7])
def test_a_slip_in_a_name_is_never_read_as_a_name(name: str) -> None:
    """One letter left out, doubled or swapped: known only where the tables list that spelling."""
    for at in range(1, len(name)):
        for slipped in (
            name[:at] + name[at + 1 :],
            name[:at] + name[at] * 2 + name[at + 1 :],
            name[: at - 1] + name[at] + name[at - 1] + name[at + 1 :],
        ):
            ingredients, known = resolve(slipped)
            if known and " ".join(slipped.split()) not in INGREDIENTS | COMBINATIONS:
                assert ingredients == resolve(name)[0], slipped


def test_a_text_too_long_for_a_name_is_not_read() -> None:
    assert resolve("lithium ".ljust(LONGEST_NAME)) == (("lithium",), True)
    assert resolve("lithium ".ljust(LONGEST_NAME + 1)) == ((), False)


def test_the_names_of_the_source_add_no_ingredient_and_change_none_of_ours() -> None:
    """Our own table says what there is and its class; the source only names it."""
    ours = tables.load("medicines")
    groups = tables.table(ours, "classes")
    members = [tables.table(groups, group) for group in groups] + [tables.table(ours, "unread")]
    said = {
        name.casefold(): one
        for group in members
        for one in group
        for name in (one, *tables.texts(group, one))
    }
    named = tables.table(NAMES, "names")
    assert set(named) <= set().union(*members)
    for one in named:
        for name in tables.texts(named, one):
            assert said.get(name, one) == one
    mixed = tables.table(NAMES, "combinations")
    assert not set(mixed) & set(INGREDIENTS)
    for brand in mixed:
        assert set(tables.texts(mixed, brand)) <= set().union(*members), brand


def test_the_names_say_where_they_come_from() -> None:
    assert (tables.texts(NAMES, "source"), tables.text(NAMES, "mark")) == (("DNER",), "S")
    assert len(set(INGREDIENTS.values())) >= 600
    assert set(CLASSES) <= set(INGREDIENTS.values())
