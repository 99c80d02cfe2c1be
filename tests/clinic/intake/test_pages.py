"""The pages: saving as it goes, answering in place, and who may clear."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from clinic.episodes.queries import open_episode
from clinic.intake import known, queries
from clinic.intake.forms import SECTIONS
from clinic.intake.models import (
    Clearance,
    DrugTrial,
    FactAnswer,
    MedicineEntry,
    Override,
    PressureReading,
)
from clinic.people.models import Patient, StaffMember
from clinic.people.proof import PASSWORD
from clinic.people.roles import Role
from tests.clinic import cast
from tests.clinic.intake import screened

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture(autouse=True)
def _at_noon() -> Iterator[None]:
    with time_machine.travel(cast.NOON, tick=False):
        yield


@pytest.fixture
def at_nurse(nurse: StaffMember) -> Client:
    return cast.signed_in(nurse)


@pytest.fixture
def at_prescriber(prescriber: StaffMember, robin: Patient) -> Client:
    """With a proof of a moment ago, which clearing and overriding ask for."""
    client = cast.signed_in(prescriber)
    assert client.post(url("clear", robin), {PASSWORD: cast.PASSWORD}).status_code == 200
    return client


def url(name: str, person: Patient, *more: object) -> str:
    return reverse(f"intake:{name}", args=[person.pk, *more])


def page(client: Client, name: str, person: Patient, *more: object) -> str:
    return client.get(url(name, person, *more)).content.decode()


def test_every_section_is_on_the_page_and_nothing_is_chosen(
    at_nurse: Client, robin: Patient
) -> None:
    shown = page(at_nurse, "form", robin)
    assert all(escape(section.title) in shown for section in SECTIONS.values())
    assert " checked" not in shown


@pytest.mark.parametrize(
    ("answer", "value", "declined"),
    [
        ("yes", True, False),
        ("no", False, False),
        ("not_known", None, False),
        ("declined", None, True),
    ],
)
def test_a_section_saves_each_answer_and_leaves_the_rest_open(
    at_nurse: Client, robin: Patient, answer: str, value: object, declined: bool
) -> None:
    where = url("section", robin, "conditions")
    sent = at_nurse.post(where, {"dx.mania.current": answer}, **HTMX)
    assert "Saved at" in sent.content.decode()
    row = FactAnswer.objects.get()
    assert (row.key, row.value, row.declined) == ("dx.mania.current", value, declined)
    assert f'value="{answer}"' in page(at_nurse, "form", robin)
    assert at_nurse.post(where, {"dx.mania.current": answer}).status_code == 302
    assert FactAnswer.objects.count() == 1


def test_figures_are_kept_in_range_and_taken_back(at_nurse: Client, robin: Patient) -> None:
    where = url("section", robin, "signs")
    for wrong in ("heavy", "5", "500"):
        sent = at_nurse.post(where, {"weight_kg": wrong}, **HTMX).content.decode()
        assert "Not saved" in sent
        assert "to mend" in at_nurse.post(where, {"weight_kg": wrong}).content.decode()
    assert not FactAnswer.objects.exists()
    for told in ("82,5", "declined", ""):
        at_nurse.post(where, {"weight_kg": told})
    kept = {row.value for row in known.standing(FactAnswer, robin)}
    assert kept == {82.5, None}


def test_choices_and_lists_of_words(at_nurse: Client, robin: Patient) -> None:
    told = {"product": "RACEMIC", "route": "declined", "excipients": "benzethonium chloride, soy"}
    at_nurse.post(url("section", robin, "request"), told)
    facts = queries.facts(robin, cast.NOON)
    assert (facts["product"], "route" in facts) == ("RACEMIC", False)
    assert facts["excipients"] == ["benzethonium chloride", "soy"]
    assert "benzethonium chloride, soy" in page(at_nurse, "form", robin)


def test_an_unknown_section_is_not_found(at_nurse: Client, robin: Patient) -> None:
    assert at_nurse.post(url("section", robin, "nothing"), {}).status_code == 404


@pytest.mark.hazard(10)
def test_saying_the_screener_is_over_alerts_what_was_left_open(
    at_nurse: Client, robin: Patient
) -> None:
    where = url("section", robin, "suicidality")
    at_nurse.post(where, {"cssrs.q1": "no"}, **HTMX)
    assert not robin.alerts.exists()
    at_nurse.post(where, {"cssrs.q1": "no", "finished": "yes"})
    assert robin.alerts.get().code == "cssrs.screener incomplete"


def readings(**changes: object) -> dict[str, object]:
    return {
        "first_at": "11:40",
        "first_systolic": 150,
        "first_diastolic": 90,
        "second_at": "11:46",
        "second_systolic": 148,
        "second_diastolic": 88,
    } | changes


def test_blood_pressure_is_saved_in_pairs(at_nurse: Client, robin: Patient) -> None:
    at_nurse.post(url("pressure", robin), readings())
    facts = queries.facts(robin, cast.NOON)
    assert (facts["sbp"], facts["dbp"]) == ([150, 148], [90, 88])
    assert "150/90" in page(at_nurse, "form", robin)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"second_at": "11:44"}, "at least 5 minutes"),
        ({"second_at": ""}, "leave all three empty"),
        ({"first_diastolic": 150}, "must be the higher one"),
        ({"first_at": "12:30", "second_at": "12:40"}, "in the future"),
        ({"first_systolic": ""}, "This field is required"),
    ],
)
def test_readings_that_cannot_be_are_not_saved(
    at_nurse: Client, robin: Patient, change: dict[str, object], says: str
) -> None:
    sent = at_nurse.post(url("pressure", robin), readings(**change))
    assert says in sent.content.decode()
    assert not PressureReading.objects.exists()


def test_lists_are_added_to_called_whole_and_struck(at_nurse: Client, robin: Patient) -> None:
    at_nurse.post(url("add", robin, "medicines"), {"name": "Sertraline 50 mg", "daily_dose_mg": 50})
    at_nurse.post(url("add", robin, "allergies"), {"substance": "Penicillin", "reaction": "rash"})
    trial = {"drug": "Sertraline", "adequate_dose_weeks": 8, "response_pct": 20, "adequate": "true"}
    at_nurse.post(url("add", robin, "trials"), trial)
    assert DrugTrial.objects.get().adequate is True
    for which in ("medicines", "allergies"):
        at_nurse.post(url("whole", robin, which))
    facts = queries.facts(robin, cast.NOON)
    assert facts["medications"] == [{"name": "Sertraline 50 mg", "daily_dose_mg": 50}]
    assert facts["allergies"] == ["Penicillin"]
    shown = page(at_nurse, "form", robin)
    assert "50 mg a day" in shown
    assert "8 weeks at an adequate dose, 20% better, adequate" in shown
    row = MedicineEntry.objects.get()
    at_nurse.post(url("strike", robin, "medicines", row.pk), {"reason": ""})
    assert known.current_medicines(robin) == [row]
    at_nurse.post(url("strike", robin, "medicines", row.pk), {"reason": "stopped in May"})
    assert known.current_medicines(robin) == []
    again = at_nurse.post(url("strike", robin, "medicines", row.pk), {"reason": "once more"})
    assert again.status_code == 404


def test_a_row_that_cannot_be_is_not_added(at_nurse: Client, robin: Patient) -> None:
    sent = at_nurse.post(url("add", robin, "trials"), {"drug": "X", "response_pct": 101})
    assert "to mend" in sent.content.decode()
    assert not DrugTrial.objects.exists()
    for name in ("add", "whole"):
        assert at_nurse.post(url(name, robin, "nothing")).status_code == 404
    assert at_nurse.post(url("strike", robin, "nothing", robin.pk)).status_code == 404


def test_a_pharmacist_says_what_an_unknown_name_is(robin: Patient, nurse: StaffMember) -> None:
    pharmacist = cast.staff(Role.PHARMACIST)
    cast.treats(pharmacist, robin)
    client = cast.signed_in(pharmacist)
    row = screened.takes(robin, nurse, "zorgletine")
    where = url("check", robin, row.pk)
    assert where in page(client, "eligibility", robin)
    assert "zorgletine" in client.get(where).content.decode()
    why = "read the box and the label"
    for told in (
        {"outcome": "same_as", "reason": why},
        {"outcome": "same_as", "same_as": "zorgl", "reason": why},
    ):
        assert "to mend" in client.post(where, told).content.decode()
    client.post(where, {"outcome": "no_interaction", "same_as": "left over", "reason": why})
    assert known.current_medicines(robin)[0].checked == "no_interaction"
    assert known.medicines_to_check(robin) == []


def test_eligibility_asks_what_is_unknown_and_takes_the_answer_in_place(
    at_nurse: Client, robin: Patient
) -> None:
    shown = page(at_nurse, "eligibility", robin)
    assert "Needed by SCR-067" in shown
    assert "Incomplete" in shown
    at_nurse.post(url("answer", robin), {"key": "capacity", "capacity": "no"})
    shown = page(at_nurse, "eligibility", robin)
    assert "SCR-067 is absolute" in shown
    assert "Override" not in shown
    at_nurse.post(url("answer", robin), {"key": "capacity"})
    for key in ("cssrs.q1", "sbp", "nothing"):
        assert at_nurse.post(url("answer", robin), {"key": key}).status_code == 404


def test_a_wrong_answer_in_place_is_shown_with_its_mend(
    at_nurse: Client, robin: Patient, nurse: StaffMember
) -> None:
    screened.tell(robin, nurse, dx__bipolar__current=True)
    sent = at_nurse.post(url("answer", robin), {"key": "ymrs", "ymrs": "many"})
    assert "Write a number." in sent.content.decode()


def test_an_answer_is_corrected_with_a_reason(
    at_nurse: Client, robin: Patient, nurse: StaffMember
) -> None:
    screened.tell(robin, nurse, capacity=True, weight_kg=80)
    row = FactAnswer.objects.get(key="capacity")
    where = url("correct", robin, row.pk)
    assert at_nurse.get(where).status_code == 200
    at_nurse.post(where, {"capacity": "no", "reason": ""})
    assert queries.facts(robin, cast.NOON)["capacity"] is True
    at_nurse.post(where, {"capacity": "no", "reason": "misheard"})
    assert queries.facts(robin, cast.NOON)["capacity"] is False
    assert at_nurse.get(where).status_code == 404


def test_a_prescriber_overrides_and_clears(
    at_prescriber: Client, robin: Patient, nurse: StaffMember
) -> None:
    screened.well(robin, nurse)
    screened.pressure(robin, nurse, 165, 80)
    screened.pressure(robin, nurse, 165, 80)
    where = url("override", robin, "SCR-006")
    assert where in page(at_prescriber, "eligibility", robin)
    assert "cannot be cleared now" in page(at_prescriber, "clear", robin)
    day = (cast.NOON + timedelta(days=30)).date()
    terms = {"rationale": "x" * 19, "mitigation": "readings", "expires_on": day}
    for wrong in ({}, {"expires_on": cast.NOON.date() - timedelta(days=1)}):
        sent = at_prescriber.post(
            where, terms | {"rationale": "x" * 20, **wrong} if wrong else terms
        )
        assert "to mend" in sent.content.decode()
    assert at_prescriber.get(where).status_code == 200
    at_prescriber.post(where, terms | {"rationale": "A cardiologist agrees with it"})
    assert Override.objects.get().because["sbp"] == [120, 165, 165]
    assert "A cardiologist agrees" in page(at_prescriber, "eligibility", robin)
    clear = url("clear", robin)
    for wrong in ({"note": ""}, {"dose_mg_per_kg": 1, "dose_mg": 50}, {"dose_mg_per_kg": 2}):
        assert "to mend" in at_prescriber.post(clear, wrong).content.decode()
    at_prescriber.post(clear, {"dose_mg_per_kg": "0.75"})
    assert Clearance.objects.get().patient == robin
    assert "at most 0.75 mg/kg" in page(at_prescriber, "eligibility", robin)


def test_a_lapse_is_told_with_its_reason(
    at_prescriber: Client, well: Patient, nurse: StaffMember
) -> None:
    assert "Clear this person" in page(at_prescriber, "eligibility", well)
    at_prescriber.post(url("clear", well), {"dose_mg_per_kg": "0.75"})
    screened.tell(well, nurse, **{"dx.psychosis.current": True})
    shown = page(at_prescriber, "eligibility", well)
    assert "SCR-010 is new" in shown
    assert at_prescriber.get(url("override", well, "SCR-010")).status_code == 404


def test_care_ends_before_it_begins(at_prescriber: Client, well: Patient) -> None:
    where, why = url("outcome", well), "Prefers to wait for another treatment"
    assert "to mend" in at_prescriber.post(where, {"outcome": "declined"}).content.decode()
    at_prescriber.post(where, {"outcome": "declined", "reason": why})
    assert open_episode(well) is None
    assert at_prescriber.post(where, {"outcome": "declined", "reason": why}).status_code == 404
    assert "No episode of care is open" in page(at_prescriber, "eligibility", well)


def test_an_outcome_that_cannot_follow_is_refused(at_prescriber: Client, well: Patient) -> None:
    episode = open_episode(well)
    assert episode is not None
    episode.stage = "in series"
    episode.save()
    sent = at_prescriber.post(
        url("outcome", well), {"outcome": "declined", "reason": "Prefers to wait"}
    )
    assert "cannot follow" in sent.content.decode()


@pytest.mark.hazard(12)
@pytest.mark.parametrize("role", [Role.NURSE, Role.THERAPIST, Role.PHARMACIST, Role.MANAGER])
def test_only_a_prescriber_clears(well: Patient, role: Role) -> None:
    member = cast.staff(role)
    cast.treats(member, well)
    client = cast.signed_in(member)
    for where in (url("clear", well), url("override", well, "SCR-006"), url("outcome", well)):
        assert client.post(where, {"dose_mg_per_kg": "0.5"}).status_code == 404
    assert not Clearance.objects.exists()
