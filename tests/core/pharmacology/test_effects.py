"""An effect drawn as if it had been measured would be believed over the person in the chair."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from kapstone.errors import InvalidInput
from kapstone.pharmacology import Analyte, Form, Matrix, Options, Way, effects, load, simulate
from tests.core.pharmacology.asked import ADULT, EVERY_MINUTE, HALF_MG_PER_KG

KAMP = load("kamp2020")
CURVE = simulate(KAMP, [HALF_MG_PER_KG], ADULT, EVERY_MINUTE)


def test_the_effect_site_follows_two_minutes_behind() -> None:
    site = effects.effect_site(CURVE)
    k = np.log(2) / 2
    done = solve_ivp(
        lambda t, y: k * (np.interp(t, EVERY_MINUTE, CURVE.conc_ng_per_ml) - y),
        (0, 240),
        [0.0],
        t_eval=EVERY_MINUTE,
        max_step=0.5,
        rtol=1e-8,
        atol=1e-8,
    )
    np.testing.assert_allclose(site, done.y[0], rtol=1e-5, atol=1e-5)
    assert site[40] < CURVE.conc_ng_per_ml[40]
    assert site[50] > CURVE.conc_ng_per_ml[50]


@pytest.mark.parametrize(
    "options", [Options(matrix=Matrix.VENOUS), Options(analyte=Analyte.NORKETAMINE)]
)
def test_venous_blood_and_the_metabolite_drive_no_effect(options: Options) -> None:
    with pytest.raises(InvalidInput, match="is not arterial ketamine"):
        effects.effect_site(simulate(KAMP, [HALF_MG_PER_KG], ADULT, EVERY_MINUTE, options))


def test_half_of_the_scale_is_reached_at_the_published_concentration() -> None:
    assert effects.drug_high(np.array([0, 71.0]), Form.ESKETAMINE).tolist() == [0, 5]
    assert effects.drug_high(np.array([114.0]), Form.RACEMATE)[0] == pytest.approx(5)


def test_pressure_rises_as_much_as_was_seen_in_two_thousand_treatments() -> None:
    systolic, diastolic = effects.pressure_rise(np.array([250.0]))
    assert 10.4 < systolic[0] < 14.82
    assert diastolic[0] == pytest.approx(8.49, abs=0.1)


@pytest.mark.parametrize(
    ("held", "share"),
    [
        ({"s_ketamine": 50, "r_ketamine": 50}, 0.32),
        ({"s_ketamine": 92.5, "r_ketamine": 92.5}, 0.46),
        ({"s_ketamine": 126.5, "r_ketamine": 126.5}, 0.54),
        ({"s_ketamine": 102, "s_norketamine": 153}, 0.50),
    ],
)
def test_the_modelled_occupancy_is_that_of_the_reference(
    held: dict[str, float], share: float
) -> None:
    assert round(float(effects.occupancy(held)[0]), 2) == share
    assert "never measured" in effects.content().occupancy_label


def test_a_dose_in_the_clinic_stays_below_the_sedation_of_surgery() -> None:
    low, high = effects.content().awakening_ng_per_ml
    assert CURVE.conc_ng_per_ml.max() < low < high


def test_interactions_belong_to_the_way_they_were_measured_by() -> None:
    """Rifampicin nearly empties a swallowed dose and hardly touches one by vein."""
    by_vein = {one.medicine: one.area_ratio for one in effects.interactions(Way.IV)}
    swallowed = {one.medicine: one.area_ratio for one in effects.interactions(Way.ORAL)}
    assert by_vein == {"rifampicin": 0.86}
    assert swallowed["rifampicin"] == 0.14
    assert effects.interactions(Way.IM) == ()
    assert all(one.source for one in effects.content().interactions)
