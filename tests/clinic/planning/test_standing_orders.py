"""What may be given at a step of an emergency: an order that nobody signed, or that ended, and that
a nurse gives by is a wrong drug in somebody.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
import time_machine
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from clinic.people.models import AuditEntry, Licence, RoleGrant, StaffMember
from clinic.people.roles import Role
from clinic.planning import actions, standing
from clinic.planning.actions.orders import NotSignable
from clinic.planning.actions.standing import StandingTyped
from clinic.planning.models import StandingOrder
from clinic.planning.standing import State
from kapstone.errors import InvalidInput
from kapstone.monitoring.pathways import pathways
from tests.clinic import cast
from tests.clinic.cast import NOON

pytestmark = pytest.mark.django_db
UNTIL = date(2026, 6, 1)


def typed(**changed: object) -> StandingTyped:
    """Of a drug that does not exist: no real one and no real dose stands in these tests."""
    told: dict[str, object] = {
        "order_id": uuid4(), "series": uuid4(), "after_version": 0, "pathway": "PATH-NV", "step": 3,
        "drug": "Inventol drops", "dose": "one invented unit", "route": "under the tongue",
        "conditions": "Once.\nNot if asleep.", "valid_until": UNTIL,
    }  # fmt: skip
    return StandingTyped(**(told | changed))  # type: ignore[arg-type]  # words of a test


@pytest.fixture
def nurse() -> StaffMember:
    return cast.staff(Role.NURSE, "Nina Nurse")


@pytest.fixture
def paula() -> StaffMember:
    return cast.staff(Role.PRESCRIBER, "Paula Prescriber")


def kept(nurse: StaffMember, at: datetime = NOON, **changed: object) -> StandingOrder:
    return actions.type_standing_order(typed=typed(**changed), by=nurse.user, at=at)


def signed(order: StandingOrder, by: StaffMember, at: datetime = NOON) -> StandingOrder:
    actions.sign_standing_order(order=order, by=by.user, at=at)
    return order


def states(series: UUID, at: datetime = NOON) -> list[State]:
    return [each.state for each in standing.every(at, series)]


def changed_of(order: StandingOrder, **told: object) -> dict[str, object]:
    return {"series": order.series, "after_version": order.version} | told


def test_what_nobody_signed_is_given_by_nobody(nurse: StaffMember) -> None:
    order = kept(nurse)
    assert states(order.series) == [State.TYPED] and standing.in_force(NOON) == []


def test_signed_it_stands_word_for_word_with_who_and_when(
    nurse: StaffMember, paula: StaffMember
) -> None:
    order = signed(kept(nurse), paula)
    (one,) = standing.in_force(NOON)
    assert (one.order.pk, one.signed_by, one.order.signature.at) == (
        order.pk,
        "Paula Prescriber",
        NOON,
    )
    assert one.order.conditions == "Once.\nNot if asleep."
    assert standing.in_force(NOON - timedelta(minutes=1)) == []


def test_a_change_is_a_new_version_and_the_signed_one_stands_until_it_is_signed(
    nurse: StaffMember, paula: StaffMember
) -> None:
    first = signed(kept(nurse), paula)
    second = kept(nurse, **changed_of(first, dose="two invented units"))
    assert (second.version, states(first.series)) == (2, [State.TYPED, State.IN_FORCE])
    signed(second, paula)
    assert states(first.series) == [State.IN_FORCE, State.REPLACED]
    first.refresh_from_db()
    assert first.dose == "one invented unit"  # and can still be read


def test_a_withdrawn_one_brings_no_older_one_back(nurse: StaffMember, paula: StaffMember) -> None:
    first = signed(kept(nurse), paula)
    second = signed(kept(nurse, **changed_of(first)), paula)
    later = NOON + timedelta(minutes=1)
    actions.withdraw_standing_order(order=second, reason="Recalled", by=nurse.user, at=later)
    assert states(first.series, later) == [State.WITHDRAWN, State.REPLACED]
    assert states(first.series, NOON) == [State.IN_FORCE, State.REPLACED]  # as it was then
    again = actions.withdraw_standing_order(order=second, reason="x", by=nurse.user, at=later)
    assert again.reason == "Recalled"


@pytest.mark.hazard(16)
def test_it_holds_through_its_last_day_where_the_clinic_is(
    nurse: StaffMember, paula: StaffMember
) -> None:
    order = signed(kept(nurse), paula)
    zone = timezone.get_default_timezone()
    assert states(order.series, datetime(2026, 6, 1, 23, 59, tzinfo=zone)) == [State.IN_FORCE]
    assert states(order.series, datetime(2026, 6, 2, 0, 0, tzinfo=zone)) == [State.EXPIRED]


def _licence_runs_out(member: StaffMember) -> None:
    Licence.objects.filter(staff=member).update(expires_on=date(2026, 3, 5))


def _licence_revoked(member: StaffMember) -> None:
    Licence.objects.filter(staff=member).update(revoked_at=NOON)


def _role_ends(member: StaffMember) -> None:
    RoleGrant.objects.filter(staff=member).update(ends_at=NOON + timedelta(hours=1))


def _leaves(member: StaffMember) -> None:
    StaffMember.objects.filter(pk=member.pk).update(left_at=NOON)


@pytest.mark.hazard(29)
@pytest.mark.parametrize("end", [_licence_runs_out, _licence_revoked, _role_ends, _leaves])
def test_it_ends_with_its_signers_licence(
    nurse: StaffMember, paula: StaffMember, end: object
) -> None:
    """Nobody answers any more for what is given by it."""
    order = signed(kept(nurse), paula)
    end(paula)  # type: ignore[operator]
    later = NOON + timedelta(days=2)
    assert states(order.series, later) == [State.SIGNER] and standing.in_force(later) == []


def test_today_says_what_to_see_to_and_nothing_of_what_stands(
    nurse: StaffMember, paula: StaffMember
) -> None:
    """An order that ended last night is missed by nobody until the seizure."""
    kept(nurse)
    assert [one.state for one in standing.to_see_to(NOON)] == [State.TYPED]
    order = signed(standing.to_see_to(NOON)[0].order, paula)
    last_day = NOON + (order.valid_until - NOON.date())
    for days, told in ((15, []), (14, [State.IN_FORCE]), (0, [State.IN_FORCE])):
        at = last_day - timedelta(days=days)
        assert [one.state for one in standing.to_see_to(at)] == told
    for at, words in ((last_day, "ends with"), (last_day + timedelta(days=1), "expired")):
        with time_machine.travel(at, tick=False):
            page = cast.signed_in(paula)
            assert words in page.get("/today/").content.decode().split("Standing orders for")[1]
            asked = cast.signed_in(nurse).get("/today/").content.decode()
            assert "Standing orders for" not in asked


def test_a_step_that_a_release_words_otherwise_takes_its_order_along(
    nurse: StaffMember, paula: StaffMember, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An order for "check first" must not slide to the step that now stands third."""
    order = signed(kept(nurse), paula)
    others = [
        replace(row, steps=(*row.steps[:2], "Another step.")) if row.id == "PATH-NV" else row
        for row in pathways()
    ]
    monkeypatch.setattr(standing, "pathways", lambda: others)
    assert states(order.series) == [State.STEP] and standing.in_force(NOON) == []


