"""A report from the floor is a test case: each file of scenarios is one."""

import io
import json
from pathlib import Path

import pytest

from kapstone.cli import main
from kapstone.errors import InvalidInput, UnknownContent
from kapstone.monitoring.follow import replay
from kapstone.monitoring.page import monitoring_page

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "tests" / "scenarios").glob("follow_*.json"))
NIGHTS = [path for path in FILES if path.stem.startswith("follow_night")]  # asked at many moments
SCENARIOS = [path for path in FILES if path not in NIGHTS]


def test_there_are_scenarios():
    assert SCENARIOS


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_a_scenario_gives_what_was_expected(path):
    case = json.loads(path.read_text(encoding="utf-8"))
    found = replay(case["input"])
    assert found.pop("version")
    assert found == case["expected"]


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_a_scenario_in_any_order_gives_the_same(path):
    case = json.loads(path.read_text(encoding="utf-8"))["input"]
    numbered = [{"number": place + 1} | one for place, one in enumerate(case["events"])]
    assert replay(case | {"events": numbered[::-1]}) == replay(case)


def asked(path):
    """Each moment of a night, with what is expected and what `follow` says of it."""
    case = json.loads(path.read_text(encoding="utf-8"))
    for moment in case["moments"]:
        found = replay(case["input"] | {"now": moment["now"]})
        alarms = {
            ".".join(filter(None, (a["rule"], a["band"]))): a["tier"] for a in found["alarms"]
        }
        late = {f"{one['reading']} {one['at_min']:g}" for one in found["missed"]}
        yield moment, alarms, late, found["discharge"]["unmet"]


@pytest.mark.hazard(16)
@pytest.mark.parametrize("path", NIGHTS, ids=lambda path: path.stem)
def test_a_night_is_what_passed_and_not_what_the_clock_says(path):
    for moment, alarms, late, unmet in asked(path):
        assert alarms == moment.get("alarms", alarms), moment
        assert late >= set(moment.get("missed", ())), moment
        assert not late & set(moment.get("not_missed", ())), moment
        assert set(unmet) >= set(moment.get("unmet", ())), moment
        assert not set(unmet) & set(moment.get("not_unmet", ())), moment


def test_the_first_and_the_last_year_are_taken():
    for starts in ("1900-01-01T00:00:00+00:00", "2199-12-31T23:59:59+00:00"):
        assert replay(GOOD | {"starts_at": starts})["missed"] == replay(GOOD)["missed"]


def test_both_nights_of_two_zones_and_midnight_are_there():
    names = {path.stem.removeprefix("follow_night_") for path in NIGHTS}
    assert names == {
        *("new_york_spring", "new_york_autumn", "berlin_spring", "berlin_autumn", "midnight")
    }


def test_minutes_and_a_clock_on_the_wall_say_the_same():
    wall = GOOD | {"starts_at": "2026-11-01T01:30:00-04:00", "now": "2026-11-01T01:10:00-05:00"}
    at = {"at": "2026-11-01T01:05:00-05:00", "kind": "vitals", "spo2": 88}
    start = {"t_min": 0, "kind": "dose_start"}
    by_clock = replay({**wall, "now_min": None, "events": [start, at]})
    by_minutes = [start, {"t_min": 35, "kind": "vitals", "spo2": 88}]
    assert by_clock == replay(GOOD | {"now_min": 40, "events": by_minutes})
    assert by_clock["alarms"][0]["since_min"] == 35


GOOD = {
    "product": "RACEMIC",
    "route": "IV",
    "now_min": 10,
    "events": [{"t_min": 0, "kind": "dose_start"}],
}


WALL = GOOD | {"starts_at": "2026-11-01T01:30:00-04:00"}


def one_event(**changed):
    return GOOD | {"events": [{"t_min": 1, "kind": "vitals", "hr": 70} | changed]}


