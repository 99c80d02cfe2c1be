"""Every limit of a dose, just inside and just outside it."""

from decimal import Decimal

import pytest

from kapstone import dose
from kapstone.dose.rows import content
from kapstone.errors import UnknownContent
from kapstone.limits import Bound

SOUND = {
    "product": "RACEMIC",
    "route": "IV",
    "dose_mg_per_kg": 0.5,
    "weight_kg": 70,
    "weight_days_ago": 0,
    "height_cm": 175,
    "sex": "male",
    "age_y": 40,
    "first_exposure": False,
    "infusion_min": 40,
}


def judge(**changes: object) -> dose.DoseCheck:
    return dose.check(dose.read_order(SOUND | changes))


# weight kg, mg/kg, state: 1.5 mg/kg is the lower one up to 100 kg (IV) and 83.3 kg (IM).
BOUNDARIES = [
    ("IV", 70, 0.199, "NEEDS_RATIONALE"),
    ("IV", 70, 0.2, "WITHIN"),
    ("IV", 70, 1.0, "WITHIN"),
    ("IV", 70, 1.001, "NEEDS_SECOND_SIGNATURE"),
    ("IV", 70, 1.5, "NEEDS_SECOND_SIGNATURE"),
    ("IV", 70, 1.50001, "REFUSED"),
    ("IM", 70, 0.249, "NEEDS_RATIONALE"),
    ("IM", 70, 0.25, "WITHIN"),
    ("IM", 70, 1.0, "WITHIN"),
    ("IM", 70, 1.001, "NEEDS_SECOND_SIGNATURE"),
    ("IM", 70, 1.5, "NEEDS_SECOND_SIGNATURE"),
    ("IM", 70, 1.50001, "REFUSED"),
]


@pytest.mark.hazard(4)
@pytest.mark.parametrize(("route", "weight_kg", "mg_per_kg", "state"), BOUNDARIES)
def test_each_limit_holds_on_both_sides(
    route: str, weight_kg: int, mg_per_kg: float, state: str
) -> None:
    found = judge(route=route, weight_kg=weight_kg, dose_mg_per_kg=mg_per_kg)
    assert found.state == state
    assert [finding.severity for finding in found.findings] == {
        "WITHIN": [],
        "REFUSED": ["ABSOLUTE"],
    }.get(state, ["RELATIVE"])


@pytest.mark.hazard(4)
@pytest.mark.parametrize(
    ("route", "dose_mg", "state"),
    [
        ("IV", 150, "NEEDS_SECOND_SIGNATURE"),
        ("IV", 150.01, "REFUSED"),
        ("IM", 125, "NEEDS_SECOND_SIGNATURE"),
        ("IM", 125.01, "REFUSED"),
    ],
)
def test_of_per_kilogram_and_absolute_the_lower_counts(
    route: str, dose_mg: float, state: str
) -> None:
    heavy = {"weight_kg": 120, "weight_basis": "actual", "dose_mg_per_kg": None}
    assert judge(route=route, dose_mg=dose_mg, **heavy).state == state


@pytest.mark.parametrize("route", ["IV", "IM"])
@pytest.mark.parametrize("first", [True, None])
@pytest.mark.parametrize(("mg_per_kg", "state"), [(0.75, "WITHIN"), (0.7501, "REFUSED")])
def test_a_first_dose_stays_in_the_lower_half(
    route: str, first: bool | None, mg_per_kg: float, state: str
) -> None:
    found = judge(route=route, first_exposure=first, dose_mg_per_kg=mg_per_kg)
    assert found.state == state
    asked = [unknown.key for unknown in found.unknown]
    assert asked == (["first_exposure"] if first is None and state == "REFUSED" else [])
    assert found.limits is not None
    assert found.limits.ceiling_mg == Decimal("52.5")


