"""More of a drug that does not help, or doses too close, must not be booked without a decision."""

import pytest
from django.db import IntegrityError, transaction

from clinic.episodes import actions as episodes
from clinic.episodes.models import SeriesDecision
from clinic.intake import screening
from clinic.measures import actions as measures
from clinic.people.models import Patient
from clinic.planning import actions, course, queries, spacing
from clinic.planning import waiting as series_waiting
from clinic.planning.actions.series import NothingWaits
from kapstone import eligibility, pathway
from kapstone.errors import InvalidInput, KapstoneError
from kapstone.findings import Finding, Severity
from kapstone.pathway import Episode as Stage
from tests.clinic.planning import ground
from tests.clinic.planning.ground import NOW
from tests.clinic.planning.series_ground import WHY, blocks, day, decide, dosed, scored

pytestmark = pytest.mark.django_db

AFTER_4 = "SER-05 after 4 doses"
CONTINUE, CHANGE, PAUSE, END, CLOSER = SeriesDecision.Choice


def test_a_series_follows_its_episode(robin_in_series, prescriber) -> None:
    series = robin_in_series.episodes.get().series.get()

    def status() -> str:
        series.refresh_from_db()
        return series.status

    def moved(to: Stage, at: float) -> None:
        episode = robin_in_series.episodes.get()
        episodes.advance(
            episode=episode, to=to, have=set(pathway.Need), by=None, at=day(at), reason="test"
        )

    assert status() == "ordered"
    moved(Stage.PAUSED, 0.1)
    assert status() == "held"
    moved(Stage.IN_SERIES, 0.2)
    assert status() == "ordered"
    dosed(robin_in_series, 1)
    assert status() == "under way"
    moved(Stage.PAUSED, 2)
    moved(Stage.IN_SERIES, 3)
    assert status() == "under way"
    moved(Stage.MAINTENANCE, 20)
    assert status() == "finished"
    assert course.of(robin_in_series).course.maintenance_since == day(20)


@pytest.mark.parametrize(
    ("doses", "pauses", "to", "status"),
    [
        ((), False, Stage.WITHDRAWN, "cancelled"),
        ((1,), False, Stage.WITHDRAWN, "stopped"),
        ((1,), False, Stage.COMPLETED, "finished"),
        ((1,), True, Stage.COMPLETED, "stopped"),
        ((), True, Stage.COMPLETED, "cancelled"),
    ],
)
def test_an_end_ends_the_series(robin_in_series, doses, pauses, to, status) -> None:
    dosed(robin_in_series, *doses)
    for stage in (Stage.PAUSED, to) if pauses else (to,):
        episode = robin_in_series.episodes.get()
        have = set(pathway.Need)
        episodes.advance(episode=episode, to=stage, have=have, by=None, at=day(9), reason="test")
    assert robin_in_series.episodes.get().series.get().status == status


@pytest.mark.parametrize(("each", "found"), [(1, [AFTER_4]), (0, []), (None, [AFTER_4])])
def test_whoever_is_not_helped_by_four_doses_waits_for_a_prescriber(
    robin_in_series, nurse, each, found
) -> None:
    dosed(robin_in_series, 1, 4, 7, 10)
    if each is not None:
        scored(robin_in_series, nurse, day(25), each)
    assert blocks(robin_in_series, day(26)) == found
    waiting = series_waiting.everywhere(Patient.objects.all(), day(26)).found
    assert [one.row.key for each in waiting for one in each.standings] == found


def test_two_weeks_of_questions_say_nothing_of_a_dose_of_yesterday(robin_in_series, nurse) -> None:
    """Else what was felt before the fourth dose counts as its effect."""
    dosed(robin_in_series, 1, 4, 7, 10)
    scored(robin_in_series, nurse, day(11), 0)
    assert blocks(robin_in_series, day(13)) == [AFTER_4]


def test_scores_of_an_answer_before_the_first_dose_are_the_baseline(robin_in_series, nurse) -> None:
    dosed(robin_in_series, 1)
    assert course.of(robin_in_series).course.readings == ()
    scored(robin_in_series, nurse, day(2), 0)
    (reading,) = course.of(robin_in_series).course.readings
    assert reading.improvement_pct == 100


def test_without_a_score_from_before_nothing_says_that_it_helps(clear, robin, prescriber) -> None:
    ground.at_stage(robin, Stage.SCREENING, Stage.ELIGIBLE)
    ground.plan(robin, prescriber)
    dosed(robin, 1, 4, 7, 10)
    scored(robin, prescriber, day(11), 0)
    assert blocks(robin, day(13)) == [AFTER_4]


def test_a_decision_lets_the_next_dose_be_booked(robin_in_series, prescriber) -> None:
    dosed(robin_in_series, 1, 4, 7, 10)
    with pytest.raises(InvalidInput, match="rationale"):
        actions.decide_series(
            patient=robin_in_series,
            choice=CONTINUE,
            rationale="Yes.",
            by=prescriber.user,
            at=day(11),
        )
    decision = decide(robin_in_series, prescriber, CONTINUE, day(11))
    assert decision.keys == [AFTER_4]
    assert "No score about the days since dose 4" in decision.told[0]
    assert blocks(robin_in_series, day(13)) == []
    with pytest.raises(NothingWaits):
        decide(robin_in_series, prescriber, CONTINUE, day(12))
    with pytest.raises(IntegrityError), transaction.atomic():
        SeriesDecision.objects.update(rationale="Nothing.")


def test_a_change_stops_the_order_that_stands(robin_in_series, prescriber) -> None:
    dosed(robin_in_series, 1, 4, 7, 10)
    decide(robin_in_series, prescriber, CHANGE, day(11))
    assert queries.order_in_force(robin_in_series, day(11)) is None


