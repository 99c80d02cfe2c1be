"""A demonstration that flatters the treatment misleads everyone who sees it."""

import json
import math
import statistics
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from random import Random

import pytest

from kapstone.cli import main
from kapstone.errors import InvalidInput
from kapstone.pathway import Episode
from kapstone.synth import SyntheticPerson, Trajectory, people, trajectory
from kapstone.synth.draws import bounded
from kapstone.synth.evidence import figures
from kapstone.synth.people import NAMESAKES, STAGES

AS_OF = date(2026, 3, 1)
DEMO_SEED, CHECK_SEED = 1, 20_260_301  # the demo's thirty are never drawn with the check's seed


@pytest.fixture(scope="module")
def drawn() -> tuple[SyntheticPerson, ...]:
    return people(CHECK_SEED, 5_000, AS_OF)


def share(found: Iterable[bool]) -> float:
    return statistics.fmean(found)


def halved(later: int, baseline: int) -> bool:
    return 2 * later <= baseline


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("madrs_baseline", lambda course: course.madrs_baseline),
        ("madrs_1d", lambda course: course.madrs_24h_total),
        ("madrs_7d", lambda course: course.madrs_day7_total),
    ],
)
def test_means_and_spreads_lie_in_their_published_intervals(
    drawn: tuple[SyntheticPerson, ...], name: str, read: Callable[[Trajectory], int]
) -> None:
    totals = [read(person.course) for person in drawn]
    low, high = figures()[name].interval
    assert low <= statistics.fmean(totals) <= high
    low, high = figures()[name].sd_interval
    assert low <= statistics.stdev(totals) <= high


@pytest.mark.parametrize(
    ("name", "holds"),
    [
        ("response_1d", lambda c: halved(c.madrs_24h_total, c.madrs_baseline)),
        ("remission_1d", lambda c: c.madrs_24h_total <= 10),
        ("response_7d", lambda c: halved(c.madrs_day7_total, c.madrs_baseline)),
        ("phq9_response", lambda c: halved(c.phq9_end_total, c.phq9_baseline)),
        ("phq9_remission", lambda c: c.phq9_end_total < 5),
        ("phq9_worsened", lambda c: c.phq9_end_total > c.phq9_baseline),
        ("gad7_response", lambda c: halved(c.gad7_end_total, c.gad7_baseline)),
        ("gad7_remission", lambda c: c.gad7_end_total < 5),
    ],
)
def test_response_and_remission_lie_in_their_published_intervals(
    drawn: tuple[SyntheticPerson, ...], name: str, holds: Callable[[Trajectory], bool]
) -> None:
    low, high = figures()[name].interval
    assert low <= share(holds(person.course) for person in drawn) <= high


def test_a_rare_worsening_lies_in_its_interval_and_the_draws_own_error(
    drawn: tuple[SyntheticPerson, ...],
) -> None:
    """Some 30 of 5,000 worsen: the draw's own error is as wide as the published interval."""
    low, high = figures()["gad7_worsened"].interval
    found = share(person.course.gad7_end_total > person.course.gad7_baseline for person in drawn)
    error = 2 * math.sqrt(found * (1 - found) / len(drawn))
    assert low - error <= found <= high + error


@pytest.mark.parametrize(
    ("name", "later"),
    [
        ("responding_4wk", lambda course: course.phq9_week4_total),
        ("responding_8wk", lambda course: course.phq9_week8_total),
    ],
)
def test_relapse_lies_in_its_published_interval(
    drawn: tuple[SyntheticPerson, ...], name: str, later: Callable[[Trajectory], int]
) -> None:
    courses = [person.course for person in drawn]
    responders = [c for c in courses if halved(c.phq9_end_total, c.phq9_baseline)]
    low, high = figures()[name].interval
    assert low <= share(halved(later(c), c.phq9_baseline) for c in responders) <= high


def test_the_pressure_rise_lies_in_its_published_interval(
    drawn: tuple[SyntheticPerson, ...],
) -> None:
    rises = [dose.systolic_rise_mmhg for person in drawn for dose in person.doses]
    low, high = figures()["sbp_rise"].interval
    assert low <= statistics.fmean(rises) <= high


@pytest.mark.parametrize("effect", ["sedation", "dissociation"])
@pytest.mark.parametrize("spray_mg", [56, 84])
def test_side_effects_are_as_frequent_as_the_label_says(
    drawn: tuple[SyntheticPerson, ...], effect: str, spray_mg: int
) -> None:
    doses = [dose for person in drawn for dose in person.doses if dose.dose_mg == spray_mg]
    sprays = [dose for dose in doses if dose.product == "ESKETAMINE"]
    wanted = figures()[f"{effect}_{spray_mg}"].value
    room = 4 * math.sqrt(wanted * (1 - wanted) / len(sprays))  # the row gives no n: our own draw's
    assert abs(share(effect in dose.side_effects for dose in sprays) - wanted) < room


def test_what_a_study_did_not_give_is_not_made_up() -> None:
    with pytest.raises(ValueError, match="row 88 gives neither"):
        _ = figures()["dbp_rise"].interval
    with pytest.raises(ValueError, match="row 88 gives no SD"):
        _ = figures()["dbp_rise"].sd_interval


