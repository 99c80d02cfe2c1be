"""The pages of standing orders: typed, signed, changed, withdrawn, and what they refuse."""

from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic.people import proof
from clinic.people.models import StaffMember
from clinic.people.roles import Role
from clinic.planning import standing
from clinic.planning.models import StandingOrder
from tests.clinic import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def nurse() -> StaffMember:
    return cast.staff(Role.NURSE, "Nina Nurse")


@pytest.fixture
def paula() -> StaffMember:
    return cast.staff(Role.PRESCRIBER, "Paula Prescriber")


@pytest.fixture(autouse=True)
def _proved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proof, "is_fresh", lambda request: True)


def posted(**changed: str) -> dict[str, str]:
    return {
        "serves": "PATH-NV:3", "drug": "Inventol", "dose": "one unit", "route": "mouth",
        "conditions": "Once.", "valid_until": f"{timezone.localdate().year + 1}-01-31",
        "order_id": str(uuid4()), "after_version": "0",
    } | changed  # fmt: skip


def test_it_is_typed_signed_changed_and_withdrawn_on_its_pages(
    nurse: StaffMember, paula: StaffMember
) -> None:
    typist, signer = cast.signed_in(nurse), cast.signed_in(paula)
    page = typist.get(reverse("planning:standing")).content.decode()
    assert page.count("Prescriber order required") > len(list(standing.steps()))
    answer = typist.post(reverse("planning:standing_write"), posted())
    order = StandingOrder.objects.get()
    where = reverse("planning:standing_versions", args=[order.series])
    assert answer.url == where
    assert "Sign version 1" not in typist.get(where).content.decode()
    sign = reverse("planning:standing_sign", args=[order.pk])
    assert signer.post(sign, {}).status_code == 422  # not said that it was read
    assert typist.post(sign, {"read": "yes"}).status_code == 403
    assert signer.post(sign, {"read": "yes"}).url == where
    assert "Signed by Paula Prescriber" in typist.get(where).content.decode()
    assert signer.post(sign, {"read": "yes"}).status_code == 302  # sent twice
    change = reverse("planning:standing_change", args=[order.series])
    assert 'value="one unit"' in typist.get(change).content.decode()  # of its own last version
    typist.post(change, posted(dose="two units", after_version="1"))
    assert "two units" in typist.get(where).content.decode()
    away = reverse("planning:standing_withdraw", args=[order.pk])
    assert typist.post(away, {"reason": ""}).status_code == 422
    assert typist.post(away, {"reason": "Out of stock"}).url == where
    assert "Out of stock" in typist.get(where).content.decode()
    assert standing.in_force(timezone.now()) == []


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ({"drug": "Spravato"}, "no standing order is for it"),
        ({"dose": ""}, "required"),
        ({"serves": "PATH-NV:1"}, "valid choice"),
        ({"valid_until": "2020-01-01"}, "lies in the past"),
    ],
)
def test_a_form_that_cannot_be_kept_says_why_and_keeps_what_was_typed(
    nurse: StaffMember, told: dict[str, str], says: str
) -> None:
    answer = cast.signed_in(nurse).post(reverse("planning:standing_write"), posted(**told))
    page = answer.content.decode()
    assert answer.status_code == 422 and says in page and "Once." in page
    assert not StandingOrder.objects.exists()


def test_nothing_is_filled_in_for_a_first_version(nurse: StaffMember) -> None:
    client = cast.signed_in(nurse)
    page = client.get(reverse("planning:standing_write") + "?serves=PATH-NV:3").content.decode()
    for name in ("drug", "dose", "route"):
        field = page.partition(f'name="{name}"')[2].partition(">")[0]
        assert "value=" not in field


def test_what_is_not_there_is_not_found(nurse: StaffMember) -> None:
    client = cast.signed_in(nurse)
    for name in ("planning:standing_versions", "planning:standing_change"):
        assert client.get(reverse(name, args=[uuid4()])).status_code == 404


def test_a_change_in_a_second_tab_does_not_overwrite_the_first(nurse: StaffMember) -> None:
    client = cast.signed_in(nurse)
    client.post(reverse("planning:standing_write"), posted())
    series = StandingOrder.objects.get().series
    change = reverse("planning:standing_change", args=[series])
    client.post(change, posted(dose="two units", after_version="1"))
    late = client.post(change, posted(dose="three units", after_version="1"))
    page = late.content.decode()
    assert late.status_code == 422 and "meanwhile" in page and "three units" in page
    assert StandingOrder.objects.count() == 2
