"""A clinic lowers a hard dose limit and never raises it; the row is to be signed again."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from clinic.content import actions, hard_limits, held, queries
from clinic.content.models import LimitChoice, Signature
from clinic.people.models import AuditEntry, StaffMember
from clinic.people.roles import Role
from kapstone.content import ContentRow
from kapstone.errors import InvalidInput
from kapstone.limits import Bound
from tests.clinic import cast
from tests.clinic.content.rows import PROOF, one, posted, sign

pytestmark = pytest.mark.django_db
WHY = "Our monitors are old."
PAGE = reverse("content:row", args=["dose", "DOS-IV"])
SET = reverse("content:limit", args=["DOS-IV"])


def by_vein() -> ContentRow:
    return held.by_id()[("dose", "DOS-IV")]


@pytest.fixture
def desk(director: StaffMember) -> Client:
    """The director's browser, a moment after they proved who they are."""
    browser = cast.signed_in(director)
    browser.post(SET, PROOF)
    return browser


def lower(director: StaffMember, **figures: str) -> LimitChoice:
    bound = Bound(**{key: Decimal(value) for key, value in figures.items()}) if figures else None
    return actions.set_limit(
        row=by_vein(), to=bound, reason=WHY, by=director.user, at=timezone.now()
    )


@pytest.mark.hazard(4)
@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "Give the limit, or go back to the published one."),
        ({"mg_per_kg": "1.5"}, "1.5 mg/kg is not below the published 1.5 mg/kg"),
        ({"mg_per_kg": "1.51"}, "A clinic may lower a hard limit, never raise it"),
        ({"mg_per_kg": "12"}, "12 mg/kg is not below"),
        ({"mg": "150.00"}, "is not below the published 150 mg"),
        ({"mg_per_kg": "1.2", "mg": "200"}, "200 mg is not below"),
        ({"mg_per_kg": "0"}, "A hard limit is above zero."),
        ({"mg_per_kg": "0.001"}, "no more than 2 decimal places"),
        ({"mg": "-100"}, "A hard limit is above zero."),
        ({"mg_per_kg": "one"}, "Write one number with a point"),
        ({"mg_per_kg": "NaN"}, "Write one number with a point"),
        ({"mg_per_kg": "1.2", "reason": " "}, "This field is required."),
        ({"back": "yes"}, "DOS-IV stands as published."),
    ],
)
def test_a_slip_or_a_raise_is_told_and_nothing_is_set(
    desk: Client, typed: dict[str, str], said: str
) -> None:
    answer = desk.post(SET, {"reason": WHY} | typed)
    assert answer.status_code == 422
    assertContains(answer, said, status_code=422)
    assert not LimitChoice.objects.exists()


@pytest.mark.hazard(4)
def test_a_lower_limit_stands_on_every_page_of_content(desk: Client) -> None:
    answer = desk.post(SET, {"mg_per_kg": "1.20", "reason": WHY}, follow=True)
    assertContains(answer, "in this clinic from now on: 1.2 mg/kg. The row is to be signed again.")
    assertContains(answer, "As published: 1.5 mg/kg or 150 mg.")
    assertContains(answer, 'value="1.2"')  # what stands is there to be changed
    assertContains(desk.get("/content/"), "hard limit 1.2 mg/kg. Our monitors are old.")
    room = desk.get(reverse("content:room", args=["dose"]))
    assertContains(room, "Hard limit in this clinic: <strong>1.2 mg/kg or 150 mg</strong>")
    assert hard_limits.clinic_max() == {"DOS-IV": Bound(mg_per_kg=Decimal("1.2"))}
    told = AuditEntry.objects.get(action="set_limit").detail
    assert (told["row"], told["to"]) == ("DOS-IV", "1.2 mg/kg")
    back = desk.post(SET, {"reason": "New monitors.", "back": "yes"}, follow=True)
    assertContains(back, "in this clinic from now on: as published.")
    assertContains(back, "1.5 mg/kg or 150 mg, as published.")
    assertContains(back, "1.2 mg/kg, by")  # what was set once stays readable
    assertNotContains(desk.get("/content/"), "Our monitors")
    assert hard_limits.clinic_max() == {}


@pytest.mark.hazard(12)
def test_a_changed_limit_is_signed_again_as_it_stands(director: StaffMember, desk: Client) -> None:
    """Else the director's name stands under a limit that they never saw."""
    unsigned = queries.unsigned()
    before = sign(by_vein(), director)
    lower(director, mg="100")
    assert queries.unsigned() == unsigned
    before.refresh_from_db()
    assert before.withdrawal.reason == "The hard limit in this clinic was set: 100 mg."
    stale = desk.post(reverse("content:sign"), posted(by_vein()), follow=True)
    assertContains(stale, "dose/DOS-IV changed since it was shown. Read it again.")
    (line,) = (each for each in queries.lines("dose") if each.row.id == "DOS-IV")
    assertContains(desk.get(PAGE), line.stamp)
    told = posted(by_vein()) | {"row": f"dose/DOS-IV/{line.stamp}"}
    assertContains(desk.post(reverse("content:sign"), told, follow=True), "1 row signed.")
    assert queries.unsigned() == unsigned - 1
    last = Signature.objects.get(withdrawal=None)
    assert ["hard limit in this clinic", "1.5 mg/kg or 100 mg"] in last.shown["value"]
    lower(director)
    assert queries.unsigned() == unsigned


def test_set_twice_alike_it_is_kept_once_and_raised_below_the_published_it_may_be(
    director: StaffMember,
) -> None:
    assert lower(director, mg_per_kg="1.1") == lower(director, mg_per_kg="1.10")
    assert lower(director, mg_per_kg="1.4", mg="120").number == 2
    with pytest.raises(InvalidInput, match="not below"):
        lower(director, mg_per_kg="1.5")
    lower(director)
    assert lower(director).number == 3


@pytest.mark.hazard(12)
def test_nobody_but_a_director_and_no_row_but_dose_limits(director: StaffMember) -> None:
    nurse = cast.staff(Role.NURSE)
    with pytest.raises(actions.NotSignable, match="Only a medical director"):
        lower(nurse, mg="100")
    with pytest.raises(actions.NotSignable, match="no hard limit that a clinic could lower"):
        actions.set_limit(row=one(), to=None, reason=WHY, by=director.user, at=cast.NOON)
    browser = cast.signed_in(director)
    where = reverse("content:limit", args=[one().id])
    assert browser.post(where, {"mg": "1", "reason": WHY} | PROOF, follow=True).status_code == 404
    assertNotContains(cast.signed_in(nurse).get(PAGE), "Set this limit")


@pytest.mark.parametrize("wrong", [{"reason": ""}, {"mg": Decimal(0)}, {"mg_per_kg": Decimal(-1)}])
def test_the_database_keeps_what_was_set(director: StaffMember, wrong: dict[str, object]) -> None:
    made = lower(director, mg="100")
    row = {"row": "DOS-IV", "number": 2, "mg": Decimal(90), "reason": WHY, "by": director.user,
           "at": cast.NOON + timedelta(days=1)}  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        LimitChoice.objects.create(**row | wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        LimitChoice.objects.create(**row | {"number": 1})
    with pytest.raises(DatabaseError), transaction.atomic():
        LimitChoice.objects.filter(pk=made.pk).update(mg=Decimal(140))
    with pytest.raises(DatabaseError), transaction.atomic():
        LimitChoice.objects.filter(pk=made.pk).delete()
