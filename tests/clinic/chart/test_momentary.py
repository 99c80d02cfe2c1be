"""Hours after a dose drawn from the wrong answers show a person better or worse than they were."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from clinic.chart import momentary, momentary_drawing
from clinic.chart.momentary import Said, Span
from clinic.chart.templatetags.chart import said_of
from clinic.episodes import queries as episodes
from clinic.episodes.models import Episode
from clinic.measures import actions, due, queries
from clinic.people.models import Patient, StaffMember
from clinic.people.roles import Role
from tests.clinic import cast
from tests.clinic.cast import NOON
from tests.clinic.measures import follow
from tests.clinic.measures.follow import DAY, HOUR

pytestmark = pytest.mark.django_db


@pytest.fixture
def nurse() -> StaffMember:
    """Whom the chart opens to."""
    return cast.staff(Role.NURSE)


@pytest.fixture
def robin(nurse: StaffMember) -> Patient:
    """Treated by the nurse."""
    person = cast.patient()
    cast.treats(nurse, person)
    return person


@pytest.fixture
def episode(robin: Patient) -> Episode:
    """Robin's, with a dose at noon."""
    found = follow.in_series(robin)
    follow.dose(found)
    return found


def _say(person: Patient, nurse: StaffMember, at: datetime, **answers: int) -> None:
    actions.enter_answers(
        patient=person, instrument="moment", answers=answers, observed_at=at, by=nurse.user, at=at
    )


def _spans(person: Patient, now: datetime) -> list[Span]:
    return momentary.spans(
        queries.responses(person), episodes.doses(person), due.missed(person, now)
    )


def _told(span: Span) -> list[tuple[float, dict[str, int], dict[str, int]]]:
    return [(said.hours, said.scores, said.change) for said in span.said]


def test_change_is_counted_from_the_last_answer_before_the_dose(
    episode: Episode, robin: Patient, nurse: StaffMember
) -> None:
    _say(robin, nurse, NOON - 8 * DAY, mood=9, anxiety=0)  # too old to stand for the time before
    _say(robin, nurse, NOON - 2 * DAY, mood=2, anxiety=8)
    _say(robin, nurse, NOON - HOUR, mood=3, anxiety=7)
    _say(robin, nurse, NOON + 4 * HOUR, mood=5, anxiety=7)
    (span,) = _spans(robin, NOON + 5 * HOUR)
    assert _told(span) == [(4, {"mood": 5, "anxiety": 7}, {"mood": 2, "anxiety": 0})]
    assert said_of(span.said[0], "mood") == "5 (+2)"
    assert said_of(span.said[0], "anxiety") == "7 (0)"


def test_without_an_answer_before_the_dose_no_change_is_told(
    episode: Episode, robin: Patient, nurse: StaffMember
) -> None:
    _say(robin, nurse, NOON + 4 * HOUR, mood=5)
    (span,) = _spans(robin, NOON + 5 * HOUR)
    assert span.before is None
    assert [said_of(span.said[0], name) for name in momentary.ASKED] == ["5", "not answered"]


def test_what_was_missed_or_left_out_is_a_gap_that_no_line_crosses(
    episode: Episode, robin: Patient, nurse: StaffMember
) -> None:
    for hours, answers in ((4, {"mood": 5, "anxiety": 5}), (30, {"anxiety": 4}), (73, {"mood": 8})):
        _say(robin, nurse, NOON + hours * HOUR, **answers)
    _say(robin, nurse, NOON + 80 * HOUR, mood=8, anxiety=3)
    (span,) = _spans(robin, NOON + 4 * DAY)
    joined = {
        name: [[said.hours for said in each] for each in momentary.stretches(span, name)]
        for name in momentary.ASKED
    }
    assert joined == {"mood": [[73, 80]], "anxiety": [[4, 30]]}
    other = cast.patient(given="Silent")
    follow.dose(follow.in_series(other))
    (span,) = _spans_of_silent = _spans(other, NOON + 40 * HOUR)[:1]
    assert [said.row for said in span.said] == [None, None] and span.missed
    assert momentary_drawing.svg(span).count("×") == 2


def test_an_answer_belongs_to_the_dose_it_followed_and_only_two_doses_are_drawn(
    episode: Episode, robin: Patient, nurse: StaffMember
) -> None:
    for day in (0, 3, 6):
        if day:
            follow.dose(episode, NOON + day * DAY)
        _say(robin, nurse, NOON + day * DAY + 5 * HOUR, mood=day)
        _say(robin, nurse, NOON + day * DAY + 60 * HOUR, mood=day + 1)
    last, before = _spans(robin, NOON + 9 * DAY)
    assert (last.number, before.number) == (3, 2)
    assert [said.scores.get("mood") for said in last.said if said.row] == [6, 7]
    assert last.before is not None and last.before.scores == {"mood": 4}
    assert [said.hours for said in before.said if said.row] == [5, 60]


def test_the_longest_figure_stands_away_from_the_other() -> None:
    def said(mood: int, anxiety: int) -> Said:
        row = queries.QuestionnaireResponse()
        return Said(NOON, 4 * HOUR, row, {"mood": mood, "anxiety": anxiety}, {})

    for mood, anxiety in ((8, 2), (2, 8), (5, 5)):
        span = Span(1, episodes.GivenDose(), None, (said(mood, anxiety),))
        drawn = momentary_drawing.svg(span)
        assert drawn.count('class="value"') == 2


@time_machine.travel(NOON + 5 * DAY, tick=False)
def test_the_chart_shows_the_hours_with_a_table_and_calls_it_change(
    episode: Episode, robin: Patient, nurse: StaffMember
) -> None:
    desk, where = cast.signed_in(nurse), reverse("chart:chart", args=[robin.pk])
    _say(robin, nurse, NOON - HOUR, mood=3, anxiety=7)
    _say(robin, nurse, NOON + 4 * HOUR, mood=5, anxiety=9)
    page = desk.get(where).content.decode()
    assert "4 h 00 min" in page and "5 (+2)" in page and "9 (+2)" in page
    assert "What they show is change, not response and not remission" in page
    assert page.count("missed</td>") >= 2  # a day and three days after
    start = page.index("How you are now, around dose 1")
    around = page[start : page.index("</figure>", start)]
    assert "baseline" not in around and "score-remission" not in around


def test_hours_are_counted_from_the_end_of_a_dose_as_the_schedule_does(
    robin: Patient, nurse: StaffMember
) -> None:
    dose = follow.dose(follow.in_series(robin))
    dose.ended_at = NOON + timedelta(minutes=40)
    assert momentary.ended(dose) == NOON + timedelta(minutes=40)
    dose.ended_at = None
    assert momentary.ended(dose) == NOON
