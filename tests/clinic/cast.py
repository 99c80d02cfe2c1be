"""People for the tests: made through the rooms' own actions, named for what they do."""

from datetime import UTC, date, datetime, timedelta

from allauth.mfa.models import Authenticator
from django.test import Client

from clinic.content import actions as content
from clinic.content import held
from clinic.people import actions
from clinic.people.models import Duty, Licence, Patient, RoleGrant, StaffMember, User
from clinic.people.roles import DutyKind, LicenceKind, Role

NOON = datetime(2026, 3, 4, 17, 0, tzinfo=UTC)  # a Wednesday, noon in New York
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
PASSWORD = "correct horse battery staple"

LICENCE_OF = {
    Role.MEDICAL_DIRECTOR: LicenceKind.PHYSICIAN,
    Role.PRESCRIBER: LicenceKind.PHYSICIAN,
    Role.NURSE: LicenceKind.RN,
    Role.ASSISTANT: LicenceKind.LPN_MA,
    Role.THERAPIST: LicenceKind.THERAPIST,
    Role.TRAINEE: LicenceKind.TRAINEE,
    Role.PHARMACIST: LicenceKind.PHARMACIST,
}


def staff(role: Role, name: str = "", *, expires_on: date = date(2099, 1, 1)) -> StaffMember:
    """A member of staff with one role and, where it needs one, a licence."""
    name = name or f"{role.label} {User.objects.count()}"
    email = f"{name.lower().replace(' ', '.')}@clinic.example"
    member = StaffMember.objects.create(user=User.objects.create_user(email, PASSWORD, name=name))
    RoleGrant.objects.create(staff=member, role=role, starts_at=LONG_AGO)
    if role in LICENCE_OF:
        Licence.objects.create(
            staff=member, kind=LICENCE_OF[role], number="TEST", state="ZZ", expires_on=expires_on
        )
    return member


def on_call(member: StaffMember, step: int = 1, *, until: datetime | None = None) -> Duty:
    """Put somebody on the on-call ladder."""
    return Duty.objects.create(
        staff=member, kind=DutyKind.ON_CALL, step=step, starts_at=LONG_AGO, ends_at=until
    )


def appointed(member: StaffMember, kind: DutyKind) -> Duty:
    """Put somebody on another duty."""
    return Duty.objects.create(staff=member, kind=kind, starts_at=LONG_AGO)


def patient(given: str = "Robin", family: str = "Example", **fields: object) -> Patient:
    """A registered person."""
    known = {"birth_date": date(1980, 5, 17), "sex": "female", "synthetic": True} | fields
    made = Patient(given_name=given, family_name=family, **known)
    return actions.register_patient(patient=made, by=None, at=NOON - timedelta(days=30))


def treats(member: StaffMember, person: Patient) -> StaffMember:
    """Put a member of staff on a person's team."""
    actions.join_team(patient=person, staff=member, by=None, at=NOON - timedelta(days=30))
    return member


def sign_content() -> StaffMember:
    """A clinic's first day: its medical director signs every row, and real people may come in."""
    director = staff(Role.MEDICAL_DIRECTOR)
    shown = {(row.room, row.id): row.digest for row in held.to_sign().values()}
    content.sign(shown=shown, by=director.user, at=NOON - timedelta(days=60))
    return director


def signed_in(member: StaffMember) -> Client:
    """A browser with this member of staff signed in, who has a second factor."""
    known = {"data": {"secret": "of nobody"}}
    Authenticator.objects.get_or_create(
        user=member.user, type=Authenticator.Type.TOTP, defaults=known
    )
    client = Client()
    client.force_login(member.user)
    return client
