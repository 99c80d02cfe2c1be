"""The page a nurse opens at three in the morning: whom to call, and what was done already."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from clinic.alerts import actions, queries
from clinic.alerts.models import Alert, AlertStep
from clinic.people.models import Patient, StaffMember
from clinic.people.roles import Role
from kapstone.risk import AlertLevel
from tests.clinic import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def nurse() -> StaffMember:
    """On call."""
    member = cast.staff(Role.NURSE)
    cast.on_call(member)
    return member


@pytest.fixture
def alert(nurse: StaffMember) -> Alert:
    """Open, of a person with a twin."""
    person = cast.patient(phone="+12025550101", safe_contact="Text first")
    cast.patient()
    cause = actions.Cause("help", AlertLevel.IMMEDIATE, "Asked for help now: call this person.")
    return actions.raise_alert(cause, patient=person, subject=person, by=None, at=cast.NOON)


def _at(name: str, alert: Alert, patient: Patient | None = None) -> str:
    return reverse(f"alerts:{name}", args=[(patient or alert.patient).pk, alert.pk])


@time_machine.travel(cast.NOON + timedelta(minutes=6), tick=False)
def test_the_page_says_whom_to_call_how_and_that_a_clock_ran_out(
    alert: Alert, nurse: StaffMember
) -> None:
    page = cast.signed_in(nurse).get(_at("alert", alert)).content.decode()
    for said in ("(202) 555-0101", "Text first", "Another person", "overdue", "I have seen it"):
        assert said in page


@pytest.mark.hazard(10)
@time_machine.travel(cast.NOON, tick=False)
def test_acknowledge_try_speak_and_close(alert: Alert, nurse: StaffMember) -> None:
    prescriber = cast.staff(Role.PRESCRIBER)
    browser, closer = cast.signed_in(nurse), cast.signed_in(prescriber)
    browser.post(_at("step", alert), {"kind": "acknowledged", "note": "n"})
    silent = browser.post(_at("step", alert), {"kind": "reach"}).content.decode()
    assert "Say how you tried." in silent
    assert "Say what came of it." in silent
    for result in ("no_answer", "spoke"):
        told = {"kind": "reach", "how": "phone", "result": result}
        page = browser.post(_at("step", alert), told, follow=True)
    said = page.content.decode()
    assert "<strong>No answer</strong>, by phone" in said
    assert "<strong>Spoke with the person</strong>, by phone" in said
    assert "I have seen it" not in page.content.decode()
    assert browser.post(_at("close", alert), {"note": "Safe, seen today."}).status_code == 404
    short = closer.post(_at("close", alert), {"note": "ok"})
    assert "at least 10" in short.content.decode()
    done = closer.post(_at("close", alert), {"note": "Safe, seen today."}, follow=True)
    assert "This alert is closed" in done.content.decode()
    late = browser.post(_at("step", alert), {"kind": "acknowledged"}, follow=True)
    assert "Somebody closed this alert meanwhile" in late.content.decode()
    assert AlertStep.objects.count() == 4
    assert "No open alerts" in browser.get(reverse("chart:inbox")).content.decode()


@time_machine.travel(cast.NOON, tick=False)
def test_handing_over_names_somebody(alert: Alert, nurse: StaffMember) -> None:
    browser, other = cast.signed_in(nurse), cast.staff(Role.THERAPIST, "Ruth Next")
    silent = browser.post(_at("step", alert), {"kind": "handed_over"})
    assert "Choose who takes it over" in silent.content.decode()
    page = browser.post(_at("step", alert), {"kind": "handed_over", "to": other.pk}, follow=True)
    assert "Owner: <strong>Ruth Next</strong>" in page.content.decode()
    browser.post(_at("step", alert), {"kind": "acknowledged", "to": nurse.pk})
    assert queries.shown(alert, cast.NOON).owner == other


def test_an_alert_is_found_through_its_own_person_alone(
    alert: Alert, nurse: StaffMember, client: Client
) -> None:
    elsewhere = cast.patient("Sam")
    assert cast.signed_in(nurse).get(_at("alert", alert, elsewhere)).status_code == 404
    assert cast.signed_in(cast.staff(Role.MANAGER)).get(_at("alert", alert)).status_code == 404
    assert "/login/" in client.get(_at("alert", alert)).headers["Location"]
