"""A chair, and a person with a plan: as the rooms below have them."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from clinic.people.models import StaffMember
from tests.clinic import cast
from tests.clinic.dosing.conftest import _quick_passwords, devices, im, iv  # noqa: F401 - fixtures
from tests.clinic.planning.conftest import clear, planned, prescriber, robin  # noqa: F401 - fixtures
from tests.clinic.planning.ground import NOW


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW + timedelta(minutes=1), tick=False) as moved:
        yield moved


@pytest.fixture
def desk(clock: time_machine.Traveller, prescriber: StaffMember) -> Client:  # noqa: F811
    return cast.signed_in(prescriber)
