"""An order is held against this clinic's own hard limit, and one that runs keeps its own."""

from datetime import timedelta
from decimal import Decimal
from typing import Any, Protocol

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from clinic.calendar import actions as calendar
from clinic.content import actions as content
from clinic.content import held
from clinic.dosing import actions as dosing
from clinic.dosing import stages
from clinic.dosing.kinds import Chart
from clinic.people import proof
from clinic.people.models import Patient, StaffMember
from clinic.people.roles import Role
from clinic.planning import actions, queries
from clinic.planning.actions.orders import NotSignable
from clinic.planning.models import Order
from kapstone.limits import Bound
from tests.clinic import cast
from tests.clinic.planning import ground
from tests.clinic.planning.ground import NOW
from tests.clinic.planning.test_order_pages import at, sign

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)
WHY = "Tolerated before, no response at the usual dose."
STRONG = {"dose_value": "1.2", "volume_ml": "1.68", "rationale": WHY, "weight_basis": "actual"}


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(proof, "is_fresh", lambda request: True)
    with time_machine.travel(LATER, tick=False):
        yield


@pytest.fixture
def desk(prescriber: StaffMember) -> Client:
    return cast.signed_in(prescriber)


class Lower(Protocol):
    def __call__(self, mg_per_kg: str, row: str = "DOS-IM") -> None: ...


@pytest.fixture
def lower() -> Lower:
    """What the medical director sets, by default for injections."""
    director = cast.staff(Role.MEDICAL_DIRECTOR, "Dana Director")

    def set_here(mg_per_kg: str, row: str = "DOS-IM") -> None:
        content.set_limit(
            row=held.by_id()[("dose", row)],
            to=Bound(mg_per_kg=Decimal(mg_per_kg)),
            reason="We are far from a hospital.",
            by=director.user,
            at=LATER,
        )

    return set_here


@pytest.mark.hazard(4)
def test_no_more_than_the_lower_limit_is_taken(
    ready: Patient, desk: Client, pharmacist: StaffMember, lower: Lower
) -> None:
    lower("1.1")
    before = desk.get(at("order", ready)).content.decode()
    assert "nobody above 77 mg (this clinic's limit; published 105 mg)" in before
    refused = sign(desk, ready, **STRONG)
    assert "above this clinic&#x27;s hard limit of 77.00 mg (published: 105.00 mg)" in refused
    assert "77 mg (this clinic's limit; published 105 mg)" in refused
    assert not Order.objects.exists()
    taken = sign(desk, ready, **STRONG | {"dose_value": "1.1", "volume_ml": "1.54"})
    assert "Signed." in taken
    order = Order.objects.get()
    assert (order.dose_mg, order.hard_max_mg) == (77, 77)
    assert order.limits["published_hard_max_mg"] == 105
    waiting = cast.signed_in(pharmacist).get(at("waiting", ready, order.pk)).content.decode()
    assert "hard 77 mg (this clinic's limit; published 105 mg)" in waiting


@pytest.mark.hazard(4)
def test_what_waits_is_not_signed_above_it(
    ready: Patient, prescriber: StaffMember, pharmacist: StaffMember, lower: Lower
) -> None:
    order = ground.order(ready, prescriber, "1.2", rationale=WHY)
    lower("1.4")
    lower("1.3", row="DOS-IV")
    actions.second_sign_order(order=order, by=pharmacist.user, at=LATER)
    again = ground.order(ready, prescriber, "1.3", LATER, rationale=WHY)
    lower("1.29")
    with pytest.raises(NotSignable, match="this clinic has set since"):
        actions.second_sign_order(order=again, by=pharmacist.user, at=LATER)
    page = cast.signed_in(pharmacist).get(at("waiting", ready, again.pk)).content.decode()
    assert "above the hard limit that this clinic has set since" in page
    assert "mg as the second" not in page


@pytest.mark.hazard(4)
def test_a_running_order_keeps_its_limits_and_whoever_enters_the_dose_is_told(
    ready: Patient, prescriber: StaffMember, desk: Client, lower: Lower
) -> None:
    """Else a dose that the director no longer wants is given, and nobody at the chair knows."""
    order = ground.order(ready, prescriber, "0.7")
    nurse = cast.treats(cast.staff(Role.NURSE, "Nina Nurse"), ready)
    calendar.put_on_shift(
        staff=nurse, starts_at=NOW, ends_at=NOW + timedelta(hours=9), by=None, at=NOW
    )
    session = stages.open_session(
        patient=ready, product="RACEMIC", route="IM", by=nurse.user, at=LATER
    )
    weight = Chart(order.pk, "weight", LATER, {"weight_kg": 70})
    dosing.record(session=session, chart=weight, by=nurse.user, at=LATER)
    told = "above the hard limit that this clinic has set since"
    chairside, console = (
        cast.signed_in(nurse),
        reverse("dosing:console", args=[ready.pk, session.pk]),
    )
    assert told not in desk.get(at("overview", ready)).content.decode()
    assert told not in chairside.get(console).content.decode()
    lower("0.6")
    assert queries.order_in_force(ready, LATER) == order
    assert told in desk.get(at("overview", ready)).content.decode()
    answer = chairside.post(
        reverse("dosing:first", args=[ready.pk, session.pk]),
        {"initials": ready.given_name[0] + ready.family_name[0],
         "birth_year": str(ready.birth_date.year), "dose_mg": "49", "weight_kg": "70",
         "shown_for": str(session.pk)},
        follow=True,
    ).content.decode()  # fmt: skip
    assert "Taken. Now the second person" in answer
    assert answer.count(told) == 2  # beside the dose, and as it is entered
    assert "49" not in answer.split(told)[1][:200]
