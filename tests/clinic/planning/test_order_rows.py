"""The database itself refuses what the actions refuse."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from clinic.people.models import Patient, StaffMember
from clinic.planning.models import Order, OrderCancellation
from tests.clinic.planning import ground
from tests.clinic.planning.ground import NOW

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)
WHY = "Tolerated before, no response at the usual dose."


# Boundaries of the database itself: it refuses what the actions already refuse.
@pytest.mark.hazard(4)
@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"dose_mg": Decimal("105")}, "above_soft_needs_second"),
        ({"dose_mg": Decimal("105.01"), "state": "NEEDS_SECOND_SIGNATURE"}, "under_hard_limit"),
        ({"dose_mg": Decimal("0")}, "under_hard_limit"),
        ({"dose_mg": Decimal("-1")}, "under_hard_limit"),
        ({"first_max_mg": Decimal("34.99")}, "first_dose_under_limit"),
        ({"first_max_mg": Decimal("35")}, None),
        ({"dose_mg": Decimal("70")}, None),
        ({"dose_mg": Decimal("70.01")}, "above_soft_needs_second"),
        (
            {"dose_mg": Decimal("105"), "state": "NEEDS_SECOND_SIGNATURE", "rationale": WHY},
            None,
        ),
        ({"state": "NEEDS_RATIONALE"}, "outside_has_rationale"),
        ({"state": "REFUSED", "rationale": WHY}, "signable_state"),
        ({"state": "INCOMPLETE", "rationale": WHY}, "signable_state"),
        ({"weight_measured_at": LATER}, "weight_before_signature"),
        ({"volume_ml": None}, "volume_with_concentration"),
        ({"concentration_mg_per_ml": None}, "volume_with_concentration"),
        ({"volume_ml": None, "concentration_mg_per_ml": None}, None),
        ({"devices": 2}, "esketamine_in_devices"),
        ({"product": "ESKETAMINE"}, "esketamine_in_devices"),
        ({"product": "ESKETAMINE", "devices": 2}, None),
        ({"last_ae_grade": 1}, "says_which_dose_went_so"),
        ({"last_tolerated": False}, "says_which_dose_went_so"),
        ({"last_bp_ok": True, "about_session": uuid4()}, None),
    ],
)
def test_the_database_holds_the_limits(
    ready: Patient, prescriber: StaffMember, fields: dict[str, object], name: str | None
) -> None:
    row = Order.objects.get(pk=ground.order(ready, prescriber, "0.5").pk)
    row.pk, row._state.adding = uuid4(), True
    rationale = {"rationale": WHY} if fields.get("state") == "NEEDS_SECOND_SIGNATURE" else {}
    for key, value in (rationale | fields).items():
        setattr(row, key, value)
    if name is None:
        row.save(force_insert=True)
        assert Order.objects.count() == 2
        return
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        row.save(force_insert=True)


def test_the_database_wants_a_reason_for_a_cancellation(
    ready: Patient, prescriber: StaffMember
) -> None:
    order = ground.order(ready, prescriber, "0.5")
    with pytest.raises(IntegrityError, match="cancellation_has_reason"):
        OrderCancellation.objects.create(order=order, by=prescriber.user, at=NOW, reason="")


@pytest.mark.hazard(22)
def test_a_signed_order_is_never_altered(ready: Patient, prescriber: StaffMember) -> None:
    ground.order(ready, prescriber, "0.5")
    for change in (
        lambda: Order.objects.update(dose_mg=Decimal(1)),
        lambda: Order.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()
