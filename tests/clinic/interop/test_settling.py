"""What a referral left over is settled by somebody, with a reason, once."""

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from clinic.interop import actions
from clinic.interop.models import LeftOver, SettledAs, Settlement
from clinic.people.models import AuditEntry, Patient, StaffMember
from clinic.people.roles import Role
from kapstone.errors import InvalidInput
from tests.clinic import cast
from tests.clinic.interop import bundles

pytestmark = pytest.mark.django_db
REASON = "Asked on the telephone: a sprained ankle, long healed"


@pytest.fixture
def left() -> LeftOver:
    """A piece that nobody has asked about."""
    taken = actions.take_in(bundles.WHOLE, by=None, at=cast.NOON)
    assert taken.referral is not None
    return taken.referral.left_over.order_by("pk")[0]


@pytest.fixture
def robin(left: LeftOver) -> Patient:
    return left.referral.patient


@pytest.fixture
def nurse(robin: Patient) -> StaffMember:
    return cast.treats(cast.staff(Role.NURSE, "Noor Nurse"), robin)


@pytest.fixture
def desk(nurse: StaffMember) -> Client:
    return cast.signed_in(nurse)


def _list(person: Patient) -> str:
    return reverse("interop:referrals", args=[person.pk])


def _settle(client: Client, left: LeftOver, **typed: str) -> int:
    url = reverse("interop:settle", args=[left.referral.patient_id, left.pk])
    return client.post(url, {"outcome": "answered", "reason": REASON} | typed).status_code


def test_settled_with_name_and_reason_and_counted_down(
    desk: Client, left: LeftOver, robin: Patient
) -> None:
    before = desk.get(_list(robin)).content.decode()
    of = robin.referrals.get().left_over.filter(kind=left.kind).count()
    assert f"({of} open of {of})" in before
    assert "Settle it" in before
    assert _settle(desk, left) == 302
    after = desk.get(_list(robin)).content.decode()
    assert f"({of - 1} open of {of})" in after
    for words in ("Asked and answered", REASON, "Noor Nurse"):
        assert words in after
    assert AuditEntry.objects.filter(action="settle_left_over", patient=robin).count() == 1


def test_the_first_answer_stands(desk: Client, left: LeftOver) -> None:
    assert _settle(desk, left) == 302
    assert _settle(desk, left, outcome="not_needed", reason="Sent twice") == 302
    assert Settlement.objects.get().reason == REASON


@pytest.mark.parametrize(
    ("typed", "words"),
    [({"reason": ""}, "This field is required"), ({"outcome": "gone"}, "Select a valid choice")],
)
def test_without_a_reason_nothing_is_settled_and_the_page_says_why(
    desk: Client, left: LeftOver, typed: dict[str, str], words: str
) -> None:
    url = reverse("interop:settle", args=[left.referral.patient_id, left.pk])
    answer = desk.post(url, {"outcome": "answered", "reason": "Half typed"} | typed)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Settlement.objects.exists()
    with pytest.raises(InvalidInput, match="reason"):
        actions.settle(
            left_over=left,
            outcome=SettledAs.ANSWERED,
            reason=" ",
            by=cast.staff(Role.NURSE).user,
            at=cast.NOON,
        )


def test_who_only_reads_settles_nothing_and_another_person_has_other_pieces(
    desk: Client, left: LeftOver, robin: Patient, nurse: StaffMember
) -> None:
    pharmacist = cast.signed_in(cast.treats(cast.staff(Role.PHARMACIST), robin))
    assert "Settle it" not in pharmacist.get(_list(robin)).content.decode()
    assert _settle(pharmacist, left) == 404
    other = cast.patient("Olive", "Other")
    cast.treats(nurse, other)
    url = reverse("interop:settle", args=[other.pk, left.pk])
    assert desk.post(url, {"outcome": "answered", "reason": REASON}).status_code == 404
    assert not Settlement.objects.exists()


def test_the_database_keeps_each_settlement_as_it_is(left: LeftOver, nurse: StaffMember) -> None:
    told = {"left_over": left, "by": nurse.user, "at": cast.NOON}
    for wrong in ({"outcome": "answered", "reason": ""}, {"outcome": "gone", "reason": "x"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Settlement.objects.create(**told, **wrong)
    Settlement.objects.create(**told, outcome="not_needed", reason="Of another person")
    with pytest.raises(DatabaseError), transaction.atomic():
        Settlement.objects.update(reason="Rewritten")
