"""The demo shows what a second signature is, and a hard limit that a clinic lowered."""

from datetime import datetime
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from clinic.content import hard_limits
from clinic.people.models import Patient
from clinic.people.roles import Role
from clinic.planning import actions, queries
from clinic.site.seeds import limits, patients, staff
from clinic.site.seeds.person import Event, Person, team
from clinic.site.seeds.places import STANDS, Place
from kapstone import synth
from kapstone.limits import Bound
from tests.clinic import cast

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
NOW = cast.NOON
(NUMBER,) = (number for number, place in STANDS.items() if place is Place.STRONGER)


def _moment(event: Event) -> datetime:
    return event[0]


@pytest.fixture
def patient(settings: Settings) -> Patient:
    """The one whose order waits, told up to now."""
    settings.DEMO = True
    staff.fill(NOW)
    today = timezone.localdate(NOW)
    drawn = synth.people(patients.SEED, patients.COUNT, today, patients.PRODUCTS)[NUMBER]
    person = Person(drawn, patients.row_of(drawn), team(), today)
    for at, tell in sorted(patients.record_of(person, NOW), key=_moment):
        tell(at)
    return person.patient


def test_a_dose_above_the_soft_limit_waits_for_who_can_sign_it(patient: Patient) -> None:
    """Else nobody learns from the demo what a second signature is."""
    order = queries.waiting_order(patient)
    assert order is not None
    assert order.dose_mg > order.soft_max_mg
    assert order.rationale
    where = reverse("planning:waiting", args=[patient.pk, order.pk])
    seen_by = []
    for role in (Role.PHARMACIST, Role.MEDICAL_DIRECTOR, Role.PRESCRIBER, Role.NURSE):
        browser = cast.signed_in(staff.member(role))
        with time_machine.travel(NOW, tick=False):
            seen_by += [role] if where in browser.get("/today/").content.decode() else []
    assert seen_by == [Role.PHARMACIST, Role.MEDICAL_DIRECTOR]
    pharmacist = staff.member(Role.PHARMACIST)
    actions.second_sign_order(order=order, by=pharmacist.user, at=NOW)
    assert queries.order_in_force(patient, NOW) == order


def test_the_demo_has_a_hard_limit_of_its_own() -> None:
    staff.fill(NOW)
    limits.fill(NOW)
    assert hard_limits.clinic_max() == {"DOS-SL": Bound(mg=Decimal(350))}
