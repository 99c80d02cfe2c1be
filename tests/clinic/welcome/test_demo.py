"""A demo whose own page nobody can open shows staff half of what a patient is told."""

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from clinic.site import demo
from clinic.site.seeds import accounts, staff
from clinic.welcome import queries
from tests.clinic import cast


@pytest.mark.django_db
@time_machine.travel(cast.NOON, tick=False)
def test_the_last_at_the_door_is_in_care_and_another_was_invited() -> None:
    staff.fill(cast.NOON)
    has_one, invited = cast.patient("Ada"), cast.patient("Luz", language="es-US")
    accounts.fill(has_one, invited, cast.NOON)
    last = demo.SIGN_INS[-1]
    client = Client()
    client.post(reverse("account_login"), {"login": last.email, "password": last.password})
    assert b"Hello Ada" in client.get(reverse("people:me")).content
    waiting = queries.waiting(invited)
    assert waiting is not None and queries.state(waiting, cast.NOON) is queries.State.OPEN
