"""The demo's standing orders: shown in each state, and of nothing that anybody could give."""

import pytest

from clinic.planning import standing
from clinic.planning.standing import State
from clinic.site.seeds import staff
from clinic.site.seeds import standing as seeds
from kapstone.eligibility import Medicine
from tests.clinic.cast import NOON

pytestmark = pytest.mark.django_db


@pytest.mark.hazard(29)
def test_the_demo_ships_no_real_drug_and_no_real_dose() -> None:
    """A dose that stands in the demo would be copied into a clinic."""
    staff.fill(NOON)
    seeds.fill(NOON)
    told = standing.every(NOON)
    states = {each.state for each in told}
    assert states == {State.IN_FORCE, State.REPLACED, State.TYPED, State.EXPIRED}
    for each in told:
        assert Medicine(each.order.drug).ingredients == ()
        assert not any(letter.isdigit() for letter in each.order.dose)
