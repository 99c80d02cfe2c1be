"""One person's way from a referral to the visit after a dose, by the pages alone.

Each room is tested with the others faked; here nothing is. Every step is reached by a link.
"""

from datetime import timedelta

import pytest
import time_machine

from clinic.dosing.models import DosingSession
from clinic.people.models import Patient
from clinic.people.roles import Role
from tests.clinic import cast
from tests.clinic.cast import NOON
from tests.clinic.desk import Desk

pytestmark = pytest.mark.django_db

SECTIONS: dict[str, dict[str, object]] = {
    "childbearing_potential": {"childbearing_potential": "no", "capacity": "yes"},
    "product": {
        "indication_id": "IND-01",
        "product": "RACEMIC",
        "route": "IM",
        "first_exposure": "yes",
    },
    "dx.aneurysm.current": {
        f"dx.{name}.{facet}": "no"
        for name, facets in {
            "aneurysm": ("current", "history"),
            "avm": ("current", "history"),
            "ich": ("current", "history"),
            "psychosis": ("current",),
            "mania": ("current",),
            "bipolar": ("current", "history"),
            "ketamine_use_disorder": ("current", "history"),
        }.items()
        for facet in facets
    },
    "weight_kg": {"weight_kg": 70, "height_cm": 175},
}
SCREENER = {f"cssrs.q{number}": "no" for number in (1, 2, 6)}


@pytest.fixture
def staff() -> dict[str, Desk]:
    """The clinic's people, each at a screen of their own."""
    roles = {
        "front": (Role.FRONT_DESK, "Fran Front"),
        "nurse": (Role.NURSE, "Nina Nurse"),
        "other": (Role.NURSE, "Otto Other"),
        "prescriber": (Role.PRESCRIBER, "Paula Prescriber"),
        "therapist": (Role.THERAPIST, "Theo Therapist"),
        "manager": (Role.MANAGER, "Mona Manager"),
    }
    members = {key: cast.staff(role, name) for key, (role, name) in roles.items()}
    cast.on_call(members["prescriber"])
    return {key: Desk(member) for key, member in members.items()}


def _chart(desk: Desk, person: Patient) -> Desk:
    """From Today to the chart."""
    desk.open("/today/").follow("People").follow("Person, Walker").follow("Open the chart")
    assert str(person.pk) in desk.url
    return desk


def _referred(staff: dict[str, Desk]) -> Patient:
    front = staff["front"].open("/today/").follow("People").follow("Add a person")
    front.press("Add", given_name="Walker", family_name="Person", birth_date="1980-05-17", sex="female")
    for who in ("nurse", "other", "prescriber", "therapist"):
        front.press("Add", staff=staff[who].member.name).says("is on the team")
    front.follow("Type a referral")
    front.press("Save", referrer="Dr Known, Main Street", why="Depression, four medicines tried.")
    return Patient.objects.get(family_name="Person")


def _taken_in(staff: dict[str, Desk], person: Patient) -> None:
    nurse = _chart(staff["nurse"], person).follow("History and screening")
    for told in SECTIONS.values():
        nurse.press("Save this section", **told)
    nurse.press("Save this section", **SCREENER).press("Save: this is all")
    nurse.press(
        "Save the readings", first_at="11:30", first_systolic=122, first_diastolic=78,
        second_at="11:40", second_systolic=120, second_diastolic=76,
    )  # fmt: skip
    nurse.press("Add", name="sertraline", daily_dose_mg=50)
    for _ in ("medicines", "allergies"):
        nurse.press("The")
    nurse.follow("See eligibility")


def test_one_person_goes_the_whole_way(staff: dict[str, Desk]) -> None:
    with time_machine.travel(NOON, tick=True) as clock:
        person = _referred(staff)
        _taken_in(staff, person)
        print(staff["nurse"].text)
        assert 0
