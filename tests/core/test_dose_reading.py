"""An order that cannot be read is refused by name, never guessed."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from kapstone import cli, dose
from kapstone.errors import InvalidInput
from kapstone.limits import Bound

ORDER = {"product": "RACEMIC", "route": "IM", "dose_mg": 35, "weight_kg": 70}
SLIPPED = [
    ([], "order: is not a JSON object"),
    ({"dose": 35}, "order.dose: is no key of it"),
    ({"product": None}, "order.product: is missing"),
    ({"route": None}, "order.route: is missing"),
    ({"route": "im"}, "route: 'im' is not known. Give one of IV, IM"),
    ({"route": 1}, "route: 1 is not known"),
    ({"dose_mg": None}, "dose_mg: no dose is given"),
    ({"dose_mg": "35"}, "dose_mg: '35' is not a number"),
    ({"dose_mg": True}, "dose_mg: True is not a number"),
    ({"dose_mg": float("nan")}, "dose_mg: NaN is outside"),
    ({"dose_mg": 10**400}, r"dose_mg: 1\.0*e\+400 is outside"),
    ({"devices": 1.5}, "devices: 1.5 is not a whole number"),
    ({"devices": 1e999}, "devices: inf is not a whole number"),
    ({"devices": 2}, "devices: are counted for esketamine"),
    ({"formulation": "lozenge"}, "formulation: lozenge cannot be given IM"),
    ({"first_exposure": 1}, "first_exposure: 1 is not true or false"),
    ({"indication_id": 8}, "indication_id: 8 is not text"),
    ({"previous": {}}, "previous: is not a list"),
    ({"previous": [3]}, r"previous\[0\]: is not a JSON object"),
    ({"previous": [{"dose_mg": 35}]}, r"previous\[0\].days_ago: is missing"),
    ({"previous": [{"dose_mg": 35, "days_ago": -1}]}, "previous.days_ago: -1 is outside"),
    (
        {"first_exposure": True, "previous": [{"dose_mg": 35, "days_ago": 1}]},
        "first_exposure: is true, but previous names earlier doses",
    ),
]


@pytest.mark.parametrize(("slip", "problem"), SLIPPED)
def test_a_slip_is_named(slip: object, problem: str) -> None:
    document = ORDER | slip if isinstance(slip, dict) else slip
    with pytest.raises(InvalidInput, match=problem):
        dose.read_order(document)


def test_every_key_of_the_contract_is_read() -> None:
    order = dose.read_order(
        ORDER
        | {
            "formulation": "solution",
            "indication_id": "IND-01",
            "sex": "female",
            "child_pugh": "A",
            "salt_or_base": "base",
            "previous": [{"dose_mg": 30.5, "days_ago": 4, "max_ae_grade": 0, "bp_ok": True}],
        }
    )
    assert order.formulation is dose.Formulation.SOLUTION
    assert order.previous[0].dose_mg == Decimal("30.5")
    assert order.previous[0].tolerated is None
    assert not order.may_be_first


@pytest.mark.parametrize(
    ("facts", "shown"),
    [
        ({"dose_mg": 35}, ("35", "0.497", "0.70")),
        ({"dose_mg": None, "dose_mg_per_kg": 0.5}, ("35.15", "0.5", "0.70")),
        ({"dose_mg": 35.129, "dose_mg_per_kg": 0.5}, ("35.12", "0.499", "0.70")),
    ],
)
def test_three_forms_come_from_one_figure_and_round_down(
    facts: dict[str, object], shown: tuple[str, str, str]
) -> None:
    order = ORDER | {"weight_kg": 70.3, "concentration_mg_per_ml": 50} | facts
    found = dose.check(dose.read_order(order))
    assert (found.dose_mg, found.dose_mg_per_kg, found.volume_ml) == tuple(map(Decimal, shown))


@pytest.mark.hazard(2)
@pytest.mark.parametrize(
    ("slip", "keys"),
    [
        ({"dose_mg_per_kg": 0.495}, None),
        ({"dose_mg_per_kg": 0.4949}, "dose_mg, dose_mg_per_kg: disagree: 0.4949 mg/kg of 70 kg"),
        ({"dose_mg_per_kg": 0.505}, None),
        ({"dose_mg_per_kg": 0.5051}, "dose_mg, dose_mg_per_kg"),
        ({"volume_ml": 0.71}, None),
        ({"volume_ml": 0.711}, "dose_mg, volume_ml: disagree: 0.711 mL of 50 mg/mL is 35.55 mg"),
        ({"volume_ml": 0.69}, None),
        ({"volume_ml": 0.689}, "dose_mg, volume_ml"),
    ],
)
def test_figures_agree_to_a_rounding_step_or_one_percent(
    slip: dict[str, object], keys: str | None
) -> None:
    order = dose.read_order(ORDER | {"concentration_mg_per_ml": 50} | slip)
    if keys is None:
        assert dose.check(order).dose_mg == 35
    else:
        with pytest.raises(InvalidInput, match=keys):
            dose.check(order)


@pytest.mark.parametrize(("dose_mg", "agrees"), [(3.57, True), (3.571, False), (3.43, True)])
def test_a_small_dose_agrees_to_a_step_of_its_mg_per_kg(dose_mg: float, agrees: bool) -> None:
    """0.05 mg/kg of 70 kg is 3.5 mg; its last place is 0.07 mg, twice what 1 % lets through."""
    order = dose.read_order(ORDER | {"dose_mg": dose_mg, "dose_mg_per_kg": 0.05})
    if agrees:
        assert dose.check(order).dose_mg == Decimal(str(dose_mg))
    else:
        with pytest.raises(InvalidInput, match="dose_mg, dose_mg_per_kg: disagree"):
            dose.check(order)


@pytest.mark.parametrize("figures", [{}, {"mg": Decimal(0)}, {"mg_per_kg": Decimal("NaN")}])
def test_a_bound_bounds_something(figures: dict[str, Decimal]) -> None:
    with pytest.raises(InvalidInput, match="positive figure"):
        Bound(**figures)


def run(tmp_path: Path, document: object) -> int:
    file = tmp_path / "order.json"
    file.write_text(json.dumps(document))
    return cli.main(["check-dose", str(file)])


def test_the_command_prints_numbers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, ORDER | {"dose_mg": 140, "weight_basis": "actual"}) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["state"] == "REFUSED"
    assert (shown["dose_mg"], shown["dose_mg_per_kg"], shown["volume_ml"]) == (140, 2, None)
    assert [finding["rule"] for finding in shown["findings"]] == ["DOS-IM", "DOS-R1"]
    assert shown["findings"][0]["because"] == {"dose_mg": 140, "weight_kg": 70}
    assert {unknown["key"]: unknown["needed_by"] for unknown in shown["unknown"]} == {
        "weight_days_ago": ["DOS-W2"],
        "first_exposure": ["DOS-R1"],
        "age_y": ["DOS-AGE"],
    }
    assert shown["limits"]["hard_max_mg"] == 105
    assert shown["version"]


def test_the_command_prints_part_of_a_milligram(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path, ORDER | {"dose_mg": 31.5}) == 0
    shown = json.loads(capsys.readouterr().out)
    assert (shown["dose_mg"], shown["dose_mg_per_kg"]) == (31.5, 0.45)


def test_the_command_names_what_it_cannot_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path, ORDER | {"product": "ESKETAMINE"}) == 2
    assert "ESKETAMINE IM: this release holds no dose limits" in capsys.readouterr().err


def test_a_number_of_thousands_of_digits_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "order.json"
    file.write_text('{"dose_mg": ' + "9" * 5000 + "}")
    assert cli.main(["check-dose", str(file)]) == 2
    assert "holds a number too long to be read" in capsys.readouterr().err