@pytest.mark.parametrize("role", [Role.NURSE, Role.PHARMACIST, Role.THERAPIST])
def test_only_a_prescriber_signs(nurse: StaffMember, role: Role) -> None:
    order, other = kept(nurse), cast.staff(role)
    with pytest.raises(NotSignable, match="Only a prescriber"):
        signed(order, other)


def test_a_prescriber_whose_licence_ran_out_signs_nothing(nurse: StaffMember) -> None:
    old = cast.staff(Role.PRESCRIBER, expires_on=date(2026, 3, 3))
    with pytest.raises(NotSignable, match="licence is in force"):
        signed(kept(nurse), old)


def test_signed_twice_it_is_signed_once_and_kept_twice_it_is_one(
    nurse: StaffMember, paula: StaffMember
) -> None:
    told = typed()
    one, two = (actions.type_standing_order(typed=told, by=nurse.user, at=NOON) for _ in "ab")
    assert one == two
    signed(one, paula)
    signed(one, cast.staff(Role.MEDICAL_DIRECTOR))
    assert one.signature.by == paula.user
    did = list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))
    assert did[-2:] == ["type_standing_order", "sign_standing_order"]


def test_only_the_newest_version_is_signed(nurse: StaffMember, paula: StaffMember) -> None:
    first = kept(nurse)
    second = kept(nurse, **changed_of(first))
    with pytest.raises(NotSignable, match="newer version"):
        signed(first, paula)
    actions.withdraw_standing_order(order=second, reason="No", by=nurse.user, at=NOON)
    with pytest.raises(NotSignable, match="withdrawn"):
        signed(second, paula)


def test_two_people_who_change_one_version_do_not_overwrite_each_other(nurse: StaffMember) -> None:
    first = kept(nurse)
    kept(nurse, **changed_of(first, dose="two"))
    with pytest.raises(InvalidInput, match="meanwhile"):
        kept(nurse, **changed_of(first, dose="three"))


KETAMINE = ("Ketamine", "esketamine 1 spray", "S-ketamine", "Spravato", "Ketalar 10", "ARKETAMINE")


@pytest.mark.hazard(29)
@pytest.mark.parametrize("name", KETAMINE)
@pytest.mark.parametrize("key", ["drug", "dose"])
def test_none_is_for_ketamine_by_any_name(nurse: StaffMember, key: str, name: str) -> None:
    """A dose of it without an order for this person would pass every limit by."""
    with pytest.raises(InvalidInput, match=r"names ketamine.*Plan and order"):
        kept(nurse, **{key: name})


def test_the_database_holds_ketamine_off_too(nurse: StaffMember) -> None:
    order = kept(nurse)
    with pytest.raises(IntegrityError), transaction.atomic():
        StandingOrder.objects.bulk_create(
            [StandingOrder(series=uuid4(), version=1, pathway="PATH-NV", step=3, serves_words="x",
             drug="Ketamine", dose="1", route="1", conditions="1", valid_until=UNTIL,
             by=nurse.user, at=NOON)]
        )  # fmt: skip
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        StandingOrder.objects.filter(pk=order.pk).update(dose="nine")


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ({"step": 1}, "asks for no order"),
        ({"pathway": "PATH-FALL", "step": 1}, "asks for no order"),
        ({"valid_until": date(2026, 3, 3)}, "lies in the past"),
    ],
)
def test_what_serves_no_step_or_no_day_is_refused(
    nurse: StaffMember, told: dict[str, object], says: str
) -> None:
    with pytest.raises(InvalidInput, match=says):
        kept(nurse, **told)


def test_a_withdrawal_says_why(nurse: StaffMember) -> None:
    order = kept(nurse)
    with pytest.raises(InvalidInput, match="reason"):
        actions.withdraw_standing_order(order=order, reason=" ", by=nurse.user, at=NOON)
