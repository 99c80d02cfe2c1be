"""What a drawing leaves out or does not say is what a reader takes for certain."""

import json
import sys
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from kapstone.cli import main
from kapstone.pharmacology import (
    Dose,
    Form,
    Limit,
    Options,
    Person,
    Way,
    default,
    load,
    population,
    shown,
)
from kapstone.pharmacology.rows import content
from tests.core.pharmacology.asked import ADULT, EVERY_MINUTE, HALF_MG_PER_KG, dose, spray

KAMP = load("kamp2020")


@pytest.mark.hazard(15)
def test_nothing_is_drawn_in_the_two_minutes_after_a_bolus() -> None:
    seen = shown(KAMP, [dose(35), dose(10, at_min=60)], ADULT, EVERY_MINUTE)
    drawn = {int(minute) for run in seen.runs for minute in EVERY_MINUTE[run]}
    assert drawn == set(range(241)) - {0, 1, 60, 61}
    tops = population(KAMP, seen.curve.question.doses, ADULT, EVERY_MINUTE).conc_ng_per_ml[-1]
    assert seen.highest_ng_per_ml == max(tops[minute] for minute in drawn)


@pytest.mark.hazard(15)
@pytest.mark.parametrize("way", list(Way))
def test_where_the_confidence_is_very_low_there_is_a_band_and_no_line(way: Way) -> None:
    seen = shown(default(Form.RACEMATE, way), [dose(30, way)], ADULT, EVERY_MINUTE)
    very_low = way in (Way.SC, Way.ORAL_PROLONGED)
    assert seen.line is not very_low
    assert (seen.peak is None) is very_low
    assert seen.band is not None


@pytest.mark.hazard(15)
def test_beside_it_stand_the_typical_person_the_model_the_confidence_and_the_bands_content() -> (
    None
):
    seen = shown(KAMP, [HALF_MG_PER_KG], ADULT, EVERY_MINUTE)
    assert seen.beside == (
        "Predicted for a typical person: an estimate, not a measurement.",
        "Model Kamp 2020, version 1. Confidence: moderate.",
        "Ketamine in arterial plasma.",
        "Band: 90 % of 2000 simulated people of this weight lie in it, if the model is right. It "
        "holds how people differ in clearance, volumes, flow between tissues, the error of a "
        "single measurement.",
    )
    assert seen.warnings == seen.curve.warnings
    assert seen.peak is not None
    assert seen.peak.tmax_min == 40


def test_a_model_without_a_known_spread_has_its_line_alone() -> None:
    seen = shown(load("domino1982"), [HALF_MG_PER_KG], ADULT, EVERY_MINUTE)
    assert seen.band is None
    assert seen.beside[-1] == "No band: how people differ is not known for Domino 1982."
    assert seen.highest_ng_per_ml == pytest.approx(240.3, abs=0.1)


def test_every_source_of_every_model_has_its_words() -> None:
    """A name out of a table of constants says nothing to a nurse."""
    for model in content().models.values():
        form = model.forms[0]
        accept = frozenset(Limit)
        for way in model.inputs:
            one = (
                spray(2)
                if (form, way) == (Form.ESKETAMINE, Way.INTRANASAL)
                else dose(20, way, form)
            )
            person = Person(age_y=Decimal(40), weight_kg=Decimal(60))
            seen = shown(model, [one], person, [0, 5, 9], Options(accept=accept))
            assert "_" not in " ".join(seen.beside)


@pytest.mark.parametrize("times", [[0, 1, 1.5], [0, 1, 5]])
def test_nothing_credible_is_nothing_drawn(times: list[float]) -> None:
    """Of a single credible moment there is no line either."""
    bolus = Dose(amount_mg=Decimal(10), way=Way.IV, form=Form.RACEMATE)
    seen = shown(KAMP, [bolus], ADULT, times)
    assert seen.runs == ()
    assert seen.highest_ng_per_ml == 0


def asked(tmp_path: Path, **more: object) -> str:
    path = tmp_path / "plan.json"
    path.write_text(json.dumps({"dose_mg": 35, "infusion_min": 40, "people": 200} | more))
    return str(path)


@pytest.mark.parametrize(("route", "ending"), [("IV", "svg"), ("SC", "png")])
def test_a_plan_becomes_a_picture(
    tmp_path: Path, route: str, ending: str, capsys: pytest.CaptureFixture[str]
) -> None:
    picture = tmp_path / f"plan.{ending}"
    plan = asked(tmp_path, route=route, infusion_min=40 if route == "IV" else 0)
    assert main(["simulate", plan, "--plot", str(picture)]) == 0
    assert picture.stat().st_size > 5_000
    assert json.loads(capsys.readouterr().out)["bands"]


def test_a_picture_without_a_band_where_nobody_asked_for_one(tmp_path: Path) -> None:
    picture = tmp_path / "plan.svg"
    assert main(["simulate", asked(tmp_path, people=0), "--plot", str(picture)]) == 0
    assert "FillBetween" not in picture.read_text(encoding="utf-8")


def test_no_picture_says_why(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["simulate", asked(tmp_path), "--plot", "plan.gif"]) == 2
    assert "ends in none of" in capsys.readouterr().err
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    assert main(["simulate", asked(tmp_path), "--plot", str(tmp_path / "plan.png")]) == 2
    assert "kapstone[plot]" in capsys.readouterr().err


def test_times_that_are_asked_once_are_drawn_once() -> None:
    seen = shown(KAMP, [HALF_MG_PER_KG], ADULT, np.arange(0.0, 61))
    assert seen.runs == (slice(0, 61),)
