"""A curve drawn for someone a model knows nothing about would be believed all the same."""

from decimal import Decimal

import numpy as np
import pytest

from kapstone import pharmacology
from kapstone.dose.order import SaltOrBase
from kapstone.errors import InvalidInput, UnknownContent
from kapstone.pharmacology import (
    Analyte,
    Ancestry,
    Crowd,
    Dose,
    Form,
    Limit,
    Matrix,
    Options,
    Person,
    Rate,
    Way,
    default,
    infusion,
    load,
    population,
    simulate,
    summary,
)
from tests.core.pharmacology.asked import ADULT, HALF_MG_PER_KG, dose, spray

KAMP, PEREZ, DOMINO = load("kamp2020"), load("perezruixo2021"), load("domino1982")
S = Form.ESKETAMINE


def person(age_y: int | None = 45, kg: int | None = 70) -> Person:
    return Person(
        age_y=None if age_y is None else Decimal(age_y),
        weight_kg=None if kg is None else Decimal(kg),
    )


@pytest.mark.hazard(15)
@pytest.mark.parametrize(
    ("limit", "key", "question"),
    [
        ("age", "age_y", (KAMP, [HALF_MG_PER_KG], person(17))),
        ("age", "age_y", (PEREZ, [spray(2)], person(87))),
        ("age", "age_y", (load("herd2007"), [HALF_MG_PER_KG], person(40))),
        ("weight", "weight_kg", (KAMP, [HALF_MG_PER_KG], person(kg=130))),
        ("form", "form", (DOMINO, [dose(20, form=S)], ADULT)),
        ("form", "form", (PEREZ, [dose(20, Way.INTRANASAL)], ADULT)),
        ("route", "route", (PEREZ, [dose(28, form=S)], ADULT)),
    ],
)
def test_outside_its_range_a_model_refuses_until_that_is_accepted_by_name(
    limit: str, key: str, question: tuple[pharmacology.Model, list[Dose], Person]
) -> None:
    others = frozenset(set(Limit) - {Limit(limit)})
    with pytest.raises(InvalidInput, match=f"Accept `{limit}` by name") as caught:
        simulate(*question, [10], Options(accept=others))
    assert caught.value.key == key
    curve = simulate(*question, [10], Options(accept=frozenset({Limit(limit)})))
    assert any(f"Accepted by name, {limit}:" in one for one in curve.warnings)


@pytest.mark.parametrize(
    ("model", "given", "options", "message"),
    [
        (KAMP, [], Options(), "doses: there is none"),
        (KAMP, [HALF_MG_PER_KG, dose(1, form=S)], Options(), "racemate and esketamine in one"),
        (DOMINO, [dose(20, Way.IM)], Options(), "takes no dose by the way im. Known: iv."),
        (DOMINO, [dose(20)], Options(analyte=Analyte.NORKETAMINE), "does not follow norketamine"),
        (DOMINO, [dose(20)], Options(analyte=Analyte.S_KETAMINE), "does not tell the mirror"),
        (PEREZ, [spray(1)], Options(analyte=Analyte.KETAMINE), "ketamine is not in esketamine"),
        (PEREZ, [spray(1)], Options(analyte=Analyte.R_KETAMINE), "r_ketamine is not in"),
        (PEREZ, [spray(1)], Options(matrix=Matrix.ARTERIAL), "is of venous plasma"),
        (DOMINO, [dose(20)], Options(matrix=Matrix.VENOUS), "is of not stated plasma"),
    ],
)
def test_what_a_model_cannot_answer_is_refused(
    model: pharmacology.Model, given: list[Dose], options: Options, message: str
) -> None:
    with pytest.raises(InvalidInput, match=message):
        simulate(model, given, ADULT, [10], options)


@pytest.mark.parametrize(
    ("more", "key"),
    [
        ({"amount_mg": Decimal(-1)}, "amount_mg"),
        ({"amount_mg": Decimal("NaN")}, "amount_mg"),
        ({"at_min": -1.0}, "at_min"),
        ({"infusion_min": float("inf")}, "infusion_min"),
        ({"infusion_min": 10.0, "way": Way.IM}, "infusion_min"),
        ({"devices": 2}, "devices"),
        ({"devices": 0, "way": Way.INTRANASAL}, "devices"),
        ({"swallowed": False}, "swallowed"),
    ],
)
def test_a_dose_that_cannot_be_is_refused(more: dict[str, object], key: str) -> None:
    plain = {"amount_mg": Decimal(10), "way": Way.IV, "form": Form.RACEMATE}
    with pytest.raises(InvalidInput) as caught:
        Dose(**(plain | more))
    assert caught.value.key == key


@pytest.mark.parametrize("ends", [5.0, float("inf"), float("nan")])
def test_the_rates_of_an_infusion_rise_in_time(ends: float) -> None:
    with pytest.raises(InvalidInput, match="do not rise in time"):
        infusion([Rate(5, Decimal(1))], ends, Form.RACEMATE)


