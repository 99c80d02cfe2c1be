"""`kapstone score`, as the contract of the commands has it."""

import io
import json
from pathlib import Path

import pytest

from kapstone.cli import main

CASES = Path(__file__).parents[2] / "scenarios" / "scoring_cases.json"
Output = pytest.CaptureFixture[str]


@pytest.fixture
def written(tmp_path: Path):
    def write(document: object) -> str:
        path = tmp_path / "input.json"
        path.write_text(json.dumps(document))
        return str(path)

    return write


def case(**changed: object) -> dict[str, object]:
    expected = {
        "scores": {"total": 2, "gad2": 2},
        "bands": {"total": "minimal"},
        "alerts": [],
    }
    responses = {f"q{n}": 0 for n in range(1, 8)} | {"q1": 2}
    return {
        "id": "one",
        "instrument": "gad7",
        "responses": responses,
        "expected": expected | changed,
    }


@pytest.mark.hazard(10)
def test_every_worked_case_agrees(capsys: Output) -> None:
    assert main(["score", "--cases", str(CASES)]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert (printed["agreed"], printed["disagreed"], printed["not_held"]) == (289, 0, {})
    assert len(printed["versions"].keys() - {"moment"}) == 41  # beside them our own check-in


@pytest.mark.parametrize(
    ("changed", "line"),
    [
        ({"scores": {"total": 3, "gad2": 2}}, "one: scores.total is 2, expected 3"),
        ({"scores": {"total": 2}}, "one: scores.gad2 is 2, expected absent"),
        (
            {"scores": {"total": 2, "gad2": 2, "gad3": None}},
            "one: scores.gad3 is absent, expected None",
        ),
        ({"bands": {"total": "mild"}}, "one: bands.total is minimal, expected mild"),
        ({"alerts": ["severe"]}, "one: alerts is [], expected ['severe']"),
    ],
)
def test_a_disagreement_is_a_line_and_a_status(
    written, capsys: Output, changed: dict[str, object], line: str
) -> None:
    assert main(["score", "--cases", written({"cases": [case(**changed), case()]})]) == 1
    printed = json.loads(capsys.readouterr().out)
    assert printed["disagreements"] == [line]
    assert (printed["agreed"], printed["disagreed"]) == (1, 1)


def test_true_is_not_taken_for_one(written, capsys: Output) -> None:
    flag = {
        "id": "flag",
        "instrument": "phq9",
        "responses": {f"q{n}": 0 for n in range(1, 10)},
        "attributes": {},
        "expected": {
            "scores": {"total": 0, "phq2": 0, "symptom_count": 0, "mds_algorithm": 0},
            "bands": {"total": "minimal"},
            "alerts": [],
        },
    }
    assert main(["score", "--cases", written({"cases": [flag]})]) == 1
    assert "flag: scores.mds_algorithm is False, expected 0" in capsys.readouterr().out


def test_cases_of_an_instrument_not_held_are_counted_and_named(written, capsys: Output) -> None:
    other = {"id": "two", "instrument": "ymrs"}
    assert main(["score", "--cases", written({"cases": [case(), other, other]})]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["not_held"] == {"ymrs": 2}
    assert printed["agreed"] == 1


@pytest.mark.parametrize(
    ("document", "named"),
    [
        ([], "file: is not an object"),
        ({}, "file.cases: is missing"),
        ({"cases": []}, "file.cases: holds no case"),
        ({"cases": [case(), {"id": "x"}]}, "file.cases[1].instrument: is missing"),
        (
            {"cases": [case(), case() | {"responses": {"q1": 9}}]},
            "one.responses.q1: is not an answer. Give one of 0, 1, 2, 3, or leave it out.",
        ),
        ({"cases": [case(alerts="severe")]}, "file.cases[0].expected.alerts: is not a list"),
    ],
)
def test_a_malformed_file_of_cases_evaluates_nothing(
    written, capsys: Output, document: object, named: str
) -> None:
    assert main(["score", "--cases", written(document)]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert named in captured.err


def test_answers_on_standard_input_are_scored(
    monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    document = {"responses": {"q9": 1}, "attributes": {"timepoint": "baseline"}}
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(json.dumps(document).encode())))
    assert main(["score", "phq9", "-"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert set(printed) == {"instrument", "version", "scores", "bands", "alerts", "missing"}
    assert printed["alerts"] == [{"id": "si_item", "level": "urgent"}]
    assert printed["missing"] == [f"q{n}" for n in range(1, 9)]


def test_attributes_may_be_left_out(written, capsys: Output) -> None:
    assert main(["score", "gad7", written({"responses": {}})]) == 0
    assert json.loads(capsys.readouterr().out)["scores"] == {"total": None, "gad2": None}


@pytest.mark.parametrize(
    ("instrument", "document", "named"),
    [
        ("phq9", {"responses": {"q1": True}}, "responses.q1: is not an answer"),
        ("phq9", {"answers": {"q1": 1}}, "file.answers: is not a key here"),
        ("phq9", {"attributes": {}}, "file.responses: is missing"),
        ("phq9", {"responses": [1]}, "file.responses: is not an object"),
        ("ymrs", {"responses": {}}, "ymrs: no such instrument here"),
    ],
)
def test_malformed_answers_print_no_score(
    written, capsys: Output, instrument: str, document: object, named: str
) -> None:
    assert main(["score", instrument, written(document)]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert named in captured.err


@pytest.mark.parametrize("line", [["phq9"], [], ["phq9", "--cases", "x.json"]])
def test_a_command_line_that_says_too_little_or_two_things_is_refused(
    line: list[str], capsys: Output
) -> None:
    assert main(["score", *line]) == 2
    assert "--cases" in capsys.readouterr().err
