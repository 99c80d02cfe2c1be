"""A demo that shows nothing, or could be taken for real people, teaches the wrong thing."""

from datetime import timedelta
from typing import cast as typed

import pytest
import time_machine
from django.test import Client
from pytest_django import Settings

from clinic.alerts import ladder, queries
from clinic.alerts.models import Alert, Delivery
from clinic.measures.models import Assignment, QuestionnaireResponse
from clinic.measures.queries import LinkState, link_state
from clinic.people import audit
from clinic.people.models import Licence, Patient, RoleGrant
from clinic.people.queries import namesakes
from clinic.people.roles import Role
from clinic.site import demo
from clinic.site.seeds import staff
from tests.clinic import cast

pytestmark = pytest.mark.django_db
NOW = cast.NOON


def _fill() -> None:
    for fill in demo.SEEDS:
        fill(NOW)


def test_the_demo_is_full_of_invented_people_and_work() -> None:
    _fill()
    everybody = Patient.objects.all()
    assert everybody.count() == 30
    assert all(person.synthetic for person in everybody)
    assert any(namesakes(person) for person in everybody)
    assert {row.role for row in RoleGrant.objects.all()} == set(Role) - {Role.PATIENT}
    inbox = queries.inbox(NOW)
    assert {item.alert.level for item in inbox} == {"immediate", "urgent", "review"}
    assert any(item.overdue for item in inbox)
    assert any(not item.overdue for item in inbox)
    assert not all(item.heard for item in inbox)
    assert Alert.objects.count() > len(inbox), "older alerts are closed"
    assert not Delivery.objects.filter(delivered_at=None).exists()
    states = {link_state(each, NOW) for each in Assignment.objects.all()}
    assert {LinkState.OPEN, LinkState.LOCKED, LinkState.ANSWERED} <= states
    entered = QuestionnaireResponse.objects.filter(entered_by__isnull=False)
    assert entered.exists()
    assert not QuestionnaireResponse.objects.filter(observed_at__gt=NOW).exists()
    assert list(audit.faults()) == []
    assert ladder.climb(NOW) > 0, "the loop has something to do"


def test_two_fillings_at_one_moment_are_alike() -> None:
    def told() -> list[tuple[object, ...]]:
        rows = QuestionnaireResponse.objects.order_by("recorded_at", "patient__record_number")
        return list(
            rows.values_list("patient__record_number", "instrument", "recorded_at", "scores")
        )

    from django.db import transaction

    first: list[tuple[object, ...]] = []
    with transaction.atomic():
        _fill()
        first = told()
        transaction.set_rollback(True)
    _fill()
    assert told() == first


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
    assert "Imani Brook" not in client.get("/account/login/").content.decode()
    settings.DEMO = True
    staff.fill(NOW - timedelta(hours=1))
    door = client.get("/account/login/").content.decode()
    assert all(one.name in door for one in demo.SIGN_INS)
    nurse = next(one for one in demo.SIGN_INS if one.role == "Nurse")
    form = {"login": nurse.email, "password": nurse.password}
    assert client.post("/account/login/", form, follow=True).status_code == 200
    assert client.get("/today/").status_code == 200