@pytest.mark.parametrize(
    ("document", "says"),
    [
        (GOOD | {"starts_at": "today"}, "starts_at: is no time. Give a date, a time and its"),
        (GOOD | {"starts_at": "2026-11-01T01:30"}, "starts_at: has no offset: that hour may come"),
        (GOOD | {"starts_at": "0001-01-01T00:00:00+14:00"}, "starts_at: is in the year 1. Give"),
        (GOOD | {"starts_at": "1899-12-31T23:59:59+00:00"}, "starts_at: is in the year 1899"),
        (GOOD | {"starts_at": "2200-01-01T00:00:00+00:00"}, "starts_at: is in the year 2200"),
        (WALL | {"now": "2026-11-01T01:30"}, "now: has no offset"),
        (WALL | {"now": "2026-11-03T01:30:01-04:00"}, "now: is 2880.*, out of range. Give -1440"),
        (WALL | {"events": [{"at": 1, "kind": "vitals", "hr": 70}]}, r"\[0\].at: is not a text"),
        (GOOD | {"events": [{"at": "x", "kind": "vitals"}]}, "starts_at: is missing. Say when"),
        (GOOD | {"now": "2026-11-01T01:30:00-04:00"}, "starts_at: is missing. Say when"),
        ([], "the input: is not a JSON object"),
        (GOOD | {"rout": 1}, "rout: is not a known key"),
        (GOOD | {"product": "KETAMINE"}, "product: is 'KETAMINE'. Give one of: ESKETAMINE"),
        (GOOD | {"now_min": None}, "now_min: is not a number"),
        (GOOD | {"now_min": 2881}, "now_min: is 2881, out of range. Give -1440 to 2880"),
        (GOOD | {"baseline": {"rr": 9}}, "baseline.rr: is not a known key"),
        (GOOD | {"baseline": {"sbp": 20}}, "baseline.sbp: is 20, which is not possible"),
        (GOOD | {"events": {}}, "events: is not a list"),
        (one_event(kind="vital"), r"events\[0\].kind: is 'vital'"),
        (one_event(hr=301), r"events\[0\].hr: is 301, .*Give 0 to 300 /min"),
        (one_event(moaas=4), r"events\[0\].moaas: is not a known key"),
        (one_event(hr=None), r"events\[0\]: charts nothing. Give one of: sbp"),
        (one_event(seated="yes"), r"events\[0\].seated: is neither"),
        (one_event(sbp=80, dbp=90), r"events\[0\].diastolic_mmhg: is 90, not below"),
        (one_event(replaces=1), r"events\[0\].replaces: is 1; event 1 can only"),
        (one_event(t_min=-1441), r"events\[0\].t_min: is -1441"),
        (one_event(kind="symptom", hr=None), r"events\[0\].hr: is not a known key"),
        ({**GOOD, "events": [{"t_min": 1, "kind": "symptom"}]}, "symptom: names none"),
        ({**GOOD, "events": [{"t_min": 1, "kind": "symptom", "symptom": "ill"}]}, "is 'ill'"),
        ({**GOOD, "events": [{"t_min": 1, "kind": "symptom", "symptom": ["ill"]}]}, "is 'ill'"),
        ({**GOOD, "events": [{"t_min": 1, "kind": "phase", "phase": "fun"}]}, "phase: is 'fun'"),
        ({**GOOD, "events": [{"t_min": 1, "kind": "override"}]}, "rule: is not a text"),
    ],
)
def test_a_slip_is_refused_with_its_place(document, says):
    with pytest.raises(InvalidInput, match=says):
        replay(document)


def test_a_route_without_a_plan_is_refused():
    with pytest.raises(UnknownContent, match="ESKETAMINE by IV"):
        replay(GOOD | {"product": "ESKETAMINE"})


def test_the_rarer_kinds_are_read():
    events = [
        {"t_min": 0, "kind": "symptom", "symptom": ["chest_pain", "visual_loss"]},
        {"t_min": 1, "kind": "symptom", "symptom": "chest_pain", "present": False},
        {"t_min": 2, "kind": "alarm_resolved", "rule": "ALM-CP", "band": "neurological"},
        {"t_min": 2, "kind": "alarm_resolved", "rule": "ALM-CP"},
        {"t_min": 3, "kind": "phase", "phase": "arrived"},
        {"t_min": 4, "kind": "override", "rule": "DIS-01"},
        {"t_min": 5, "kind": "withdrawn", "replaces": 5},
    ]
    found = replay(GOOD | {"events": events})
    assert [(one["rule"], one["band"]) for one in found["alarms"]] == [("ALM-CP", "neurological")]
    assert "DIS-01" not in found["discharge"]["unknown"]


def test_the_command_reads_a_file_or_standard_input(tmp_path, capsys, monkeypatch):
    file = tmp_path / "session.json"
    file.write_text(json.dumps(GOOD), encoding="utf-8")
    assert main(["follow", str(file)]) == 0
    from_file = capsys.readouterr().out
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(json.dumps(GOOD).encode())))
    assert main(["follow", "-"]) == 0
    assert capsys.readouterr().out == from_file
    assert json.loads(from_file)["discharge"]["ready"] is False
    file.write_text(json.dumps(GOOD | {"route": "XX"}), encoding="utf-8")
    assert main(["follow", str(file)]) == 2
    assert "route: is 'XX'" in capsys.readouterr().err


def test_the_page_of_the_tables_is_up_to_date():
    page = (ROOT / "docs" / "generated" / "monitoring.md").read_text(encoding="utf-8")
    assert page == monitoring_page(), "run: python -m kapstone.generated docs/generated"
