"""A curve that is not the model's own solution would be believed as if it were."""

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from kapstone.pharmacology import (
    Analyte,
    Dose,
    Form,
    Limit,
    Matrix,
    Options,
    Rate,
    Way,
    default,
    infusion,
    load,
    simulate,
    summary,
)  # fmt: skip
from kapstone.pharmacology.transfer import roots
from tests.core.pharmacology.asked import ADULT, HALF_MG_PER_KG, dose, spray
from tests.core.pharmacology.integrated import BLOOD, NK, amounts

GOLDEN = {
    "kamp2020": {
        5: 109.3, 10: 154.5, 20: 198.3, 30: 228.0, 40: 253.1, 50: 120.3, 60: 95.9, 80: 73.7,
        110: 54.3, 120: 49.9, 180: 33.8, 230: 26.7, 240: 25.6,
    },
    "domino1982": {10: 181.8, 40: 240.3, 80: 45.8, 110: 38.1, 230: 18.4},
    "clements1981": {10: 62.0, 40: 177.3, 80: 84.7, 110: 63.1, 230: 35.9},
}  # fmt: skip
PLAN = (  # one of each thing a session may hold
    *infusion(
        [Rate(10, Decimal("0.5")), Rate(25, Decimal(0)), Rate(31, Decimal("0.9"))],
        55.5,
        Form.RACEMATE,
    ),
    dose(10),
    dose(5, at_min=90),
)
TIMES = np.array([0, 0.5, 1, 3, 7.25, 10, 20, 25, 28, 40, 55.5, 60, 89, 90, 91, 150, 300, 1440.0])
COURSES: dict[str, tuple[str, tuple[Dose, ...]]] = {
    "a session by vein": ("kamp2020", PLAN),
    "Domino": ("domino1982", PLAN),
    "Clements": ("clements1981", PLAN),
    "Hijazi": ("hijazi2003", PLAN),
    "Perez-Ruixo by vein": ("perezruixo2021", (dose(28, form=Form.ESKETAMINE, infusion_min=40),)),
    "three devices, then two": ("perezruixo2021", (spray(3), spray(2, at_min=60))),
    "swallowed esketamine": ("perezruixo2021", (dose(84, Way.ORAL, Form.ESKETAMINE),)),
    **{
        f"racemate, {way}": ("kamp2020", (dose(30, way), dose(20, way, at_min=45)))
        for way in (Way.IM, Way.SC, Way.SUBLINGUAL, Way.ORAL, Way.ORAL_PROLONGED, Way.INTRANASAL)
    },
}
ROUTE = Options(accept=frozenset({Limit.ROUTE}))


@pytest.mark.parametrize("model_id", GOLDEN)
def test_the_reference_numbers_come_out(model_id: str) -> None:
    minutes = list(GOLDEN[model_id])
    curve = simulate(load(model_id), [HALF_MG_PER_KG], ADULT, minutes)
    assert [round(float(one), 1) for one in curve.conc_ng_per_ml] == list(GOLDEN[model_id].values())


@pytest.mark.parametrize("by", ["expm", "solver"])
@pytest.mark.parametrize("name", COURSES)
def test_the_curve_is_that_of_a_general_solver(name: str, by: str) -> None:
    model_id, doses = COURSES[name]
    model = load(model_id)
    held = amounts(model, doses, TIMES, by=by)
    volume_l = model.values.get("V1") or model.values["VC"]
    curve = simulate(model, doses, ADULT, TIMES, ROUTE)
    expected = 1000 * held[:, BLOOD] / volume_l
    np.testing.assert_allclose(curve.conc_ng_per_ml, expected, rtol=1e-9, atol=1e-12)
    if model.has_norketamine:
        single = doses[0].form is Form.ESKETAMINE
        analyte = Analyte.S_NORKETAMINE if single else Analyte.NORKETAMINE
        options = Options(analyte=analyte, accept=ROUTE.accept)
        found = simulate(model, doses, ADULT, TIMES, options).conc_ng_per_ml
        expected = 1000 * held[:, NK] / model.values["VN"]
        np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(
    ("devices", "cmax", "tmax", "auc"),
    [(1, 43.9, 36, 146.9), (2, 73.0, 38, 253.8), (3, 102.2, 40, 360.8)],
)
def test_the_spray_gives_the_published_peaks(
    devices: int, cmax: float, tmax: float, auc: float
) -> None:
    model = default(Form.ESKETAMINE, Way.INTRANASAL)
    found = summary(simulate(model, [spray(devices)], ADULT, np.arange(0.0, 1441)))
    assert round(found.cmax_ng_per_ml, 1) == cmax
    assert found.tmax_min == tmax
    assert round(found.auc_ng_h_per_ml, 1) == auc


