"""The register's pages: the second person proves who they are, and nothing typed is lost."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from clinic.people.models import AuditEntry, StaffMember
from clinic.people.roles import Role
from clinic.pharmacy import actions, queries
from clinic.pharmacy.models import Kind, Row, Vial
from tests.clinic import cast
from tests.clinic.pharmacy.cases import drawn, mg, received

pytestmark = pytest.mark.django_db

LABEL = {
    "product": "RACEMIC",
    "concentration_mg_per_ml": "50",
    "volume_ml": "10",
    "lot": "L77",
    "expires_on": "2099-01-31",
    "supplier": "A wholesaler",
    "invoice": "I-1",
}


@pytest.fixture
def nurse() -> StaffMember:
    return cast.staff(Role.NURSE, "Nora Nurse")


@pytest.fixture
def second() -> StaffMember:
    return cast.staff(Role.PHARMACIST, "Phil Pharmacist")


@pytest.fixture
def nora(nurse: StaffMember) -> Client:
    return cast.signed_in(nurse)


@pytest.fixture
def proof(second: StaffMember) -> dict[str, object]:
    return {"second": second.pk, "secret": cast.PASSWORD}


@pytest.fixture
def vial(nurse, second) -> Vial:
    return received(nurse.user, second.user)


def test_the_register_says_when_it_is_empty(nora) -> None:
    assertContains(nora.get("/register/"), "No vial holds anything")


def test_a_vial_is_received_by_two(nora, second, proof) -> None:
    page = nora.post("/register/receive/", LABEL | proof, follow=True)
    assertContains(page, "<strong>500 mg</strong>")
    row = Row.objects.get()
    assert (row.kind, row.amount_mg, row.witness) == (Kind.RECEIPT, Decimal(500), second.user)
    assertContains(nora.get("/register/"), ">10</td>")


@pytest.mark.hazard(17)
def test_a_wrong_secret_writes_nothing_and_keeps_what_was_typed(nora, second, proof) -> None:
    page = nora.post("/register/receive/", LABEL | proof | {"secret": "guess"})
    assertContains(page, "does not prove")
    assertContains(page, "L77")
    assertNotContains(page, "guess")
    assert not Vial.objects.exists()
    refused = AuditEntry.objects.get(action="second_person_refused")
    assert refused.subject == f"people.User:{second.user.pk}"


@pytest.mark.hazard(17)
def test_nobody_is_their_own_second_person(nora, nurse) -> None:
    own = {"second": nurse.pk, "secret": cast.PASSWORD}
    assertContains(nora.post("/register/receive/", LABEL | own), "to mend")
    assert not Vial.objects.exists()


@pytest.mark.hazard(17)
@pytest.mark.parametrize("role", [Role.THERAPIST, Role.MANAGER, Role.ASSISTANT])
def test_who_may_not_witness_is_not_offered(nora, role) -> None:
    other = cast.staff(role)
    taken = {"second": other.pk, "secret": cast.PASSWORD}
    assertContains(nora.post("/register/receive/", LABEL | taken), "to mend")
    assert not Vial.objects.exists()


def test_a_count_is_blind(nora, vial, proof) -> None:
    url = reverse("pharmacy:count", args=[vial.pk])
    assertNotContains(nora.get(url), "500 mg")
    assertNotContains(nora.get(url), "10 mL")
    page = nora.post(url, proof | {"counted_mg": "495"}, follow=True)
    assertContains(page, "(-5 off)")
    assertContains(nora.get("/register/"), "A count differs by -5 mg")


def test_a_difference_is_documented(nora, vial, proof) -> None:
    url = reverse("pharmacy:variance", args=[vial.pk])
    why = {"reason": "Overfill of the vial"}
    assertContains(nora.post(url, proof | why | {"amount_mg": "0"}), "Zero is no difference")
    nora.post(url, proof | why | {"amount_mg": "5"})
    assert queries.vials_in_stock("RACEMIC")[0].left_mg == mg("505")


def test_waste_from_a_vial_and_of_a_draw(nora, nurse, vial, proof) -> None:
    why = {"reason": "Into the disposal box"}
    draw = drawn(vial, "20", nurse.user)
    assertContains(nora.get("/register/"), "20 mg drawn, neither given nor wasted")
    too_much = proof | why | {"amount_mg": "20.01"}
    url = reverse("pharmacy:waste_draw", args=[draw.entry_id])
    assertContains(nora.post(url, too_much), "would have")
    nora.post(url, proof | why | {"amount_mg": "20"})
    nora.post(reverse("pharmacy:waste_vial", args=[vial.pk]), proof | why | {"amount_mg": "480"})
    page = nora.get("/register/")
    assertContains(page, "No vial holds anything")
    assertContains(page, "1 empty vial not shown")


def test_an_entry_is_taken_back_and_stays_to_be_read(nora, vial, proof) -> None:
    receipt = Row.objects.get()
    url = reverse("pharmacy:reverse", args=[receipt.entry_id])
    page = nora.post(url, proof | {"reason": "Wrong lot typed"}, follow=True)
    assertContains(page, "Wrong lot typed")
    assertContains(page, "Its receipt was taken back")


def test_a_dose_without_a_draw_stands_open(nora, nurse) -> None:
    actions.record_given(dose_id=uuid4(), amount_mg=mg("40"), by=nurse.user, at=cast.NOON)
    page = nora.get("/register/")
    assertContains(page, "40 mg charted as given, without a draw")
    assertContains(page, "Overdue")


def test_what_does_not_exist_is_not_found(nora) -> None:
    for name in ("vial", "count", "waste_vial", "variance", "waste_draw", "reverse"):
        assert nora.get(reverse(f"pharmacy:{name}", args=[uuid4()])).status_code == 404


@pytest.mark.parametrize("role", [Role.THERAPIST, Role.ASSISTANT, Role.MANAGER, Role.FRONT_DESK])
def test_who_handles_no_drug_sees_no_register(role) -> None:
    assert cast.signed_in(cast.staff(role)).get("/register/").status_code == 403
