"""The demo shows a whole day with the spray, and its printed PIN can never be a clinic's."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from clinic.adverse import duties, monitoring
from clinic.adverse.models import Duty
from clinic.dosing.models import DosingSession
from clinic.dosing.simulated import NotTheDemo
from clinic.people import staffing
from clinic.people.models import Pin, User
from clinic.people.staff_forms import PinForm
from clinic.site.seeds import patients, pins, staff
from clinic.site.seeds.person import SPRAY, Event, Person, team
from clinic.site.storage import mark
from kapstone import synth
from tests.clinic import cast

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
NOW = cast.NOON


def _moment(event: Event) -> object:
    return event[0]


def test_one_whole_day_with_the_spray_and_one_that_somebody_left(settings: Settings) -> None:
    """Devices with their lots, their rest, 40 minutes, two hours, the door, and the form's days."""
    settings.DEMO = True
    staff.fill(NOW)
    today = timezone.localdate(NOW)
    drawn = synth.people(patients.SEED, patients.COUNT, today, patients.PRODUCTS)[SPRAY]
    person = Person(drawn, patients.row_of(drawn), team(), today)
    for at, tell in sorted(patients.record_of(person, NOW), key=_moment):  # type: ignore[arg-type]  # moments
        tell(at)
    whole, left = DosingSession.objects.filter(patient=person.patient).order_by("opened_at")
    assert (whole.phase, left.phase) == ("discharged", "left against advice")
    rows = list(whole.events.order_by("number"))
    first, second = (row for row in rows if row.kind == "device")
    assert first.body["lot"] != second.body["lot"]
    assert second.observed_at - first.observed_at >= timedelta(minutes=5)
    assert any(
        row.kind == "vitals" and row.observed_at - first.observed_at == timedelta(minutes=40)
        for row in rows
    )
    assert rows[-1].observed_at - second.observed_at >= timedelta(hours=2)
    duty = Duty.objects.get(session=whole, row=duties.FORM)
    assert duty.is_open and duty.due_at is not None
    assert duty.due_at.date() == first.observed_at.date() + timedelta(days=7)
    said = {line.field.id: line.words for line in monitoring.sheet(whole, NOW).lines}
    assert said["pressure_40"] and said["lots"] and said["breathing"] == "no"


def test_the_printed_pin_goes_nowhere_but_into_the_demo(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a clinic it would let anybody who read our guide sign as the second person."""
    staff.fill(NOW)
    nurse = User.objects.get(email="imani@demo.example")
    settings.DEMO = False
    with pytest.raises(staffing.KnownPin):
        staffing.set_pin(digits=staffing.DEMO_PIN, by=nurse, at=NOW)
    form = PinForm({"pin": staffing.DEMO_PIN, "again": staffing.DEMO_PIN})
    assert "printed in the demo" in str(form.errors)
    for demo, kind in ((False, mark.Kind.DEMO), (True, mark.Kind.CLINIC), (True, mark.Kind.EMPTY)):
        settings.DEMO = demo
        monkeypatch.setattr(mark, "kind", lambda _, kind=kind: kind)
        with pytest.raises(NotTheDemo):
            pins.fill(NOW)
    assert not Pin.objects.exists()


@time_machine.travel(NOW, tick=False)
def test_in_the_demo_whoever_may_type_second_has_it_and_the_door_says_so(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, client: Client
) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    assert staffing.DEMO_PIN not in client.get("/account/login/").content.decode()
    settings.DEMO = True
    monkeypatch.setattr(mark, "kind", lambda _: mark.Kind.DEMO)
    staff.fill(NOW)
    pins.fill(NOW)
    have = set(Pin.objects.values_list("user__email", flat=True))
    assert {"imani@demo.example", "pavel@demo.example", "theo@demo.example"} <= have
    assert "ruth@demo.example" not in have
    assert staffing.DEMO_PIN in client.get("/account/login/").content.decode()