def test_a_vein_is_read_past_the_arm_and_loses_nothing() -> None:
    """The venous curve stands below the arterial one while it runs in, above it afterwards."""
    model, long = load("kamp2020"), np.arange(0.0, 10_000.0)
    artery = simulate(model, [HALF_MG_PER_KG], ADULT, long)
    vein = simulate(model, [HALF_MG_PER_KG], ADULT, long, Options(matrix=Matrix.VENOUS))
    assert (vein.conc_ng_per_ml[1:41] < artery.conc_ng_per_ml[1:41]).all()
    assert (vein.conc_ng_per_ml[60:1440] > artery.conc_ng_per_ml[60:1440]).all()
    assert vein.area_ng_h_per_ml[-1] == pytest.approx(artery.area_ng_h_per_ml[-1], rel=1e-9)
    assert vein.conc_ng_per_ml[40] == pytest.approx(185, rel=0.01)


def test_the_mirror_images_share_a_racemic_dose() -> None:
    model, times = load("kamp2020"), np.arange(0.0, 10_000.0, 10)
    both, s, r = (
        simulate(model, [HALF_MG_PER_KG], ADULT, times, Options(analyte=analyte))
        for analyte in (Analyte.KETAMINE, Analyte.S_KETAMINE, Analyte.R_KETAMINE)
    )
    assert s.area_ng_h_per_ml[-1] + r.area_ng_h_per_ml[-1] == pytest.approx(
        both.area_ng_h_per_ml[-1], rel=1e-9
    )
    assert r.area_ng_h_per_ml[-1] / s.area_ng_h_per_ml[-1] == pytest.approx(1.16)


def test_equal_rates_are_found_as_well_as_they_can_be() -> None:
    rate = np.random.default_rng(1).uniform(0.1, 9, 1000)
    found = roots([np.ones(1000), 3 * rate, 3 * rate**2, rate**3])
    np.testing.assert_allclose(np.stack(found) / rate, 1, rtol=1e-3)


def test_a_rate_as_quick_as_another_does_not_break_the_curve() -> None:
    """The sum of exponentials has no value where two rates are equal; its limit has."""
    model = load("kamp2020")
    star_rate = 1.4664108533  # 1/h, the middle rate of the disposition
    way = replace(model.inputs[Way.IM], values={"direct_fraction": 1.0, "direct_ka_per_h": 1.0})
    for ka in (star_rate, star_rate * (1 + 1e-12), 1.4664):
        given = {"direct_fraction": 1.0, "direct_ka_per_h": ka}
        near = replace(model, inputs={Way.IM: replace(way, values=given)})
        found = simulate(near, [dose(30, Way.IM)], ADULT, TIMES).conc_ng_per_ml
        held = amounts(near, [dose(30, Way.IM)], TIMES)
        np.testing.assert_allclose(found, 40 * held[:, BLOOD], rtol=1e-7, atol=1e-6)


def test_doses_by_two_ways_carry_the_confidence_of_each() -> None:
    mixed = [HALF_MG_PER_KG, dose(25, Way.SUBLINGUAL, at_min=60)]
    curve = simulate(load("kamp2020"), mixed, ADULT, TIMES)
    assert curve.question.confidence == "iv: moderate, sublingual: moderate-low"
    apart = [simulate(load("kamp2020"), [one], ADULT, TIMES).conc_ng_per_ml for one in mixed]
    np.testing.assert_allclose(curve.conc_ng_per_ml, sum(apart), rtol=1e-9, atol=1e-10)
