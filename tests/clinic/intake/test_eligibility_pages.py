"""What a prescriber sees of the findings, and how they decide."""

from datetime import timedelta

import pytest
from django.test import Client

from clinic.content import actions as content
from clinic.intake import queries
from clinic.intake.models import (
    Clearance,
    FactAnswer,
    Override,
)
from clinic.people.models import Patient, StaffMember
from clinic.people.roles import Role
from kapstone.content import rule_row
from kapstone.eligibility import rule
from kapstone.findings import Severity
from tests.clinic import cast
from tests.clinic.intake import screened
from tests.clinic.intake.pages import page, url

pytestmark = pytest.mark.usefixtures("at_noon")


def test_eligibility_asks_what_is_unknown_and_takes_the_answer_in_place(
    at_nurse: Client, robin: Patient
) -> None:
    shown = page(at_nurse, "eligibility", robin)
    assert "Needed by SCR-067" in shown
    assert "something is not known yet" in shown
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


@pytest.mark.hazard(12)
@pytest.mark.parametrize("role", [Role.NURSE, Role.THERAPIST, Role.PHARMACIST, Role.MANAGER])
def test_only_a_prescriber_clears(well: Patient, role: Role) -> None:
    member = cast.staff(role)
    cast.treats(member, well)
    client = cast.signed_in(member)
    for where in (url("clear", well), url("override", well, "SCR-006")):
        assert client.post(where, {"dose_mg_per_kg": "0.5"}).status_code == 404
    assert not Clearance.objects.exists()


@pytest.mark.hazard(12)
def test_a_severity_this_clinic_set_stands_beside_the_finding_it_altered(
    at_prescriber: Client, well: Patient, nurse: StaffMember
) -> None:
    """Who decides must see that the rule is stricter or milder than it was published."""
    director = cast.staff(Role.MEDICAL_DIRECTOR)
    screened.tell(well, nurse, dx__ich__history=True)
    assert "SCR-003 is absolute" in page(at_prescriber, "eligibility", well)
    band = next(row for row in rule("SCR-003") if row.band == "RACEMIC")
    content.set_severity(
        row=rule_row(band),
        severity=Severity.RELATIVE,
        reason="A neurologist sees everybody here.",
        by=director.user,
        at=cast.NOON,
    )
    shown = page(at_prescriber, "eligibility", well)
    assert "SCR-003 needs an override" in shown
    assert "Severity set by this clinic, published as ABSOLUTE" in shown
    assert "A neurologist sees everybody here." in shown
    assert url("override", well, "SCR-003") in shown
