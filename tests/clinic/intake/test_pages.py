"""The pages: saving as it goes, answering in place, and who may clear."""

import pytest
from django.test import Client
from django.utils.html import escape

from clinic.intake import known, queries
from clinic.intake.forms import SECTIONS
from clinic.intake.models import (
    DrugTrial,
    FactAnswer,
    MedicineEntry,
    PressureReading,
)
from clinic.people.models import Patient, StaffMember
from clinic.people.roles import Role
from tests.clinic import cast
from tests.clinic.intake import screened
from tests.clinic.intake.pages import HTMX, page, url

pytestmark = pytest.mark.usefixtures("at_noon")


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
    where = url("section", robin, "mind")
    sent = at_nurse.post(where, {"dx.mania.current": answer}, **HTMX)
    assert "Saved at" in sent.content.decode()
    row = FactAnswer.objects.get()
    assert (row.key, row.value, row.declined) == ("dx.mania.current", value, declined)
    assert f'value="{answer}"' in page(at_nurse, "form", robin)
    assert at_nurse.post(where, {"dx.mania.current": answer}).status_code == 302
    assert FactAnswer.objects.count() == 1


def test_figures_are_kept_in_range_and_taken_back(at_nurse: Client, robin: Patient) -> None:
    where = url("section", robin, "measurements")
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
        "first_systolic_mmhg": 150,
        "first_diastolic_mmhg": 90,
        "second_at": "11:46",
        "second_systolic_mmhg": 148,
        "second_diastolic_mmhg": 88,
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
        ({"first_diastolic_mmhg": 150}, "must be the higher one"),
        ({"first_at": "12:30", "second_at": "12:40"}, "in the future"),
        ({"first_systolic_mmhg": ""}, "This field is required"),
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
