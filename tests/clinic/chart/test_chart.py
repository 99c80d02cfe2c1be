"""A plot that joins what was never measured, or hides a gap, tells a wrong course."""

import itertools
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from clinic.chart import scores
from clinic.measures import actions, queries
from clinic.people.models import Patient, StaffMember
from clinic.people.roles import Role
from tests.clinic import cast

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
    assert [point.total for point in plot.points] == [27, 18, None, 9, 0]
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
    assert plot.points == (plot.last,)
    assert plot.lines == ()
    assert plot.last.x == plot.frame.left + plot.frame.inner_width / 2


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
