"""Unseen, what the plan's dose model asks of therapy prepares nobody for a full dose."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from clinic.people.models import Patient
from clinic.people.roles import Role
from clinic.therapy import queries
from clinic.therapy.models import IntegrationVisit, Structure
from kapstone.dose.treatment import treatment
from tests.clinic import cast
from tests.clinic.cast import NOON
from tests.clinic.therapy.cases import dosed, prepared

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> Patient:
    return cast.patient()


@pytest.fixture
def theo(person):
    return cast.treats(cast.staff(Role.THERAPIST), person)


def _plans(monkeypatch, model_id: str) -> None:
    model = treatment().dose_model(model_id)
    monkeypatch.setattr(queries, "dose_model", lambda patient: model)


def _page(theo, person):
    return cast.signed_in(theo).get(reverse("therapy:therapy", args=[person.pk]))


@pytest.mark.parametrize(
    ("model_id", "before"), [("THX-01", "1 visit before"), ("THX-02", "2 visits before")]
)
def test_the_page_says_what_the_model_recommends(
    theo, person, monkeypatch, model_id, before
) -> None:
    _plans(monkeypatch, model_id)
    prepared(person, theo)
    page = _page(theo, person)
    assertContains(page, f"It recommends {before} the first dose (1 recorded)")
    assertContains(page, treatment().dose_model(model_id).therapist)


def test_without_a_plan_it_says_nothing_of_a_model(theo, person) -> None:
    assertNotContains(_page(theo, person), "It recommends")


@time_machine.travel(NOON, tick=False)
def test_visits_are_counted_within_two_weeks_of_the_dose(theo, person, monkeypatch) -> None:
    _plans(monkeypatch, "THX-02")
    dose = dosed(person, NOON - timedelta(days=20))
    for days, outcome in ((19, "attended"), (8, "attended"), (7, "no_show"), (2, "attended")):
        IntegrationVisit.objects.create(
            patient=person, session_id=dose.session_id, outcome=outcome, focus="The garden",
            held_at=NOON - timedelta(days=days), recorded_at=NOON, by=theo.user,
        )  # fmt: skip
    assert queries.visits_after(person, dose) == 2  # the last came too late to count
    assertContains(_page(theo, person), "2 within two weeks of each dose (2 since Feb 12)")


@pytest.mark.parametrize(
    ("model_id", "begins"), [("THX-02", []), ("THX-04", ["act"]), ("THX-05", ["mindfulness", "mi"])]
)
def test_a_note_begins_with_the_models_way_of_working(
    theo, person, monkeypatch, model_id, begins
) -> None:
    _plans(monkeypatch, model_id)
    dose = dosed(person, NOON - timedelta(days=2))
    url = reverse("therapy:integrate", args=[person.pk, dose.session_id])
    form = cast.signed_in(theo).get(url).context["form"]
    assert form.initial["structures"] == begins


def test_every_way_of_working_that_a_model_names_is_known() -> None:
    named = {one for model in treatment().dose_models.values() for one in model.structures}
    assert named <= set(Structure.values)
