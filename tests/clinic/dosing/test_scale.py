"""Pounds typed as kilograms are asked at the scale, where somebody can still look."""

from uuid import uuid4

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from clinic.dosing import before, readiness
from clinic.intake import actions as intake
from clinic.intake.models import Source
from tests.clinic import cast
from tests.clinic.dosing.scene import Scene, after


@pytest.fixture
def nurse(im: Scene) -> Client:
    return cast.signed_in(im.nurse)


def _weigh(
    client: Client, im: Scene, kg: str, accept: str = "text/html", **more: str
) -> HttpResponse:
    sent = {"kind": "weight", "weight_kg": kg, "event_id": str(uuid4())} | more
    url = reverse("dosing:chart", args=[im.patient.pk, im.session.pk])
    told = sent | {"shown_for": str(im.session.pk)}
    return client.post(url, told, headers={"Accept": accept})


@pytest.mark.hazard(3)
@pytest.mark.parametrize(
    ("kg", "is_asked"),
    [
        ("70", False),
        ("77", False),  # exactly 10 % more than the order's 70 kg
        ("77.1", True),
        ("63", False),
        ("62.9", True),
        ("154", True),  # pounds
        ("31.8", True),  # halved once too often
    ],
)
@time_machine.travel(after(1), tick=False)
def test_a_weight_far_from_the_order_is_asked(
    im: Scene, nurse: Client, kg: str, *, is_asked: bool
) -> None:
    answer = _weigh(nurse, im, kg)
    assert answer.status_code == (422 if is_asked else 302)
    assert len(im.events()) == (0 if is_asked else 1)


@time_machine.travel(after(1), tick=False)
def test_weighed_and_typed_twice_it_is_taken_and_the_list_says_so(im: Scene, nurse: Client) -> None:
    page = _weigh(nurse, im, "84").content.decode()
    assert "20 % more than the 70 kg the order rests on" in page
    assert 'data-asked="again_kg">' in page
    assert 'value="84"' in page
    assert _weigh(nurse, im, "84", again_kg="83").status_code == 422
    assert _weigh(nurse, im, "84", again_kg="x").status_code == 422
    assert _weigh(nurse, im, "84", again_kg="84,0").status_code == 302
    line = next(one for one in readiness.judge(im.session, after(1)).items if one.id == "DOS-W2")
    assert line.words == "84 kg, 20 % more than the 70 kg the order rests on"
    calm = nurse.get(reverse("dosing:console", args=[im.patient.pk, im.session.pk]))
    assert 'data-asked="again_kg" hidden' in calm.content.decode()


@time_machine.travel(after(1), tick=False)
def test_a_script_is_told_what_is_asked(im: Scene, nurse: Client) -> None:
    answer = _weigh(nurse, im, "154", "application/json")
    assert answer.status_code == 422
    assert answer.json()["asks"] == "again_kg"
    assert _weigh(nurse, im, "", "application/json").json()["asks"] == ""


@time_machine.travel(after(1), tick=False)
def test_without_an_order_it_is_held_against_the_last_weight(
    im: Scene, nurse: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(before, "order", lambda patient, at: None)
    assert _weigh(nurse, im, "154").status_code == 302  # nothing to compare with
    other = cast.patient("Olive", "Other")
    assert before.last_weight_kg(other) is None
    how = intake.How(after(0), Source.MEASURED)
    intake.record_fact(patient=im.patient, key="weight_kg", value=70, how=how, by=None, at=after(1))
    assert before.last_weight_kg(im.patient) is not None


@time_machine.travel(after(1), tick=False)
def test_a_weight_that_is_missing_is_said_as_before(im: Scene, nurse: Client) -> None:
    assert _weigh(nurse, im, "").status_code == 422
