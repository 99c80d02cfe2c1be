"""A band too narrow would make an ordinary person look like an emergency, or hide one."""

import math

import numpy as np
import pytest

from kapstone.pharmacology import (
    Analyte,
    Crowd,
    Form,
    Matrix,
    Options,
    Way,
    default,
    load,
    population,
    simulate,
)
from kapstone.pharmacology.asking import ask
from kapstone.pharmacology.people import people_curves
from kapstone.pharmacology.quantiles import quantiles
from tests.core.pharmacology.asked import ADULT, EVERY_MINUTE, HALF_MG_PER_KG, dose, spray

KAMP = load("kamp2020")
TIMES = np.array([5.0, 20, 40, 60, 120, 240])


def test_equal_seeds_give_equal_bands_and_others_do_not() -> None:
    bands = [
        population(KAMP, [HALF_MG_PER_KG], ADULT, TIMES, crowd=Crowd(seed=seed)).conc_ng_per_ml
        for seed in (1, 1, 2)
    ]
    assert (bands[0] == bands[1]).all()
    assert (bands[0] != bands[2]).any()


def test_the_middle_is_the_typical_person_and_the_levels_rise() -> None:
    band = population(KAMP, [HALF_MG_PER_KG], ADULT, TIMES, crowd=Crowd(people_count=20_001))
    typical = simulate(KAMP, [HALF_MG_PER_KG], ADULT, TIMES).conc_ng_per_ml
    np.testing.assert_allclose(band.conc_ng_per_ml[2], typical, rtol=0.06)
    assert (np.diff(band.conc_ng_per_ml, axis=0) > 0).all()
    assert not band.conc_ng_per_ml.flags.writeable
    assert band.sources == ("CL", "V1", "V2", "V3", "Q2", "Q3", "residual")


def test_a_source_left_out_narrows_the_band_and_moves_no_other() -> None:
    widths = []
    for without in (frozenset[str](), frozenset({"residual"}), frozenset({"residual", "V1"})):
        crowd = Crowd(without=without)
        band = population(KAMP, [HALF_MG_PER_KG], ADULT, [40], crowd=crowd)
        widths.append(math.log(band.conc_ng_per_ml[-1, 0] / band.conc_ng_per_ml[0, 0]))
        assert not without & set(band.sources)
    assert widths[0] > widths[1] > widths[2]
    none = Crowd(without=frozenset({"CL", "V1", "V2", "V3", "Q2", "Q3", "residual"}))
    flat = population(KAMP, [HALF_MG_PER_KG], ADULT, TIMES, crowd=none).conc_ng_per_ml
    typical = simulate(KAMP, [HALF_MG_PER_KG], ADULT, TIMES).conc_ng_per_ml
    np.testing.assert_allclose(flat, np.broadcast_to(typical, flat.shape), rtol=1e-9)


def test_at_the_peak_people_differ_as_much_as_was_observed() -> None:
    """Hasan 2021 saw a CV of about 0.28 in peaks; the disposition alone gives 0.13 to 0.19."""
    question = ask(KAMP, [HALF_MG_PER_KG], ADULT, Options())
    peaks = people_curves(question, np.array([40.0]), Crowd(people_count=20_000))[0]
    assert 0.22 < np.std(np.log(peaks)) < 0.34


@pytest.mark.parametrize("analyte", [None, Analyte.NORKETAMINE])
@pytest.mark.parametrize("way", list(Way))
def test_each_simulated_person_has_the_curve_of_the_same_exact_system(
    way: Way, analyte: Analyte | None
) -> None:
    """A person whose constants are drawn is solved like one whose constants are typed in."""
    model = default(Form.RACEMATE, way)
    options = Options(analyte=analyte)
    every = set(population(model, [dose(30, way)], ADULT, TIMES, options).sources)
    flat = population(
        model, [dose(30, way)], ADULT, TIMES, options, Crowd(without=frozenset(every))
    )
    typical = simulate(model, [dose(30, way)], ADULT, TIMES, options).conc_ng_per_ml
    np.testing.assert_allclose(flat.conc_ng_per_ml[0], typical, rtol=1e-9)
    assert ("norketamine_residual" in every) == (analyte is not None)


def test_a_band_of_sprays_and_one_without_a_known_residual_are_drawn() -> None:
    perez = load("perezruixo2021")
    band = population(perez, [spray(3)], ADULT, EVERY_MINUTE)
    assert band.conc_ng_per_ml[0, 40] < 102.2 < band.conc_ng_per_ml[-1, 40]
    herd = load("herd2007")
    child = population(herd, [dose(20)], type(ADULT)(), TIMES)
    assert "residual" not in child.sources
    vein = population(KAMP, [HALF_MG_PER_KG], ADULT, TIMES, Options(matrix=Matrix.VENOUS))
    assert vein.question.through_arm


@pytest.mark.parametrize("people", [20, 999, 20_001, 60_000])
def test_quick_percentiles_are_within_half_a_percent(people: int) -> None:
    draw = np.random.default_rng(7)
    spread = np.array([[0.1], [0.8], [2.0]])
    values = 50 * np.exp(spread * draw.standard_normal((3, people)))
    values[2, : people // 3] = 0
    fractions = np.array([0.05, 0.25, 0.5, 0.75, 0.95])
    found = quantiles(values, fractions)
    exact = np.quantile(values, fractions, axis=1)
    np.testing.assert_allclose(found, exact, rtol=0.005, atol=1e-12)
