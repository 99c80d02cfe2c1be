"""Who stands at a console, and who may be asked to check a dose there."""

from uuid import uuid4

import time_machine
from django.urls import reverse

from clinic.calendar.models import Shift
from tests.clinic import cast
from tests.clinic.dosing import chair
from tests.clinic.dosing.scene import Scene, after


def _url(im: Scene, name: str) -> str:
    return reverse(f"dosing:{name}", args=[im.patient.pk, im.session.pk])


@time_machine.travel(after(1), tick=False)
def test_seconds_are_offered_when_nobody_is_on_shift(im: Scene) -> None:
    nurse = cast.signed_in(im.nurse)
    im.chart("weight", after(0), weight_kg=70)
    Shift.objects.all().delete()
    entry = {"dose_mg": "35", "weight_kg": "70", "initials": "RE", "birth_year": "1980"}
    sent = {"shown_for": str(im.session.pk), "event_id": str(uuid4())}
    assert nurse.post(_url(im, "first"), sent | entry).status_code == 302
    offered = nurse.get(_url(im, "console")).content.decode().split('name="person"')[1]
    assert "Otto Other" in offered
    assert "Theo Therapist" not in offered.split("</select>")[0]


@time_machine.travel(after(1), tick=False)
def test_a_console_that_stays_where_it_is_hears_in_words_that_an_alarm_was_answered(
    im: Scene,
) -> None:
    """The page is not loaded again under the hand of who types into it."""
    im.chart("vitals", after(0), spo2=84)
    alarm, nurse = im.session.alarms.get(), cast.signed_in(im.nurse)
    ways = (("answer", [alarm.pk]), ("pause", []), ("resolve", [alarm.pk]))
    sent = {"shown_for": str(im.session.pk), "event_id": str(uuid4()), "words": "Probe"}
    said = [
        nurse.post(chair.url(im, name, *place), sent, **chair.JSON).json()["told"]
        for name, place in ways
    ]
    assert [words.partition(".")[0] for words in said] == [
        "You are acting on it",
        "Paused",
        "Resolved",
    ]
