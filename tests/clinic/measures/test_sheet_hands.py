"""What somebody else answered, read as the person's own word, misleads whoever decides on it."""

import re
from uuid import uuid4

import pytest
import time_machine
from django.db import IntegrityError, transaction

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
