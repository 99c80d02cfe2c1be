"""One person's way from a referral to the week after a dose, by the pages alone.

Each room is tested with the others faked; here nothing is. Every step is reached by a link.
"""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings
from django.test import Client

from clinic.dosing.models import DosingSession
from clinic.intake.forms import SECTIONS
from clinic.people.models import Patient, StaffMember
from clinic.people.roles import Role
from kapstone.eligibility.keys import Kind
from tests.clinic import cast
from tests.clinic.cast import NOON
from tests.clinic.desk import Desk

pytestmark = pytest.mark.django_db

# What is asked of everybody, answered no.
ALL_NO = [
    {
        question.key.name: "no"
        for question in SECTIONS[section].questions
        if question.when is None and question.key.kind is Kind.BOOL
    }
    for section in ("mind", "heart", "brain", "body", "airway", "habits")
]
TOLD: list[dict[str, object]] = [
    {"childbearing_potential": "no", "capacity": "yes"},
    {"indication_id": "IND-01", "product": "RACEMIC", "route": "IM"},
    {"first_exposure": "yes", "lifetime_doses": 0, "planned_doses": 6, "dose_mg_per_kg": 1},
    *ALL_NO,
    {"asa_class": 2, "stopbang": 1},
    {"uds_unexplained": "none", "pdmp_days_ago": 0},
    {"weight_kg": 70, "height_cm": 175},
    {"hr": 72, "rr": 14, "spo2": 98},
]
SCREENER = {f"cssrs.q{number}": "no" for number in (1, 2, 6)}


def members() -> dict[str, StaffMember]:
    """The clinic's people."""
    roles = {
        "front": (Role.FRONT_DESK, "Fran Front"),
        "nurse": (Role.NURSE, "Nina Nurse"),
        "other": (Role.NURSE, "Otto Other"),
        "prescriber": (Role.PRESCRIBER, "Paula Prescriber"),
        "therapist": (Role.THERAPIST, "Theo Therapist"),
        "manager": (Role.MANAGER, "Mona Manager"),
    }
    made = {key: cast.staff(role, name) for key, (role, name) in roles.items()}
    cast.on_call(made["prescriber"])
    cast.sign_content()
    return made


def _chart(desk: Desk, person: Patient) -> Desk:
    """From Today to the chart."""
    desk.open("/today/").follow("People").follow("Person, Walker").follow("Chart")
    assert str(person.pk) in desk.url
    return desk


def _referred(staff: dict[str, Any]) -> Patient:
    front = staff["front"].open("/today/").follow("People").follow("Add a person")
    front.press(
        "Add", given_name="Walker", family_name="Person", birth_date="1980-05-17", sex="female"
    )
    for who in ("nurse", "other", "prescriber", "therapist"):
        front.press("Add", staff=staff[who].member.name).says("is on the team")
    front.follow("Type a referral")
    front.press("Save", referrer="Dr Known, Main Street", why="Depression, four medicines tried.")
    return Patient.objects.get(family_name="Person")


def _taken_in(staff: dict[str, Any], person: Patient) -> None:
    nurse = _chart(staff["nurse"], person).follow("History")
    for told in TOLD:
        nurse.press("Save this section", **told)
    nurse.press("Save this section", **SCREENER).press("Save: this is all")
    nurse.press(
        "Save the readings", first_at="11:30", first_systolic_mmhg=122, first_diastolic_mmhg=78,
        second_at="11:40", second_systolic_mmhg=120, second_diastolic_mmhg=76,
    )  # fmt: skip
    nurse.press("Add", name="sertraline", daily_dose_mg=50)
    nurse.press("I asked: there is nothing else").press("The person has no allergies")
    nurse.follow("Eligibility").says("Nothing stands in the way").picture("eligibility")


def _planned(staff: dict[str, Any], person: Patient) -> None:
    prescriber = _chart(staff["prescriber"], person).follow("Eligibility")
    prescriber.follow("Clear this person").press("Clear", dose_mg_per_kg=1).says("Cleared for")
    nurse = _chart(staff["nurse"], person).follow("PHQ-9")
    answers = {f"q{number}": 2 if number < 9 else 0 for number in range(1, 10)}
    nurse.press("Save and score", observed_at="2026-03-04T11:50", difficulty=1, **answers)
    nurse.says("16 of 27")
    _chart(prescriber, person).follow("Plan and order").follow("Write the plan")
    prescriber.press(
        "Keep the plan", indication_id="IND-01", goals="Sleep through the night.",
        treatment="RACEMIC:IM", dose_model_id="THX-02", sessions=6, spacing_days=3,
        costs="About 600 dollars a session.",
    )  # fmt: skip


