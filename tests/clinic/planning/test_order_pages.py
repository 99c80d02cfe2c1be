"""What a prescriber sees and presses on the page of the order."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from clinic.people import proof
from clinic.people.models import Patient, StaffMember
from clinic.planning import queries
from clinic.planning.models import Order, OrderCancellation
from kapstone.pathway import Episode as Stage
from tests.clinic import cast
from tests.clinic.planning import ground
from tests.clinic.planning.conftest import Clear
from tests.clinic.planning.ground import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now() -> Any:
    with time_machine.travel(NOW + timedelta(minutes=1), tick=False):
        yield


@pytest.fixture
def desk(prescriber: StaffMember, monkeypatch: pytest.MonkeyPatch) -> Client:
    """The prescriber's browser; whoever signs proved a moment ago who they are."""
    monkeypatch.setattr(proof, "is_fresh", lambda request: True)
    return cast.signed_in(prescriber)


def at(name: str, person: Patient, *more: object) -> str:
    return reverse(f"planning:{name}", args=[person.pk, *more])


def written(desk: Client, person: Patient, **fields: object) -> dict[str, object]:
    """The order form, filled in: 0.5 mg/kg of 50 mg/mL."""
    form = desk.get(at("order", person)).context["form"]
    return {
        "order_id": form["order_id"].value(), "dose_value": "0.5", "unit": "mg/kg",
        "concentration_mg_per_ml": "50", "volume_ml": "0.7", "salt_or_base": "base",
        "sedative_planned": "no",
    } | fields  # fmt: skip


def sign(desk: Client, person: Patient, **fields: object) -> str:
    """Check, then press the button that the check gave, if it gave one."""
    told = written(desk, person, **fields)
    checked = desk.post(at("order", person), told)
    assert not Order.objects.exists()  # checking writes nothing
    if not checked.context.get("signable"):
        assert at("sign", person) not in checked.content.decode()
    judged = checked.context.get("judged")
    told |= {"seen": judged.seen} if judged else {}
    return desk.post(at("sign", person), told, follow=True).content.decode()


@pytest.mark.hazard(2)
def test_the_order_is_shown_three_ways_and_signed(ready: Patient, desk: Client) -> None:
    first = desk.get(at("order", ready)).content.decode()
    assert "70 kg" in first
    assert "No dose is proposed" in first
    part = desk.post(at("order", ready), written(desk, ready), HTTP_HX_REQUEST="true")
    words = part.content.decode()
    assert "<html" not in words
    assert "35&nbsp;mg<" in words
    assert "0.5&nbsp;mg/kg" in words
    assert "0.7&nbsp;mL" in words
    assert "Sign 35 mg (0.5 mg/kg, 0.7 mL)" in words
    assert "The order is signed." in sign(desk, ready)
    assert "In force" in desk.get(at("overview", ready)).content.decode()
    assert "takes its place" in desk.get(at("order", ready)).content.decode()


# F42: 35 mg is meant, which is 0.5 mg/kg and 0.7 mL for 70 kg of 50 mg/mL.
@pytest.mark.hazard(2)
@pytest.mark.hazard(4)
@pytest.mark.parametrize(
    ("slip", "said"),
    [
        ({"dose_value": "35", "unit": "mg/kg"}, "outside 0.001 to 20 mg/kg"),
        ({"dose_value": "0.5", "unit": "mg"}, "disagree"),
        ({"dose_value": "0.7", "unit": "mg"}, "disagree"),
        ({"dose_value": "350", "unit": "mg"}, "disagree"),
        ({"dose_value": "350", "unit": "mg", "volume_ml": "7"}, "Refused: nobody can order this."),
        ({"dose_value": "5", "unit": "mg/kg"}, "disagree"),
        ({"dose_value": "3.5", "unit": "mg"}, "disagree"),
        ({"dose_value": "3.5", "unit": "mg", "volume_ml": "0.07"}, "needs your rationale"),
        ({"dose_value": "0.05", "unit": "mg/kg"}, "disagree"),
        ({"volume_ml": "35"}, "disagree"),
        ({"volume_ml": "7"}, "disagree"),
        ({"volume_ml": ""}, "required"),
        ({"concentration_mg_per_ml": "5"}, "disagree"),
        ({"dose_value": "0,5", "unit": "mg/kg"}, "Write one number with a point"),
        ({"dose_value": "35 mg", "unit": "mg"}, "Write one number with a point"),
        ({"dose_value": "35", "unit": ""}, "required"),
        ({"dose_value": "-35", "unit": "mg"}, "greater than or equal to 0"),
        ({"dose_value": "0", "unit": "mg"}, "outside 0.01 to 1000 mg"),
        ({"concentration_mg_per_ml": "5000"}, "outside 0.01 to 200 mg/mL"),
        ({"concentration_mg_per_ml": "500"}, "outside 0.01 to 200 mg/mL"),
    ],
)
@pytest.mark.one_database
def test_a_slip_of_unit_is_never_signed(
    ready: Patient, desk: Client, slip: dict[str, object], said: str
) -> None:
    assert said in desk.post(at("order", ready), written(desk, ready, **slip)).content.decode()
    sign(desk, ready, **slip)
    assert not Order.objects.exists()


