"""What leaves the clinic leaves a trace, by those alone who may, and says only what is so."""

import json

import pytest
from django.urls import reverse
from fhir.resources.R4B.bundle import Bundle

from clinic.measures import actions
from clinic.measures.models import QuestionnaireResponse
from clinic.people import proof
from clinic.people.models import AuditEntry, Patient, StaffMember
from clinic.people.roles import Role
from kapstone import fhir
from tests.clinic import cast

pytestmark = pytest.mark.django_db
PROVED = {proof.PASSWORD: cast.PASSWORD}


@pytest.fixture
def prescriber() -> StaffMember:
    return cast.staff(Role.PRESCRIBER)


@pytest.fixture
def robin(prescriber: StaffMember) -> Patient:
    """Answered a PHQ-9, which was corrected."""
    person = cast.patient()
    cast.treats(prescriber, person)
    answers = {f"q{n}": 1 for n in range(1, 10)}
    told = {"observed_at": cast.NOON, "by": prescriber.user, "at": cast.NOON}
    row = actions.enter_answers(patient=person, instrument="phq9", answers=answers, **told)
    again = QuestionnaireResponse(
        replaces=row, observed_at=cast.NOON, reason="read from the wrong column"
    )
    actions.correct_sheet(
        sheet=again, answers=answers | {"q1": 3}, by=prescriber.user, at=cast.NOON
    )
    return person


def where(person: Patient) -> str:
    return reverse("interop:export", args=[person.pk])


def test_the_file_is_valid_holds_the_correction_and_is_read_back(
    robin: Patient, prescriber: StaffMember
) -> None:
    browser = cast.signed_in(prescriber)
    assert "2 answered questionnaires" in browser.get(where(robin)).content.decode()
    assert not AuditEntry.objects.filter(action="export_scores").exists()
    answer = browser.post(where(robin), PROVED)
    assert answer["Content-Type"] == "application/fhir+json"
    assert answer["Content-Disposition"] == (
        f'attachment; filename="{robin.record_number}-answers.json"'
    )
    document = json.loads(answer.content)
    Bundle.model_validate(document)
    read = fhir.read_bundle(document)
    assert {each.total for each in read.scores if each.total is not None} == {11}
    told = AuditEntry.objects.get(action="export_scores")
    assert (told.actor, told.patient, told.detail) == (prescriber.user, robin, {"answer_sets": 2})


def test_without_a_fresh_proof_nothing_leaves(robin: Patient, prescriber: StaffMember) -> None:
    answer = cast.signed_in(prescriber).post(where(robin))
    assert b"resourceType" not in answer.content
    assert not AuditEntry.objects.filter(action="export_scores").exists()


def test_nothing_answered_is_said(prescriber: StaffMember) -> None:
    kim = cast.treats(prescriber, cast.patient("Kim")) and Patient.objects.get(given_name="Kim")
    page = cast.signed_in(prescriber).get(where(kim)).content.decode()
    assert "Nothing to export yet" in page
    assert "Download" not in page


@pytest.mark.parametrize("role", [Role.NURSE, Role.FRONT_DESK, Role.MANAGER])
def test_others_take_nothing_out_and_are_offered_nothing(robin: Patient, role: Role) -> None:
    member = cast.treats(cast.staff(role), robin)
    browser = cast.signed_in(member)
    assert browser.get(where(robin)).status_code in (403, 404)
    assert browser.post(where(robin), PROVED).status_code in (403, 404)
    chart = browser.get(reverse("chart:chart", args=[robin.pk])).content.decode()
    assert "Export answers" not in chart
