"""At the chair everybody sees which touch is agreed, can end it, and writes down each one."""

from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from clinic.alerts.models import Alert
from clinic.dosing import before, screen, touched
from clinic.dosing.kinds import Chart
from clinic.therapy import queries as therapy
from clinic.therapy import touching
from clinic.therapy.models import Touch
from kapstone.errors import InvalidInput
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
    told["staff"] = str(im.therapist.pk)
    told |= {"shown_for": str(im.session.pk), "event_id": str(uuid4())}
    where = reverse("dosing:chart", args=[im.patient.pk, im.session.pk])
    with time_machine.travel(after(1), tick=False):
        answer = nurse.post(where, told)
        assert answer.status_code == (302 if taken else 422)
        page = nurse.get(_console(im)).content.decode()
    line = "Touch: hand, the person asked, Breathed slower., by Theo Therapist"
    assert (line in page) is taken


def _touch(im: Scene, **changed: str) -> Chart:
    told = {"touch": "hand", "began": "the person asked", "response": "Calmer."}
    return Chart(uuid4(), "touch", after(10), told | {"staff": str(im.therapist.pk)} | changed)


@pytest.mark.hazard(13)
@pytest.mark.parametrize(
    ("changed", "outside"),
    [
        ({}, False),
        ({"touch": "shoulder"}, True),
        ({"touch": "elsewhere"}, True),
        ({"staff": "nurse"}, True),
        ({"agreed": "no"}, True),
        ({"agreed": "yes", "touch": "shoulder"}, True),
    ],
)
def test_a_touch_outside_the_agreement_is_a_deviation_and_somebody_is_told(
    im: Scene, changed: dict[str, str], outside: bool
) -> None:
    """Under the drug nobody can object: what was not agreed must not pass as a line among lines."""
    agreed(im.patient, im.therapist, Touch.HAND, at=after(-60))
    if changed.get("staff"):
        changed["staff"] = str(im.nurse.pk)
    told = _touch(im, **changed)
    for _ in range(2):
        row = touched.chart(session=im.session, told=told, by=im.nurse.user, at=after(10))
    shown = screen.build(im.session, after(11)).line[0].words
    assert ("outside what was agreed: a deviation" in shown) is outside
    alerts = Alert.objects.filter(code="touch.outside")
    assert alerts.count() == int(outside)
    assert [each.subject.endswith(str(row.pk)) for each in alerts] == [True] * outside


def test_a_touch_is_judged_by_what_was_agreed_when_it_happened(im: Scene) -> None:
    """Charted late, after the person took it back, it was still within what they had agreed to."""
    agreed(im.patient, im.therapist, Touch.HAND, at=after(-60))
    touching.narrow_touch(patient=im.patient, keep=(), by=im.nurse.user, at=after(11))
    row = touched.chart(session=im.session, told=_touch(im), by=im.nurse.user, at=after(12))
    assert row.body["agreed"] == "yes"
    late = Chart(uuid4(), "touch", after(12), _touch(im).body)
    row = touched.chart(session=im.session, told=late, by=im.nurse.user, at=after(12))
    assert row.body["agreed"] == "no"


@pytest.mark.parametrize("who", ["", "0", "nobody", "9" * 60, "-1", "³"])
def test_a_touch_names_who_touched(im: Scene, who: str) -> None:
    with pytest.raises(InvalidInput, match="who touched: is missing"):
        touched.chart(
            session=im.session, told=_touch(im, staff=who), by=im.nurse.user, at=after(10)
        )
