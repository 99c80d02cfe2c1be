"""Writes about who works here: accounts, roles, licences, duties. Each has its audit row.

Nobody changes what they themselves may do (a second person does), and a role that needs a
licence is given only by somebody who may give it.
"""

import secrets
from datetime import date, datetime

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from clinic.people import access, audit
from clinic.people.models import Duty, Licence, Pin, RoleGrant, StaffMember, User
from clinic.people.roles import Role
from clinic.people.standing import in_force
from kapstone.errors import KapstoneError

DEMO_PIN = "250411"  # printed beside the demo's sign-ins, and so never anybody's own


class KnownPin(KapstoneError):
    """A PIN that everybody knows."""


class NotYours(KapstoneError):
    """A power that somebody may not give: to themselves, or of this kind."""


def grantable(who: access.Actor) -> list[Role]:
    """The roles this person may give to somebody else."""
    needed = access.table().licences
    clinical = access.may(who, "grant_clinical_role")
    return [role for role in Role if role != Role.PATIENT and (clinical or not needed[role])]


def _not_oneself(staff: StaffMember, who: access.Actor | None) -> None:
    if who is not None and staff.pk == who.staff_id:
        raise NotYours("Nobody changes their own roles, licences or duties. Ask a second person.")


@transaction.atomic
def add_staff(
    *, email: str, name: str, phone: str = "", by: User | None, at: datetime
) -> tuple[StaffMember, str]:
    """Make an account. Returns the start password, shown once and replaced at the first sign-in."""
    password = secrets.token_urlsafe(12)
    user = User.objects.create_user(email, password, name=name, start_password=True)
    staff = StaffMember.objects.create(user=user, phone=phone)
    audit.record("add_staff", by=by, at=at, subject=staff)
    return staff, password


@transaction.atomic
def grant_role(
    *, staff: StaffMember, role: Role, who: access.Actor | None, at: datetime
) -> RoleGrant:
    """Give somebody else a role. `who` is None only at the clinic's own command line."""
    _not_oneself(staff, who)
    if who is not None and role not in grantable(who):
        raise NotYours(f"You may not give the role “{role.label}”. The medical director may.")
    held = RoleGrant.objects.filter(in_force(at), staff=staff, role=role).first()
    if held is not None:
        return held
    grant = RoleGrant.objects.create(staff=staff, role=role, starts_at=at)
    by = who.user if who else None
    audit.record("grant_role", by=by, at=at, subject=grant, staff=staff.pk, role=role.value)
    return grant


@transaction.atomic
def end_role(*, grant: RoleGrant, who: access.Actor, at: datetime) -> RoleGrant:
    """Take a role away from now on."""
    _not_oneself(grant.staff, who)
    grant.ends_at = at
    grant.save(update_fields=["ends_at"])
    audit.record(
        "end_role", by=who.user, at=at, subject=grant, staff=grant.staff_id, role=grant.role
    )
    return grant


@transaction.atomic
def add_licence(
    *, staff: StaffMember, licence: Licence, who: access.Actor | None, at: datetime
) -> Licence:
    """Enter a licence, or a renewal of one, as seen on paper or at the board."""
    _not_oneself(staff, who)
    licence.staff = staff
    licence.full_clean()
    licence.save(force_insert=True)
    by = who.user if who else None
    audit.record("add_licence", by=by, at=at, subject=licence, staff=staff.pk, kind=licence.kind)
    return licence


@transaction.atomic
def revoke_licence(*, licence: Licence, who: access.Actor, at: datetime) -> Licence:
    """A licence no longer holds: its powers are gone with the next request."""
    _not_oneself(licence.staff, who)
    licence.revoked_at = at
    licence.save(update_fields=["revoked_at"])
    audit.record("revoke_licence", by=who.user, at=at, subject=licence, staff=licence.staff_id)
    return licence


@transaction.atomic
def appoint(*, staff: StaffMember, duty: Duty, who: access.Actor, at: datetime) -> Duty:
    """Put somebody else on a duty for a time: on call, supervisor, registrant, reviewer."""
    _not_oneself(staff, who)
    duty.staff = staff
    duty.full_clean()
    duty.save(force_insert=True)
    audit.record("appoint", by=who.user, at=at, subject=duty, staff=staff.pk, duty=duty.kind)
    return duty


@transaction.atomic
def end_duty(*, duty: Duty, who: access.Actor, at: datetime) -> Duty:
    """A duty ends now; one that lies ahead is taken off before it begins."""
    _not_oneself(duty.staff, who)
    audit.record("end_duty", by=who.user, at=at, subject=duty, staff=duty.staff_id, duty=duty.kind)
    if duty.starts_at >= at:
        duty.delete()
        return duty
    duty.ends_at = at
    duty.save(update_fields=["ends_at"])
    return duty


@transaction.atomic
def renew_sign_in(*, staff: StaffMember, who: access.Actor, at: datetime) -> str:
    """Let somebody back in with a start password; passkeys, codes, PIN and sessions are gone."""
    _not_oneself(staff, who)
    password = secrets.token_urlsafe(12)
    staff.user.set_password(password)
    staff.user.start_password = True
    staff.user.save()
    Authenticator.objects.filter(user=staff.user).delete()
    Pin.objects.filter(user=staff.user).delete()
    audit.record("renew_sign_in", by=who.user, at=at, subject=staff)
    return password


@transaction.atomic
def leave(*, staff: StaffMember, who: access.Actor, at: datetime) -> StaffMember:
    """Somebody no longer works here. Everything they wrote stays; nothing opens to them."""
    _not_oneself(staff, who)
    staff.left_at = at
    staff.save(update_fields=["left_at"])
    audit.record("leave", by=who.user, at=at, subject=staff)
    return staff


@transaction.atomic
def set_pin(*, digits: str, by: User, at: datetime) -> Pin:
    """Keep somebody's own PIN, hashed with argon2id. Raises KnownPin outside the demo."""
    if digits == DEMO_PIN and not settings.DEMO:
        raise KnownPin("This PIN is printed in the demo: everybody knows it. Choose another.")
    kept = {"pin_hash": make_password(digits), "set_at": at}
    pin, _ = Pin.objects.update_or_create(user=by, defaults=kept)
    audit.record("set_pin", by=by, at=at, subject=pin)
    return pin


WARN_DAYS = 60  # Source: protocol section 13, ROLE-R1


def soon_over(expires_on: date, today: date) -> bool:
    """Whether a licence in force runs out within 60 days."""
    return 0 <= (expires_on - today).days <= WARN_DAYS


def bootstrap(*, email: str, name: str, role: Role, at: datetime) -> str:
    """The first account of a new clinic, made where the clinic runs. Returns its password."""
    with transaction.atomic():
        staff, password = add_staff(email=email, name=name, by=None, at=at)
        grant_role(staff=staff, role=role, who=None, at=at)
    return password
