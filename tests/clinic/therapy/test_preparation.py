"""What calms a person must be in front of whoever sits beside them when they are afraid."""

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from clinic.people.models import Patient
from clinic.people.roles import Role
from clinic.therapy import queries
from clinic.therapy.models import Preparation, Topic
from clinic.therapy.models.choosing import Several
from tests.clinic import cast
from tests.clinic.therapy.cases import prepared

pytestmark = pytest.mark.django_db
WHOLE = {
    "held_at": "2026-03-04T12:00",
    "topics": ["effects", "stop_sign", "touch"],
    "intention": "To rest",
    "hopes": "A quiet head",
    "fears": "Losing control",
    "altered_states": "Panic on a plane",
    "calming": "Say that it passes",
    "stop_word": "lemon",
    "touch_rehearsed": "on",
    "support_name": "Sam",
    "support_phone": "+1 202 555 0100",
    "tension_score": "4",
    "sleep_hours": "6.5",
    "culture": "Prays at noon",
    "set_notes": "An argument on Monday",
    "comforts": ["eyeshade", "near"],
    "music": "Piano, no voices",
    "setting_notes": "Nobody else comes in",
}
OF_THE_VISIT = ("How the drug is given and what it does", "rehearsed at the last visit", "6.5 h")


@pytest.fixture
def person() -> Patient:
    return cast.patient()


@pytest.fixture
def ana(person):
    return cast.signed_in(cast.treats(cast.staff(Role.THERAPIST), person))


def _url(name: str, person: Patient) -> str:
    return reverse(f"therapy:{name}", args=[person.pk])


@time_machine.travel(cast.NOON, tick=False)
def test_all_that_was_said_stands_on_the_page(ana, person) -> None:
    ana.post(_url("prepare", person), WHOLE)
    page = ana.get(_url("therapy", person))
    words = [value for name, value in WHOLE.items() if isinstance(value, str) and " " in value]
    for each in (*words, *OF_THE_VISIT, "Eyeshade, Therapist within reach"):
        if each != WHOLE["support_phone"]:
            assertContains(page, each)


@time_machine.travel(cast.NOON, tick=False)
def test_what_belongs_to_one_visit_is_asked_anew_at_the_next(ana, person) -> None:
    """Else last week's good sleep is charted for a night without any."""
    ana.post(_url("prepare", person), WHOLE)
    draft = ana.get(_url("prepare", person)).context["form"].initial
    for name in ("topics", "touch_rehearsed", "tension_score", "sleep_hours"):
        assert not draft[name]
    assert draft["calming"] == "Say that it passes"
    assert draft["comforts"] == ["eyeshade", "near"]


@pytest.mark.parametrize(
    ("field", "typed"),
    [("tension_score", "11"), ("tension_score", "-1"), ("sleep_hours", "24.5"),
     ("sleep_hours", "-1"), ("topics", ["magic"]), ("comforts", ["magic"]), ("stop_word", "")],
)  # fmt: skip
@time_machine.travel(cast.NOON, tick=False)
def test_what_cannot_be_is_refused_and_what_was_typed_stays(ana, person, field, typed) -> None:
    page = ana.post(_url("prepare", person), WHOLE | {field: typed})
    assertContains(page, "to mend")
    assertContains(page, "Say that it passes")
    assert queries.preparation(person) is None


def test_a_list_of_choices_holds_each_once() -> None:
    rule = Several(Topic)
    for wrong in ("effects", ["magic"], ["effects", "effects"], {"effects": 1}):
        with pytest.raises(ValidationError):
            rule(wrong)
    rule(["effects", "touch"])
    assert rule == Several(Topic)
    assert hash(rule) == hash(Several(Topic))


def test_a_row_from_before_these_were_asked_still_shows(ana, person) -> None:
    prepared(person, cast.treats(cast.staff(Role.THERAPIST, "Second"), person))
    page = ana.get(_url("therapy", person))
    assertContains(page, "not rehearsed at the last visit")
    assertNotContains(page, "None h")
    assert isinstance(queries.preparation(person), Preparation)
