"""What fills the demo clinic: each room gives a function, and the staff who can sign in."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from clinic.site.seeds import accounts, limits, patients, pins, staff, standing
from clinic.site.storage import mark


@dataclass(frozen=True, slots=True)
class SignIn:
    """Who can sign in to the demo."""

    name: str
    role: str
    email: str
    password: str


SEEDS: tuple[Callable[[datetime], None], ...] = (
    staff.fill,
    pins.fill,
    limits.fill,
    standing.fill,
    patients.fill,
)
SIGN_INS: tuple[SignIn, ...] = (
    *(SignIn(one.name, one.role.label, one.email, staff.PASSWORD) for one in staff.STAFF),
    SignIn("Somebody in care", "Their own page", accounts.EMAIL, staff.PASSWORD),
)


def seed(now: datetime) -> bool:
    """Fill an unfilled demo, all of it or nothing; False when it was filled before."""
    if mark.is_seeded(connection):
        return False
    with transaction.atomic():
        for fill in SEEDS:
            fill(now)
        mark.note_seeded(connection)
    return True