@pytest.mark.hazard(3)
def test_a_weight_in_pounds_is_asked_again(ready: Patient, desk: Client) -> None:
    ground.tell(ready, "weight_today_kg", 154, NOW + timedelta(seconds=1))
    page = sign(desk, ready, weight_basis="actual")
    assert "Dose and volume disagree: 0.7 mL of 50 mg/mL is 35.00 mg, the dose is 77.00 mg" in page
    assert not Order.objects.exists()


def test_a_heavy_person_has_the_order_by_each_weight(ready: Patient, desk: Client) -> None:
    ground.tell(ready, "height_cm", 150, NOW + timedelta(seconds=1))
    page = desk.post(at("order", ready), written(desk, ready)).content.decode()
    assert "The same order by each weight" in page
    assert "Give the weight the dose rests on (DOS-W1)" in page
    # 54.22 kg: the volume worked out for 70 kg no longer agrees, and the table still stands.
    page = desk.post(at("order", ready), written(desk, ready, weight_basis="adjusted"))
    assert "disagree" in page.content.decode()
    assert "The same order by each weight" in page.content.decode()
    signed = sign(desk, ready, weight_basis="adjusted", volume_ml="0.54")
    assert "The order is signed." in signed


def test_a_rationale_is_asked_for_beside_its_field(ready: Patient, desk: Client) -> None:
    low = {"dose_value": "0.2", "volume_ml": "0.28"}
    page = sign(desk, ready, **low, rationale="Because.")
    assert "at least 20 characters" in page
    why = "A cautious start at their own wish."
    assert "The order is signed." in sign(desk, ready, **low, rationale=why)


def test_an_infusion_asks_how_long(
    clear: Clear, robin: Patient, prescriber: StaffMember, desk: Client
) -> None:
    clear(ground.Cleared(route="IV"))
    ground.at_stage(robin, Stage.SCREENING, Stage.ELIGIBLE)
    ground.consent(ground.plan(robin, prescriber, route="IV"), prescriber)
    ground.at_stage(robin, Stage.PREPARED)
    ground.rated(robin, prescriber)
    page = desk.post(at("order", robin), written(desk, robin)).content.decode()
    assert "This field is required." in page
    assert "The order is signed." in sign(desk, robin, infusion_min="40")
    assert Order.objects.get().infusion_min == 40


@pytest.mark.hazard(13)
def test_what_lacks_takes_the_button_away(ready: Patient, desk: Client, clear: Clear) -> None:
    clear(ground.Cleared(dose_ceiling_mg_per_kg=None, dose_ceiling_mg=ground.Decimal("30")))
    page = sign(desk, ready)
    assert "above the ceiling that was cleared" in page
    assert not Order.objects.exists()


def test_a_second_signature_is_given_or_refused(
    ready: Patient, prescriber: StaffMember, pharmacist: StaffMember, desk: Client
) -> None:
    why = "No response to four doses at the usual level."
    high = {"dose_value": "1.2", "volume_ml": "1.68", "rationale": why}
    assert "It waits for a pharmacist" in sign(desk, ready, **high)
    waiting = Order.objects.get()
    assert desk.post(at("second", ready, waiting.pk)).status_code == 404
    mate = cast.signed_in(pharmacist)
    assert "Read and sign as the second" in mate.get(at("overview", ready)).content.decode()
    whole = mate.get(at("waiting", ready, waiting.pk)).content.decode()
    for words in ("Sign 84 mg as the second", why, "DOS-IM", "What the rules allow next"):
        assert words in whole
    assert desk.get(at("waiting", ready, waiting.pk)).status_code == 404  # no second of their own
    page = mate.post(at("second", ready, waiting.pk), follow=True).content.decode()
    assert "The order stands." in page
    again = mate.post(at("second", ready, waiting.pk), follow=True).content.decode()
    assert "Not signed." in again
    late = mate.get(at("waiting", ready, waiting.pk), follow=True).content.decode()
    assert "no longer waits" in late
    page = mate.post(at("cancel", ready, waiting.pk), {"reason": ""}, follow=True).content.decode()
    assert "Not cancelled: say why." in page
    mate.post(at("cancel", ready, waiting.pk), {"reason": "Out of stock."})
    assert OrderCancellation.objects.count() == 1
    assert queries.order_in_force(ready, NOW + timedelta(minutes=1)) is None
    assert "Out of stock." in desk.get(at("overview", ready)).content.decode()


@pytest.mark.hazard(13)
def test_without_a_fresh_proof_nothing_is_signed(ready: Patient, prescriber: StaffMember) -> None:
    unproven = cast.signed_in(prescriber)
    assert "The order is signed." not in sign(unproven, ready)
    assert not Order.objects.exists()
