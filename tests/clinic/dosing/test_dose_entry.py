"""A dose on one person's figures, for the wrong person, or without checks, must not start."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from clinic.dosing import before, dose_entry
from clinic.dosing.dose_entry import EntryRefused, SaidIdentity
from clinic.dosing.models import DoseCheck, DoseEntry
from clinic.people.models import AuditEntry
from clinic.people.roles import Role
from kapstone.dose import Entry, Outcome
from tests.clinic import cast
from tests.clinic.dosing import scene
from tests.clinic.dosing.scene import MG_35, ROBIN, Scene, after


def _entry(dose_mg: object, weight_kg: object) -> Entry:
    return Entry(Decimal(str(dose_mg)), Decimal(str(weight_kg)))


@pytest.mark.hazard(4)
@pytest.mark.parametrize(
    ("first", "second", "outcome"),
    [
        (MG_35, MG_35, Outcome.AGREE),
        (_entry("35.00", 70), _entry(35, "70.0"), Outcome.AGREE),
        (_entry(350, 70), MG_35, Outcome.DIFFER),
        (MG_35, _entry(350, 70), Outcome.DIFFER),
        (_entry(350, 70), _entry(350, 70), Outcome.DIFFER),  # both wrong alike: the order says no
        (MG_35, _entry(35, 154), Outcome.DIFFER),
        (_entry("3.5", 70), _entry("3.5", 70), Outcome.DIFFER),
    ],
)
def test_only_two_entries_like_the_order_agree(
    im: Scene, first: Entry, second: Entry, outcome: Outcome
) -> None:
    im.chart("weight", after(2), weight_kg=70)
    assert im.enter(after(3), first, second) is outcome
    assert im.reload().two_people == (outcome is Outcome.AGREE)
    assert (dose_entry.check_in_force(im.session, after(3)) is not None) == im.session.two_people


def test_after_a_difference_both_type_again(im: Scene) -> None:
    im.chart("weight", after(2), weight_kg=70)
    im.enter(after(3), MG_35, _entry(36, 70))
    with pytest.raises(EntryRefused, match="No first entry waits"):
        dose_entry.enter_second(session=im.session, entry=MG_35, by=im.other.user, at=after(4))
    assert im.enter(after(5), MG_35, MG_35) is Outcome.AGREE
    assert DoseEntry.objects.count() == 4


def test_no_figure_leaves_the_entries(im: Scene) -> None:
    im.chart("weight", after(2), weight_kg=70)
    im.enter(after(3), _entry("37.77", 70), MG_35)
    told = [str(entry.detail) for entry in AuditEntry.objects.all()]
    told += [f"{row.body}{row.note}" for row in im.events()]
    assert not any("37.77" in text for text in told)


@pytest.mark.hazard(1)
@pytest.mark.parametrize(
    ("initials", "birth_year", "taken"),
    [
        ("RE", "1980", True),
        ("r.e.", " 1980 ", True),
        ("RE", "1981", False),
        ("ER", "1980", False),
        ("", "", False),
    ],
)
def test_the_first_says_again_whom_it_is_for(
    im: Scene, initials: str, birth_year: str, taken: bool
) -> None:
    im.chart("weight", after(2), weight_kg=70)
    told = SaidIdentity(initials, birth_year)
    if taken:
        dose_entry.enter_first(
            session=im.session, entry=MG_35, identity=told, by=im.nurse.user, at=after(3)
        )
    else:
        with pytest.raises(EntryRefused, match="whose console") as caught:
            dose_entry.enter_first(
                session=im.session, entry=MG_35, identity=told, by=im.nurse.user, at=after(3)
            )
        assert "1980" not in str(caught.value)


def _first(im: Scene) -> None:
    im.chart("weight", after(2), weight_kg=70)
    dose_entry.enter_first(
        session=im.session, entry=MG_35, identity=ROBIN, by=im.nurse.user, at=after(3)
    )


@pytest.mark.parametrize("role", [Role.THERAPIST, Role.TRAINEE, Role.MANAGER, Role.ASSISTANT])
def test_who_may_not_be_second(im: Scene, role: Role) -> None:
    _first(im)
    member = cast.treats(cast.staff(role), im.patient)
    with pytest.raises(EntryRefused, match="may not check"):
        dose_entry.enter_second(session=im.session, entry=MG_35, by=member.user, at=after(4))


def test_nobody_is_both(im: Scene) -> None:
    _first(im)
    with pytest.raises(EntryRefused, match="second person"):
        dose_entry.enter_second(session=im.session, entry=MG_35, by=im.nurse.user, at=after(4))
    with pytest.raises(IntegrityError), transaction.atomic():
        DoseEntry.objects.create(
            session=im.session,
            order_id=scene.ORDER_ID,
            attempt_number=1,
            place="second",
            by=im.nurse.user,
            dose_mg=35,
            weight_kg=70,
            at=after(4),
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        DoseCheck.objects.create(
            session=im.session,
            order_id=scene.ORDER_ID,
            dose_mg=35,
            weight_kg=70,
            hard_max_mg=70,
            first=im.nurse.user,
            second=im.nurse.user,
            at=after(4),
        )


def test_an_expired_licence_checks_nothing(im: Scene) -> None:
    _first(im)
    im.other.licences.update(revoked_at=cast.LONG_AGO)
    with pytest.raises(EntryRefused, match="licence"):
        dose_entry.enter_second(session=im.session, entry=MG_35, by=im.other.user, at=after(4))


def test_an_entry_needs_an_order_and_a_weight_of_today(
    im: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(EntryRefused, match="Weigh first"):
        im.enter(after(3), MG_35, MG_35)
    im.chart("weight", after(4), weight_kg=70)
    monkeypatch.setattr(before, "order", lambda patient, at: scene.ordered("IV"))
    with pytest.raises(EntryRefused, match="No signed order"):
        im.enter(after(5), MG_35, MG_35)


def test_a_new_order_or_weight_undoes_the_agreement(
    im: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    im.chart("weight", after(2), weight_kg=70)
    im.enter(after(3), MG_35, MG_35)
    im.chart("weight", after(4), weight_kg=71)
    assert dose_entry.check_in_force(im.session, after(4)) is None
    im.chart("weight", after(5), weight_kg=70)
    assert dose_entry.check_in_force(im.session, after(5)) is not None
    monkeypatch.setattr(before, "order", lambda p, at: scene.ordered(order_id=uuid4()))
    assert dose_entry.check_in_force(im.session, after(5)) is None


def test_a_second_entry_on_another_order_is_refused(
    im: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    _first(im)
    monkeypatch.setattr(before, "order", lambda p, at: scene.ordered(order_id=uuid4()))
    with pytest.raises(EntryRefused, match="order changed"):
        dose_entry.enter_second(session=im.session, entry=MG_35, by=im.other.user, at=after(4))
