"""At the chair everybody sees which touch is agreed, can end it, and writes down each one."""

from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from clinic.dosing import before, screen
from clinic.therapy import queries as therapy
from clinic.therapy.models import Touch
from tests.clinic import cast
from tests.clinic.dosing.scene import Scene, after
from tests.clinic.therapy.cases import agreed

pytestmark = pytest.mark.django_db


@pytest.fixture
def nurse(im: Scene) -> Client:
    return cast.signed_in(im.nurse)


def _console(day: Scene) -> str:
    return reverse("dosing:console", args=[day.patient.pk, day.session.pk])


@pytest.mark.hazard(13)
def test_touch_is_ended_from_the_console_and_every_console_shows_it(
    im: Scene, nurse: Client
) -> None:
    assert before.touch_words(im.patient) == "none"
    agreed(im.patient, im.therapist, Touch.HAND, at=after(-60), manner="From the left.")
    with time_machine.travel(after(1), tick=False):
        page = nurse.get(_console(im)).content.decode()
        assert "hand by Theo Therapist" in page
        assert "For 60 seconds at most." in page
        assert "Touch agreed: hand by Theo Therapist." in page  # asked again with the consent
        less = reverse("therapy:narrow_touch", args=[im.patient.pk])
        assert f"{less}?session={im.session.pk}" in page
        im.start()
        sent = {"session": str(im.session.pk)}
        ended = nurse.post(reverse("therapy:withdraw_touch", args=[im.patient.pk]), sent)
        assert ended.url == _console(im)
    assert screen.build(im.session, after(20)).touch == "none"


def test_less_touch_from_the_console_leads_back_there(im: Scene, nurse: Client) -> None:
    agreed(im.patient, im.therapist, Touch.HAND, Touch.SHOULDER, at=after(-60))
    kept = therapy.touch_agreement(im.patient).allowed.get(touch="hand")
    where = reverse("therapy:narrow_touch", args=[im.patient.pk])
    with time_machine.travel(after(1), tick=False):
        back = nurse.post(f"{where}?session={im.session.pk}", {"keep": [kept.pk]})
    assert back.url == _console(im)
    assert before.touch_words(im.patient) == "hand by Theo Therapist"


@pytest.mark.parametrize(("response", "taken"), [("Breathed slower.", True), ("", False)])
def test_a_touch_is_written_down_with_who_began_and_the_response(
    im: Scene, nurse: Client, response: str, taken: bool
) -> None:
    told = {"kind": "touch", "touch": "hand", "began": "the person asked", "response": response}
    told |= {"shown_for": str(im.session.pk), "event_id": str(uuid4())}
    where = reverse("dosing:chart", args=[im.patient.pk, im.session.pk])
    with time_machine.travel(after(1), tick=False):
        answer = nurse.post(where, told)
        assert answer.status_code == (302 if taken else 422)
        page = nurse.get(_console(im)).content.decode()
    assert ("Touch: hand, the person asked, Breathed slower." in page) is taken