def _consented(staff: dict[str, Any], person: Patient) -> None:
    therapist = _chart(staff["therapist"], person).follow("Plan and order")
    therapist.follow("Go through the consent")
    names = therapist.names()
    items = [name.removesuffix("-initials") for name in names if name.endswith("-initials")]
    answers = dict.fromkeys(items, "agreed") | {f"{each}-initials": "WP" for each in items}
    therapist.press(
        "This is my answer", signed_name="Walker Person", understands=True, appreciates=True,
        weighs=True, chooses=True, copy_given=True, **answers,
    )  # fmt: skip
    therapist.says("The consent is kept")
    _chart(therapist, person).follow("Therapy").follow("Record a visit")
    therapist.press(
        "Record this visit", intention="To feel my father is near.", fears="Losing control",
        stop_word="River", support_name="Sam",
    )  # fmt: skip
    therapist.press("Preparation is complete").says("Preparation is complete.")


def _ordered(staff: dict[str, Any], person: Patient) -> None:
    prescriber = _chart(staff["prescriber"], person).follow("Plan and order")
    prescriber.follow("Write the order")
    prescriber.press(
        "Check", dose_value="0.5", unit="mg/kg", concentration_mg_per_ml=50, volume_ml="0.7",
        salt_or_base="base", sedative_planned="no",
    )  # fmt: skip
    prescriber.picture("order")
    prescriber.press("Sign 35 mg").says("The order is signed.")
    manager = staff["manager"].open("/today/").follow("Shifts")
    for who in ("nurse", "other"):
        manager.press(
            "Put on shift", staff=staff[who].member.name, starts_at="2026-03-04T08:00",
            ends_at="2026-03-04T20:00",
        )  # fmt: skip


def _console(desk: Desk, person: Patient) -> Desk:
    return desk.open("/today/").follow(person.name)


VITALS = {"sbp": 120, "dbp": 78, "hr": 70, "spo2": 98, "rr": 14, "seated": True}


def _readied(staff: dict[str, Any], person: Patient, clock: time_machine.Traveller) -> None:
    nurse = _chart(staff["nurse"], person).follow("Sessions").press("Open a session for it")
    nurse.press("Pass: Identity").press("Arrived").press("Chart weight", weight_kg=70)
    for _ in range(2):
        nurse.press("Chart", **VITALS)
        clock.shift(timedelta(minutes=6))
    for words in nurse.buttons():
        if words.startswith("Pass: "):
            nurse.press(words)
    nurse.follow("Ask the questions of today").press(
        "Keep these answers", intox_alcohol="no", intox_drug="no", breath_alcohol=0,
        escort_named="yes", escort_confirmed="yes", hours_since_solids=12, temp_c=36.8,
        hours_since_clear_fluids=4, uri_current="no", wheeze="no", gi_symptoms="no",
        urinary_symptoms=["none"],
    )  # fmt: skip
    nurse.hears_alarm().press("Ready").says("Phase Ready")


def _dosed(staff: dict[str, Any], person: Patient, clock: time_machine.Traveller) -> None:
    nurse = staff["nurse"].open("/today/").follow("Drug register").follow("Receive a vial")
    nurse.press(
        "Write this entry", product="RACEMIC", concentration_mg_per_ml=50, volume_ml=10, lot="L77",
        expires_on="2027-01-31", supplier="A wholesaler", invoice="I-1", second="Otto Other",
        secret=cast.PASSWORD,
    )  # fmt: skip
    _console(nurse, person).follow("Draw from a vial")
    nurse.press("Write the draw", vial="Racemic, lot L77, expires 2027-01-31", amount_mg=50)
    figures = {"dose_mg": 35, "weight_kg": 70}
    nurse.press("Take my entry", initials="WP", birth_year=1980, **figures)
    nurse.press("Compare", person="Otto Other", secret=cast.PASSWORD, **figures)
    nurse.hears_alarm().press("Dose starts now", dose_mg=35).says("Phase Dosing")
    clock.shift(timedelta(minutes=10))
    nurse.press("Chart", **(VITALS | {"sbp": 185, "dbp": 112}))
    nurse.says("Expected rise of blood pressure").picture("console")
    nurse.press("I am acting").press("Drank water")
    nurse.press("Resolve", words="Sat up, talked.").press("Chart", **VITALS)


