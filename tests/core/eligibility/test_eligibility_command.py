"""`kapstone screen`: one document in, one out; a slip names its key and evaluates nothing."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from kapstone.cli import main
from kapstone.eligibility import read_facts, screen

SCENARIOS = sorted((Path(__file__).parents[2] / "scenarios").glob("screen_*.json"))


def run(document: object, tmp_path: Path) -> int:
    file = tmp_path / "facts.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    return main(["screen", str(file)])


@pytest.mark.parametrize("scenario", SCENARIOS, ids=[path.stem for path in SCENARIOS])
def test_a_scenario_comes_out_as_written(
    scenario: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = json.loads(scenario.read_text(encoding="utf-8"))
    status = run(told["in"], tmp_path)
    printed = capsys.readouterr()
    if "error" in told:
        assert (status, printed.out) == (2, "")
        assert told["error"] in printed.err
    else:
        assert status == 0
        assert json.loads(printed.out) == told["out"]


def test_there_are_scenarios() -> None:
    assert len(SCENARIOS) >= 6


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"capacity": false, "capacity": true}', "capacity: stands twice"),
        ('{"age_y": NaN}', "$.age_y: is not a finite number"),
        ('{"age_y": ' + "9" * 5000 + "}", "a number too long"),
        ('{"age_y": 40', "line 1"),
    ],
)
def test_a_slip_in_the_file_evaluates_nothing(
    text: str, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "facts.json"
    file.write_text(text, encoding="utf-8")
    assert main(["screen", str(file)]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert told in printed.err


def test_a_finding_shows_the_figures_as_they_were_given() -> None:
    facts = read_facts({"sbp": [Decimal("180.5")], "dbp": [80], "medications": [{"name": "x"}]})
    (finding,) = screen(facts).findings
    assert finding.because == {"sbp": [180.5], "dbp": [80]}
    medicine = {
        "name": "phenelzine",
        "route": "PO",
        "daily_dose_mg": Decimal("15"),
        "planned": False,
    }
    (finding,) = screen(read_facts({"medications": [medicine]})).findings
    shown = {"name": "phenelzine", "route": "PO", "daily_dose_mg": 15.0}
    assert finding.because == {"medications": [shown]}
