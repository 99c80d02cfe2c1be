"""Single rules at their edges: a wrong one would give every person of one scale a wrong number."""

import csv
import json
from decimal import Decimal
from pathlib import Path

import pytest

from kapstone import instruments
from kapstone.errors import InvalidInput
from kapstone.instruments import loading
from kapstone.instruments.document import Node
from kapstone.instruments.instrument_document import instrument_of

SPEC = Path(__file__).parents[2] / "spec"
TIERS = list(csv.DictReader((SPEC / "suicide_tiers.csv").read_text().splitlines()))
SAID = {"yes": 1, "no": 0}


def scored(instrument_id: str, attributes: dict | None = None, **answers: object):
    return instruments.score(instruments.load(instrument_id), answers, attributes or {})


def alert_ids(result: instruments.ScoredResponse) -> list[str]:
    return [alert.id for alert in result.alerts]


@pytest.mark.hazard(10)
@pytest.mark.parametrize("row", TIERS, ids=lambda row: row["why"])
def test_the_screener_alerts_at_the_level_of_the_suicide_tier(row: dict[str, str]) -> None:
    answers = {key: SAID[row[key]] for key in ("q1", "q2", "q3", "q4", "q5", "q6") if row[key]}
    if row["q6_3mo"]:
        answers["q6r"] = SAID[row["q6_3mo"]]
    result = scored("cssrs_screener", **answers)
    assert [str(alert.level) for alert in result.alerts] == ([row["level"]] if row["level"] else [])
    if row["tier"] == "HIGH":
        assert result.scores["risk_level"] == "high"
    elif row["unanswered"]:
        assert result.scores["risk_level"] == "unknown"
    else:
        assert result.scores["risk_level"] == row["tier"].lower()


def test_a_skipped_question_of_the_screener_is_not_missing_and_an_unskipped_one_is() -> None:
    assert scored("cssrs_screener", q1=0, q2=0, q6=0).missing == ()
    asked = scored("cssrs_screener", q1=0, q2=1, q6=1)
    assert asked.missing == ("q3", "q4", "q5", "q6r")
    assert asked.marks == {
        "ideation_level": "at least this, 2 of 5 answered, item 3 missing, item 4 missing, "
        "item 5 missing"
    }


def test_the_worst_of_the_side_effects_that_were_asked_is_no_worst_of_all() -> None:
    """Else a prescriber reads that a dose was borne, and the effect nobody asked about is gone."""
    some = scored("side_effects", q1=1, q2=0)
    assert (some.scores["max"], some.marks["max"]) == (1, "at least this, 2 of 18 answered")
    every = scored("side_effects", **{f"q{n}": 0 for n in range(1, 19)})
    assert (every.scores["max"], every.marks) == (0, {})


def test_who_never_drinks_is_not_asked_further() -> None:
    result = scored("audit_c", q1=0)
    assert (result.scores["total"], result.missing, result.marks) == (0, (), {})
    assert scored("audit_c", q1=0, q2=2).scores["total"] == 2
    assert scored("audit_c", q1=1).scores["total"] is None


@pytest.mark.parametrize(
    ("sex", "positive"), [("male", False), ("female", True), ("intersex", True), (None, True)]
)
def test_the_cut_off_follows_the_sex_and_the_lower_one_where_it_is_not_known(
    sex: str | None, positive: bool
) -> None:
    result = scored("audit_c", {"sex": sex}, q1=2, q2=1, q3=0)
    assert result.scores["positive"] is positive


def test_a_rise_alerts_only_against_an_earlier_score() -> None:
    sixteen = {f"q{n}": 0 for n in range(1, 21)} | {f"q{n}": 4 for n in range(1, 5)}
    for previous, rises in ((1, True), (2, False), (None, False), (1.0, True)):
        result = scored("pcl5", {"previous": {"total": previous}}, **sixteen)
        assert ("worse" in alert_ids(result)) is rises
    assert "worse" not in alert_ids(scored("pcl5", **sixteen))


def test_an_earlier_category_is_read_as_one() -> None:
    earlier = {"risk_level": "high", "ideation_level": 4}
    result = scored("cssrs_screener", {"previous": earlier}, q1=0, q2=0, q6=0)
    assert result.scores["risk_level"] == "none"
    with pytest.raises(InvalidInput, match=r"previous\.risk_level"):
        scored("cssrs_screener", {"previous": {"risk_level": 4}})


def test_what_is_judged_before_discharge_alerts_only_there() -> None:
    at = [{"timepoint": when} for when in ("peak", "post_120")]
    found = [alert_ids(scored("cadss6", when, q1=1, q2=1, q6=0, q7=0, q15=0, q22=0)) for when in at]
    assert found == [[], ["persisting"]]


def test_the_other_way_round_item_counts_the_other_way() -> None:
    none = {f"q{n}": 0 for n in range(1, 11)}
    assert scored("dast10", **none).scores["total"] == 1
    assert scored("dast10", **none | {"q3": 1}).scores["total"] == 0


def test_a_mean_of_more_than_half_stands_and_of_fewer_does_not() -> None:
    four = {f"q{n}": n for n in range(5, 9)}
    assert scored("bpi_sf", **four).scores["interference"] == Decimal("6.5")
    assert scored("bpi_sf", q5=5, q6=6, q7=7).scores["interference"] is None
    assert scored("bpi_sf", **four).marks == {"interference": "4 of 7 answered"}


def test_an_entered_total_is_the_total() -> None:
    assert scored("bpic_ss", total=19).bands == {"total": "positive"}
    assert scored("athf_sf", n_failed_adequate=2).bands == {"n_failed_adequate": "trd"}


def test_hamilton_weight_not_assessed_is_no_zero() -> None:
    rest = {f"q{n}": 1 for n in range(1, 18) if n != 16}
    assert scored("hamd17", **rest).scores["total"] is None
    with pytest.raises(InvalidInput):
        scored("hamd17", **rest, q16=3)


def test_a_decimal_score_prints_as_a_number() -> None:
    printed = scored("peg", q1=3, q2=3, q3=4).as_json()
    assert json.dumps(printed["scores"]) == '{"mean": 3.3}'


@pytest.mark.parametrize(
    ("name", "old", "new", "key"),
    [
        ("pcl5-1", '"policy": "lower_bound"', '"policy": "guess"', "x.scores[5].missing"),
        ("peg-1", '"from": 0', '"form": 0', "x.choices.number_0_10.form"),
        ("cssrs_slc-1", '"eq": "high"', '"eq": null', "x.alerts[0].when.eq"),
        ("who5-1", '"le": 28', '"le": "28"', "x.alerts[0].when.le"),
        ("dast10-1", '"reversed": true', '"reversed": 1', "x.items[2].reversed"),
    ],
)
def test_content_of_the_wider_format_is_refused_by_place(
    name: str, old: str, new: str, key: str
) -> None:
    text = (loading.DATA / f"{name}.json").read_text(encoding="utf-8")
    assert old in text
    with pytest.raises(InvalidInput) as caught:
        instrument_of(Node(json.loads(text.replace(old, new)), "x"))
    assert caught.value.key == key
