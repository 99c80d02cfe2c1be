"""What every curve obeys, whatever the plan: a curve that breaks one of these is a slip."""

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kapstone.pharmacology import (
    Analyte,
    Curve,
    Dose,
    Form,
    Limit,
    Model,
    Options,
    Person,
    Way,
    load,
    simulate,
)  # fmt: skip
from tests.core.pharmacology.asked import ADULT, dose, spray
from tests.core.pharmacology.integrated import LEFT, amounts

TIMES = np.array([0, 1, 5, 12, 30, 47, 90, 200, 480, 1440.0])
KAMP, PEREZ = load("kamp2020"), load("perezruixo2021")
ROUTE = Options(accept=frozenset({Limit.ROUTE}))
SOON = settings(deadline=None, max_examples=40)

amounts_mg = st.floats(0.5, 200).map(lambda mg: round(mg, 3))
minutes = st.floats(0, 300).map(lambda minute: round(minute, 2))


@st.composite
def racemic_doses(draw: st.DrawFn) -> Dose:
    way = draw(st.sampled_from(list(Way)))
    lasts = draw(st.floats(0.1, 120)) if way is Way.IV and draw(st.booleans()) else 0.0
    return dose(draw(amounts_mg), way, at_min=draw(minutes), infusion_min=lasts)


@st.composite
def sprays(draw: st.DrawFn) -> Dose:
    return spray(draw(st.integers(1, 3)), draw(minutes))


def curve(model: Model, doses: list[Dose], analyte: Analyte | None = None) -> Curve:
    return simulate(model, doses, ADULT, TIMES, Options(analyte=analyte, accept=ROUTE.accept))


@SOON
@given(racemic_doses(), racemic_doses(), st.sampled_from([None, Analyte.NORKETAMINE]))
def test_two_doses_are_the_sum_of_each(one: Dose, other: Dose, analyte: Analyte | None) -> None:
    apart = [curve(KAMP, [each], analyte).conc_ng_per_ml for each in (one, other)]
    both = curve(KAMP, [one, other], analyte).conc_ng_per_ml
    np.testing.assert_allclose(both, apart[0] + apart[1], rtol=1e-9, atol=1e-10)


@SOON
@given(racemic_doses(), st.decimals("0.1", "4", places=2))
def test_a_dose_so_many_times_as_large_gives_so_many_times_as_much(
    one: Dose, more: Decimal
) -> None:
    once = curve(KAMP, [one]).conc_ng_per_ml
    larger = curve(KAMP, [replace(one, amount_mg=one.amount_mg * more)]).conc_ng_per_ml
    np.testing.assert_allclose(larger, float(more) * once, rtol=1e-9, atol=1e-10)


@SOON
@given(st.one_of(racemic_doses(), sprays()), st.booleans())
def test_nothing_is_below_nothing_and_areas_grow(one: Dose, metabolite: bool) -> None:
    model = PEREZ if one.form is Form.ESKETAMINE else KAMP
    single = one.form is Form.ESKETAMINE
    analyte = Analyte.S_NORKETAMINE if single else Analyte.NORKETAMINE
    found = curve(model, [one], analyte if metabolite else None)
    assert (found.conc_ng_per_ml >= 0).all()
    assert (np.diff(found.area_ng_h_per_ml) >= -1e-9).all()


@SOON
@given(amounts_mg, st.floats(1, 120))
def test_what_left_and_what_is_held_is_what_was_given(mg: float, lasts: float) -> None:
    """Clearance times the area is what left; an independent solver says what is still held."""
    given_dose = dose(mg, infusion_min=round(lasts, 2))
    left_mg = curve(KAMP, [given_dose]).area_ng_h_per_ml * KAMP.values["CL"] / 1000
    compartments = amounts(KAMP, [given_dose], TIMES)
    np.testing.assert_allclose(left_mg, compartments[:, LEFT], rtol=1e-9, atol=1e-9)
    put_mg = mg * np.minimum(TIMES / given_dose.infusion_min, 1)
    held_mg = compartments[:, [2, 3, 4]].sum(axis=1)
    np.testing.assert_allclose(left_mg + held_mg, put_mg, rtol=1e-9, atol=1e-9)


@SOON
@given(amounts_mg)
def test_a_very_short_infusion_is_a_bolus(mg: float) -> None:
    bolus = curve(KAMP, [dose(mg)]).conc_ng_per_ml[1:]
    short = curve(KAMP, [dose(mg, infusion_min=1e-6)]).conc_ng_per_ml[1:]
    np.testing.assert_allclose(short, bolus, rtol=1e-6)


F = {
    Way.IV: 1.0,
    Way.IM: 0.93,
    Way.SC: 0.95,
    Way.SUBLINGUAL: 0.136 + 0.864 * 0.178,
    Way.ORAL: 0.20,
    Way.ORAL_PROLONGED: 0.15,
    Way.INTRANASAL: 0.30 + 0.70 * 0.178,
}


@SOON
@given(st.sampled_from(list(Way)), amounts_mg, st.integers(45, 110))
def test_the_whole_area_is_f_times_dose_over_clearance(way: Way, mg: float, kg: int) -> None:
    person = Person(age_y=Decimal(45), weight_kg=Decimal(kg))
    found = simulate(KAMP, [dose(mg, way)], person, [0, 20_000])
    expected = 1000 * F[way] * mg / (KAMP.values["CL"] * kg / 70)
    assert found.area_ng_h_per_ml[-1] == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(("devices", "share"), [(1, 0.622), (2, 0.538), (3, 0.509)])
def test_the_second_spray_loses(devices: int, share: float) -> None:
    found = simulate(PEREZ, [spray(devices)], ADULT, [0, 20_000]).area_ng_h_per_ml[-1]
    v = PEREZ.values
    inner = (v["kel"] + v["kmet"]) * v["VH"]
    clearance = v["QH"] * inner / (v["QH"] + inner)
    assert found * clearance / (28_000 * devices) == pytest.approx(share, abs=0.001)


def test_sprays_one_after_the_other_lose_what_sprays_together_do() -> None:
    """At the chair each device is charted on its own, five minutes apart."""
    together = curve(PEREZ, [spray(3)]).conc_ng_per_ml
    apart = [replace(spray(1), earlier_devices=place) for place in range(3)]
    np.testing.assert_allclose(curve(PEREZ, apart).conc_ng_per_ml, together, rtol=1e-12)
