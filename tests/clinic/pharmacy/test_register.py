"""A register that differs from the cupboard hides a theft or a wrong dose."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from clinic.people import audit
from clinic.people.models import AuditEntry
from clinic.people.roles import Role
from clinic.pharmacy import actions, deadline, queries
from clinic.pharmacy.actions import NotEnough, WitnessRefused
from clinic.pharmacy.models import GivenReport, Kind, Row, Vial
from kapstone.errors import InvalidInput
from tests.clinic import cast
from tests.clinic.pharmacy.cases import drawn, label, mg, pair, received

pytestmark = [pytest.mark.django_db, pytest.mark.hazard(17)]

WHY = "Rest of the syringe, drug disposal box"


@pytest.fixture
def two():
    return pair()


@pytest.fixture
def hands(two):
    return {"by": two[0], "witness": two[1], "at": cast.NOON}


@pytest.fixture
def vial(two):
    return received(*two)


def _left(vial: Vial) -> Decimal:
    _, sums = queries.register()
    return sums.vials[str(vial.pk)].left_mg


def test_received_drawn_given_wasted_left(vial, two, hands) -> None:
    dose_id = uuid4()
    draw = drawn(vial, "60", two[0], dose_id)
    uncovered_mg = actions.record_given(
        dose_id=dose_id, amount_mg=mg("52.5"), by=two[0], at=cast.NOON
    )
    assert uncovered_mg == 0
    [item] = queries.open_draws()
    assert (item.draw, item.left_mg, item.owner) == (draw, mg("7.5"), two[0])
    actions.waste(draw=draw, amount_mg=mg("7.5"), reason=WHY, **hands)
    assert queries.open_draws() == []
    assert _left(vial) == mg("440")
    assert [row.kind for row in Row.objects.order_by("sequence")] == [
        Kind.RECEIPT,
        Kind.DRAW,
        Kind.GIVEN,
        Kind.WASTE,
    ]


def test_each_entry_has_its_audit_row(vial, two, hands) -> None:
    actions.count(vial=vial, counted_mg=mg("500"), **hands)
    told = AuditEntry.objects.filter(action__startswith="register_").values_list(
        "action", flat=True
    )
    assert list(told.order_by("sequence")) == ["register_receipt", "register_count"]
    assert list(audit.faults()) == []


def test_no_vial_gives_more_than_it_holds(vial, two, hands) -> None:
    drawn(vial, "499.99", two[0])
    with pytest.raises(NotEnough, match="would be"):
        drawn(vial, "0.02", two[0])
    with pytest.raises(NotEnough):
        actions.waste_vial(vial=vial, amount_mg=mg("0.02"), reason=WHY, **hands)
    drawn(vial, "0.01", two[0])
    assert _left(vial) == 0
    assert queries.vials_in_stock("RACEMIC") == []


def test_no_draw_wastes_more_than_was_drawn(vial, two, hands) -> None:
    draw = drawn(vial, "10", two[0])
    with pytest.raises(NotEnough):
        actions.waste(draw=draw, amount_mg=mg("10.01"), reason=WHY, **hands)


@pytest.mark.parametrize("amount", ["0", "-1", "0.004"])
def test_an_amount_is_above_zero_in_hundredths(vial, two, amount) -> None:
    with pytest.raises(NotEnough):
        drawn(vial, amount, two[0])


def test_the_second_person_is_another_who_may(vial, two, hands) -> None:
    draw = drawn(vial, "10", two[0])
    therapist, late = cast.staff(Role.THERAPIST), cast.staff(Role.NURSE)
    late.licences.update(expires_on=cast.NOON.date() - timedelta(days=1))
    for witness in (two[0], therapist.user, late.user):
        with pytest.raises(WitnessRefused):
            actions.waste(draw=draw, amount_mg=mg("1"), reason=WHY, **hands | {"witness": witness})
    assert Row.objects.filter(kind=Kind.WASTE).count() == 0


def test_a_refused_entry_leaves_no_number_out(vial, two) -> None:
    with pytest.raises(NotEnough):
        drawn(vial, "501", two[0])
    assert drawn(vial, "1", two[0]).sequence == 2


def test_a_dose_given_is_written_whatever_was_drawn(vial, two) -> None:
    dose_id = uuid4()
    report = {"dose_id": dose_id, "by": two[0], "at": cast.NOON}
    assert actions.record_given(amount_mg=mg("40"), **report) == mg("40")
    [open_report] = queries.uncovered(queries.register()[1])
    assert (open_report.dose_id, open_report.missing_mg) == (dose_id, mg("40"))
    drawn(vial, "30", two[0], dose_id)
    assert queries.uncovered(queries.register()[1])[0].missing_mg == mg("10")
    drawn(received(*two), "20", two[0], dose_id)
    assert queries.uncovered(queries.register()[1]) == []
    assert [item.left_mg for item in queries.open_draws()] == [mg("10")]
    with pytest.raises(InvalidInput, match="amount_mg"):
        actions.record_given(amount_mg=mg("0"), **report)


def test_a_dose_charted_wrong_is_taken_back_and_charted_again(vial, two, hands) -> None:
    dose_id = uuid4()
    draw = drawn(vial, "50", two[0], dose_id)
    report = {"dose_id": dose_id, "by": two[0], "at": cast.NOON}
    actions.record_given(amount_mg=mg("50"), **report)
    wrong = Row.objects.get(kind=Kind.GIVEN)
    actions.reverse(row=wrong, reason="It was 40 mg", **hands)
    assert queries.open_draws()[0].left_mg == mg("50")
    assert actions.record_given(amount_mg=mg("40"), **report) == 0
    assert queries.open_draws()[0].left_mg == mg("10")
    assert queries.uncovered(queries.register()[1]) == []
    with pytest.raises(NotEnough, match="reversed already"):
        actions.reverse(row=wrong, reason="It was 40 mg", **hands)
    with pytest.raises(NotEnough):
        actions.reverse(row=draw, reason="Given in part", **hands)


def test_a_receipt_taken_back_leaves_no_vial(vial, hands) -> None:
    receipt = Row.objects.get(kind=Kind.RECEIPT)
    actions.reverse(row=receipt, reason="Wrong lot typed", **hands)
    assert queries.vials(queries.register()[1]) == []


def test_a_count_that_differs_stays_open_until_it_is_explained(vial, two, hands) -> None:
    actions.count(vial=vial, counted_mg=mg("500"), **hands)
    assert queries.differences(*queries.register()) == []
    actions.count(vial=vial, counted_mg=mg("495"), **hands)
    [found] = queries.differences(*queries.register())
    assert found.difference_mg == mg("-5")
    assert _left(vial) == mg("500")  # a count changes nothing by itself
    actions.document_variance(vial=vial, amount_mg=mg("-5"), reason="A broken needle", **hands)
    assert queries.differences(*queries.register()) == []
    assert _left(vial) == mg("495")


def test_a_count_taken_back_opens_nothing(vial, hands) -> None:
    row = actions.count(vial=vial, counted_mg=mg("0"), **hands)
    actions.reverse(row=row, reason="Another vial was meant", **hands)
    assert queries.differences(*queries.register()) == []


def test_stock_is_of_one_product_the_first_to_expire_first(two) -> None:
    late = received(*two, lot="late", expires_on="2028-01-01")
    soon = received(*two, lot="soon", expires_on="2026-12-01")
    received(*two, product="ESKETAMINE")
    assert [each.vial for each in queries.vials_in_stock("RACEMIC")] == [soon, late]


def test_a_label_that_gives_no_exact_amount_is_refused(two, hands) -> None:
    odd = label(concentration_mg_per_ml=mg("0.05"), volume_ml=mg("0.05"))
    with pytest.raises(InvalidInput, match="volume_ml"):
        actions.receive_vial(vial=odd, **hands)
    assert not Vial.objects.exists()


def test_one_business_day_passes_over_the_weekend() -> None:
    friday = cast.NOON + timedelta(days=2)
    assert deadline.one_business_day(cast.NOON) == cast.NOON + timedelta(days=1)
    assert deadline.one_business_day(friday + timedelta(days=1)).weekday() == 0


def test_one_business_day_keeps_the_hour_on_the_wall_when_clocks_change() -> None:
    friday = cast.NOON + timedelta(days=2)  # clocks go forward on the Sunday after
    assert deadline.one_business_day(friday) == friday + timedelta(days=3) - timedelta(hours=1)


def test_an_open_draw_runs_late(vial, two) -> None:
    drawn(vial, "1", two[0])
    [item] = queries.open_draws()
    assert not item.overdue(cast.NOON + timedelta(days=1))
    assert item.overdue(cast.NOON + timedelta(days=1, seconds=1))


BAD = {
    "witness is the actor": {"kind": "receipt", "witness": 0},
    "no witness": {"kind": "count", "witness": None},
    "no reason": {"kind": "vial_waste", "reason": ""},
    "nothing wasted": {"kind": "vial_waste", "amount_mg": 0},
    "a draw below zero": {"kind": "draw", "dose_id": uuid4(), "amount_mg": -1},
    "a draw without an amount": {"kind": "draw", "dose_id": uuid4(), "amount_mg": None},
    "a count below zero": {"kind": "count", "amount_mg": -1},
    "a count without an amount": {"kind": "count", "amount_mg": None},
    "a difference of nothing": {"kind": "variance", "amount_mg": 0},
    "a draw without a dose": {"kind": "draw"},
    "a count with a dose": {"kind": "count", "dose_id": uuid4()},
    "waste of no draw": {"kind": "waste"},
    "a count about another row": {"kind": "count", "about": 1},
    "an amount taken back in part": {"kind": "reversal", "about": 1},
    "received twice": {"kind": "receipt"},
}


@pytest.mark.parametrize("words", BAD)
def test_the_database_refuses(words, vial, two) -> None:
    row = {
        "sequence": 99,
        "vial": vial,
        "amount_mg": 1,
        "reason": WHY,
        "actor": two[0],
        "witness": two[1],
        "at": cast.NOON,
        "recorded_at": cast.NOON,
    } | BAD[words]
    if row["witness"] == 0:
        row |= {"kind": "count", "witness": two[0]}
    row["about_id"] = row.pop("about", None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Row.objects.create(**row)


def test_the_database_refuses_an_empty_vial_and_an_empty_report(two) -> None:
    for wrong in ({"volume_ml": 0}, {"concentration_mg_per_ml": -1}, {"product": "OTHER"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            vial = label(**wrong)
            vial.received_at = cast.NOON
            vial.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        GivenReport.objects.create(dose_id=uuid4(), amount_mg=0, at=cast.NOON, by=two[0])


def test_what_is_written_stays(vial, two) -> None:
    drawn(vial, "1", two[0])
    changes = [
        lambda: Row.objects.update(amount_mg=2),
        Row.objects.all().delete,
        lambda: Vial.objects.update(lot="L2"),
    ]
    for change in changes:
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
