"""Touch that nobody agreed to, or agreed to under a drug, must not be on record as agreed."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from clinic.people.models import Patient, StaffMember
from clinic.people.roles import Role
from clinic.therapy import actions, phase, queries
from clinic.therapy.actions import Allowed, TouchRefused
from clinic.therapy.models import AllowedTouch, Touch, TouchAgreement
from kapstone.pathway import Session
from tests.clinic import cast
from tests.clinic.therapy.cases import agreed, dosed

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> Patient:
    return cast.patient()


@pytest.fixture
def therapist(person: Patient) -> StaffMember:
    return cast.treats(cast.staff(Role.THERAPIST), person)


def _now(person: Patient) -> set[str]:
    agreement = queries.touch_agreement(person)
    return {row.touch for row in agreement.allowed.all()} if agreement else set()


def test_without_an_agreement_there_is_no_touch(person) -> None:
    assert queries.touch_agreement(person) is None


def test_an_agreement_made_sober_holds(person, therapist) -> None:
    agreed(person, therapist, Touch.HAND, Touch.SHOULDER)
    assert _now(person) == {"hand", "shoulder"}


@pytest.mark.parametrize("stage", sorted(phase.UNDER_EFFECT))
def test_while_a_drug_acts_nothing_is_added(person, therapist, stage) -> None:
    agreed(person, therapist, Touch.HAND)
    with pytest.raises(TouchRefused, match=str(stage)):
        agreed(person, therapist, Touch.HAND, Touch.SHOULDER, phase=stage)
    assert _now(person) == {"hand"}


def test_every_stage_of_a_session_from_dose_to_leaving_is_under_effect() -> None:
    free = {Session.SCHEDULED, Session.ARRIVED, Session.READY, Session.HELD}
    ends = {Session.DISCHARGED, Session.CANCELLED, Session.LEFT, Session.TRANSFERRED}
    assert set(Session) - free - ends == phase.UNDER_EFFECT


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
    actions.narrow_touch(patient=person, keep=keep, by=therapist.user, at=cast.NOON)
    assert _now(person) == {"hand"}
    actions.narrow_touch(patient=person, keep=(), by=therapist.user, at=cast.NOON)
    assert _now(person) == set()


def test_what_was_taken_away_does_not_come_back_by_narrowing(person, therapist) -> None:
    agreed(person, therapist, Touch.HAND)
    actions.narrow_touch(patient=person, keep=(), by=therapist.user, at=cast.NOON)
    for wanted in (Allowed(Touch.HAND, therapist), Allowed(Touch.SHOULDER, therapist)):
        with pytest.raises(TouchRefused, match="more than was agreed"):
            actions.narrow_touch(patient=person, keep=[wanted], by=therapist.user, at=cast.NOON)


def test_another_hand_is_more_touch(person, therapist) -> None:
    agreed(person, therapist, Touch.HAND)
    other = cast.staff(Role.THERAPIST)
    with pytest.raises(TouchRefused):
        actions.narrow_touch(
            patient=person, keep=[Allowed(Touch.HAND, other)], by=therapist.user, at=cast.NOON
        )


def test_saying_no_before_any_agreement_is_kept(person, therapist) -> None:
    actions.narrow_touch(patient=person, keep=(), by=therapist.user, at=cast.NOON)
    assert queries.touch_agreement(person) is not None
    assert _now(person) == set()


def test_nothing_can_be_kept_of_nothing(person, therapist) -> None:
    with pytest.raises(TouchRefused, match="Nothing was agreed"):
        actions.narrow_touch(
            patient=person,
            keep=[Allowed(Touch.HAND, therapist)],
            by=therapist.user,
            at=cast.NOON,
        )


def test_dosing_tells_the_phase_once(person, monkeypatch) -> None:
    monkeypatch.setattr(phase, "_sources", [])
    assert phase.current(person, cast.NOON) is None

    def source(patient: Patient, at: object) -> Session:
        return Session.PEAK

    phase.told_by(source)
    phase.told_by(source)
    assert phase._sources == [source]
    assert phase.current(person, cast.NOON) == Session.PEAK


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
