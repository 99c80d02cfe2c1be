"""An order by every product and route: each has its own fields, and each can be signed."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from clinic.people import proof
from clinic.people.models import Patient, StaffMember
from clinic.people.roles import Role
from clinic.planning import actions, queries
from clinic.planning.actions.orders import NotSignable
from clinic.planning.models import Order
from clinic.planning.ordering import Unit
from kapstone.dose import Formulation
from kapstone.errors import InvalidInput
from kapstone.pathway import Episode as Stage
from tests.clinic import cast
from tests.clinic.planning import ground
from tests.clinic.planning.conftest import Clear
from tests.clinic.planning.ground import NOW

pytestmark = pytest.mark.django_db
Way = Callable[..., Patient]


@pytest.fixture(autouse=True)
def _now() -> Any:
    with time_machine.travel(NOW + timedelta(minutes=1), tick=False):
        yield


@pytest.fixture
def desk(prescriber: StaffMember, monkeypatch: pytest.MonkeyPatch) -> Client:
    """The prescriber's browser; whoever signs proved a moment ago who they are."""
    monkeypatch.setattr(proof, "is_fresh", lambda request: True)
    return cast.signed_in(prescriber)


@pytest.fixture
def by(clear: Clear, robin: Patient, prescriber: StaffMember) -> Way:
    """Everything on record for an order by one product and route."""

    def ready(product: str, route: str, **plan: object) -> Patient:
        most = ground.Cleared(product, route, None, Decimal(500))
        clear(most)
        ground.at_stage(robin, Stage.SCREENING, Stage.ELIGIBLE)
        made = ground.plan(robin, prescriber, product=product, route=route, **plan)
        ground.consent(made, prescriber)
        ground.at_stage(robin, Stage.PREPARED)
        ground.rated(robin, prescriber)
        return robin

    return ready


def address(name: str, person: Patient, *more: object) -> str:
    return reverse(f"planning:{name}", args=[person.pk, *more])


def send(desk: Client, person: Patient, **typed: object) -> str:
    """Check, then sign what the check shows."""
    form = desk.get(address("order", person)).context["form"]
    told = {"order_id": form["order_id"].value(), "sedative_planned": "no"} | typed
    checked = desk.post(address("order", person), told)
    judged = checked.context.get("judged")
    if judged is None or not checked.context["signable"]:
        return checked.content.decode()
    told |= {"seen": judged.seen}
    return desk.post(address("sign", person), told, follow=True).content.decode()


LIQUID = {"concentration_mg_per_ml": "50", "salt_or_base": "base"}
WAYS = [
    ("SC", {**LIQUID, "dose_value": "0.5", "unit": "mg/kg", "volume_ml": "0.7"}, "35", "0.70"),
    ("SL", {"dose_value": "100", "unit": "mg", "formulation": "lozenge", "salt_or_base": "salt"},
     "100", None),
    ("SL", {**LIQUID, "dose_value": "100", "unit": "mg", "formulation": "solution",
            "volume_ml": "2"}, "100", "2.00"),
    ("PO", {"dose_value": "1.0", "unit": "mg/kg", "formulation": "tablet_ir",
            "salt_or_base": "base"}, "70", None),
    ("IN", {**LIQUID, "dose_value": "50", "unit": "mg", "formulation": "spray",
            "volume_ml": "1"}, "50", "1.00"),
]  # fmt: skip


@pytest.mark.parametrize(("route", "typed", "dose_mg", "volume_ml"), WAYS)
def test_racemic_ketamine_is_ordered_by_every_route(
    by: Way, desk: Client, route: str, typed: dict[str, object], dose_mg: str, volume_ml: str | None
) -> None:
    assert "The order is signed." in send(desk, by("RACEMIC", route), **typed)
    order = Order.objects.get()
    assert order.dose_mg == Decimal(dose_mg)
    assert order.volume_ml == (None if volume_ml is None else Decimal(volume_ml))
    assert order.salt_or_base == typed["salt_or_base"]
    assert order.formulation == typed.get("formulation", "solution")
    page = desk.get(address("overview", order.patient)).content.decode()
    assert "None" not in page
    assert f"mg of {order.salt_or_base}" in page


@pytest.mark.hazard(2)
@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"volume_ml": "2"}, "A solid form has none"),
        ({"concentration_mg_per_ml": "50"}, "A solid form has none"),
        ({"formulation": "solution"}, "A liquid needs it."),
        ({"formulation": "tablet_pr"}, "not one of the available choices"),
        ({"salt_or_base": ""}, "required"),
        ({"sedative_planned": ""}, "required"),
        ({"sedative_planned": "yes"}, "A benzodiazepine before the dose"),
        ({"dose_value": "401"}, "Refused: nobody can order this."),
        ({"dose_value": "10"}, "needs your rationale"),
    ],
)
def test_what_is_typed_of_a_lozenge_must_fit_it(
    by: Way, desk: Client, changes: dict[str, object], said: str
) -> None:
    lozenge = {"dose_value": "100", "unit": "mg", "formulation": "lozenge", "salt_or_base": "base"}
    assert said in send(desk, by("RACEMIC", "SL"), **(lozenge | changes))
    assert not Order.objects.exists()