@pytest.mark.parametrize(("choice", "stage"), [(PAUSE, Stage.PAUSED), (END, Stage.COMPLETED)])
def test_a_pause_and_an_end_move_care(robin_in_series, prescriber, choice, stage) -> None:
    dosed(robin_in_series, 1, 4, 7, 10)
    decide(robin_in_series, prescriber, choice, day(11))
    assert robin_in_series.episodes.get().stage == stage
    assert queries.order_in_force(robin_in_series, day(11)) is None


def test_nothing_is_decided_where_nothing_is_open(robin, prescriber) -> None:
    with pytest.raises(KapstoneError, match="No episode"):
        decide(robin, prescriber, CONTINUE, NOW)
    assert blocks(robin, NOW) == []
    assert not course.waits(robin, NOW)


def test_reassess_1_is_seen_ahead_and_waits_on_day_28(robin_in_series) -> None:
    dosed(robin_in_series, 1)
    assert blocks(robin_in_series, day(28.9), day(2)) == []
    assert blocks(robin_in_series, day(29), day(2)) == ["SER-04"]


@pytest.mark.hazard(3)
def test_closer_than_the_series_needs_a_prescribers_reason_for_one_dose(
    robin_in_series, prescriber
) -> None:
    dosed(robin_in_series, 1)
    gap = ["RELATIVE SER-01: gap"]
    assert blocks(robin_in_series, day(2.5)) == gap

    def allow(at: float) -> None:
        wanted = spacing.wanted("RACEMIC", "IM", day(at))
        actions.allow_closer(
            patient=robin_in_series, wanted=wanted, rationale=WHY, by=prescriber.user, at=day(1.5)
        )

    with pytest.raises(InvalidInput, match="cannot be allowed"):
        allow(1.9)
    with pytest.raises(InvalidInput, match="needs no permission"):
        allow(4)
    allow(2.5)
    assert blocks(robin_in_series, day(2.4)) == gap
    assert blocks(robin_in_series, day(2.5)) == []
    assert not course.waits(robin_in_series, day(2))
    dosed(robin_in_series, 2.5)
    assert blocks(robin_in_series, day(4)) == gap


@pytest.mark.hazard(3)
def test_a_fourth_dose_in_seven_days_is_allowed_by_nobody(robin_in_series, prescriber) -> None:
    dosed(robin_in_series, 1, 3, 5)
    assert blocks(robin_in_series, day(7))[0] == "ABSOLUTE GRD-01"
    with pytest.raises(InvalidInput, match="no fourth"):
        actions.allow_closer(
            patient=robin_in_series,
            wanted=spacing.wanted("RACEMIC", "IM", day(7)),
            rationale=WHY,
            by=prescriber.user,
            at=day(6),
        )


def _screened(monkeypatch: pytest.MonkeyPatch, *found: Finding) -> None:
    told = eligibility.Screening(eligibility.State.UNDER_REVIEW, found, (), "test")
    monkeypatch.setattr(screening, "run", lambda *_, **__: screening.Run({}, told))


def test_what_the_rules_find_holds_the_series_until_the_next_dose(
    robin_in_series, prescriber, monkeypatch
) -> None:
    liver = Finding("TOX-LFT", Severity.RELATIVE, "Liver.")
    _screened(monkeypatch, liver)
    assert blocks(robin_in_series, day(2)) == []  # nothing to hold before the first dose
    dosed(robin_in_series, 1)
    assert blocks(robin_in_series, day(4)) == ["SER-10 liver"]
    decide(robin_in_series, prescriber, CONTINUE, day(4))
    assert blocks(robin_in_series, day(4)) == []
    dosed(robin_in_series, 5)
    assert blocks(robin_in_series, day(8)) == ["SER-10 liver"]


def test_facts_that_cannot_be_read_hold_nothing_by_themselves(robin_in_series, monkeypatch) -> None:
    def unreadable(*_: object, **__: object) -> None:
        raise InvalidInput("age_y", "is no number.")

    monkeypatch.setattr(screening, "run", unreadable)
    dosed(robin_in_series, 1)
    assert blocks(robin_in_series, day(4)) == []


def test_urinary_symptoms_at_two_visits_running_hold_the_series(
    robin_in_series, monkeypatch
) -> None:
    _screened(monkeypatch)
    dosed(robin_in_series, 1)
    ground.tell(robin_in_series, "urinary_symptoms", ["urgency"], day(1))
    assert blocks(robin_in_series, day(4)) == []
    ground.tell(robin_in_series, "urinary_symptoms", ["urgency"], day(2))
    assert blocks(robin_in_series, day(4)) == ["SER-10 bladder"]
    ground.tell(robin_in_series, "urinary_symptoms", [], day(3))
    assert blocks(robin_in_series, day(4)) == []


def test_a_worse_suicide_screener_holds_the_series(
    robin_in_series, prescriber, monkeypatch
) -> None:
    _screened(monkeypatch)
    for at, said in ((0.5, 0), (2, 1)):
        if said:
            dosed(robin_in_series, 1)
        answers = {"q1": said, "q2": said, "q3": said, "q4": 0, "q5": 0, "q6": 0}
        if not said:
            answers = {"q1": 0, "q2": 0, "q6": 0}
        measures.enter_answers(
            patient=robin_in_series,
            instrument="cssrs_slc",
            answers=answers,
            observed_at=day(at),
            by=prescriber.user,
            at=day(at),
        )
    assert blocks(robin_in_series, day(4)) == ["SER-10 suicide screener worse"]
