"""Esketamine: whole devices, the week's limit, how often, and what is not applied to it."""

from datetime import timedelta
from decimal import Decimal

import pytest

from kapstone import dose
from kapstone.errors import InvalidInput, UnknownContent
from kapstone.limits import Bound

DEPRESSED, SUICIDAL = "IND-01", "IND-02"
BORNE = {"max_ae_grade": 1, "bp_ok": True, "tolerated": True}


def judge(mg: float, indication: str | None = DEPRESSED, **changes: object) -> dose.DoseCheck:
    order: dict[str, object] = {
        "product": "ESKETAMINE", "route": "IN", "formulation": "spray", "dose_mg": mg,
        "indication_id": indication, "weight_kg": 70, "weight_days_ago": 0, "height_cm": 175,
        "age_y": 40, "sex": "female", "first_exposure": False,
    }  # fmt: skip
    return dose.check(dose.read_order(order | changes))


def given(dose_mg: float, days_ago: float) -> dict[str, object]:
    return {"dose_mg": dose_mg, "days_ago": days_ago, **BORNE}


@pytest.mark.hazard(4)
@pytest.mark.parametrize(
    ("dose_mg", "state", "devices"),
    [
        (28, "REFUSED", 1),
        (55.99, "REFUSED", None),
        (56, "WITHIN", 2),
        (56.01, "REFUSED", None),
        (70, "REFUSED", None),
        (84, "WITHIN", 3),
        (84.01, "REFUSED", None),
        (112, "REFUSED", 4),
    ],
)
def test_only_the_doses_of_whole_devices_exist(
    dose_mg: float, state: str, devices: int | None
) -> None:
    found = judge(dose_mg)
    assert (found.state, found.devices) == (state, devices)


@pytest.mark.hazard(4)
@pytest.mark.parametrize("dose_mg", [59.99, 60])
def test_a_dose_at_the_clinic_s_own_limit_is_whole_devices_too(dose_mg: float) -> None:
    order = dose.read_order({"product": "ESKETAMINE", "route": "IN", "dose_mg": dose_mg,
                             "indication_id": DEPRESSED, "weight_kg": 70})  # fmt: skip
    found = dose.check(order, {"DOS-IN-E": Bound(mg=Decimal(60))})
    assert [finding.band for finding in found.findings] == ["other dose"]


@pytest.mark.hazard(2)
@pytest.mark.parametrize(("dose_mg", "agrees"), [(56.56, True), (56.57, False), (55.45, True)])
def test_devices_agree_with_a_dose_within_one_percent(dose_mg: float, agrees: bool) -> None:
    if agrees:
        assert judge(dose_mg, devices=2).state == "REFUSED"
    else:
        with pytest.raises(InvalidInput, match="2 devices of 28 mg are 56 mg"):
            judge(dose_mg, devices=2)


@pytest.mark.hazard(2)
def test_devices_that_are_not_the_dose_are_an_error() -> None:
    assert judge(56, devices=2).state == "WITHIN"
    assert judge(84, devices=3).state == "WITHIN"
    for dose_mg, devices in ((56, 3), (84, 2), (56, 1)):
        with pytest.raises(InvalidInput, match="devices of 28 mg are") as caught:
            judge(dose_mg, devices=devices)
        assert caught.value.key == "dose_mg, devices"
    with pytest.raises(InvalidInput) as caught:
        judge(56, dose_mg=None, dose_mg_per_kg=0.9, devices=2)
    assert caught.value.key == "dose_mg_per_kg, devices"
    assert judge(56, dose_mg=None, dose_mg_per_kg=0.8, devices=2).state == "WITHIN"
    assert judge(56, weight_kg=None, dose_mg=None, dose_mg_per_kg=0.8).devices is None


def test_the_first_dose_is_the_labels_and_no_younger_or_older_one() -> None:
    for changes in ({"first_exposure": True}, {"first_exposure": None}, {"age_y": None}):
        assert judge(56, **changes).state == "WITHIN"
        assert judge(84, **changes).state == "WITHIN"
    assert judge(56, first_exposure=True, age_y=80).state == "WITHIN"
    ill = judge(56, first_exposure=True, child_pugh="B")
    assert [(each.code, ill.state) for each in ill.findings] == [("DOS-HEP", "NEEDS_RATIONALE")]


def test_a_lower_dose_with_acute_suicidal_thoughts_asks_for_the_reason() -> None:
    assert judge(84, SUICIDAL).state == "WITHIN"
    assert judge(56, SUICIDAL).state == "NEEDS_RATIONALE"
    assert judge(56, "IND-03").state == "WITHIN"


