"""What somebody else answered, read as the person's own word, misleads whoever decides on it."""

import re
from uuid import uuid4

import pytest
import time_machine
from django.conf import LazySettings
from django.db import IntegrityError, transaction
from django.urls import reverse

from clinic.measures.models import QuestionnaireResponse, SheetHand
from clinic.people.models import Patient, StaffMember
from tests.clinic import cast
from tests.clinic.measures.on_paper import ZEROS, at, entered

pytestmark = pytest.mark.django_db


@time_machine.travel(cast.NOON, tick=False)
@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({}, "The person wrote it themselves."),
        ({"who": "self", "whose_hand": "left over"}, "The person wrote it themselves."),
        ({"who": "staff", "whose_hand": "Nora, nurse"}, "read it out to them: Nora, nurse."),
        ({"who": "proxy", "whose_hand": "Ana, their sister"}, "answered: Ana, their sister."),
    ],
)
def test_the_result_says_who_answered_a_sheet(
    robin: Patient, nurse: StaffMember, told: dict[str, str], said: str
) -> None:
    """What a sister thinks, or what is said to a nurse's face, is read differently."""
    browser = cast.signed_in(nurse)
    asked = browser.get(at("enter", robin, "phq9")).content.decode()
    assert re.search(r'value="self"[^>]*checked', asked), "shown, and not hidden in a default"
    form = ZEROS | {"observed_at": "2026-03-04T11:00"}
    page = browser.post(at("enter", robin, "phq9"), form | told, follow=True).content.decode()
    assert said in page
    first = QuestionnaireResponse.objects.get()
    corrected = form | {"q1": "1", "reason": "Read from the wrong column."}
    page = browser.post(at("correct", robin, first.pk), corrected, follow=True).content.decode()
    assert said in page, "a correction keeps it"
    with pytest.raises(IntegrityError), transaction.atomic():
        SheetHand.objects.update(kind="self", words="")


@time_machine.travel(cast.NOON, tick=False)
def test_somebody_else_says_who_they_are_and_an_old_entry_that_nobody_asked(
    robin: Patient, nurse: StaffMember
) -> None:
    browser = cast.signed_in(nurse)
    form = ZEROS | {"observed_at": "2026-03-04T11:00", "who": "proxy"}
    assert "Say who it was." in browser.post(at("enter", robin, "phq9"), form).content.decode()
    assert not QuestionnaireResponse.objects.exists()
    old = entered(robin, nurse, q1=1)
    assert "was not asked" in browser.get(at("response", robin, old.pk)).content.decode()
    with pytest.raises(IntegrityError), transaction.atomic():
        SheetHand.objects.create(response=old, kind="proxy")


@time_machine.travel(cast.NOON, tick=False)
def test_a_sheet_sent_again_with_another_hand_is_said_and_not_swallowed(
    robin: Patient, nurse: StaffMember
) -> None:
    browser = cast.signed_in(nurse)
    form = ZEROS | {"observed_at": "2026-03-04T11:00", "sheet": str(uuid4())}
    browser.post(at("enter", robin, "phq9"), form)
    again = browser.post(at("enter", robin, "phq9"), form, follow=True).content.decode()
    assert "was kept before" not in again
    other = form | {"who": "proxy", "whose_hand": "Ana"}
    again = browser.post(at("enter", robin, "phq9"), other, follow=True).content.decode()
    assert "was kept before" in again
    assert QuestionnaireResponse.objects.count() == 1


@time_machine.travel(cast.NOON, tick=False)
@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({}, "the person, on paper"),
        ({"who": "staff", "whose_hand": "Nora"}, "the person, read out by staff: Nora"),
        ({"who": "proxy", "whose_hand": "Ana"}, "somebody close to them, on paper: Ana"),
    ],
)
def test_the_chart_says_who_answered_each_sheet(
    robin: Patient, nurse: StaffMember, told: dict[str, str], said: str
) -> None:
    """Beside a curve *staff* reads as if somebody had judged the person."""
    browser = cast.signed_in(nurse)
    chart = reverse("chart:chart", args=[robin.pk])
    old = entered(robin, nurse, q1=1)
    assert (
        'By">entered by staff; who answered was not asked<' in browser.get(chart).content.decode()
    )
    form = ZEROS | {"observed_at": "2026-03-04T11:00", "reason": "Who answered was missing."}
    browser.post(at("correct", robin, old.pk), form | told)
    new = said if told else "entered by staff; who answered was not asked"
    assert f'By">{new}, corrected<' in browser.get(chart).content.decode()
    browser.post(at("enter", robin, "gad7"), GAD7 | {"observed_at": "2026-03-04T11:30"} | told)
    assert f'By">{said}<' in browser.get(chart).content.decode()


GAD7 = {f"q{n}": "0" for n in range(1, 8)} | {"difficulty": "skip"}


@time_machine.travel(cast.NOON, tick=False)
def test_who_answered_is_put_right_with_a_reason_and_the_first_word_stands(
    robin: Patient, nurse: StaffMember
) -> None:
    """A mother's view that was kept as the person's own would stay their word for ever."""
    browser = cast.signed_in(nurse)
    form = ZEROS | {"observed_at": "2026-03-04T11:00"}
    browser.post(at("enter", robin, "phq9"), form)
    first = QuestionnaireResponse.objects.get()
    there = at("correct", robin, first.pk)
    assert re.search(r'value="self"[^>]*checked', browser.get(there).content.decode())
    right = form | {"who": "proxy", "whose_hand": "Ana, their mother"}
    assert "This field is required" in browser.post(there, right).content.decode()
    assert SheetHand.objects.get().kind == "self"
    nobody = right | {"whose_hand": "", "reason": "Their mother filled it in."}
    assert "Say who it was." in browser.post(there, nobody).content.decode()
    page = browser.post(there, right | {"reason": nobody["reason"]}, follow=True).content.decode()
    assert "Somebody close to them answered: Ana, their mother." in page
    assert "Their mother filled it in." in page
    second = QuestionnaireResponse.objects.get(replaces=first)
    assert (second.answers, second.scores) == (first.answers, first.scores)
    assert (
        "The person wrote it themselves."
        in browser.get(at("response", robin, first.pk)).content.decode()
    )
    again = browser.get(at("correct", robin, second.pk)).content.decode()
    assert re.search(r'value="proxy"[^>]*checked', again) and "Ana, their mother" in again


@time_machine.travel(cast.NOON, tick=False)
def test_what_staff_rated_is_no_word_of_the_person(
    robin: Patient, nurse: StaffMember, settings: LazySettings
) -> None:
    settings.CLINIC_LICENSED = ["madrs"]
    browser = cast.signed_in(nurse)
    page = browser.get(at("enter", robin, "madrs")).content.decode()
    assert re.search(r'value="rated"[^>]*checked', page) and 'value="self"' not in page
    assert f'value="{nurse.user.name}"' in page
    form = {f"q{n}": "1" for n in range(1, 11)} | {"observed_at": "2026-03-04T11:00"}
    browser.post(at("enter", robin, "madrs"), form | {"who": "rated", "whose_hand": "Nora"})
    chart = browser.get(reverse("chart:chart", args=[robin.pk])).content.decode()
    assert 'By">rated by staff: Nora<' in chart
    asked = browser.get(at("enter", robin, "phq9")).content.decode()
    assert 'value="rated"' not in asked, "nobody rates what a person is asked themselves"
    either = browser.get(at("enter", robin, "cssrs_screener")).content.decode()
    assert 'value="rated"' in either and re.search(r'value="self"[^>]*checked', either)
