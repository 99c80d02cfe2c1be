"""Somebody who gets worse under treatment is seen the same day, and staff are told of it once."""

from datetime import timedelta

import pytest

from clinic.alerts.models import Alert
from clinic.chart import scores
from clinic.episodes import queries as episodes
from clinic.measures import actions, queries
from clinic.measures.models import QuestionnaireResponse
from clinic.people.models import Patient, StaffMember
from clinic.people.roles import Role
from tests.clinic import cast
from tests.clinic.measures import follow

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
EIGHT = {f"q{n}": 1 for n in range(1, 9)} | {"q9": 0}


@pytest.fixture
def nurse() -> StaffMember:
    """On call."""
    member = cast.staff(Role.NURSE)
    cast.on_call(member)
    return member


@pytest.fixture
def robin(nurse: StaffMember) -> Patient:
    """PHQ-9 of 8 before a dose at noon."""
    person = cast.patient()
    episode = follow.in_series(person)
    enter(person, nurse, -1, EIGHT)
    follow.dose(episode)
    return person


def enter(
    person: Patient, by: StaffMember, day: int, answers: dict[str, int], instrument: str = "phq9"
) -> QuestionnaireResponse:
    at = cast.NOON + day * DAY
    return actions.enter_answers(
        patient=person, instrument=instrument, answers=answers, observed_at=at, by=by.user, at=at
    )


def worse() -> list[Alert]:
    return list(Alert.objects.filter(code__endswith=".worsening").order_by("raised_at"))


@pytest.mark.hazard(10)
def test_five_points_above_the_baseline_are_a_review_by_the_end_of_the_day(
    robin: Patient, nurse: StaffMember
) -> None:
    enter(robin, nurse, 7, EIGHT | {"q1": 3, "q2": 3, "q3": 1})
    assert worse() == []
    row = enter(robin, nurse, 8, EIGHT | {"q1": 3, "q2": 3, "q3": 2})
    (alert,) = worse()
    assert (alert.level, alert.owner) == ("review", nurse)
    assert "total up by the scale's limit of deterioration" in alert.message
    assert alert.disposition_due_at is not None
    until = alert.disposition_due_at - alert.raised_at
    assert timedelta() < until <= DAY
    assert alert.subject.endswith(str(row.pk))


@pytest.mark.hazard(10)
def test_a_fifth_above_the_baseline_counts_when_it_is_seen_twice(
    robin: Patient, nurse: StaffMember
) -> None:
    enter(robin, nurse, 7, EIGHT | {"q1": 3})
    enter(robin, nurse, 9, EIGHT | {"q1": 3})
    assert worse() == []
    enter(robin, nurse, 10, EIGHT | {"q1": 3})
    (alert,) = worse()
    assert "twice" in alert.message


def test_nobody_is_told_twice_of_one_answer(robin: Patient, nurse: StaffMember) -> None:
    row = enter(robin, nurse, 7, EIGHT | {"q9": 1})
    assert worse() == []  # item 9 raised its own alert
    for _ in range(2):
        row = actions.correct_sheet(
            sheet=QuestionnaireResponse(
                replaces=row,
                observed_at=row.observed_at,
                reason="read from the wrong column",
            ),
            answers=EIGHT | {"q1": 3, "q2": 3, "q3": 3, "q9": 0},
            by=nurse.user,
            at=cast.NOON + 8 * DAY,
        )
    assert len(worse()) == 1


def test_an_old_sheet_entered_late_and_a_course_without_baseline_or_dose_alarm_nobody(
    robin: Patient, nurse: StaffMember
) -> None:
    awful = dict.fromkeys(EIGHT, 2) | {"q9": 0}
    enter(robin, nurse, 9, EIGHT)
    enter(robin, nurse, 8, awful)
    enter(robin, nurse, 10, {f"q{n}": 3 for n in range(1, 8)}, "gad7")
    other = cast.patient("Kim")
    enter(other, nurse, 0, EIGHT)
    enter(other, nurse, 7, awful)
    assert worse() == []


@pytest.mark.hazard(10)
def test_a_watched_answer_that_rises_below_its_own_alert_is_seen(
    robin: Patient, nurse: StaffMember
) -> None:
    """Item 10 of MADRS alerts from 2; from 0 to 1 is a step up."""
    enter(robin, nurse, -1, {f"q{n}": 1 for n in range(1, 10)} | {"q10": 0}, "madrs")
    enter(robin, nurse, 7, {f"q{n}": 1 for n in range(1, 11)}, "madrs")
    (alert,) = worse()
    assert "watched item up" in alert.message


def test_behaviour_told_of_after_a_response_is_a_relapse_on_the_chart(
    robin: Patient, nurse: StaffMember
) -> None:
    enter(robin, nurse, 20, dict.fromkeys(EIGHT, 0))
    enter(robin, nurse, 25, {"q1": 0, "q2": 0, "q6": 1}, "cssrs_slc")
    enter(robin, nurse, 30, dict.fromkeys(EIGHT, 0))
    plots = scores.plots(queries.responses(robin), episodes.doses(robin))
    (course,) = [plot.course for plot in plots if plot.name == "PHQ-9"]
    said = [entry.against_baseline for entry in course.entries]
    assert "relapse" not in said[1]
    assert "relapse (hospital or suicidal behaviour since the response)" in said[2]


def test_a_worsening_stands_in_words_beside_what_is_not_counted(
    robin: Patient, nurse: StaffMember
) -> None:
    from clinic.chart import table

    enter(robin, nurse, 7, dict.fromkeys(EIGHT, 2) | {"q9": 0})
    (plot,) = scores.plots(queries.responses(robin), episodes.doses(robin))
    newest = next(entry for entry in plot.course.entries if entry.total == 16)
    words = table._against(plot.course, newest)
    assert words.startswith("not counted: recall reaches back")
    assert words.endswith("worsening (total up by the scale's limit of deterioration)")