REDUCED = [
    ({"age_y": 64}, 0.5, "WITHIN"),
    ({"age_y": 64}, 0.19, "NEEDS_RATIONALE"),
    ({"age_y": 65}, 0.3, "WITHIN"),
    ({"age_y": 65}, 0.301, "NEEDS_RATIONALE"),
    ({"age_y": 65}, 0.1, "WITHIN"),
    ({"age_y": 65}, 0.099, "NEEDS_RATIONALE"),
    ({"child_pugh": "A"}, 0.5, "WITHIN"),
    ({"child_pugh": "B"}, 0.25, "WITHIN"),
    ({"child_pugh": "B"}, 0.251, "NEEDS_RATIONALE"),
    ({"child_pugh": "B"}, 0.1, "WITHIN"),
    ({"child_pugh": "C"}, 0.251, "NEEDS_RATIONALE"),
    ({"child_pugh": "B", "age_y": 70}, 0.25, "WITHIN"),
    ({"child_pugh": "B", "age_y": 70}, 0.26, "NEEDS_RATIONALE"),
    ({"child_pugh": "B", "age_y": 70}, 0.1, "WITHIN"),  # not multiplied to 0.05
    ({"child_pugh": "B", "age_y": 70}, 0.099, "NEEDS_RATIONALE"),
    ({"age_y": None}, 0.3, "WITHIN"),
    ({"age_y": None}, 0.301, "INCOMPLETE"),
]


@pytest.mark.parametrize(("facts", "mg_per_kg", "state"), REDUCED)
def test_age_and_liver_lower_the_first_dose(
    facts: dict[str, object], mg_per_kg: float, state: str
) -> None:
    assert judge(first_exposure=True, dose_mg_per_kg=mg_per_kg, **facts).state == state


def test_age_lowers_the_first_dose_alone() -> None:
    assert judge(age_y=80, child_pugh="B", dose_mg_per_kg=0.5).state == "WITHIN"


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ({"infusion_min": 40}, "WITHIN"),
        ({"infusion_min": 39.9}, "NEEDS_RATIONALE"),
        ({"infusion_min": 0}, "NEEDS_RATIONALE"),
        ({"infusion_min": None}, "INCOMPLETE"),
        ({"route": "IM", "infusion_min": None}, "WITHIN"),
        ({"weight_days_ago": 30}, "WITHIN"),
        ({"weight_days_ago": 31}, "INCOMPLETE"),
        ({"weight_days_ago": None}, "INCOMPLETE"),
        ({"weight_kg": None}, "INCOMPLETE"),
        ({"volume_ml": 0.7}, "INCOMPLETE"),
        ({"height_cm": None}, "INCOMPLETE"),
        ({"height_cm": None, "weight_basis": "actual"}, "WITHIN"),
        ({"weight_kg": 22.5, "height_cm": 150}, "WITHIN"),  # BMI 10
        ({"weight_kg": 22.4, "height_cm": 150}, "INCOMPLETE"),
        ({"weight_kg": 25, "height_cm": 158}, "WITHIN"),  # BMI 10.01
        ({"weight_kg": 25, "height_cm": 159}, "INCOMPLETE"),  # BMI 9.89
        ({"weight_kg": 225, "height_cm": 150, "weight_basis": "actual"}, "WITHIN"),  # BMI 100
        ({"weight_kg": 226, "height_cm": 150, "weight_basis": "actual"}, "INCOMPLETE"),
    ],
)
def test_a_missing_or_stale_fact_is_asked_for(facts: dict[str, object], state: str) -> None:
    assert judge(**facts).state == state


@pytest.mark.parametrize(("concentration", "bands"), [(99.9, []), (100, ["100 mg/mL or more"])])
def test_a_strong_vial_is_diluted_before_the_vein(concentration: float, bands: list[str]) -> None:
    found = judge(concentration_mg_per_ml=concentration)
    assert [finding.band for finding in found.findings] == bands
    assert found.state == "WITHIN"


def test_a_dose_written_as_salt_says_so() -> None:
    assert [finding.band for finding in judge(salt_or_base="salt").findings] == ["salt"]


LAST = {"dose_mg": 35, "days_ago": 3, "max_ae_grade": 1, "bp_ok": True, "tolerated": True}