@pytest.mark.hazard(2)
def test_a_liquid_without_its_volume_is_refused_behind_the_form_too(by: Way) -> None:
    plan = queries.current_plan(by("RACEMIC", "SL"))
    assert plan is not None
    for gone in ("volume_ml", "concentration_mg_per_ml"):
        typed = ground.typed("100", Unit.MG, **{gone: None})
        with pytest.raises(InvalidInput) as caught:
            ground.judged(plan, typed, NOW)
        assert caught.value.key == gone


SPRAY = {"dose_model_id": "THX-04"}


@pytest.mark.hazard(2)
def test_esketamine_is_counted_in_devices(by: Way, desk: Client) -> None:
    person = by("ESKETAMINE", "IN", **SPRAY)
    form = desk.get(address("order", person)).content.decode()
    assert "Devices" in form
    assert "Concentration" not in form
    assert "disagree" in send(desk, person, dose_value="56", devices="3")
    assert "required" in send(desk, person, dose_value="56", devices="")
    assert "Refused" in send(desk, person, dose_value="28", devices="1")
    assert not Order.objects.exists()
    assert "The order is signed." in send(desk, person, dose_value="56", devices="2")
    order = Order.objects.get()
    assert (order.dose_mg, order.devices, order.volume_ml) == (56, 2, None)
    page = desk.get(address("overview", person)).content.decode()
    assert "2, 28 mg each, 5 minutes apart" in page


@pytest.mark.hazard(2)
def test_devices_are_counted_behind_the_form_too(by: Way) -> None:
    plan = queries.current_plan(by("ESKETAMINE", "IN", **SPRAY))
    assert plan is not None
    typed = ground.typed("56", Unit.MG, formulation=Formulation.SPRAY, **NO_LIQUID)
    with pytest.raises(InvalidInput) as caught:
        ground.judged(plan, typed, NOW)
    assert caught.value.key == "devices"


NO_LIQUID = {"concentration_mg_per_ml": None, "volume_ml": None}


def test_what_no_limit_is_held_for_is_not_planned(
    clear: Clear, robin: Patient, prescriber: StaffMember
) -> None:
    """Otherwise consent would be signed for a dose that nobody can order."""
    clear(ground.Cleared("ESKETAMINE", "IN"))
    ground.at_stage(robin, Stage.SCREENING, Stage.ELIGIBLE)
    with pytest.raises(InvalidInput, match="does not go with IND-05") as caught:
        ground.plan(
            robin, prescriber, product="ESKETAMINE", route="IN", indication_id="IND-05", **SPRAY
        )
    assert caught.value.key == "treatment"


@pytest.mark.hazard(4)
def test_the_second_signature_is_found_on_today_and_given_on_its_page(
    ready: Patient, prescriber: StaffMember, pharmacist: StaffMember
) -> None:
    why = "Tolerated before, no response at the usual dose."
    waiting = ground.order(ready, prescriber, "1.2", rationale=why)
    heading = "Orders that wait for a second signature"
    director = cast.staff(Role.MEDICAL_DIRECTOR, "Dana Director")
    stranger = cast.staff(Role.PHARMACIST, "Perry Elsewhere")
    for staff, shown in (
        (pharmacist, True), (director, True), (prescriber, False), (stranger, False),
    ):  # fmt: skip
        today = cast.signed_in(staff).get(reverse("chart:today")).content.decode()
        assert (heading in today) is shown
    actions.second_sign_order(order=waiting, by=pharmacist.user, at=NOW + timedelta(minutes=1))
    assert heading not in cast.signed_in(director).get(reverse("chart:today")).content.decode()


@pytest.mark.hazard(3)
def test_a_weight_that_changed_much_ends_the_waiting(
    ready: Patient, prescriber: StaffMember, pharmacist: StaffMember
) -> None:
    why = "Tolerated before, no response at the usual dose."
    waiting = ground.order(ready, prescriber, "1.2", rationale=why)
    ground.tell(ready, "weight_today_kg", 60, NOW + timedelta(minutes=2))
    with pytest.raises(NotSignable, match="changed much"):
        actions.second_sign_order(order=waiting, by=pharmacist.user, at=NOW + timedelta(minutes=3))
