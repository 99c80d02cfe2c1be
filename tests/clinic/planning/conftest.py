"""A person, those who treat them, and what screening said."""

from collections.abc import Callable

import pytest

from clinic.intake import queries as intake
from clinic.people.models import Patient, StaffMember
from clinic.people.roles import Role
from clinic.planning import queries
from clinic.planning.models import Plan
from kapstone.pathway import Episode as Stage
from tests.clinic import cast
from tests.clinic.planning import ground
from tests.clinic.planning.ground import Cleared

Clear = Callable[[Cleared | None], None]


@pytest.fixture
def clear(monkeypatch: pytest.MonkeyPatch) -> Clear:
    """Says what the intake answers when it is asked for a clearance."""

    def say(found: Cleared | None) -> None:
        monkeypatch.setattr(intake, "clearance", lambda patient, at: found)

    say(Cleared())
    return say


@pytest.fixture
def robin() -> Patient:
    """A person of 70 kg who has had ketamine before, elsewhere."""
    person = cast.patient()
    ground.tell(person, "weight_kg", 70)
    ground.tell(person, "height_cm", 170)
    ground.tell(person, "first_exposure", False)
    return person


@pytest.fixture
def prescriber(robin: Patient) -> StaffMember:
    """Who plans and orders."""
    return cast.treats(cast.staff(Role.PRESCRIBER, "Pat Prescriber"), robin)


@pytest.fixture
def pharmacist(robin: Patient) -> StaffMember:
    """Who may sign as the second."""
    return cast.treats(cast.staff(Role.PHARMACIST, "Phil Pharmacist"), robin)


@pytest.fixture
def planned(clear: Clear, robin: Patient, prescriber: StaffMember) -> Plan:
    """The first plan of a cleared person."""
    ground.at_stage(robin, Stage.SCREENING, Stage.ELIGIBLE)
    return ground.plan(robin, prescriber)


@pytest.fixture
def ready(planned: Plan, robin: Patient, prescriber: StaffMember) -> Patient:
    """A person with everything on record that an order needs."""
    ground.consent(planned, prescriber)
    ground.at_stage(robin, Stage.PREPARED)
    ground.rated(robin, prescriber)
    assert queries.consent_in_force(robin, ground.NOW) is not None
    return robin


@pytest.fixture
def nurse(robin: Patient) -> StaffMember:
    return cast.treats(cast.staff(Role.NURSE, "Nan Nurse"), robin)


@pytest.fixture
def robin_in_series(ready: Patient, prescriber: StaffMember) -> Patient:
    """An order in force: the series has begun, with a score of 8 before it."""
    ground.order(ready, prescriber, "0.5")
    return ready