def test_every_figure_carries_its_source_and_how_it_was_verified() -> None:
    for figure in figures().values():
        assert figure.source.startswith("https://") and figure.study
        assert figure.verification in ("recalled_not_seen", "abstract_seen", "secondary_page_seen")


def test_equal_arguments_give_equal_people_and_more_begin_with_fewer() -> None:
    thirty = people(DEMO_SEED, 30, AS_OF)
    assert thirty == people(DEMO_SEED, 30, AS_OF)
    assert people(DEMO_SEED, 40, AS_OF)[:30] == thirty
    assert people(DEMO_SEED + 1, 30, AS_OF) != thirty
    assert trajectory(Random(3)) == trajectory(Random(3))


def test_thirty_people_stand_at_every_stage_of_an_episode() -> None:
    assert {person.stage for person in people(DEMO_SEED, 30, AS_OF)} == set(Episode)
    assert len(STAGES) == 30


def test_two_namesakes_share_everything_a_hurried_reader_looks_at() -> None:
    one, two = (people(DEMO_SEED, 3, AS_OF)[number] for number in NAMESAKES)
    for read in ("given", "family", "birth_date", "sex"):
        assert getattr(one.who, read) == getattr(two.who, read)
    assert one.who.phone != two.who.phone and one.who.email != two.who.email
    assert len(people(DEMO_SEED, 2, AS_OF)) == 2


def test_nobody_can_be_reached_or_is_a_child(drawn: tuple[SyntheticPerson, ...]) -> None:
    for person in drawn:
        who = person.who
        assert who.phone.startswith("+1 202 555 01") and len(who.phone) == 15
        assert who.email.endswith("@example.org") and who.email.isascii()
        assert 19 <= (AS_OF - who.birth_date).days / 365.25 < 76
        assert Decimal(30) < who.weight_kg < Decimal(200)


def test_answers_add_up_to_their_totals(drawn: tuple[SyntheticPerson, ...]) -> None:
    lengths = {"phq9": 9, "gad7": 7, "madrs": 0}
    for score in (score for person in drawn for score in person.scores):
        assert len(score.items) == lengths[score.instrument]
        assert all(0 <= answer <= 3 for answer in score.items)
        assert sum(score.items) == score.total or score.instrument == "madrs"


def test_nothing_has_happened_that_lies_ahead_or_before_the_referral(
    drawn: tuple[SyntheticPerson, ...],
) -> None:
    for person in drawn:
        days = [dose.on for dose in person.doses]
        assert days == sorted(set(days))
        charted = [score.on for score in person.scores]
        assert charted == sorted(charted)
        assert all(person.referred_on < day <= AS_OF for day in (*days, *charted))


def test_each_stage_has_the_doses_and_scores_it_can_have(
    drawn: tuple[SyntheticPerson, ...],
) -> None:
    for person in drawn:
        ends = [score for score in person.scores if score.instrument == "phq9"]
        if person.stage in (Episode.MAINTENANCE, Episode.COMPLETED):
            assert len(person.doses) in (6, 8)
            assert len(ends) >= 3
        elif person.stage is Episode.REFERRED:
            assert person.doses == person.scores == ()
        elif person.stage is Episode.PLANNED:
            assert (person.doses, len(ends)) == ((), 1)


def test_a_dose_by_weight_is_half_a_milligram_a_kilogram() -> None:
    for person in people(DEMO_SEED, 100, AS_OF):
        for dose in person.doses:
            assert dose.route == {"RACEMIC": "IV", "ESKETAMINE": "IN"}[dose.product]
            if dose.product == "RACEMIC":
                assert abs(dose.dose_mg / person.who.weight_kg - Decimal("0.5")) < Decimal("0.002")


@pytest.mark.parametrize("count", [-1, 100_001])
def test_an_impossible_count_is_refused(count: int) -> None:
    with pytest.raises(InvalidInput, match="count"):
        people(1, count, AS_OF)


def test_a_day_before_the_studies_is_refused() -> None:
    with pytest.raises(InvalidInput, match="as_of"):
        people(1, 1, date(1, 1, 1))


@pytest.mark.parametrize(("mean", "sd"), [(0.0, 1.0), (5.0, 6.0)])
def test_a_mean_and_spread_that_cannot_be_are_refused(mean: float, sd: float) -> None:
    with pytest.raises(ValueError, match="do not fit"):
        bounded(Random(1), mean, sd, (0, 10))


def test_the_command_prints_people_marked_as_synthetic(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["synth", "--count", "2", "--seed", "5", "--as-of", "2026-03-01"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["synthetic"] is True
    assert len(printed["people"]) == 2


def test_the_command_names_a_day_it_cannot_read(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["synth", "--as-of", "tomorrow"]) == 2
    assert "--as-of: is not a date" in capsys.readouterr().err


def test_a_clinic_that_gives_one_product_draws_no_other() -> None:
    drawn = people(7, 30, AS_OF, ("RACEMIC",))
    assert {dose.product for person in drawn for dose in person.doses} == {"RACEMIC"}
