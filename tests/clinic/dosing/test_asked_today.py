"""The questions of the day: nothing filled in from before, nothing lost, not for everybody."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from clinic.dosing import before
from clinic.intake import actions as intake
from clinic.intake import entries
from clinic.intake.models import FactAnswer, MedicineEntry, Source
from clinic.people.roles import Role
from tests.clinic import cast
from tests.clinic.cast import NOON
from tests.clinic.dosing.scene import Scene, after

REAL = before.screening_today


@pytest.fixture
def nurse(im: Scene) -> Client:
    return cast.signed_in(im.nurse)


def _url(im: Scene) -> str:
    return reverse("dosing:today", args=[im.patient.pk, im.session.pk])


def _send(im: Scene, client: Client, **typed: str) -> HttpResponse:
    sent = {"shown_for": str(im.session.pk), "event_id": str(uuid4())}
    return client.post(_url(im), sent | typed)


@time_machine.travel(after(1), tick=False)
def test_nothing_of_an_earlier_day_is_filled_in(im: Scene, nurse: Client) -> None:
    """Else a nurse confirms last week's empty stomach."""
    how = intake.How(NOON - timedelta(days=1), Source.ASKED)
    told = {"escort_named": True, "sleep_hours": 7}
    intake.record_facts(
        patient=im.patient, answers=told, how=how, by=im.nurse.user, at=NOON - timedelta(days=1)
    )
    page = nurse.get(_url(im)).content.decode()
    assert page.count(" checked") == 0
    assert 'name="sleep_hours"' in page
    assert not re.search(r'name="sleep_hours"[^>]* value="[^"]', page)
    assert "the day it was taken" not in page


@time_machine.travel(after(1), tick=False)
def test_the_same_answer_as_yesterday_is_an_answer_of_today(im: Scene, nurse: Client) -> None:
    yesterday = NOON - timedelta(days=1)
    how = intake.How(yesterday, Source.ASKED)
    intake.record_fact(
        patient=im.patient,
        key="escort_named",
        value=True,
        how=how,
        by=im.nurse.user,
        at=yesterday,
    )
    assert _send(im, nurse, escort_named="yes").status_code == 302
    rows = FactAnswer.objects.filter(key="escort_named").order_by("observed_at")
    assert [row.observed_at for row in rows] == [yesterday, after(1)]
    assert 'value="yes"' in nurse.get(_url(im)).content.decode()
    assert nurse.get(_url(im)).content.decode().count(" checked") == 1


@time_machine.travel(after(1), tick=False)
def test_left_empty_nothing_is_kept(im: Scene, nurse: Client) -> None:
    assert _send(im, nurse).status_code == 302
    assert not FactAnswer.objects.exists()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"sleep_hours": "little"}, "Write a number."),
        ({"sleep_hours": "99"}, "Write a number from"),
        ({"escort_named": "maybe"}, "Select a valid choice"),
    ],
)
@time_machine.travel(after(1), tick=False)
def test_a_wrong_answer_keeps_nothing_and_loses_nothing(
    im: Scene, nurse: Client, typed: dict[str, str], words: str
) -> None:
    answer = _send(im, nurse, hours_since_solids="8", **typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert 'value="8"' in page
    assert not FactAnswer.objects.exists()


@time_machine.travel(after(1), tick=False)
def test_it_is_closed_to_who_only_watches_and_to_strangers(im: Scene) -> None:
    stranger = cast.signed_in(cast.staff(Role.NURSE))
    for client in (cast.signed_in(im.therapist), stranger):
        assert client.get(_url(im)).status_code == 404
        assert _send(im, client, escort_named="yes").status_code == 404
    assert not FactAnswer.objects.exists()


@time_machine.travel(after(1), tick=False)
def test_a_form_shown_for_another_session_is_refused(im: Scene, nurse: Client) -> None:
    answer = nurse.post(_url(im), {"shown_for": str(uuid4()), "escort_named": "yes"})
    assert answer.status_code == 409
    assert not FactAnswer.objects.exists()


@pytest.mark.hazard(12)
@pytest.mark.parametrize(("typed", "words"), [("soon", "Write a number of hours"), ("-1", "0.")])
@time_machine.travel(after(1), tick=False)
def test_when_a_medicine_was_last_taken_is_asked_where_a_rule_turns_on_it(
    im: Scene, nurse: Client, monkeypatch: pytest.MonkeyPatch, typed: str, words: str
) -> None:
    """Else a joint of this morning passes, because one of last month was told at intake."""
    monkeypatch.setattr(before, "screening_today", REAL)
    told = NOON - timedelta(days=30)
    for name in ("cannabis", "sertraline"):
        row = MedicineEntry(patient=im.patient, name=name, last_taken_h=2)
        entries.add(row, how=intake.How(told, Source.ASKED), by=im.nurse.user, at=told)
    cannabis = MedicineEntry.objects.get(name="cannabis")
    console = reverse("dosing:console", args=[im.patient.pk, im.session.pk])
    assert "when cannabis was last taken" in nurse.get(console).content.decode()
    page = nurse.get(_url(im)).content.decode()
    assert "How many hours ago was cannabis last taken?" in page
    assert "sertraline" not in page
    field = f"taken-{cannabis.pk}"
    assert words in _send(im, nurse, **{field: typed}).content.decode()
    assert _send(im, nurse, **{field: "5"}).status_code == 302
    anew = MedicineEntry.objects.get(replaces=cannabis)
    assert (anew.last_taken_h, anew.observed_at) == (5, after(1))
    after_it = nurse.get(console).content.decode()
    assert "when cannabis was last taken" not in after_it
    assert "SCR-050" in after_it
    listed = nurse.get(reverse("intake:form", args=[im.patient.pk])).content.decode()
    assert "last taken 5 hours before" in listed
