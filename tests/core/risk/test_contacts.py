"""Somebody at risk who is not called again may die between two visits."""

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapstone import content
from kapstone.errors import InvalidInput
from kapstone.risk import CONTACT_HOURS, CONTACTS_VERSION, Tier, contacts_due, read_sooner, soonest

SPEC = Path(__file__).parents[2] / "spec" / "tier_contacts.csv"
NOON = datetime(2026, 3, 4, 17, tzinfo=UTC)
MOMENTS = st.lists(st.integers(0, 200).map(lambda hours: NOON + timedelta(hours=hours)), max_size=5)


def rows() -> list[dict[str, str]]:
    with SPEC.open() as table:
        return list(csv.DictReader(table))


@pytest.mark.hazard(10)
@pytest.mark.parametrize("row", rows(), ids=lambda row: row["why"])
def test_each_tier_asks_for_the_contacts_the_table_gives(row: dict[str, str]) -> None:
    raised = datetime.fromisoformat(row["raised"])
    found = contacts_due(Tier(row["tier"]), raised, read_sooner(row["shortened"]))
    told = [(int(hours), datetime.fromisoformat(due)) for hours, _, due in
            (each.partition("=") for each in row["due"].split())]  # fmt: skip
    assert list(found) == told


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(InvalidInput, match="no time zone"):
        contacts_due(Tier.HIGH, datetime(2026, 3, 4))  # noqa: DTZ001 - that it is refused


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("HIGH.24=25", "later than the protocol's. Give 24 or fewer"),
        ("MODERATE.72=96", "later than the protocol's"),
        ("MODERATE.24=12", "no contact after a suicide tier"),
        ("LOW.72=24", "no contact after a suicide tier"),
        ("HIGH.24=0", "is no time"),
        ("HIGH.24=soon", "is no time"),
        ("HIGH.24", "is no time"),
    ],
)
def test_a_clinic_may_only_ask_for_one_sooner(written: str, said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        read_sooner(written)


@pytest.mark.hazard(10)
@given(MOMENTS, MOMENTS)
def test_a_newer_tier_makes_no_contact_later_and_takes_none_away(
    standing: list[datetime], planned: list[datetime]
) -> None:
    due = soonest(standing, planned)
    assert len(due) == max(len(standing), len(planned))
    assert list(due) == sorted(due)
    for before in (sorted(standing), sorted(planned)):
        assert all(now <= then for now, then in zip(due, before, strict=False))
    assert set(due) <= {*standing, *planned}
    assert soonest(due, planned) == due


def test_a_clinic_signs_the_hours_and_a_change_of_them_is_another_row() -> None:
    listed = {row.id: row for row in content.rows() if row.id.startswith("contacts.")}
    assert set(listed) == {f"contacts.{tier}" for tier in CONTACT_HOURS}
    assert dict(listed["contacts.HIGH"].value) == {"hours": "24; 72", "version": CONTACTS_VERSION}
    assert all(row.to_sign and row.room == "alerts" for row in listed.values())
