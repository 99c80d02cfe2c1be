"""A demo that shows nothing, or could be taken for real people, teaches the wrong thing."""

from datetime import datetime, timedelta
from typing import cast as typed

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from clinic.dosing.simulated import NotTheDemo
from clinic.people import audit
from clinic.people.models import Licence, Patient
from clinic.site import demo, live
from clinic.site.seeds import patients, staff
from clinic.site.seeds.person import Person, team
from clinic.site.seeds.places import way
from clinic.site.storage import mark
from kapstone import synth
from tests.clinic import cast

pytestmark = pytest.mark.django_db
NOW = cast.NOON


def test_two_draws_at_one_moment_tell_the_same() -> None:
    staff.fill(NOW)
    today, treating = timezone.localdate(NOW), team()

    def told() -> list[tuple[int, datetime]]:
        drawn = synth.people(patients.SEED, patients.COUNT, today, patients.PRODUCTS)
        everybody = [Person(one, Patient(), treating, today) for one in drawn]
        return [(one.number, at) for one in everybody for at, _ in way(one, NOW)]

    first = told()
    assert len(first) > 200
    assert told() == first
    assert {number for number, _ in first} == set(range(30)), "nobody is left out"


def test_no_licence_number_of_the_demo_can_be_anybodys() -> None:
    staff.fill(NOW)
    numbers = typed("list[str]", list(Licence.objects.values_list("number", flat=True)))
    assert len(numbers) == 8
    for number in numbers:
        assert int(number[-1]) != staff.check_digit(number[:-1])
    assert staff.check_digit("123456789") == 3  # the example of the number's own specification


@time_machine.travel(NOW, tick=False)
def test_everybody_of_the_demo_is_offered_at_the_door_and_can_come_in(
    settings: Settings, client: Client
) -> None:
    cache.clear()  # of the sign-ins that other tests tried, which are counted by address
    assert "Imani Brook" not in client.get("/account/login/").content.decode()
    settings.DEMO = True
    staff.fill(NOW - timedelta(hours=1))
    door = client.get("/account/login/").content.decode()
    assert all(one.name in door for one in demo.SIGN_INS)
    nurse = next(one for one in demo.SIGN_INS if one.role == "Nurse")
    form = {"login": nurse.email, "password": nurse.password}
    assert client.post("/account/login/", form, follow=True).status_code == 200
    assert client.get("/today/").status_code == 200


def test_filling_again_does_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mark, "is_seeded", lambda connection: True)
    before = audit.head()
    assert demo.seed(NOW) is False
    assert audit.head() == before


def test_no_monitor_is_simulated_in_a_clinic(settings: Settings) -> None:
    settings.DEMO = False
    with pytest.raises(NotTheDemo):
        live.keep(NOW)
    settings.DEMO = True
    assert mark.kind(connection) is not mark.Kind.DEMO
    with pytest.raises(NotTheDemo):
        live.keep(NOW)
