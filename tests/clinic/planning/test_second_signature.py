"""A dose above the soft limit waits for another person; an order ends as it should."""

from datetime import timedelta

import pytest

from clinic.episodes import actions as episodes
from clinic.people.models import Patient, StaffMember
from clinic.people.roles import Role
from clinic.planning import actions, needs, queries
from clinic.planning.actions.orders import NotSignable
from clinic.planning.models import Order, OrderCancellation
from kapstone.errors import InvalidInput
from kapstone.pathway import Episode as Stage
from tests.clinic import cast
from tests.clinic.planning import ground
from tests.clinic.planning.conftest import Clear
from tests.clinic.planning.ground import NOW

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)
WHY = "Tolerated before, no response at the usual dose."


@pytest.fixture
def waiting(ready: Patient, prescriber: StaffMember) -> Order:
    """An order above the soft limit, signed by its prescriber."""
    return ground.order(ready, prescriber, "1.2", rationale=WHY)


@pytest.mark.hazard(4)
def test_a_second_person_makes_it_stand(
    waiting: Order, ready: Patient, prescriber: StaffMember, pharmacist: StaffMember
) -> None:
    assert ready.episodes.get().stage == Stage.PREPARED
    with pytest.raises(NotSignable, match="another person"):
        actions.second_sign_order(order=waiting, by=prescriber.user, at=LATER)
    actions.second_sign_order(order=waiting, by=pharmacist.user, at=LATER)
    assert queries.order_in_force(ready, LATER) == waiting
    assert ready.episodes.get().stage == Stage.IN_SERIES
    with pytest.raises(NotSignable, match="no longer waits"):
        actions.second_sign_order(order=waiting, by=cast.staff(Role.PHARMACIST).user, at=LATER)


def test_what_lacks_by_then_stops_the_second_signature(
    waiting: Order, ready: Patient, pharmacist: StaffMember, clear: Clear
) -> None:
    clear(None)
    with pytest.raises(needs.Lacking, match="clearance"):
        actions.second_sign_order(order=waiting, by=pharmacist.user, at=LATER)


def test_a_changed_plan_ends_the_waiting(
    waiting: Order, ready: Patient, prescriber: StaffMember, pharmacist: StaffMember
) -> None:
    ground.plan(ready, prescriber, LATER, dose_model_id="THX-01")
    assert queries.waiting_order(ready) is None
    with pytest.raises(NotSignable):
        actions.second_sign_order(order=waiting, by=pharmacist.user, at=LATER)


def test_a_waiting_order_changes_nothing_and_a_cancelled_one_brings_none_back(
    ready: Patient, prescriber: StaffMember, pharmacist: StaffMember
) -> None:
    held = ground.order(ready, prescriber, "0.5")
    raised = ground.order(ready, prescriber, "1.2", LATER, rationale=WHY)
    assert queries.order_in_force(ready, LATER) == held
    actions.cancel_order(order=raised, reason="Too high.", by=pharmacist.user, at=LATER)
    assert queries.waiting_order(ready) is None
    assert queries.order_in_force(ready, LATER) == held
    again = ground.order(ready, prescriber, "0.6", LATER + timedelta(minutes=5))
    assert queries.order_in_force(ready, LATER) == held
    much_later = LATER + timedelta(hours=1)
    for _tap in range(2):
        actions.cancel_order(order=again, reason="Ill today.", by=prescriber.user, at=much_later)
    assert queries.order_in_force(ready, much_later) is None
    assert OrderCancellation.objects.count() == 2
    with pytest.raises(InvalidInput, match="reason"):
        actions.cancel_order(order=held, reason=" ", by=prescriber.user, at=much_later)


def test_an_order_ends_with_its_plan(ready: Patient, prescriber: StaffMember) -> None:
    ground.order(ready, prescriber, "0.5")
    ground.plan(ready, prescriber, LATER, sessions=4)
    assert queries.order_in_force(ready, LATER) is not None
    ground.plan(ready, prescriber, LATER + timedelta(minutes=1), dose_model_id="THX-01")
    assert queries.order_in_force(ready, LATER + timedelta(minutes=2)) is None
    episode = ready.episodes.get()
    episodes.advance(episode=episode, to=Stage.DIED, have=set(), by=None, at=LATER)
    assert queries.order_in_force(ready, LATER + timedelta(minutes=2)) is None