def _recovered(staff: dict[str, Any], person: Patient, clock: time_machine.Traveller) -> None:
    clock.shift(timedelta(minutes=125))
    nurse = _console(staff["nurse"], person)
    for phase in ("Peak", "Coming back", "Recovery"):
        nurse.press(phase)
    nurse.press("Chart", **VITALS, spo2_o2="no")
    clock.shift(timedelta(minutes=6))
    nurse.press("Chart", **VITALS, spo2_o2="no").press("5", oriented_x4=True)
    for key in ("dissoc_nrs", "nausea_nrs", "pain_nrs"):
        nurse.tap(key, 0)
    nurse.press("Chart", aldrete=10).press("Chart", padss=10).tap("steady", "yes")
    nurse.press("Chart the screen", cssrs_q1="no", cssrs_q2="no", cssrs_q6="no")
    nurse.tap("mania", "no").tap("given", "yes").press("Yes", who="Sam, brother")
    nurse.follow("Discharge: what is met").press("Propose discharge").says("Proposed")
    nurse.picture("discharge")
    nurse.follow("For the person who takes them home").says("For the person who takes Walker home")
    prescriber = _console(staff["prescriber"], person).follow("Discharge: what is met")
    prescriber.press("Sign discharge").says("Discharged")
    nurse.follow("Back").follow("What they say before").press("Keep these", text="It was light.")
    nurse.says("It was light.").open("/today/").says("Drug record still open").follow("Drug reg")
    nurse.follow("Waste the rest").press(
        "Write this entry", amount_mg=15, reason="Rest of the syringe", second="Otto Other",
        secret=cast.PASSWORD,
    )  # fmt: skip
    nurse.open("/today/")
    assert "Drug record still open" not in nurse.text


def _integrated(staff: dict[str, Any], person: Patient, clock: time_machine.Traveller) -> None:
    clock.shift(timedelta(hours=30))
    therapist = staff["therapist"].sign_in()
    _chart(therapist, person).follow("Therapy").says("Integration visit due")
    therapist.follow("Record an integration visit").press(
        "Record this visit", outcome="attended", contact="in_person",
        focus="The light, and her father.",
        next_step="Call her sister.",
    )  # fmt: skip
    therapist.says("Next small step.", "Call her sister.").follow("Your private notes")
    _chart(therapist, person).says("Dose 1", "racemic, IM").picture("chart")


def _checked_in(staff: dict[str, Any], person: Patient) -> None:
    """A day after the dose: Today says whom to call."""
    nurse = staff["nurse"].sign_in().open("/today/").says("Check-ins after a dose")
    nurse.follow("Record the call").says("No phone and no e-mail")
    nurse.press(
        "Keep this call", reached="yes", said="Slept long. Calm.", unwell="no", thoughts="no",
        driven="no",
    )  # fmt: skip
    nurse.says("The call is on record", "Slept long. Calm.").open("/today/")
    assert "Check-ins after a dose" not in nurse.text


def _followed_up(staff: dict[str, Any], person: Patient, clock: time_machine.Traveller) -> None:
    """Day 7: nobody can be written to, so Today says to hand the links over."""
    clock.shift(timedelta(days=6))
    nurse = staff["nurse"].sign_in()
    for name in ("GAD-7", "PHQ-9"):
        nurse.open("/today/").says("Questionnaires after a dose", "No e-mail on record")
        nurse.follow(person.name).follow("No e-mail on record")
        nurse.press("Make the link").says(f"{name}: the link")
        _answered(nurse.value("made-link"), person, 9 if name == "PHQ-9" else 7)
    nurse.open("/today/")
    assert "Day 7" not in nurse.text
    _chart(nurse, person).says("not counted: recall reaches back before the dose").follow("After")
    nurse.says("Day 7", "Answered")


def _answered(link: str, person: Patient, items: int) -> None:
    """The person, on a phone."""
    phone = Client()
    phone.post(link, {"birth_date": person.birth_date})
    for item in range(1, items + 1):
        phone.post(f"{link}answer/?item=q{item}", {"answer": 0})
    assert b"Thank you" in phone.post(f"{link}review/", follow=True).content


def walk(staff: dict[str, Any], clock: time_machine.Traveller) -> None:
    """Every step, by whoever takes it. `staff`: a screen for each of `members`."""
    person = _referred(staff)
    _taken_in(staff, person)
    _planned(staff, person)
    _consented(staff, person)
    _ordered(staff, person)
    _readied(staff, person, clock)
    _dosed(staff, person, clock)
    _recovered(staff, person, clock)
    _integrated(staff, person, clock)
    _checked_in(staff, person)
    _followed_up(staff, person, clock)
    assert DosingSession.objects.get().phase == "discharged"


def test_one_person_goes_the_whole_way(settings: LazySettings) -> None:
    settings.CLINIC_IDLE_MIN = "600"  # the clock is moved by hours while everybody is at work
    with time_machine.travel(NOON, tick=True) as clock:
        walk({key: Desk(who) for key, who in members().items()}, clock)
