"""`kapstone simulate`: a key misread would be drawn as somebody else's dose."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from kapstone.cli import main
from kapstone.errors import InvalidInput
from kapstone.pharmacology import Dose, Form, Way, load
from kapstone.pharmacology.answering import answer
from kapstone.pharmacology.reading import read

PLAIN = {"dose_mg": 35, "infusion_min": 40, "weight_kg": 70, "age_y": 45, "salt_or_base": "base"}
SPRAY = {"product": "ESKETAMINE", "route": "IN"}


def test_the_half_milligram_over_forty_minutes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(PLAIN | {"times_min": [0, 40, 80], "people": 200}))
    assert main(["simulate", str(path)]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [round(one, 1) for one in found["typical_ng_per_ml"]] == [0, 253.1, 73.7]
    assert list(found["bands"]) == ["p5", "p25", "p50", "p75", "p95"]
    assert found["bands"]["p5"][1] < 253 < found["bands"]["p95"][1]
    assert found["band_holds"][-1] == "residual"
    assert found["summary"]["tmax_min"] == 40
    assert found["model"] == {"name": "Kamp 2020", "version": "1", "confidence": "moderate"}
    assert (found["analyte"], found["matrix"], found["version"]) == ("ketamine", "arterial", "1")


def test_absent_keys_have_their_defaults() -> None:
    asked = read({"dose_mg_per_kg": 0.5, "weight_kg": 80, "age_y": None})
    assert asked.doses == (Dose(amount_mg=Decimal("40.0"), way=Way.IV, form=Form.RACEMATE),)
    assert asked.times_min == tuple(map(float, range(241)))
    assert asked.crowd is not None
    assert (asked.crowd.people_count, asked.crowd.seed) == (2000, 1)
    assert asked.model is load("kamp2020")


def test_a_model_without_a_known_spread_has_no_band_and_says_so() -> None:
    found = answer(PLAIN | {"model": "domino1982_tci", "times_min": [40]})
    assert found["bands"] == {}
    assert "No band: how people differ is not known for Domino 1982." in found["warnings"]
    quiet = answer(PLAIN | {"people": 0, "times_min": [40]})
    assert quiet["bands"] == {}
    assert not any("No band" in one for one in quiet["warnings"])


@pytest.mark.parametrize(
    ("more", "way"),
    [
        ({"route": "IM"}, Way.IM),
        ({"route": "SC"}, Way.SC),
        ({"route": "SL", "formulation": "lozenge", "swallowed": False}, Way.SUBLINGUAL),
        ({"route": "PO", "formulation": "tablet_ir"}, Way.ORAL),
        ({"route": "PO", "formulation": "tablet_pr"}, Way.ORAL_PROLONGED),
        ({"route": "IN"}, Way.INTRANASAL),
    ],
)
def test_each_route_is_its_own_way(more: dict[str, object], way: Way) -> None:
    (dose,) = read({"dose_mg": 20} | more).doses
    assert dose.way is way
    assert dose.swallowed is more.get("swallowed", True)


@pytest.mark.parametrize(
    ("more", "mg", "devices"),
    [
        ({"devices": 3}, 84, 3),
        ({"dose_mg": 56}, 56, 2),
        ({"dose_mg": 56, "devices": 2}, 56, 2),
        ({"dose_mg": 30}, 30, 1),
    ],
)
def test_a_device_holds_28_mg_of_base(more: dict[str, object], mg: int, devices: int) -> None:
    (dose,) = read(SPRAY | more).doses
    assert (dose.amount_mg, dose.devices, dose.salt_or_base) == (mg, devices, "base")


def test_several_doses_each_say_when() -> None:
    first, second = read({"doses": [{"dose_mg": 10}, {"at_min": 30, "dose_mg": 5}]}).doses
    assert (first.at_min, second.at_min, second.amount_mg) == (0, 30, 5)


def test_an_analyte_may_be_written_as_people_write_it() -> None:
    plain = PLAIN | {"times_min": [40], "people": 0}
    one, other = (answer(plain | {"analyte": name}) for name in ("S-ketamine", "s_ketamine"))
    assert one == other
    assert one["analyte"] == "s_ketamine"


@pytest.mark.parametrize(
    ("document", "key"),
    [
        ([], "plan"),
        ({"dose_mg": 1, "weight": 70}, "plan.weight"),
        ({}, "dose_mg"),
        (SPRAY, "dose_mg"),
        ({"dose_mg": "35"}, "dose_mg"),
        ({"dose_mg": True}, "dose_mg"),
        ({"dose_mg_per_kg": 0.5}, "weight_kg"),
        ({"dose_mg_per_kg": 0.5, "dose_mg": 35, "weight_kg": 70}, "dose_mg_per_kg"),
        ({"dose_mg": 1, "route": "rectal"}, "route"),
        ({"dose_mg": 1, "route": "SL", "swallowed": "no"}, "swallowed"),
        ({"dose_mg": 1, "times_min": 5}, "times_min"),
        ({"dose_mg": 1, "times_min": ["5"]}, "times_min"),
        ({"dose_mg": 1, "accept": "age"}, "accept"),
        ({"dose_mg": 1, "accept": ["luck"]}, "accept"),
        ({"dose_mg": 1, "analyte": 3}, "analyte"),
        ({"dose_mg": 1, "model": 3}, "model"),
        ({"dose_mg": 1, "people": 0.5}, "people"),
        ({"dose_mg": 1, "seed": -1}, "seed"),
        ({"doses": 3}, "doses"),
        ({"doses": [3]}, "doses[0]."),
        ({"doses": [{"dose_mg": 1, "mg": 1}]}, "doses[0].mg"),
        ({"doses": [{"at_min": 1}]}, "doses[0].dose_mg"),
        ({"doses": [{"dose_mg": 1}], "dose_mg": 1}, "dose_mg"),
        (SPRAY | {"dose_mg": 56, "devices": 3}, "devices"),
    ],
)
def test_what_cannot_be_read_is_named(document: object, key: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        read(document)
    assert caught.value.key == key
