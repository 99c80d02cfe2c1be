"""A plot that joins what was never measured, or hides a gap, tells a wrong course."""

import itertools
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clinic.chart import drawing, scores
from clinic.episodes import queries as episodes
from clinic.intake import known as intake
from clinic.measures import actions, due, queries
from clinic.people.models import Patient, StaffMember
from clinic.people.roles import Role
from tests.clinic import cast
from tests.clinic.intake import screened
from tests.clinic.measures import follow

pytestmark = pytest.mark.django_db


@pytest.fixture
def nurse() -> StaffMember:
    """On call, so every chart opens."""
    member = cast.staff(Role.NURSE)
    cast.on_call(member)
    return member


def _enter(person: Patient, nurse: StaffMember, day: int, each: int, items: int = 9) -> None:
    actions.enter_answers(
        patient=person,
        instrument="phq9",
        answers={f"q{n}": each for n in range(1, items + 1)},
        observed_at=cast.NOON + timedelta(days=day),
        by=nurse.user,
        at=cast.NOON + timedelta(days=day),
    )


def test_a_missing_score_breaks_the_line_and_is_no_dot(nurse: StaffMember) -> None:
    robin = cast.patient()
    for day, each, items in ((0, 3, 9), (10, 2, 9), (20, 1, 4), (30, 1, 9), (40, 0, 9)):
        _enter(robin, nurse, day, each, items)
    (plot,) = scores.plots(list(queries.responses(robin)))
    assert [point.entry.total for point in plot.points] == [27, 18, None, 9, 0]
    assert [len(line.split()) for line in plot.lines] == [2, 2]
    xs = [point.x for point in plot.points]
    assert xs == sorted(xs)
    assert plot.frame.left < xs[0] < xs[-1] < plot.frame.right
    assert plot.points[0].y == plot.frame.top
    assert plot.points[-1].y == plot.frame.bottom


def test_one_answer_stands_in_the_middle(nurse: StaffMember) -> None:
    robin = cast.patient()
    _enter(robin, nurse, 0, 1)
    (plot,) = scores.plots(list(queries.responses(robin)))
    (point,) = plot.points
    assert plot.last == point.entry
    assert plot.lines == ()
    assert point.x == plot.frame.left + plot.frame.inner_width / 2


def test_the_bands_fill_the_plot_without_a_hole(nurse: StaffMember) -> None:
    robin = cast.patient()
    _enter(robin, nurse, 0, 1)
    (plot,) = scores.plots(list(queries.responses(robin)))
    stripes = sorted(plot.stripes, key=lambda stripe: stripe.y)
    for above, below in itertools.pairwise(stripes):
        assert above.y + above.height == pytest.approx(below.y, abs=0.2)
    assert stripes[0].y == plot.frame.top
    assert "moderately severe 15–19" in {stripe.words for stripe in stripes}


@time_machine.travel(cast.NOON + timedelta(days=41), tick=False)
def test_the_table_holds_every_number_its_mark_and_its_gaps(nurse: StaffMember) -> None:
    robin = cast.patient()
    _enter(robin, nurse, 0, 3, 8)
    _enter(robin, nurse, 20, 1, 4)
    page = cast.signed_in(nurse).get(reverse("chart:chart", args=[robin.pk])).content.decode()
    assert "*8 of 9 answered, item 9 missing" in page
    assert "no score: 5 unanswered" in page
    assert "Latest: no score" in page


def test_an_empty_chart_says_what_to_do_and_hides_what_one_may_not(nurse: StaffMember) -> None:
    robin = cast.patient()
    chart = reverse("chart:chart", args=[robin.pk])
    assert "No scores yet" in cast.signed_in(nurse).get(chart).content.decode()
    pharmacist = cast.treats(cast.staff(Role.PHARMACIST), robin)
    page = cast.signed_in(pharmacist).get(chart).content.decode()
    assert "Ask for a questionnaire</a>" not in page
    assert cast.signed_in(cast.staff(Role.MANAGER)).get(chart).status_code == 404


