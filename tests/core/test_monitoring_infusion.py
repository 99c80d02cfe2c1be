"""What a pump gave by its charted rates: wrong here, the console tells another dose than is in."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from kapstone.content import rows
from kapstone.errors import InvalidInput, UnknownContent
from kapstone.monitoring.events import Event, Kind
from kapstone.monitoring.infusion import Infusion, Run, gives_more, infusion
from kapstone.monitoring.parts import pause_chased_after, second_part
from kapstone.monitoring.schedules import schedule_for
from kapstone.monitoring.session import fold

T0 = datetime(2026, 3, 1, 15, tzinfo=UTC)


def at(minute):
    return T0 + timedelta(minutes=minute)


def line(*told):
    """Events from (kind, minute, figures)."""
    return [
        Event(n, Kind(kind), at(minute), **{key: Decimal(one) for key, one in more.items()})
        for n, (kind, minute, more) in enumerate(told, 1)
    ]


START = ("dose_start", 0, {"rate_ml_per_h": "60", "mg_per_ml": "1"})


@pytest.mark.hazard(5)
@pytest.mark.parametrize(
    ("told", "minute", "mg"),
    [
        ([START], 0, "0.00"),
        ([START], 30, "30.00"),
        ([START, ("dose_rate", 10, {"rate_ml_per_h": "30"})], 30, "20.00"),
        ([START, ("dose_rate", 10, {"mg_per_ml": "2"})], 30, "50.00"),
        ([START, ("dose_rate", 10, {"rate_ml_per_h": "0"})], 30, "10.00"),
        ([START, ("dose_pause", 10, {})], 30, "10.00"),
        ([START, ("dose_pause", 10, {}), ("dose_pause", 12, {})], 30, "10.00"),
        ([START, ("dose_pause", 10, {}), ("dose_resume", 25, {})], 30, "15.00"),
        ([START, ("dose_resume", 10, {})], 30, "30.00"),
        ([START, START], 30, "30.00"),
        (
            [("dose_rate", -5, {"rate_ml_per_h": "60", "mg_per_ml": "1"}), ("dose_start", 0, {})],
            6,
            6,
        ),
        ([("dose_pause", -5, {}), START], 6, 6),
        ([("dose_start", 0, {})], 0, 0),
        ([("dose_start", 0, {})], 1, None),
        ([("dose_start", 0, {"rate_ml_per_h": "60"})], 1, None),
        ([("dose_start", 0, {"mg_per_ml": "1"})], 1, None),
        (
            [("dose_start", 0, {}), ("dose_rate", 1, {"rate_ml_per_h": "60", "mg_per_ml": "1"})],
            9,
            None,
        ),
        ([("dose_start", 0, {"rate_ml_per_h": "0"})], 9, 0),
    ],
)
def test_what_the_charted_rates_give_until_now(told, minute, mg):
    run = infusion(line(*told), at(minute)).open_run
    assert run.computed_mg == (None if mg is None else Decimal(mg))
    assert (run.start, run.end, run.charted_mg) == (at(0), None, None)


def test_thirds_of_a_minute_lose_nothing():
    told = line(("dose_start", 0, {"rate_ml_per_h": "0.01", "mg_per_ml": "0.333"}))
    whole = infusion(told, at(60 * 24)).open_run.computed_mg
    assert whole == Decimal("0.08")
    heavy = line(("dose_start", 0, {"rate_ml_per_h": "999.99", "mg_per_ml": "99.999"}))
    assert infusion(heavy, at(60 * 24)).open_run.computed_mg == Decimal("2399952.00")


@pytest.mark.parametrize(
    ("charted", "differs"),
    [("10", False), ("10.5", False), ("10.51", True), ("9.49", True), ("9.5", False)],
)
def test_what_was_charted_at_the_stop_stands_beside_what_the_rates_give(charted, differs):
    told = line(START, ("dose_stop", 10, {"dose_mg": charted}))
    (run,) = infusion(told, at(90)).runs
    assert (run.charted_mg, run.computed_mg) == (Decimal(charted), Decimal("10.00"))
    assert run.differs is differs


def test_where_one_of_the_two_is_not_known_nothing_differs():
    known = infusion(line(START, ("dose_stop", 10, {})), at(90)).runs[0]
    assert (known.charted_mg, known.differs) == (None, False)
    charted = infusion(line(("dose_start", 0, {}), ("dose_stop", 10, {"dose_mg": "9"})), at(90))
    assert (charted.runs[0].computed_mg, charted.runs[0].differs) == (None, False)


def test_nothing_in_and_nothing_charted_agree_but_not_something():
    still = ("dose_start", 0, {"rate_ml_per_h": "0", "mg_per_ml": "1"})
    for mg, differs in (("0", False), ("1", True)):
        told = line(still, ("dose_stop", 10, {"dose_mg": mg}))
        assert infusion(told, at(90)).runs[0].differs is differs


def test_a_second_run_begins_from_nothing():
    told = line(
        START, ("dose_stop", 10, {"dose_mg": "10"}), ("dose_start", 20, {}), ("dose_stop", 30, {})
    )
    found = infusion(told, at(90))
    assert [run.computed_mg for run in found.runs] == [10, None]
    assert (found.open_run, found.rate_ml_per_h, found.mg_per_ml) == (None, None, None)


def test_a_stop_whose_start_nobody_charted_is_a_run_of_no_length():
    (run,) = infusion(line(("dose_stop", 10, {"dose_mg": "9"})), at(90)).runs
    assert (run.start, run.end, run.computed_mg) == (at(10), at(10), None)


@pytest.mark.hazard(5)
def test_since_when_it_stands_still_is_known_until_it_moves_again():
    def still(*told, until=60):
        return infusion(line(START, *told), at(until)).still_since

    nought = ("dose_rate", 8, {"rate_ml_per_h": "0"})
    assert still() is None
    assert still(("dose_pause", 10, {})) == at(10)
    assert still(nought, ("dose_pause", 10, {})) == at(8)
    assert still(nought, ("dose_rate", 9, {"rate_ml_per_h": "5"})) is None
    assert still(("dose_pause", 10, {}), ("dose_rate", 12, {"rate_ml_per_h": "5"})) == at(10)
    assert still(("dose_pause", 10, {}), ("dose_resume", 12, {})) is None
    assert still(("dose_pause", 10, {}), ("dose_stop", 12, {"dose_mg": "9"})) is None
    assert still(("dose_pause", 10, {}), until=9) is None
    assert infusion(line(("dose_pause", 0, {})), at(9)).still_since is None


def test_what_is_charted_for_later_is_not_yet_true():
    told = line(START, ("dose_rate", 20, {"rate_ml_per_h": "600"}))
    found = infusion(told, at(20 - 0.001))
    assert found.rate_ml_per_h == 60
    assert infusion(told, at(20)).rate_ml_per_h == 600


def test_only_an_infusion_has_a_pump():
    told = line(("dose_start", 0, {"dose_mg": "35"}))
    assert fold(schedule_for("RACEMIC", "IM"), told, at(9)).infusion == Infusion()
    assert fold(schedule_for("RACEMIC", "IV"), told, at(9)).infusion.open_run


@pytest.mark.parametrize(
    ("kind", "told", "says"),
    [
        ("dose_rate", {}, "rate_ml_per_h: is missing"),
        ("dose_rate", {"rate_ml_per_h": "-0.01"}, "not possible"),
        ("dose_rate", {"rate_ml_per_h": "1000.01"}, "0 to 1000"),
        ("dose_rate", {"rate_ml_per_h": "1.005"}, "at most 2 decimals"),
        ("dose_start", {"mg_per_ml": "0"}, "0.001 to 100"),
        ("dose_start", {"mg_per_ml": "100.001"}, "0.001 to 100"),
        ("dose_start", {"mg_per_ml": "0.0011"}, "at most 3 decimals"),
    ],
)
def test_a_pump_that_cannot_be_is_refused(kind, told, says):
    with pytest.raises(InvalidInput, match=says):
        line((kind, 0, told))


def test_the_parts_of_a_dose_are_content_that_a_clinic_signs():
    listed = {row.id: row for row in rows()}
    assert listed["pause_chased_after_min"].mark == "P"
    assert pause_chased_after() == timedelta(minutes=10)
    assert "PART-IM" in listed
    assert second_part("IM").allowed and not second_part("IV").allowed
    with pytest.raises(UnknownContent, match="by XX"):
        second_part("XX")


def test_a_third_of_a_mg_is_shown_to_a_hundredth():
    told = [("dose_start", 0, {"rate_ml_per_h": "10", "mg_per_ml": "1"})]
    (run,) = infusion(line(*told), at(20)).runs
    assert run.computed_mg == Decimal("3.33")


@pytest.mark.parametrize(("charted", "differs"), [("105.00", False), ("105.01", True)])
def test_a_hair_over_what_is_passed_over_differs(charted, differs):
    """100 mg by the rates, and 5 % of it is passed over."""
    assert Run(at(0), at(60), Decimal(charted), Decimal(100)).differs is differs


def test_the_open_run_is_the_last_one():
    first = [START, ("dose_stop", 10, {"dose_mg": "10"})]
    found = infusion(line(*first, ("dose_start", 20, {})), at(30))
    assert found.open_run is not None and found.open_run.start == at(20)
    assert infusion(line(*first), at(30)).open_run is None


def test_a_run_after_a_paused_one_moves():
    told = [START, ("dose_pause", 5, {}), ("dose_stop", 10, {"dose_mg": "5"})]
    again = ("dose_start", 20, {"rate_ml_per_h": "60", "mg_per_ml": "1"})
    assert infusion(line(*told, again), at(30)).runs[-1].computed_mg == Decimal("10.00")


@pytest.mark.parametrize("most", [{"rate_ml_per_h": "1000"}, {"mg_per_ml": "100"}])
def test_the_most_that_a_pump_takes_is_taken(most):
    (event,) = line(("dose_rate", 0, most))
    assert event.kind is Kind.DOSE_RATE


@pytest.mark.hazard(5)
@pytest.mark.parametrize(
    ("stands", "rate", "strength", "more"),
    [
        (("60", "1"), "61", None, True),
        (("60", "1"), "60", None, False),
        (("60", "1"), "59", None, False),
        (("60", "1"), "0", None, False),
        (("60", "1"), None, "2", True),
        (("60", "1"), None, "0.5", False),
        (("60", "1"), "30", "2", False),  # half as fast and twice as strong is the same
        (("60", "1"), "31", "2", True),
        (("0", "1"), "1", None, True),
        (("60", None), "61", None, True),
        (("60", None), "60", None, False),
        (("60", None), "59", None, False),
        (("60", None), "10", "1", True),  # nobody knows what it was: it may be more
        ((None, None), "1", None, True),
        ((None, None), "0", "9", False),
        ((None, None), None, "1", True),
    ],
)
def test_a_setting_that_gives_more_is_known_as_more(stands, rate, strength, more):
    """Taken for less, it would be let through while an alarm says no further drug."""
    now, told = (
        [None if one is None else Decimal(one) for one in pair]
        for pair in (stands, (rate, strength))
    )
    assert gives_more(Infusion((), *now), *told) is more
