"""Touch that nobody agreed to, or agreed to under a drug, must not be on record as agreed."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction

from clinic.alerts.models import Alert
from clinic.people.models import Patient, StaffMember
from clinic.people.roles import Role
from clinic.therapy import queries, touching
from clinic.therapy.models import (
    AllowedTouch,
    DrugActs,
    Position,
    Touch,
    TouchAgreement,
    TouchAsked,
)
from clinic.therapy.touching import Allowed, TouchRefused
from kapstone.errors import InvalidInput
from tests.clinic import cast
from tests.clinic.therapy.cases import agreed, dosed

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> Patient:
    return cast.patient()


@pytest.fixture
def therapist(person: Patient) -> StaffMember:
    return cast.treats(cast.staff(Role.THERAPIST), person)


def _begun(person: Patient) -> UUID:
    """A dose is given: until they leave."""
    session = uuid4()
    touching.dose_begun(patient=person, session_id=session, at=cast.NOON)
    return session


def _now(person: Patient) -> set[str]:
    agreement = queries.touch_agreement(person)
    return {row.touch for row in agreement.allowed.all()} if agreement else set()


def test_without_an_agreement_there_is_no_touch(person) -> None:
    assert queries.touch_agreement(person) is None


def test_an_agreement_made_sober_holds(person, therapist) -> None:
    agreed(person, therapist, Touch.HAND, Touch.SHOULDER)
    assert _now(person) == {"hand", "shoulder"}


def test_while_a_drug_acts_nothing_is_added_and_afterwards_it_may_be(person, therapist) -> None:
    agreed(person, therapist, Touch.HAND)
    session = _begun(person)
    with pytest.raises(TouchRefused, match="only less touch"):
        agreed(person, therapist, Touch.HAND, Touch.SHOULDER)
    assert _now(person) == {"hand"}
    touching.person_left(session_id=session, at=cast.NOON)
    touching.person_left(session_id=session, at=cast.NOON)
    agreed(person, therapist, Touch.HAND, Touch.SHOULDER)
    assert _now(person) == {"hand", "shoulder"}


@pytest.mark.parametrize(("gone_h", "refused"), [(0, True), (23.9, True), (24, False)])
def test_nothing_is_added_for_a_day_after_a_dose(person, therapist, gone_h, refused) -> None:
    dosed(person, cast.NOON - timedelta(hours=gone_h))
    if refused:
        with pytest.raises(TouchRefused, match="24 hours"):
            agreed(person, therapist, Touch.HAND)
    else:
        agreed(person, therapist, Touch.HAND)
    assert _now(person) == (set() if refused else {"hand"})


def test_nobody_sober_no_agreement(person, therapist) -> None:
    with pytest.raises(TouchRefused, match="sober"):
        agreed(person, therapist, Touch.HAND, sober=False)


def test_less_is_possible_at_every_moment(person, therapist) -> None:
    agreed(person, therapist, Touch.HAND, Touch.SHOULDER, at=cast.NOON - timedelta(days=2))
    dosed(person, cast.NOON)
    keep = [Allowed(Touch.HAND, therapist)]
    touching.narrow_touch(patient=person, keep=keep, by=therapist.user, at=cast.NOON)
    assert _now(person) == {"hand"}
    touching.narrow_touch(patient=person, keep=(), by=therapist.user, at=cast.NOON)
    assert _now(person) == set()


def test_what_was_taken_away_does_not_come_back_by_narrowing(person, therapist) -> None:
    agreed(person, therapist, Touch.HAND)
    touching.narrow_touch(patient=person, keep=(), by=therapist.user, at=cast.NOON)
    for wanted in (Allowed(Touch.HAND, therapist), Allowed(Touch.SHOULDER, therapist)):
        with pytest.raises(TouchRefused, match="more than was agreed"):
            touching.narrow_touch(patient=person, keep=[wanted], by=therapist.user, at=cast.NOON)


def test_another_hand_is_more_touch(person, therapist) -> None:
    agreed(person, therapist, Touch.HAND)
    other = cast.staff(Role.THERAPIST)
    with pytest.raises(TouchRefused):
        touching.narrow_touch(
            patient=person, keep=[Allowed(Touch.HAND, other)], by=therapist.user, at=cast.NOON
        )


def test_saying_no_before_any_agreement_is_kept(person, therapist) -> None:
    touching.narrow_touch(patient=person, keep=(), by=therapist.user, at=cast.NOON)
    assert queries.touch_agreement(person) is not None
    assert _now(person) == set()


def test_nothing_can_be_kept_of_nothing(person, therapist) -> None:
    with pytest.raises(TouchRefused, match="Nothing was agreed"):
        touching.narrow_touch(
            patient=person,
            keep=[Allowed(Touch.HAND, therapist)],
            by=therapist.user,
            at=cast.NOON,
        )


def test_the_database_holds_it(person, therapist) -> None:
    first = agreed(person, therapist, Touch.HAND)
    row = {"patient": person, "agreed_at": cast.NOON, "by": therapist.user}
    for wrong in ({"sober": True}, {"sober": False}):
        with pytest.raises(IntegrityError), transaction.atomic():
            TouchAgreement.objects.create(**row | wrong)
    for touch in ("hand", "knee"):
        with pytest.raises(IntegrityError), transaction.atomic():
            AllowedTouch.objects.create(agreement=first, touch=touch, staff=therapist)
    with pytest.raises(IntegrityError), transaction.atomic():
        AllowedTouch.objects.filter(agreement=first).delete()


ROW = {"longest_s": 60, "position": "lying", "sober": False, "touch_count": 1}


@pytest.mark.hazard(13)
@pytest.mark.parametrize(
    "wider",
    [
        {"touch_count": 1, "replaces": None},
        {"touch_count": None},
        {"longest_s": 61},
        {"longest_s": None},
        {"position": Position.EITHER},
        {"over_clothing": False},
        {"manner": "As long as they like"},
        {"wishes_who": "Anybody"},
        {"agreed_at": cast.NOON - timedelta(hours=1)},
    ],
)
def test_no_code_can_word_an_agreement_wider_while_a_drug_acts(person, therapist, wider) -> None:
    """Straight to the tables, past every check in Python: the database itself says no."""
    held = agreed(person, therapist, Touch.HAND, over_clothing=True)
    _begun(person)
    fields = ROW | {"patient": person, "replaces": held, "agreed_at": cast.NOON}
    fields |= {"over_clothing": True}
    with pytest.raises(IntegrityError), transaction.atomic():
        TouchAgreement.objects.create(**fields | wider)
    TouchAgreement.objects.create(**fields)


@pytest.mark.hazard(13)
def test_no_code_can_add_a_touch_or_a_hand_while_a_drug_acts(person, therapist) -> None:
    held = agreed(person, therapist, Touch.HAND)
    _begun(person)
    other = cast.staff(Role.THERAPIST)
    after = TouchAgreement.objects.create(
        **ROW | {"touch_count": 2}, patient=person, replaces=held, agreed_at=cast.NOON
    )
    for touch, staff in ((Touch.SHOULDER, therapist), (Touch.HAND, other)):
        with pytest.raises(IntegrityError, match="never widened"), transaction.atomic():
            AllowedTouch.objects.create(agreement=after, touch=touch, staff=staff)
        with pytest.raises(IntegrityError), transaction.atomic():
            AllowedTouch.objects.create(agreement=held, touch=touch, staff=staff)
    AllowedTouch.objects.create(agreement=after, touch=Touch.HAND, staff=therapist)


@pytest.mark.hazard(13)
def test_a_place_kept_free_before_the_dose_is_not_filled_under_it(person, therapist) -> None:
    """Two touches are said to be agreed: one is written now, the other when they cannot say no."""
    free = TouchAgreement.objects.create(
        **ROW | {"touch_count": 2, "sober": True}, patient=person, agreed_at=cast.NOON
    )
    AllowedTouch.objects.create(agreement=free, touch=Touch.HAND, staff=therapist)
    _begun(person)
    with pytest.raises(IntegrityError, match="never widened"), transaction.atomic():
        AllowedTouch.objects.create(agreement=free, touch=Touch.SHOULDER, staff=therapist)


def test_that_a_dose_was_begun_is_not_taken_back(person) -> None:
    session = _begun(person)
    with pytest.raises(IntegrityError), transaction.atomic():
        DrugActs.objects.filter(session_id=session).delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        DrugActs.objects.filter(session_id=session).update(since=cast.NOON + timedelta(days=1))


def test_nothing_is_added_to_an_agreement_that_is_complete(person, therapist) -> None:
    held = agreed(person, therapist, Touch.HAND)
    with pytest.raises(IntegrityError, match="nothing is added"), transaction.atomic():
        AllowedTouch.objects.create(agreement=held, touch=Touch.SHOULDER, staff=therapist)


def test_another_person_under_a_drug_does_not_hold_this_one(person, therapist) -> None:
    _begun(cast.patient("Sam"))
    agreed(person, therapist, Touch.HAND)
    assert _now(person) == {"hand"}


def test_a_touch_agreement_carries_the_persons_own_name(person, therapist) -> None:
    with pytest.raises(InvalidInput, match="signed_name"):
        agreed(person, therapist, Touch.HAND, signed_name="Robin")


def test_how_touch_was_is_asked_by_somebody_who_may_not_touch(person, therapist) -> None:
    agreed(person, therapist, Touch.HAND)
    session = uuid4()
    with pytest.raises(InvalidInput, match="Somebody else asks"):
        _ask(person, session, therapist)
    nurse = cast.staff(Role.NURSE)
    with pytest.raises(InvalidInput, match="words"):
        _ask(person, session, nurse, concern=True)
    _ask(person, session, nurse)
    assert not Alert.objects.exists()
    _ask(person, session, nurse, concern=True, words="Too long.")
    (alert,) = Alert.objects.filter(patient=person)
    assert alert.level == "urgent"
    assert "Too long" not in alert.message


def test_after_a_dose_it_waits_until_somebody_else_asked(person, therapist) -> None:
    dose = dosed(person, cast.NOON)
    assert queries.dose_to_ask(person, cast.NOON) == dose
    assert queries.dose_to_ask(person, cast.NOON + timedelta(days=8)) is None
    assert queries.dose_to_ask(cast.patient("Sam"), cast.NOON) is None
    touching.dose_begun(patient=person, session_id=dose.session_id, at=cast.NOON)
    assert queries.dose_to_ask(person, cast.NOON) is None  # they are still in the chair
    touching.person_left(session_id=dose.session_id, at=cast.NOON)
    _ask(person, dose.session_id, cast.staff(Role.NURSE))
    assert queries.dose_to_ask(person, cast.NOON) is None


def _ask(
    person: Patient, session: UUID, by: StaffMember, *, concern: bool = False, words: str = ""
) -> None:
    asked = TouchAsked(patient=person, session_id=session, concern=concern, words=words)
    touching.record_asked(asked=asked, by=by.user, at=cast.NOON)
