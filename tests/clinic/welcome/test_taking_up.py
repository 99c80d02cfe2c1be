"""An account that somebody else opens is somebody's whole record in a stranger's hand."""

from datetime import timedelta

import pytest
import time_machine
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from clinic.episodes import actions as episodes
from clinic.people.models import AuditEntry, Patient, StaffMember, User
from clinic.welcome import actions, queries
from clinic.welcome.models import Invitation, Invited, Try
from kapstone.pathway import Episode as Stage
from tests.clinic.cast import NOON
from tests.clinic.measures import follow
from tests.clinic.welcome.invited import (
    PASSWORD,
    invite,
    is_dead,
    opened,
    page,
    phone,
    says,
    take_up,
    typed,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@time_machine.travel(NOON, tick=False)
def test_from_the_link_to_a_page_of_ones_own(robin: Patient, desk: StaffMember) -> None:
    secret = invite(robin, desk)
    says(secret, "open")
    mine = take_up(robin, secret)
    assert robin.given_name in mine.get(reverse("people:me")).content.decode()
    user = User.objects.get(email="robin@person.example")
    assert user.password.startswith("argon2$argon2id$") and user.patient.pk == robin.pk
    done = ["invite", "open_invitation", "make_account", "sign_in"]
    trail = AuditEntry.objects.filter(action__in=done).order_by("sequence")
    assert list(trail.values_list("action", flat=True)) == done
    assert {entry.patient_id for entry in trail if entry.action != "sign_in"} == {robin.pk}
    assert secret not in str(list(trail.values("detail", "subject")))
    door = Client()
    door.post(reverse("account_login"), {"login": "Robin@person.example", "password": PASSWORD})
    assert door.get(reverse("people:me")).status_code == 200


@time_machine.travel(NOON, tick=False)
def test_it_works_once(robin: Patient) -> None:
    secret = invite(robin)
    other = opened(robin, secret)  # a second phone on which the date was typed before
    take_up(robin, secret)
    says(secret, "used")
    is_dead(robin, secret)
    assert other.get(page("begin", secret)).headers["Location"] == page("link", secret)
    with pytest.raises(actions.Dead):
        actions.make_account(
            invitation=Invitation.objects.get(), email="b@person.example", password=PASSWORD,
            language="en", at=NOON,
        )  # fmt: skip
    assert User.objects.count() == 1


@time_machine.travel(NOON, tick=False)
def test_two_who_take_it_up_at_once_make_one_account(
    robin: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page was open on both; the second reads that it was used."""
    secret = invite(robin)
    first, second = opened(robin, secret), opened(robin, secret)
    real = actions.make_account

    def between(**given: object) -> User:
        monkeypatch.undo()
        assert first.post(page("begin", secret), typed()).status_code == 302
        return real(**given)  # type: ignore[arg-type]  # as they came

    monkeypatch.setattr(actions, "make_account", between)
    answer = second.post(page("begin", secret), typed("second@person.example"))
    assert answer.headers["Location"] == page("link", secret)
    assert list(User.objects.values_list("email", flat=True)) == ["robin@person.example"]


@time_machine.travel(NOON, tick=False)
def test_a_stranger_with_the_link_is_shut_out_after_five_dates(robin: Patient) -> None:
    secret, stranger = invite(robin), phone()
    for wrong in range(1, 6):
        told = stranger.post(page("link", secret), {"birth_date": "1990-01-01"}).content.decode()
        assert robin.family_name not in told
        assert ("does not match" if wrong < 5 else "did not match five times") in told
        assert stranger.get(page("begin", secret)).status_code == 302
    says(secret, "locked")
    is_dead(robin, secret)
    assert Try.objects.filter(right=False).count() == 5
    with pytest.raises((DatabaseError, IntegrityError)), transaction.atomic():
        Try.objects.all().delete()


@time_machine.travel(NOON, tick=False)
def test_nothing_or_nonsense_typed_costs_no_try(robin: Patient) -> None:
    secret = invite(robin)
    for nothing in ({}, {"birth_date": ""}, {"birth_date": "yesterday"}):
        assert phone().post(page("link", secret), nothing).status_code == 200
    assert not Try.objects.exists()
    says(secret, "open")


def test_it_ends_after_seven_days(robin: Patient) -> None:
    secret = invite(robin)
    says(secret, "open", 7 * DAY - timedelta(seconds=1))
    says(secret, "expired", 7 * DAY)
    is_dead(robin, secret, 7 * DAY)


def test_half_an_hour_after_the_date_it_is_asked_again(robin: Patient) -> None:
    """Else whoever finds the phone later sets the password."""
    secret = invite(robin)
    with time_machine.travel(NOON, tick=False):
        client = opened(robin, secret)
        assert client.get(page("begin", secret)).status_code == 200
    with time_machine.travel(NOON + timedelta(minutes=30), tick=False):
        answer = client.post(page("begin", secret), typed())
    assert answer.headers["Location"] == page("link", secret) and not User.objects.exists()


def test_one_that_was_taken_backis_dead(robin: Patient, desk: StaffMember) -> None:
    secret = invite(robin)
    actions.withdraw(patient=robin, by=desk.user, at=NOON)
    says(secret, "withdrawn")
    is_dead(robin, secret)
    with pytest.raises(actions.Dead):
        actions.withdraw(patient=robin, by=desk.user, at=NOON)


@time_machine.travel(NOON, tick=False)
def test_of_two_invitations_only_the_newer_works(robin: Patient) -> None:
    older, newer = invite(robin), invite(robin, at=NOON + timedelta(seconds=1))
    is_dead(robin, older)
    take_up(robin, newer)
    assert queries.waiting(robin) is None
    first = Invitation.objects.earliest("made_at")
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.filter(pk=first.pk).update(used_at=NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.filter(pk=first.pk).update(expires_at=NOON)


def test_one_person_has_one_invitation_that_waits(robin: Patient) -> None:
    invite(robin)
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.create(
            patient=robin, link_hash="2", way=Invited.HAND, made_at=NOON, expires_at=NOON + DAY
        )


@pytest.mark.parametrize(
    ("stage", "state"), [(Stage.DIED, "withdrawn"), (Stage.WITHDRAWN, "ended")]
)
def test_after_the_end_of_care_nobody_comes_in(robin: Patient, stage: Stage, state: str) -> None:
    """After a death the page tells whoever holds the phone nothing of it."""
    secret = invite(robin)
    follow.end(follow.in_series(robin), stage, NOON)
    says(secret, state)
    is_dead(robin, secret)
    with pytest.raises(actions.NotPossible):
        invite(robin, at=NOON + timedelta(seconds=1))


@time_machine.travel(NOON, tick=False)
def test_whoever_comes_back_into_care_is_invited_again(robin: Patient) -> None:
    follow.end(follow.in_series(robin), Stage.WITHDRAWN, NOON - DAY)
    assert "has ended" in queries.why_not(robin)
    episodes.open_episode(patient=robin, by=None, at=NOON)
    take_up(robin, invite(robin))
