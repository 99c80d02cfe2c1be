"""Writes about accounts of people in care: one function an event, each with its audit row."""

import secrets
from datetime import date, datetime, timedelta

from allauth.account.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction

from clinic.measures.actions import link_hash
from clinic.people import audit, tongue
from clinic.people.models import Patient, User
from clinic.welcome import queries
from clinic.welcome.models import Invitation, Invited, Try
from kapstone.errors import KapstoneError

LIVES = timedelta(days=7)


class NotPossible(KapstoneError):
    """Nobody can be invited, or no account closed, in this person's name: it says why."""


class Dead(Exception):
    """This invitation makes no account any more."""


class AddressTaken(Exception):
    """Another account is signed in to with this e-mail address."""


@transaction.atomic
def invite(
    *, patient: Patient, way: Invited, by: User | None, at: datetime
) -> tuple[Invitation, str]:
    """Invite somebody; returns the invitation and its link's secret, which is not kept.

    An invitation that waits is withdrawn: one person has one. Raises `NotPossible`.
    """
    patient = Patient.objects.select_for_update().get(pk=patient.pk)  # two at once take turns
    if why := queries.why_not(patient):
        raise NotPossible(why)
    patient.invitations.filter(used_at=None, withdrawn_at=None).update(withdrawn_at=at)
    secret = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        patient=patient,
        link_hash=link_hash(secret),
        way=way,
        made_at=at,
        made_by=by,
        expires_at=at + LIVES,
    )
    audit.record("invite", by=by, at=at, patient=patient, subject=invitation, way=str(way))
    return invitation, secret


@transaction.atomic
def note_sending(*, invitation: Invitation, problem: str, by: User, at: datetime) -> None:
    """A server took the message, or why none did."""
    invitation.sent_at, invitation.problem = (None if problem else at), problem
    invitation.save(update_fields=["sent_at", "problem"])
    patient, sent = invitation.patient, not problem
    audit.record("send_invitation", by=by, at=at, patient=patient, subject=invitation, sent=sent)


@transaction.atomic
def withdraw(*, patient: Patient, by: User, at: datetime) -> None:
    """Take back the invitation that waits. Raises `Dead` where none does."""
    found = patient.invitations.select_for_update().filter(used_at=None, withdrawn_at=None).first()
    if found is None:
        raise Dead
    found.withdrawn_at = at
    found.save(update_fields=["withdrawn_at"])
    audit.record("withdraw_invitation", by=by, at=at, patient=patient, subject=found)


@transaction.atomic
def redeem(*, invitation: Invitation, birth_date: date, at: datetime) -> bool:
    """Whether this is the person's date of birth. Five wrong ones lock the invitation."""
    locked = _open(invitation, at)
    right = birth_date == locked.patient.birth_date
    Try.objects.create(invitation=locked, at=at, right=right)
    patient = locked.patient
    audit.record("open_invitation", by=None, at=at, patient=patient, subject=locked, right=right)
    return right


@transaction.atomic
def make_account(
    *, invitation: Invitation, email: str, password: str, language: str, at: datetime
) -> User:
    """The account of whoever was invited; a closed one is opened anew, with this password alone.

    Raises `Dead` and `AddressTaken`.
    """
    locked = _open(invitation, at)
    patient = locked.patient
    user = patient.user or User(name=patient.name)
    user.email, user.is_active = email, True
    try:
        with transaction.atomic():
            get_adapter().set_password(user, password)
    except IntegrityError as error:
        raise AddressTaken from error
    locked.used_at = at
    locked.save(update_fields=["used_at"])
    patient.user, fields = user, ["user"]
    if language != tongue.own(patient):
        patient.language = language
        fields.append("language")
    patient.save(update_fields=fields)
    audit.record("make_account", by=user, at=at, patient=patient, subject=locked, fields=fields)
    return user


def _open(invitation: Invitation, at: datetime) -> Invitation:
    locked = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if queries.state(locked, at) is not queries.State.OPEN:
        raise Dead
    return locked


@transaction.atomic
def close_account(*, patient: Patient, by: User, at: datetime) -> None:
    """Nobody signs in with it any more, and whoever is signed in is out with the next request."""
    user = patient.user
    if user is None or not user.is_active or queries.works_here(patient):
        raise NotPossible(queries.why_not(patient) or "They have no account.")
    user.is_active = False
    user.save(update_fields=["is_active"])
    Authenticator.objects.filter(user=user).delete()
    audit.record("close_account", by=by, at=at, patient=patient, subject=user)
