"""A plan that is lost, overwritten or made without the person is no plan on a bad night."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from clinic.people.models import Patient, StaffMember, User
from clinic.people.roles import Role
from clinic.safety.models import SafeSurroundings, SafetyPlan
from tests.clinic import cast

pytestmark = pytest.mark.django_db
TOLD = {
    "warning_signs": "I lie awake",
    "own_coping": "Walking",
    "professionals": "Call 988",
    "review_on": "2026-04-04",
    "together": "on",
    "before": "0",
    "rows-TOTAL_FORMS": "2",
    "rows-INITIAL_FORMS": "0",
    "rows-0-item": "Old tablets",
    "rows-0-action": "To the pharmacy",
    "rows-0-who": "My sister",
    "rows-0-by_when": "2026-03-06",
}


@pytest.fixture
def robin() -> Patient:
    """The person."""
    return cast.patient()


@pytest.fixture
def nurse(robin: Patient) -> StaffMember:
    """Treats Robin."""
    return cast.treats(cast.staff(Role.NURSE), robin)


def _at(name: str, robin: Patient, *more: object) -> str:
    return reverse(f"safety:{name}", args=[robin.pk, *more])


def _make(nurse: StaffMember, robin: Patient, **other: str) -> Any:
    with time_machine.travel(cast.NOON, tick=False):
        return cast.signed_in(nurse).post(_at("make", robin), TOLD | other, follow=True)


def test_made_together_read_back_and_on_paper(nurse: StaffMember, robin: Patient) -> None:
    browser = cast.signed_in(nurse)
    assert "No safety plan yet" in browser.get(_at("plan", robin)).content.decode()
    assert browser.get(_at("paper", robin)).status_code == 404
    with time_machine.travel(cast.NOON, tick=False):
        first = browser.get(_at("make", robin)).content.decode()
    assert "Call 988" in first, "the lines that everybody may call stand there already"
    page = _make(nurse, robin).content.decode()
    for said in ("Version 1", "I lie awake", "Old tablets", "My sister, by March 6"):
        assert said in page
    assert page.count("Not talked about yet") == 3, "an empty step says so, and is no zero"
    paper = browser.get(_at("paper", robin))
    assert paper["Content-Type"] == "application/pdf"
    text = PdfReader(BytesIO(paper.content)).pages[0].extract_text()
    assert "I lie awake" in text
    assert "Robin Example" in text


def test_each_time_is_a_version_and_none_is_lost(nurse: StaffMember, robin: Patient) -> None:
    _make(nurse, robin)
    same = _make(nurse, robin, before="1").content.decode()
    assert "gone through again and left as it was" in same
    emptied = dict.fromkeys((f"rows-0-{name}" for name in ("item", "action", "who", "by_when")), "")
    there = {"rows-INITIAL_FORMS": "1", "before": "2", "own_coping": "Swimming"}
    changed = _make(nurse, robin, **there, **emptied).content.decode()
    assert "Swimming" in changed
    assert "Nothing agreed yet" in changed
    held = list(SafetyPlan.objects.order_by("version").values_list("version", "unchanged"))
    assert held == [(1, False), (2, True), (3, False)]
    browser = cast.signed_in(nurse)
    old = browser.get(_at("version", robin, 1)).content.decode()
    assert "Walking" in old
    assert "an earlier version" in old
    assert browser.get(_at("version", robin, 9)).status_code == 404
    for model, change in ((SafetyPlan, {"own_coping": "x"}), (SafeSurroundings, {"who": "x"})):
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.update(**change)


def test_what_somebody_else_kept_meanwhile_is_not_overwritten(
    nurse: StaffMember, robin: Patient
) -> None:
    _make(nurse, robin)
    late = _make(nurse, robin, own_coping="Other words").content.decode()
    assert "Somebody kept a newer version meanwhile" in late
    assert SafetyPlan.objects.count() == 1


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"together": ""}, "made with the person, never for them"),
        ({"warning_signs": ""}, "This field is required"),
        ({"review_on": "2026-03-04"}, "Choose a day to come"),
        ({"rows-0-who": ""}, "Thing 1, Who does it: This field is required."),
        ({"rows-0-by_when": "soon"}, "Thing 1, By when: Enter a valid date."),
        ({"rows-TOTAL_FORMS": "x"}, "rows-TOTAL_FORMS"),
    ],
)
def test_what_is_not_whole_is_not_kept(
    nurse: StaffMember, robin: Patient, told: dict[str, str], said: str
) -> None:
    assert said in _make(nurse, robin, **told).content.decode()
    assert not SafetyPlan.objects.exists()


def test_a_review_that_is_overdue_says_so(nurse: StaffMember, robin: Patient) -> None:
    _make(nurse, robin)
    browser = cast.signed_in(nurse)
    with time_machine.travel(cast.NOON + timedelta(days=40), tick=False):
        browser.force_login(nurse.user)
        assert "Review overdue" in browser.get(_at("plan", robin)).content.decode()


def test_the_person_has_it_on_their_own_page_and_nobody_elses(
    nurse: StaffMember, robin: Patient
) -> None:
    own = Client()
    robin.user = User.objects.create_user("robin@person.example", "long enough words", name="R")
    robin.save()
    own.force_login(robin.user)
    assert "There is none yet" in own.get(reverse("safety:own")).content.decode()
    _make(nurse, robin, people_to_ask="My sister <b>, 212 555 0123")
    page = own.get(reverse("safety:own")).content.decode()
    assert "I lie awake" in page
    assert "Call 988" in page
    assert 'My sister &lt;b&gt;, <a href="tel:+12125550123">212 555 0123</a>' in page
    assert reverse("safety:own") in own.get(reverse("people:me")).content.decode()
    assert own.get(_at("plan", robin)).status_code == 404
    desk = cast.signed_in(cast.staff(Role.FRONT_DESK))
    assert desk.get(_at("plan", robin)).status_code == 404
    assistant = cast.treats(cast.staff(Role.ASSISTANT), robin)
    reader = cast.signed_in(assistant)
    assert "I lie awake" in reader.get(_at("plan", robin)).content.decode()
    assert reader.get(_at("make", robin)).status_code == 404