def test_the_indication_is_asked_for_where_it_decides() -> None:
    """56 mg is the start of one indication and below that of another."""
    assert judge(84, None).state == "WITHIN"
    assert judge(112, None).state == "REFUSED"
    found = judge(56, None)
    assert found.state == "INCOMPLETE"
    assert [(each.key, each.needed_by) for each in found.unknown] == [
        ("indication_id", ("DOS-IN-E", "DOS-IN-S"))
    ]
    week = judge(84, None, previous=[given(84, 5), given(84, 2)])  # refused for one, not for both
    assert week.state == "INCOMPLETE"


@pytest.mark.hazard(4)
@pytest.mark.parametrize(
    ("dose_mg", "before", "state"),
    [
        (84, [(84, 3)], "WITHIN"),
        (84, [(84, 3), (84, 6)], "REFUSED"),
        (84, [(84, 3), (84, 6.4)], "REFUSED"),
        (84, [(84, 3), (84, 6.5)], "WITHIN"),  # the same hour a week later, or somewhat earlier
        (84, [(84, 3), (84, 7)], "WITHIN"),
        (56, [(56, 3), (56, 6)], "NEEDS_RATIONALE"),  # 168 mg: below the start, not above the week
    ],
)
def test_a_week_holds_no_more_than_168_mg_with_acute_suicidal_thoughts(
    dose_mg: float, before: list[tuple[float, float]], state: str
) -> None:
    earlier = [given(*each) for each in before]
    assert judge(dose_mg, SUICIDAL, previous=earlier).state == state
    assert judge(84, previous=earlier).state != "REFUSED"


@pytest.mark.parametrize(
    ("indication", "course_days", "this_week", "state"),
    [
        (DEPRESSED, None, 2, "WITHIN"),  # the week is not known
        (DEPRESSED, 3, 1, "WITHIN"),
        (DEPRESSED, 6, 2, "NEEDS_RATIONALE"),
        (DEPRESSED, 27.9, 1, "WITHIN"),
        (DEPRESSED, 28, 1, "NEEDS_RATIONALE"),  # week 5
        (DEPRESSED, 28, 0, "WITHIN"),
        (DEPRESSED, 55, 1, "NEEDS_RATIONALE"),
        (DEPRESSED, 56, 0, "WITHIN"),
        (DEPRESSED, 56, 1, "NEEDS_RATIONALE"),
        (SUICIDAL, 28, 1, "WITHIN"),  # no schedule is held after week 4
    ],
)
def test_more_often_than_the_week_of_the_course_asks_for_the_reason(
    indication: str, course_days: float | None, this_week: int, state: str
) -> None:
    earlier = [given(84, 2 + number) for number in range(this_week)] or [given(84, 10)]
    found = judge(84, indication, course_days=course_days, previous=earlier)
    assert found.state == state
    assert [each.code for each in found.findings] == ["SER-02"] * (state != "WITHIN")


@pytest.mark.parametrize("indication", ["IND-05", "IND-08", "none"])
def test_no_limit_is_held_for_another_indication(indication: str) -> None:
    with pytest.raises(UnknownContent, match=f"ESKETAMINE IN for {indication}"):
        judge(56, indication)
    with pytest.raises(UnknownContent, match="ESKETAMINE IV: "):
        judge(56, route="IV", formulation="solution")


def test_a_step_from_two_to_three_devices_rests_on_the_last_session() -> None:
    assert judge(84, previous=[given(56, 4)]).state == "WITHIN"
    assert judge(84, previous=[given(56, 4) | {"tolerated": False}]).state == "NEEDS_RATIONALE"
    assert judge(84, previous=[given(28, 4)]).state == "NEEDS_RATIONALE"  # more than one device
    assert judge(84, SUICIDAL, previous=[given(28, 4)]).state == "WITHIN"  # no step is held


@pytest.mark.parametrize(("planned", "state"), [(None, "WITHIN"), (False, "WITHIN"), (True, "X")])
def test_a_benzodiazepine_before_the_dose_asks_for_the_reason(
    planned: bool | None, state: str
) -> None:
    found = judge(56, sedative_planned=planned)
    assert found.state == state.replace("X", "NEEDS_RATIONALE")
    assert [each.code for each in found.findings] == ["DOS-R3"] * bool(planned)
    assert found.limits is not None
    assert found.limits.first_max_mg is None
    assert found.limits.hard_max_mg == Decimal(84)


@pytest.mark.parametrize(
    ("product", "route", "minutes"), [("ESKETAMINE", "IN", 5), ("RACEMIC", "IN", 0)]
)
def test_devices_rest_and_what_comes_in_none_does_not(
    product: str, route: str, minutes: int
) -> None:
    assert dose.rest_between_devices(product, route) == timedelta(minutes=minutes)
