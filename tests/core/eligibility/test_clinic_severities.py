"""A clinic sets a severity no milder than the floor, and what it set is what counts."""

import pytest

from kapstone.eligibility import RULES, allowed, read_facts, rule, screen
from kapstone.errors import InvalidInput
from kapstone.findings import Severity

BLEED = read_facts({"dx.ich.history": True, "product": "RACEMIC"})
KEY = ("SCR-003", "RACEMIC")


def severity_of(severities: dict[tuple[str, str | None], Severity]) -> tuple[str, tuple[str, ...]]:
    found = {each.code: each for each in screen(BLEED, severities).findings}["SCR-003"]
    return found.severity, found.overridable_by


@pytest.mark.hazard(12)
def test_no_rule_can_be_made_milder_than_its_floor() -> None:
    """A director in a hurry must not be able to turn a bleed inside the brain into a remark."""
    for row in RULES:
        mildest = row.floor or row.severity
        for severity in Severity:
            may = mildest is not None and severity.rank <= mildest.rank
            assert (severity in allowed(row)) is (may and row.severity is not None), row.id


@pytest.mark.hazard(12)
def test_a_severity_below_the_floor_is_refused_even_where_it_was_stored() -> None:
    with pytest.raises(InvalidInput, match=r"SCR-003 RACEMIC: may not be CAUTION\. Mildest: REL"):
        screen(BLEED, {KEY: Severity.CAUTION})


def test_what_the_clinic_set_is_what_counts() -> None:
    assert severity_of({}) == (Severity.ABSOLUTE, ())
    assert severity_of({KEY: Severity.RELATIVE}) == (Severity.RELATIVE, ("prescriber",))
    assert severity_of({KEY: Severity.ABSOLUTE}) == (Severity.ABSOLUTE, ())


def test_nobody_goes_on_in_spite_of_what_was_made_absolute() -> None:
    [repaired] = [row for row in rule("SCR-002") if row.band == "repaired"]
    facts = read_facts(
        {
            "dx.aneurysm.history": True,
            "dx.aneurysm.current": False,
            "dx.avm.history": False,
            "dx.avm.current": False,
        }
    )
    [found] = [each for each in screen(facts).findings if each.code == "SCR-002"]
    assert found.overridable
    stricter = screen(facts, {(repaired.id, repaired.band): Severity.ABSOLUTE})
    [found] = [each for each in stricter.findings if each.code == "SCR-002"]
    assert (found.severity, found.overridable, found.overridable_by) == (
        Severity.ABSOLUTE,
        False,
        (),
    )


def test_a_remark_made_stricter_asks_for_the_route_it_depends_on() -> None:
    """Unknown is never taken for absent, whoever set the severity."""
    row = next(each for each in RULES if each.route and each.severity is Severity.CAUTION)
    asked = {each.key: each.needed_by for each in screen(read_facts({})).unknown}
    stricter = screen(read_facts({}), {(row.id, row.band): Severity.RELATIVE})
    now = {each.key: each.needed_by for each in stricter.unknown}
    assert row.id not in asked.get("route", ())
    assert row.id in now["route"]