@pytest.mark.parametrize("times", [[], [5, 5], [-1, 3], [float("nan")], [[1, 2]]])
def test_times_that_do_not_rise_are_refused(times: list[float]) -> None:
    with pytest.raises(InvalidInput, match="times_min"):
        simulate(KAMP, [HALF_MG_PER_KG], ADULT, times)


def test_salt_is_converted_only_where_it_is_called_salt() -> None:
    """15 % too much would be drawn for salt read as base; the guess is said aloud."""
    plain = {"amount_mg": Decimal(100), "way": Way.IV, "form": Form.RACEMATE}
    curves = {
        word: simulate(KAMP, [Dose(**plain, salt_or_base=word)], ADULT, [60])
        for word in (None, SaltOrBase.SALT, SaltOrBase.BASE)
    }
    base, salt = (curves[word].conc_ng_per_ml[0] for word in (SaltOrBase.BASE, SaltOrBase.SALT))
    assert salt / base == pytest.approx(0.867)
    assert curves[None].conc_ng_per_ml[0] == base
    said = {word: any("Salt or base" in one for one in c.warnings) for word, c in curves.items()}
    assert said == {None: True, "salt": False, "base": False}


@pytest.mark.hazard(15)
def test_nothing_in_the_first_two_minutes_after_a_bolus_is_credible() -> None:
    curve = simulate(KAMP, [dose(20, at_min=10)], ADULT, [5, 10, 11.9, 12, 13])
    assert curve.credible.tolist() == [True, False, False, True, True]
    assert summary(curve).tmax_min == 12
    with pytest.raises(InvalidInput, match="first 2 minutes"):
        summary(simulate(KAMP, [dose(20)], ADULT, [0, 1]))
    with pytest.raises(ValueError, match="read-only"):
        curve.conc_ng_per_ml[0] = 1


def test_what_is_unknown_is_said() -> None:
    warnings = simulate(KAMP, [HALF_MG_PER_KG], person(None, None), [10, 500]).warnings
    assert "No age was given: read as 45 years." in warnings
    assert "No weight was given: read as 70 kg." in warnings
    assert any(one.startswith("Beyond 6 h") for one in warnings)
    sprayed = simulate(PEREZ, [spray(1)], person(None, None), [10]).warnings
    assert not any("weight" in one for one in sprayed)


def test_ancestry_is_a_what_if_and_age_past_60_slows_the_liver() -> None:
    times = np.arange(0.0, 1441)
    young, old, japanese = (
        simulate(PEREZ, [spray(2)], one, times)
        for one in (
            person(60),
            person(80),
            Person(age_y=Decimal(45), ancestry=Ancestry.JAPANESE),
        )
    )
    assert old.area_ng_h_per_ml[-1] > young.area_ng_h_per_ml[-1]
    assert summary(japanese).cmax_ng_per_ml == pytest.approx(94.5, rel=0.02)
    assert any("what-if" in one for one in japanese.warnings)
    kamp = simulate(KAMP, [HALF_MG_PER_KG], Person(ancestry=Ancestry.ASIAN), [10])
    assert "Ancestry changes nothing in Kamp 2020." in kamp.warnings


def test_what_is_spat_out_is_not_swallowed() -> None:
    held = simulate(KAMP, [dose(25, Way.SUBLINGUAL)], ADULT, [0, 9000])
    spat = simulate(KAMP, [dose(25, Way.SUBLINGUAL, swallowed=False)], ADULT, [0, 9000])
    whole = 0.136 + 0.864 * 0.178
    ratio = spat.area_ng_h_per_ml[-1] / held.area_ng_h_per_ml[-1]
    assert ratio == pytest.approx(0.136 / whole)


def test_a_model_may_be_called_by_either_key_and_a_stranger_is_named() -> None:
    assert load("kamp2020_opentiva") is KAMP
    with pytest.raises(UnknownContent, match=r"'klamp' is not known. Known: kamp2020"):
        load("klamp")
    with pytest.raises(UnknownContent, match="esketamine by the way `oral_prolonged`"):
        default(Form.ESKETAMINE, Way.ORAL_PROLONGED)
    with pytest.raises(AttributeError, match="no attribute 'klamp'"):
        pharmacology.klamp  # noqa: B018 - asked for on purpose


@pytest.mark.parametrize(
    ("model", "crowd", "message"),
    [
        (DOMINO, Crowd(), "how people differ is not known for Domino 1982"),
        (KAMP, Crowd(people_count=3), "people: 3 is outside 20"),
        (KAMP, Crowd(without=frozenset({"luck"})), "'luck' is no source of it"),
    ],
)
def test_a_band_that_cannot_be_drawn_is_refused(
    model: pharmacology.Model, crowd: Crowd, message: str
) -> None:
    with pytest.raises(InvalidInput, match=message):
        population(model, [HALF_MG_PER_KG], ADULT, [10], crowd=crowd)