@pytest.mark.parametrize(
    ("route", "mg_per_kg", "changes", "state"),
    [
        ("IV", 0.5, {"tolerated": False}, "WITHIN"),  # no step up
        ("IV", 0.75, {}, "WITHIN"),
        ("IV", 0.751, {}, "NEEDS_RATIONALE"),
        ("IM", 0.75, {}, "WITHIN"),
        ("IV", 0.6, {"max_ae_grade": 2}, "NEEDS_RATIONALE"),
        ("IV", 0.6, {"bp_ok": False}, "NEEDS_RATIONALE"),
        ("IV", 0.6, {"tolerated": False}, "NEEDS_RATIONALE"),
        ("IV", 0.6, {"tolerated": None}, "INCOMPLETE"),
        ("IV", 0.6, {"max_ae_grade": None}, "INCOMPLETE"),
    ],
)
def test_a_step_up_rests_on_the_last_session(
    route: str, mg_per_kg: float, changes: dict[str, object], state: str
) -> None:
    earlier = LAST | {"dose_mg": 70, "days_ago": 10}
    found = judge(route=route, dose_mg_per_kg=mg_per_kg, previous=[earlier, LAST | changes])
    assert found.state == state


def test_a_step_by_muscle_is_no_more_than_20_mg() -> None:
    heavy = {"weight_kg": 100, "weight_basis": "actual", "dose_mg_per_kg": None, "route": "IM"}
    assert judge(dose_mg=55, previous=[LAST], **heavy).state == "WITHIN"
    assert judge(dose_mg=55.1, previous=[LAST], **heavy).state == "NEEDS_RATIONALE"


def test_what_has_no_limits_is_never_passed() -> None:
    with pytest.raises(UnknownContent, match="ESKETAMINE IM: this release holds no dose"):
        judge(product="ESKETAMINE", route="IM")


def test_a_pain_infusion_is_not_a_session_of_this_kind() -> None:
    with pytest.raises(UnknownContent, match="DOS-PAIN"):
        judge(indication_id="IND-08")
    assert judge(indication_id="IND-01").state == "WITHIN"


def test_a_clinic_lowers_the_hard_limit_and_never_raises_it() -> None:
    order = dose.read_order(SOUND | {"dose_mg_per_kg": 1.2})
    lowered = dose.check(order, {"DOS-IV": Bound(mg=Decimal(60))})
    assert lowered.state == "REFUSED"
    assert "above this clinic's hard limit of 60.00 mg (published: 105.00 mg)" in (
        lowered.findings[0].message
    )
    raised = dose.check(order, {"DOS-IV": Bound(mg_per_kg=Decimal(9))}).limits
    assert raised is not None
    assert (raised.hard_max_mg, raised.published_hard_max_mg) == (Decimal(105), None)
    assert dose.check(order, {"DOS-IM": Bound(mg=Decimal(60))}) == dose.check(order)


def test_every_finding_says_where_it_comes_from() -> None:
    found = judge(dose_mg_per_kg=1.2, first_exposure=True, age_y=70, child_pugh="B", infusion_min=9)
    assert {finding.code for finding in found.findings} == {
        "DOS-IV", "DOS-R1", "DOS-AGE", "DOS-HEP",
    }  # fmt: skip
    for finding in found.findings:
        assert finding.mark
        assert set(finding.source) <= set(content().sources)
    assert found.version == content().version


@pytest.mark.parametrize(
    ("changes", "code", "because"),
    [
        ({"first_exposure": True, "age_y": 70}, "DOS-AGE", {"dose_mg": 35, "age_y": 70}),
        (
            {"first_exposure": True, "child_pugh": "B"},
            "DOS-HEP",
            {"dose_mg": 35, "child_pugh": "B"},
        ),
        ({"sedative_planned": True}, "DOS-R3", {"sedative_planned": True}),
        ({"infusion_min": 9}, "DOS-IV", {"infusion_min": 9}),
        ({"concentration_mg_per_ml": 100}, "DOS-IV", {"concentration_mg_per_ml": 100}),
        ({"salt_or_base": "salt"}, "DOS-IV", {"salt_or_base": "salt"}),
    ],
)
def test_a_finding_shows_the_facts_it_rests_on(
    changes: dict[str, object], code: str, because: dict[str, object]
) -> None:
    (finding,) = judge(**changes).findings
    assert (finding.code, finding.because) == (code, because)