def test_today_of_somebody_who_may_not_act_on_alerts() -> None:
    page = cast.signed_in(cast.staff(Role.FRONT_DESK)).get(reverse("chart:today"))
    assert "Alerts are shown to those who may act on them" in page.content.decode()
    inbox = cast.signed_in(cast.staff(Role.FRONT_DESK)).get(reverse("chart:inbox"))
    assert inbox.status_code == 403


DAY = timedelta(days=1)
# queries of a chart: who asks, seven rooms (one: is the content signed), the trail; what waits of
# the series (four) and whether the consent holds (three)
MOST = 25


@pytest.fixture
def treated(nurse: StaffMember) -> Patient:
    """Doses at noon and on day 16; PHQ-9 18 before them, 9 twice and 0 between, 9 on day 40."""
    person = cast.patient()
    episode = follow.in_series(person)
    _enter(person, nurse, -1, 2)
    follow.dose(episode)
    _enter(person, nurse, 7, 1)
    _enter(person, nurse, 14, 1)
    _enter(person, nurse, 15, 0)
    follow.dose(episode, cast.NOON + 16 * DAY)
    _enter(person, nurse, 40, 1)
    return person


def _phq9(person: Patient) -> scores.Plot:
    now = cast.NOON + 41 * DAY
    found = scores.plots(
        list(queries.responses(person)),
        list(episodes.given_doses(person)),
        due.missed(person, now),
    )
    return next(plot for plot in found if plot.name == "PHQ-9")


def test_a_score_whose_recall_reaches_before_a_dose_is_hollow_and_counts_for_nothing(
    treated: Patient,
) -> None:
    scored = [entry for entry in _phq9(treated).course.entries if entry.row]
    assert [entry.total for entry in scored] == [18, 9, 9, 0, 9]
    assert [bool(entry.reaches) for entry in scored] == [False, True, False, False, False]
    assert [entry.against_baseline for entry in scored] == [
        "",
        "",
        "response, −9 (reliably better)",
        "response, −18 (reliably better), score-remission",
        "response, −9 (reliably better), worsening (watched item up), "
        "relapse (half of the gain lost)",
    ]


def test_the_bands_of_response_and_remission_end_where_the_thresholds_do(treated: Patient) -> None:
    plot = _phq9(treated)
    assert plot.course.baseline is not None
    assert plot.course.baseline.total == 18
    assert plot.response is not None
    assert plot.remission is not None
    assert (plot.response.words, plot.remission.words) == ("9 or less", "4 or less")
    nine = next(point for point in plot.points if point.entry.total == 9)
    assert plot.response.y == nine.y
    assert plot.response.y + plot.response.height == pytest.approx(plot.frame.bottom, abs=0.2)


def test_no_line_crosses_a_missed_questionnaire_or_a_long_time(treated: Patient) -> None:
    plot = _phq9(treated)
    gaps = [entry.at for entry in plot.course.entries if entry.row is None]
    assert cast.NOON + 16 * DAY < max(gaps) < cast.NOON + 40 * DAY
    assert [len(line.split()) for line in plot.lines] == [3]


def test_without_a_missed_one_a_month_is_joined_and_six_weeks_are_not(nurse: StaffMember) -> None:
    robin = cast.patient()
    for day in (0, 31, 73):
        _enter(robin, nurse, day, 1)
    (plot,) = scores.plots(list(queries.responses(robin)))
    assert [len(line.split()) for line in plot.lines] == [2]


def test_without_a_score_before_the_first_dose_nothing_is_called_a_response(
    nurse: StaffMember,
) -> None:
    robin = cast.patient()
    follow.dose(follow.in_series(robin))
    _enter(robin, nurse, 20, 1)
    plot = _phq9(robin)
    assert (plot.course.baseline, plot.response) == (None, None)
    assert plot.remission is not None
    assert {entry.against_baseline for entry in plot.course.entries} == {""}


def test_the_drawing_holds_every_score_gap_dose_and_band(treated: Patient) -> None:
    plot = _phq9(treated)
    drawn = drawing.svg(plot)
    for piece, times in {
        'class="dot"': 4,
        'class="dot hollow"': 1,
        ">×</text>": sum(entry.row is None for entry in plot.course.entries),
        'class="dose"': 2,
        'class="line"': 1,
        'class="stripe stripe-': 5,
        'class="response"': 1,
        'class="remission"': 1,
        ">Mar 3, 2026</text>": 1,
        "&lt;": 0,
    }.items():
        assert drawn.count(piece) == times, piece


