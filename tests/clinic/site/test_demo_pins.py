"""The demo's printed PIN can never be a clinic's."""

import pytest
import time_machine
from django.test import Client
from pytest_django import Settings

from clinic.dosing.simulated import NotTheDemo
from clinic.people import staffing
from clinic.people.models import Pin, User
from clinic.people.staff_forms import PinForm
from clinic.site.seeds import pins, staff
from clinic.site.storage import mark
from tests.clinic import cast

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
NOW = cast.NOON


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
