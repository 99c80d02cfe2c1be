"""The weight an order rests on."""

from decimal import Decimal

import pytest

from kapstone import dose
from kapstone.errors import InvalidInput

ORDER = {
    "product": "RACEMIC",
    "route": "IM",
    "dose_mg_per_kg": 0.5,
    "weight_days_ago": 0,
    "first_exposure": False,
}


def judge(**facts: object) -> dose.DoseCheck:
    return dose.check(dose.read_order(ORDER | facts))


def keys(found: dose.DoseCheck) -> dict[str, tuple[str, ...]]:
    return {unknown.key: unknown.needed_by for unknown in found.unknown}


def test_bmi_of_exactly_30_asks_for_a_basis_and_shows_all_three() -> None:
    assert not keys(judge(weight_kg=119.9, height_cm=200, sex="male"))
    found = judge(weight_kg=120, height_cm=200, sex="male")
    assert found.state == "INCOMPLETE"
    assert keys(found) == {"weight_basis": ("DOS-W1",)}
    assert [(row.basis, row.weight_kg, row.dose_mg) for row in found.by_weight] == [
        ("actual", Decimal(120), Decimal(60)),
        ("ideal", Decimal("93.2"), Decimal("46.6")),
        ("adjusted", Decimal("103.92"), Decimal("51.96")),
    ]


@pytest.mark.parametrize(
    ("basis", "dose_mg", "hard_mg"),
    [("actual", "60", "125"), ("ideal", "46.6", "125"), ("adjusted", "51.96", "125")],
)
def test_the_chosen_basis_carries_dose_and_limits(basis: str, dose_mg: str, hard_mg: str) -> None:
    found = judge(weight_kg=120, height_cm=200, sex="male", weight_basis=basis)
    assert found.state == "WITHIN"
    assert found.dose_mg == Decimal(dose_mg)
    assert found.limits is not None
    assert found.limits.hard_max_mg == Decimal(hard_mg)


def test_ideal_weight_of_a_woman() -> None:
    found = judge(weight_kg=80, height_cm=162, sex="female", weight_basis="ideal")
    assert found.dose_mg == Decimal("27.25")  # 45.5 + 9 = 54.5 kg


def test_a_basis_never_raises_a_dose() -> None:
    with pytest.raises(InvalidInput, match="no ideal weight below the actual one"):
        judge(weight_kg=45, height_cm=178, sex="male", weight_basis="ideal")


@pytest.mark.parametrize("facts", [{"sex": "intersex"}, {"sex": "female", "height_cm": 115}])
def test_where_the_formula_has_no_answer_actual_remains(facts: dict[str, object]) -> None:
    person = {"weight_kg": 60, "height_cm": 160} | facts
    with pytest.raises(InvalidInput, match="Choose actual"):
        judge(weight_basis="adjusted", **person)
    found = judge(weight_basis="actual", **person)
    assert [row.basis for row in found.by_weight] == ["actual"]


def test_a_basis_that_cannot_be_computed_yet_asks_for_what_it_needs() -> None:
    found = judge(weight_kg=100, weight_basis="ideal")
    assert keys(found) == {"height_cm": ("DOS-W1",), "sex": ("DOS-W1",)}
    assert (found.dose_mg, found.limits) == (None, None)
    assert found.dose_mg_per_kg == Decimal("0.5")


@pytest.mark.hazard(3)
@pytest.mark.parametrize(
    ("weight_kg", "previous_kg", "asked"),
    [
        (77, 70, {}),
        (77.01, 70, {"weight_kg": ("DOS-W2",)}),
        (63, 70, {}),
        (62.99, 70, {"weight_kg": ("DOS-W2",)}),
        (70, 154.3, {"weight_kg": ("DOS-W2",)}),
        (154.3, 70, {"weight_kg": ("DOS-W2",)}),
    ],
)
def test_a_weight_far_from_the_last_is_asked_again(
    weight_kg: float, previous_kg: float, asked: dict[str, object]
) -> None:
    found = judge(weight_kg=weight_kg, previous_weight_kg=previous_kg, weight_basis="actual")
    assert keys(found) == asked


@pytest.mark.hazard(3)
@pytest.mark.parametrize("weight_kg", [0, -70, 19.9, 400.1, 1e999])
def test_an_impossible_weight_is_an_error_that_names_it(weight_kg: float) -> None:
    with pytest.raises(InvalidInput, match=r"weight_kg: .* outside 20 to 400 kg"):
        judge(weight_kg=weight_kg)


def test_an_unknown_weight_is_asked_for_once() -> None:
    found = judge(weight_days_ago=31)
    assert keys(found) == {
        "weight_kg": ("DOS-IM",),
        "height_cm": ("DOS-W1",),
        "weight_days_ago": ("DOS-W2",),
    }
    assert found.by_weight == ()


def test_by_weight_keeps_the_figure_the_order_was_written_in() -> None:
    heavy = {"weight_kg": 120, "height_cm": 200, "sex": "male"}
    by_kg = judge(volume_ml=1.2, concentration_mg_per_ml=50, **heavy)
    assert [row.dose_mg_per_kg for row in by_kg.by_weight] == [Decimal("0.5")] * 3
    in_mg = judge(dose_mg=60, **heavy)
    assert [row.dose_mg for row in in_mg.by_weight] == [Decimal(60)] * 3
    assert [row.dose_mg_per_kg for row in in_mg.by_weight] == [
        Decimal("0.5"),
        Decimal("0.643"),
        Decimal("0.577"),
    ]
