"""A sheet entered wrongly, or corrected without a trace, changes what a prescriber decides."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from clinic.alerts import queries as alerts
from clinic.measures import actions, queries
from clinic.measures.models import Assignment, QuestionnaireResponse
from clinic.people.models import Patient, StaffMember
from tests.clinic import cast
from tests.clinic.measures.on_paper import ZEROS, at, entered

pytestmark = pytest.mark.django_db


@pytest.fixture
def robin(nurse: StaffMember) -> Patient:
    """A person the nurse treats, with neither phone nor e-mail."""
    return cast.patient()


@time_machine.travel(cast.NOON, tick=False)
def test_a_sheet_is_entered_by_number_and_each_item_must_be_said(
    robin: Patient, nurse: StaffMember
) -> None:
    browser = cast.signed_in(nurse)
    form = ZEROS | {"observed_at": "2026-03-04T11:00", "q1": "3", "q8": "skip"}
    silent = browser.post(at("enter", robin, "phq9"), form | {"q9": ""})
    assert "say that it was not answered" in silent.content.decode()
    page = browser.post(at("enter", robin, "phq9"), form, follow=True).content.decode()
    assert "8 of 9 answered" in page
    response = QuestionnaireResponse.objects.get()
    assert response.answers == {f"q{n}": 3 if n == 1 else 0 for n in (1, 2, 3, 4, 5, 6, 7, 9)}
    assert response.marks["total"] == "8 of 9 answered"
    assert response.observed_at == cast.NOON - timedelta(hours=1)
    assert "Kapstone" in browser.get(at("enter", robin, "phq9")).content.decode()
    assert browser.get(at("enter", robin, "phq88")).status_code == 404


@pytest.mark.parametrize(
    ("when", "words"), [("2026-03-04T13:00", "in the future"), ("1026-03-04T11:00", "ten years")]
)
@time_machine.travel(cast.NOON, tick=False)
def test_a_sheet_from_an_impossible_time_is_refused(
    robin: Patient, nurse: StaffMember, when: str, words: str
) -> None:
    page = cast.signed_in(nurse).post(at("enter", robin, "phq9"), ZEROS | {"observed_at": when})
    assert words in page.content.decode()
    assert not QuestionnaireResponse.objects.exists()


@pytest.mark.hazard(22)
@time_machine.travel(cast.NOON, tick=False)
def test_a_correction_is_a_new_entry_with_a_reason_and_the_first_stays_readable(
    robin: Patient, nurse: StaffMember
) -> None:
    first = entered(robin, nurse, q1=3, q2=3)
    browser = cast.signed_in(nurse)
    shown = browser.get(at("correct", robin, first.pk)).content.decode()
    assert 'value="2026-03-04T12:00"' in shown
    form = ZEROS | {"observed_at": "2026-03-04T12:00", "q9": "2"}
    silent = browser.post(at("correct", robin, first.pk), form).content.decode()
    assert "1 problem" in silent
    form["reason"] = "read from the wrong column"
    page = browser.post(at("correct", robin, first.pk), form, follow=True).content.decode()
    assert "read from the wrong column" in page
    (stands,) = queries.responses(robin)
    assert (stands.replaces, stands.scores["total"]) == (first, 2)
    codes = {item.alert.code for item in alerts.inbox(cast.NOON, robin)}
    assert "phq9.si_frequent" in codes
    original = browser.get(at("response", robin, first.pk)).content.decode()
    assert "This entry was corrected" in original
    assert "Correct this entry" not in original
    again = browser.post(at("correct", robin, first.pk), form, follow=True)
    assert "Somebody corrected this meanwhile" in again.content.decode()


def test_the_database_keeps_one_correction_with_a_reason(
    robin: Patient, nurse: StaffMember
) -> None:
    first = entered(robin, nurse, q1=1)

    def correct(reason: str) -> None:
        sheet = QuestionnaireResponse(replaces=first, observed_at=cast.NOON, reason=reason)
        actions.correct_sheet(sheet=sheet, answers={"q1": 2}, by=nurse.user, at=cast.NOON)

    with pytest.raises(IntegrityError), transaction.atomic():
        correct("")
    correct("misread")
    with pytest.raises(actions.AlreadyCorrected):
        correct("misread")


def test_what_a_person_sent_themselves_is_not_corrected(robin: Patient, nurse: StaffMember) -> None:
    assignment, _ = actions.ask(
        patient=robin,
        instrument="gad7",
        closes_at=cast.NOON + timedelta(days=1),
        by=None,
        at=cast.NOON,
    )
    response = actions.submit_answers(assignment=assignment, at=cast.NOON)
    browser = cast.signed_in(nurse)
    page = browser.get(at("response", robin, response.pk)).content.decode()
    assert "the person themselves" in page
    assert "no score" in page
    assert browser.get(at("correct", robin, response.pk)).status_code == 404
    other = cast.patient("Sam")
    assert browser.get(at("response", other, response.pk)).status_code == 404


@time_machine.travel(cast.NOON, tick=False)
def test_asking_twice_offers_a_new_link_instead_of_a_second_question(
    robin: Patient, nurse: StaffMember
) -> None:
    browser = cast.signed_in(nurse)
    form = {"instrument": "phq9", "days": "7"}
    made = browser.post(at("ask", robin), form).content.decode()
    assert "shown this once" in made
    assert "data:image/svg+xml;base64," in made
    twice = browser.post(at("ask", robin), form).content.decode()
    assert "waiting for an answer already" in twice
    (assignment,) = Assignment.objects.all()
    old = assignment.link_hash
    renewed = browser.post(at("renew", robin, assignment.pk)).content.decode()
    assert "shown this once" in renewed
    assignment.refresh_from_db()
    assert assignment.link_hash != old
    assert assignment.closes_at == cast.NOON + timedelta(days=7)
    gone = browser.post(at("cancel", robin, assignment.pk), follow=True).content.decode()
    assert "Its link is dead" in gone
    for late in ("cancel", "renew"):
        page = browser.post(at(late, robin, assignment.pk), follow=True).content.decode()
        assert "Nothing was changed" in page
    assert "shown this once" in browser.post(at("ask", robin), form).content.decode()


def test_a_person_without_phone_or_mail_and_a_locked_link_are_said(
    robin: Patient, nurse: StaffMember, client: Client
) -> None:
    browser = cast.signed_in(nurse)
    form = {"instrument": "phq9", "days": "7"}
    page = browser.post(at("ask", robin), form).content.decode()
    assert page.count("none on record") == 2
    assignment = Assignment.objects.get()
    for _ in range(5):
        actions.redeem(assignment=assignment, birth_date=None, at=assignment.made_at)
    assert "Link locked" in browser.get(at("ask", robin)).content.decode()
    chart = browser.get(reverse("chart:chart", args=[robin.pk])).content.decode()
    assert "Link locked" in chart


def test_without_installed_wording_nothing_is_sent_and_it_says_what_to_do(
    robin: Patient, nurse: StaffMember, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("clinic.measures.offers.wording_for", lambda instrument: None)
    page = cast.signed_in(nurse).get(at("ask", robin)).content.decode()
    assert "requirements/wording.txt" in page
    assert '<option value="phq9"' not in page
    assert "only our own check-in can be sent" in page


@pytest.mark.hazard(10)
@time_machine.travel(cast.NOON, tick=False)
def test_a_sheet_that_is_sent_twice_is_one_entry_and_tells_nobody_twice(
    robin: Patient, nurse: StaffMember
) -> None:
    browser = cast.signed_in(nurse)
    shown = browser.get(at("enter", robin, "phq9")).context["form"]
    form = ZEROS | {"observed_at": "2026-03-04T11:00", "q9": "2", "sheet": shown["sheet"].value()}
    first, again = (browser.post(at("enter", robin, "phq9"), form) for _ in range(2))
    assert first["Location"] == again["Location"]
    assert [str(row.pk) for row in QuestionnaireResponse.objects.all()] == [form["sheet"]]
    assert len(alerts.inbox(cast.NOON)) == 1
    changed = browser.post(at("enter", robin, "phq9"), form | {"q9": "0"}, follow=True)
    assert "kept before, with other answers" in changed.content.decode()
    assert QuestionnaireResponse.objects.get().answers["q9"] == 2
    elsewhere = cast.patient("Kim")
    refused = browser.post(at("enter", elsewhere, "phq9"), form, follow=True)
    assert refused.status_code == 404
    assert QuestionnaireResponse.objects.count() == 1


@pytest.mark.hazard(10)
@time_machine.travel(cast.NOON, tick=False)
def test_a_correction_tells_of_what_is_new_and_of_what_came_back(
    robin: Patient, nurse: StaffMember
) -> None:
    codes = []
    row = entered(robin, nurse, q9=1)
    for answer in (1, 2, 0, 2):
        row = actions.correct_sheet(
            sheet=QuestionnaireResponse(
                replaces=row,
                observed_at=cast.NOON,
                reason="read from the wrong column",
            ),
            answers={"q9": answer},
            by=nurse.user,
            at=cast.NOON,
        )
        raised = [each.alert for each in alerts.inbox(cast.NOON)]
        mine = [each.code for each in raised if each.subject.endswith(str(row.pk))]
        codes.append(sorted(each.removeprefix("phq9.") for each in mine))
    assert codes == [[], ["si_frequent"], [], ["si_frequent"]]
