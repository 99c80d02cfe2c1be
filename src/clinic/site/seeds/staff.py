"""The demo's staff: one of each role, two nurses, and who is on call.

Licence numbers have the ten digits of an American provider number and fail its check digit, so
that none can be anybody's.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from clinic.people.models import Duty, Licence, RoleGrant, StaffMember, User
from clinic.people.roles import DutyKind, LicenceKind, Role

PASSWORD = "invented-people"  # noqa: S105 - shown to everybody on the demo's sign-in page
HERE_FOR = timedelta(days=500)
LICENSED_FOR = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Cast:
    """One invented member of staff. `on_call`: the rung on the ladder, 0 for none. `duty`: any
    other appointment.
    """

    name: str
    role: Role
    licence: LicenceKind | None = None
    on_call: int = 0
    duty: DutyKind | None = None

    @property
    def email(self) -> str:
        """Made of the name, at a domain that cannot exist."""
        return f"{self.name.split()[0].lower()}@demo.example"


STAFF = (
    Cast(
        "Noor Halloway",
        Role.MEDICAL_DIRECTOR,
        LicenceKind.PHYSICIAN,
        duty=DutyKind.REGISTRANT,
    ),
    Cast("Theo Marchetti", Role.PRESCRIBER, LicenceKind.PHYSICIAN, on_call=2),
    Cast("Imani Brook", Role.NURSE, LicenceKind.RN, on_call=1),
    Cast("Pavel Orsini", Role.NURSE, LicenceKind.RN),
    Cast("Lena Quist", Role.ASSISTANT, LicenceKind.LPN_MA),
    Cast("Ruth Adebayo", Role.THERAPIST, LicenceKind.THERAPIST),
    Cast("Caleb Winters", Role.TRAINEE, LicenceKind.TRAINEE),
    Cast("Mei Tanaka", Role.PHARMACIST, LicenceKind.PHARMACIST),
    Cast("Oscar Lindt", Role.MANAGER),
    Cast("Joana Reis", Role.FRONT_DESK),
    Cast("Sten Falk", Role.RESEARCHER),
)


def fill(now: datetime) -> None:
    """Staff with their roles, licences and duties."""
    for number, one in enumerate(STAFF):
        user = User.objects.create_user(one.email, PASSWORD, name=one.name)
        member = StaffMember.objects.create(user=user, phone=f"+120255501{50 + number}")
        since = now - HERE_FOR
        RoleGrant.objects.create(staff=member, role=one.role, starts_at=since)
        if one.licence:
            Licence.objects.create(
                staff=member,
                kind=one.licence,
                number=impossible_number(number),
                state="ZZ",
                expires_on=(now + LICENSED_FOR).date(),
            )
        if one.duty:
            Duty.objects.create(staff=member, kind=one.duty, starts_at=since)
        if one.on_call:
            Duty.objects.create(
                staff=member, kind=DutyKind.ON_CALL, step=one.on_call, starts_at=since
            )


def member(role: Role) -> StaffMember:
    """The demo's first member of staff with a role."""
    return named(next(one for one in STAFF if one.role is role).name)


def named(name: str) -> StaffMember:
    """One member of the demo's staff."""
    email = next(one for one in STAFF if one.name == name).email
    return StaffMember.objects.select_related("user").get(user__email=email)


def impossible_number(number: int) -> str:
    """Ten digits whose last is not the check digit."""
    first = f"100000{number:03d}"
    return f"{first}{(check_digit(first) + 5) % 10}"


def check_digit(first: str) -> int:
    """The digit that would make a provider number valid: Luhn's, with the prefix 80840.

    Source: 45 CFR 162.406 and the check digit of ISO/IEC 7812 (from memory).
    """
    digits = [int(digit) for digit in f"80840{first}"]
    doubled = [2 * digit for digit in digits[::-1][::2]]
    total = sum(digits[::-1][1::2]) + sum(each // 10 + each % 10 for each in doubled)
    return -total % 10
