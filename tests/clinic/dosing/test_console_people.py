"""Who stands at a console, and who may be asked to check a dose there."""

from uuid import uuid4

import time_machine
from django.urls import reverse

from clinic.calendar.models import Shift
from tests.clinic import cast
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