def test_figures_do_not_run_into_each_other_and_the_last_one_stands(nurse: StaffMember) -> None:
    person = cast.patient()
    for day, each in ((0, 1), (1, 2), (40, 1)):
        _enter(person, nurse, day, each)
    plot = scores.plots(queries.responses(person))[0]
    drawn = drawing.svg(plot)
    assert drawn.count("<circle") == 3
    assert drawn.count('class="value"') == 2
    assert ">18</text>" in drawn


@time_machine.travel(cast.NOON + timedelta(days=41), tick=False)
def test_what_the_plot_shows_the_table_says(treated: Patient, nurse: StaffMember) -> None:
    page = cast.signed_in(nurse).get(reverse("chart:chart", args=[treated.pk])).content.decode()
    for words in (
        "baseline</td>",
        "not counted: recall reaches back before the dose of Mar 4",
        "response, −18 (reliably better), score-remission",
        "relapse (half of the gain lost)",
        "missed</td>",
        "response: 9 or less, at least 50 % below the baseline of 18 (Mar 3)",
        "score-remission: 4 or less",
        "No line crosses it",
        "Never answered",
    ):
        assert words in page, words


def test_a_chart_asks_as_few_questions_of_a_long_record_as_of_a_short_one(
    treated: Patient, nurse: StaffMember
) -> None:
    client, where = cast.signed_in(nurse), reverse("chart:chart", args=[treated.pk])

    def asked() -> int:
        client.get(where)
        with CaptureQueriesContext(connection) as found:
            assert client.get(where).status_code == 200
        return len(found)

    first = asked()
    for day in range(50, 80):
        _enter(treated, nurse, day, 2)
    assert asked() == first <= MOST


def test_today_names_whose_integration_visit_is_owed() -> None:
    """Nobody looks into a record to find out that a visit was forgotten."""
    therapist, elsewhere = cast.staff(Role.THERAPIST), cast.staff(Role.THERAPIST, "Else Where")
    robin = cast.patient()
    cast.treats(therapist, robin)
    follow.dose(follow.in_series(robin))
    for after_h, owed in ((12, False), (80, True)):
        with time_machine.travel(cast.NOON + timedelta(hours=after_h)):
            page = cast.signed_in(therapist).get(reverse("chart:today")).content.decode()
            assert ("Integration visits due" in page) is owed
            link = f'href="{reverse("therapy:therapy", args=[robin.pk])}"'
            assert (link in page) is owed
            other = cast.signed_in(elsewhere).get(reverse("chart:today")).content.decode()
            assert "Integration visits due" not in other


@pytest.mark.hazard(12)
def test_today_asks_the_pharmacist_of_a_person_what_a_strange_name_means() -> None:
    """A name that no table knows leaves the screening open: it must not wait unseen."""
    nurse, pharmacist = cast.staff(Role.NURSE), cast.staff(Role.PHARMACIST)
    elsewhere, robin = cast.staff(Role.PHARMACIST, "Else Where"), cast.patient()
    for member in (nurse, pharmacist):
        cast.treats(member, robin)
    where = reverse("chart:today")
    screened.takes(robin, nurse, "sertraline 50 mg")
    assert "Medicines nobody knows" not in cast.signed_in(pharmacist).get(where).content.decode()
    row = screened.takes(robin, nurse, "setraline 50 mg")
    check = reverse("intake:check", args=[robin.pk, row.pk])
    page = cast.signed_in(pharmacist).get(where).content.decode()
    assert "setraline 50 mg" in page
    assert check in page
    for other in (nurse, elsewhere):
        assert check not in cast.signed_in(other).get(where).content.decode()
    told = {"outcome": "same_as", "same_as": "sertraline", "reason": "a slip in the letter"}
    cast.signed_in(pharmacist).post(check, told)
    assert "Medicines nobody knows" not in cast.signed_in(pharmacist).get(where).content.decode()
    settled = intake.current_medicines(robin)[-1]
    assert (settled.same_as, settled.by) == ("sertraline", pharmacist.user)
