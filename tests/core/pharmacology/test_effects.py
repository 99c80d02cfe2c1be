"""An effect drawn as if it had been measured would be believed over the person in the chair."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from kapstone.errors import InvalidInput
from kapstone.pharmacology import (
    Analyte,
    Form,
    Interaction,
    Matrix,
    Options,
    Way,
    chain,
    effects,
    illustrated,
    interactions,
    load,
    simulate,
)
from tests.core.pharmacology.asked import ADULT, EVERY_MINUTE, HALF_MG_PER_KG, dose, spray

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


def test_pressure_carries_how_widely_people_differ() -> None:
    assert effects.content().pressure_spread_ratio == 0.6


def test_the_links_of_half_a_milligram_per_kilogram_are_those_of_the_reference() -> None:
    found = chain(KAMP, [HALF_MG_PER_KG], ADULT, EVERY_MINUTE)
    minutes = [10, 20, 40, 60, 80, 110, 230]
    np.testing.assert_allclose(
        found.occupancy[minutes], [0.42, 0.49, 0.55, 0.34, 0.29, 0.24, 0.14], atol=0.011
    )
    assert found.high is not None
    assert found.systolic_rise_mmhg is not None
    assert found.diastolic_rise_mmhg is not None
    assert 7 < found.high.max() < 8
    assert 10.4 < found.systolic_rise_mmhg.max() < 14.82
    assert 7 < found.diastolic_rise_mmhg.max() < 10
    assert "never measured" in found.occupancy_label


def test_a_link_is_drawn_only_where_it_was_measured() -> None:
    """Pressure was seen after racemate; the spray's model gives no arterial blood to drive it."""
    by_vein = chain(KAMP, [dose(20, form=Form.ESKETAMINE, infusion_min=20)], ADULT, EVERY_MINUTE)
    assert by_vein.high is not None
    assert by_vein.systolic_rise_mmhg is None
    sprayed = chain(load("perezruixo2021"), [spray(3)], ADULT, EVERY_MINUTE)
    assert sprayed.site_ng_per_ml is None
    assert sprayed.high is None
    assert sprayed.diastolic_rise_mmhg is None
    assert sprayed.occupancy.max() == pytest.approx(0.49, abs=0.015)


@pytest.mark.hazard(15)
def test_the_plasticity_curve_is_that_of_the_reference_and_says_that_it_is_a_hypothesis() -> None:
    minutes = np.concatenate([np.arange(0.0, 2880), np.arange(2880.0, 14 * 1440 + 1, 10)])
    course = chain(KAMP, [HALF_MG_PER_KG], ADULT, minutes)
    drawn = illustrated(minutes / 60, course.occupancy)
    assert drawn.times_h[drawn.glutamate.argmax()] == pytest.approx(0.7, abs=0.06)
    assert drawn.times_h[drawn.bdnf.argmax()] == pytest.approx(4.0, abs=0.06)
    assert drawn.times_h[drawn.plasticity.argmax()] == pytest.approx(22, abs=0.5)
    days = [drawn.plasticity[np.searchsorted(minutes, 1440 * day)] for day in (3, 7, 14)]
    np.testing.assert_allclose(days, [0.66, 0.26, 0.05], atol=0.005)
    assert drawn.label.startswith("Illustration of a hypothesis.")
    assert all(step.evidence and step.source for step in effects.content().illustration.steps)


def test_without_a_dose_nothing_follows() -> None:
    hours = np.arange(0.0, 10)
    assert not illustrated(hours, np.zeros(10)).plasticity.any()


def test_mood_is_of_groups_and_of_nobody() -> None:
    mood = effects.content().mood
    assert mood.ketamine[0] == (33.8, 6.8)
    assert mood.control[-1] == (27.5, 10.0)
    assert len(mood.days) == len(mood.ketamine) == len(mood.control)
    assert "Nobody's mood" in mood.label
    assert all(one.source for one in mood.relapse)


def test_interactions_belong_to_the_way_they_were_measured_by() -> None:
    """Rifampicin nearly empties a swallowed dose and hardly touches one by vein."""
    by_vein = {one.medicine: one.area_ratio for one in interactions(Way.IV)}
    swallowed = {one.medicine: one.area_ratio for one in interactions(Way.ORAL)}
    assert by_vein == {"rifampicin": 0.86}
    assert swallowed == {
        "ticlopidine": 2.4, "itraconazole": 1.0, "clarithromycin": 2.6, "grapefruit juice": 3.0,
        "St John's wort": 0.42, "rifampicin": 0.14,
    }  # fmt: skip
    assert interactions(Way.IM) == ()
    assert all(one.source for way in Way for one in interactions(way))


@pytest.mark.parametrize("one", interactions(Way.ORAL), ids=lambda one: one.medicine)
def test_a_swallowed_dose_with_another_medicine_has_the_published_area(one: Interaction) -> None:
    perez, given = load("perezruixo2021"), [dose(84, Way.ORAL, Form.ESKETAMINE)]
    plain = simulate(perez, given, ADULT, [0, 20_000])
    mixed = simulate(perez, given, ADULT, [0, 20_000], Options(medicine=one.medicine))
    ratio = mixed.area_ng_h_per_ml[-1] / plain.area_ng_h_per_ml[-1]
    assert ratio == pytest.approx(one.area_ratio, rel=1e-9)
    assert any(f"With {one.medicine}, oral" in told for told in mixed.warnings)


def test_by_vein_and_under_the_tongue_each_part_takes_its_own_ratio() -> None:
    """Of a lozenge only what is swallowed goes past the gut and the liver."""
    rifampicin = Options(medicine="rifampicin")
    plain, mixed = (
        simulate(KAMP, [HALF_MG_PER_KG], ADULT, [0, 9000], one) for one in (None, rifampicin)
    )
    assert mixed.area_ng_h_per_ml[-1] / plain.area_ng_h_per_ml[-1] == pytest.approx(0.86)
    assert any("both images" in one for one in mixed.warnings)
    lozenge = [dose(100, Way.SUBLINGUAL)]
    plain, mixed = (simulate(KAMP, lozenge, ADULT, [0, 9000], one) for one in (None, rifampicin))
    through, swallowed = 0.136, 0.864 * 0.178
    share = (through + 0.14 * swallowed) / (through + swallowed)
    assert mixed.area_ng_h_per_ml[-1] / plain.area_ng_h_per_ml[-1] == pytest.approx(share)
    assert any("bears on what is swallowed" in one for one in mixed.warnings)


@pytest.mark.parametrize(
    ("way", "options"),
    [
        (Way.IM, Options(medicine="rifampicin")),
        (Way.IV, Options(medicine="clarithromycin")),
        (Way.ORAL, Options(medicine="aspirin")),
        (Way.ORAL, Options(medicine="rifampicin", analyte=Analyte.NORKETAMINE)),
    ],
)
def test_what_was_not_published_is_refused(way: Way, options: Options) -> None:
    with pytest.raises(InvalidInput, match="has no"):
        simulate(KAMP, [dose(30, way)], ADULT, [0, 60], options)


def test_norketamine_after_a_vein_stands_to_ketamine_as_the_reference_says() -> None:
    both = [
        simulate(KAMP, [HALF_MG_PER_KG], ADULT, [1440, 100_000], Options(analyte=analyte))
        for analyte in (Analyte.NORKETAMINE, Analyte.KETAMINE)
    ]
    ratio = both[0].area_ng_h_per_ml / both[1].area_ng_h_per_ml
    np.testing.assert_allclose(ratio, [1.41, 1.485], atol=0.002)
