"""A consent that ends unseen is a dose without one, or a person sent home in the chair."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from clinic.people.models import Patient, StaffMember
from clinic.people.roles import Role
from clinic.planning import actions, consent_text, queries, renewal
from clinic.planning.models import Consent, Plan
from kapstone.pathway import Episode as Stage
from tests.clinic import cast
from tests.clinic.planning import ground
from tests.clinic.planning.conftest import Clear
from tests.clinic.planning.ground import NOW, Cleared

pytestmark = pytest.mark.django_db


def everywhere(days: float) -> list[str]:
    found = renewal.everywhere(Patient.objects.all(), NOW + timedelta(days=days)).found
    return [each.words for each in found]


@pytest.mark.parametrize(
    ("days", "said"),
    [(165, ""), (166, "Consent runs out on Aug 31, 2026"), (180, "Consent ran out on Aug 31")],
)
def test_it_is_said_two_weeks_before_it_runs_out_and_after(ready, days: int, said: str) -> None:
    found = renewal.of(ready, NOW + timedelta(days=days))
    assert found.startswith(said)
    assert everywhere(days) == ([found] if said else [])


def test_what_changed_in_the_plan_is_named(ready: Patient, prescriber, clear: Clear) -> None:
    clear(Cleared(route="IV"))
    ground.plan(ready, prescriber, route="IV", dose_model_id="THX-03")
    why = queries.why_no_consent(ready, NOW)
    assert why.startswith("The plan changed from ")
    assert " and from IM to IV: go through it again." in why
    assert everywhere(0) == [why]


def test_nobody_is_asked_again_who_took_it_back_refused_or_left(
    ready: Patient, prescriber: StaffMember
) -> None:
    actions.withdraw_consent(patient=ready, by=prescriber.user, at=NOW)
    assert everywhere(170) == []
    ground.consent(queries.current_plan(ready), prescriber, NOW + timedelta(hours=1))
    assert len(everywhere(170)) == 1
    ground.at_stage(ready, Stage.DECLINED)
    assert everywhere(170) == []
    assert renewal.of(ready, NOW + timedelta(days=170)) == ""


def test_who_refused_an_item_is_not_listed(planned: Plan, prescriber: StaffMember) -> None:
    ground.consent(planned, prescriber, reply=ground.Reply.REFUSED)
    assert everywhere(170) == []
    assert renewal.why_not(Consent.objects.get(), planned, None, NOW) == "An item was refused."


def test_a_consent_of_later_or_of_another_episode_does_not_hold(
    planned: Plan, prescriber: StaffMember
) -> None:
    kept = ground.consent(planned, prescriber)
    assert "later" in renewal.why_not(kept, planned, None, NOW - timedelta(days=1))
    elsewhere = replace_episode(planned)
    assert "earlier episode" in renewal.why_not(kept, elsewhere, None, NOW)


def replace_episode(plan: Plan) -> Plan:
    """The same plan in another episode."""
    other = Plan.objects.get(pk=plan.pk)
    other.episode_id = cast.patient("Sam").pk
    return other


def test_chart_today_and_the_page_say_it_ahead(ready: Patient, prescriber: StaffMember) -> None:
    nurse = cast.treats(cast.staff(Role.NURSE), ready)
    with time_machine.travel(NOW + timedelta(days=170), tick=False):
        client = cast.signed_in(nurse)
        for where in (
            "/today/",
            reverse("chart:chart", args=[ready.pk]),
            reverse("planning:overview", args=[ready.pk]),
        ):
            assert "Consent runs out on Aug 31, 2026" in client.get(where).content.decode(), where


def test_a_second_signing_keeps_why_it_was_signed_again(
    ready: Patient, prescriber: StaffMember
) -> None:
    at = NOW + timedelta(days=181)
    with time_machine.travel(at, tick=False):
        page = cast.signed_in(prescriber).get(reverse("planning:consent", args=[ready.pk]))
        assert "Why we go through it again: Consent ran out" in page.content.decode()
    kept = ground.consent(queries.current_plan(ready), prescriber, at)
    assert kept.again_because.startswith("Consent ran out on Aug 31, 2026")
    assert kept.document["again_because"] == kept.again_because
    first = ready.consents.order_by("signed_at")[0]
    assert first.again_because == ""


def test_another_language_is_interpreted_and_witnessed(
    planned: Plan, robin: Patient, prescriber: StaffMember
) -> None:
    robin.language = "es-MX"
    robin.save()
    planned.patient.refresh_from_db()
    assert consent_text.needs_interpreter("es-MX")
    assert not consent_text.needs_interpreter("en-GB")
    whole = replace(
        ground.signing(planned),
        interpreter="Ida Interpreter",
        interpreter_way="phone",
        witness="Wes Witness",
    )
    with pytest.raises(Exception, match="interpreter: is needed"):
        actions.sign_consent(signing=ground.signing(planned), by=prescriber.user, at=NOW)
    kept = actions.sign_consent(signing=whole, by=prescriber.user, at=NOW)
    assert (kept.interpreter_way, kept.witness_why) == ("phone", "interpreter")
    assert kept.capacity_by == prescriber.user
    with time_machine.travel(NOW, tick=False):
        page = cast.signed_in(prescriber).get(reverse("planning:overview", args=[robin.pk]))
    for words in ("Ida Interpreter, by phone", "Wes Witness. It was interpreted."):
        assert words in page.content.decode()


def test_the_page_warns_that_an_interpreter_is_needed(
    planned: Plan, robin: Patient, prescriber: StaffMember
) -> None:
    Patient.objects.filter(pk=robin.pk).update(language="es-MX")
    page = cast.signed_in(prescriber).get(reverse("planning:consent", args=[robin.pk]))
    assert "It needs an interpreter" in page.content.decode()


@pytest.mark.parametrize(
    ("fields", "why"),
    [({"cannot_sign": True}, "hand"), ({"clinic_asks_witness": True}, "clinic"), ({}, "clinic")],
)
def test_why_somebody_watched_is_kept(planned, prescriber, fields, why: str) -> None:
    signing = replace(ground.signing(planned), witness="Wes Witness", **fields)
    assert actions.sign_consent(signing=signing, by=prescriber.user, at=NOW).witness_why == why


@pytest.mark.parametrize(
    ("product", "there", "not_there"),
    [("RACEMIC", "CON-02", "CON-15"), ("ESKETAMINE", "CON-15", "CON-02")],
)
def test_each_product_has_its_own_items(product: str, there: str, not_there: str) -> None:
    route = "IN" if product == "ESKETAMINE" else "IM"
    ids = [item.id for item in consent_text.text().items if item.is_for(product, route)]
    assert there in ids
    assert not_there not in ids
    assert len(ids) == len(set(ids)) == 15
