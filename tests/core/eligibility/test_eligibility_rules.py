"""Each rule against a table a clinician can read: a wrong line is a wrong gate for a person."""

import json
from pathlib import Path

import pytest

from kapstone.eligibility import RULES, Screening, read_facts, screen
from kapstone.eligibility.evaluate import Run

SPEC = json.loads(
    (Path(__file__).parents[2] / "spec" / "eligibility_rules.json").read_text(encoding="utf-8")
)
CASES = [(rule, case) for rule, cases in SPEC["cases"].items() for case in cases]


def outcome(screening: Screening, rule: str) -> tuple[str, str | None]:
    for finding in screening.findings:
        if finding.code == rule:
            return str(finding.severity), finding.band
    asked = any(rule in unknown.needed_by for unknown in screening.unknown)
    return ("unknown" if asked else "none"), None


@pytest.mark.hazard(12)
@pytest.mark.parametrize(
    ("rule", "case"), CASES, ids=[f"{rule} {json.dumps(case['given'])}" for rule, case in CASES]
)
def test_a_rule_says_what_the_table_says(rule: str, case: dict[str, object]) -> None:
    given = case["given"]
    assert isinstance(given, dict)
    screening = screen(read_facts(SPEC["well"] | given))
    severity, band = outcome(screening, rule)
    if "asks" in case:
        assert [item.key for item in screening.unknown if rule in item.needed_by] == case["asks"]
    if case["expect"] == "silent":
        assert severity in ("none", "unknown")
    else:
        assert (severity, band) == (case["expect"], case.get("band"))


def test_every_rule_has_cases_that_fire_that_do_not_and_that_do_not_know() -> None:
    for rule in {row.id for row in RULES}:
        told = {case["expect"] for case in SPEC["cases"][rule]}
        required = {key for row in RULES if row.id == rule for key in row.required}
        asks = {key for case in SPEC["cases"][rule] for key in case.get("asks", ())}
        assert required <= asks <= required | {"product", "route"}, rule
        fires = {str(row.severity) for row in RULES if row.id == rule if row.severity}
        assert fires <= told, rule
        assert "none" in told, rule
        assert {row.band for row in RULES if row.id == rule if row.severity} <= {
            case.get("band") for case in SPEC["cases"][rule]
        }, rule


@pytest.mark.hazard(12)
def test_a_well_person_is_under_review_and_never_cleared() -> None:
    for stage in ("eligibility", "dosing_day"):
        screening = screen(read_facts(SPEC["well"] | {"for": stage}))
        assert (screening.state, screening.findings, screening.unknown) == ("UNDER_REVIEW", (), ())


@pytest.mark.parametrize(("planned", "open_"), [(6, False), (7, True), (8, True)])
def test_more_than_six_planned_doses_need_a_liver_value(planned: int, open_: bool) -> None:
    (row,) = (row for row in RULES if row.id == "SCR-033")
    facts = read_facts(SPEC["well"] | {"planned_doses": planned, "lab.alt": None})
    assert row.holds(Run(facts)) is open_
