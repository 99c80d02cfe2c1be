"""What the room's tests start from."""

from datetime import date
from decimal import Decimal
from uuid import UUID, uuid4

from clinic.people.models import StaffMember, User
from clinic.people.roles import Role
from clinic.pharmacy import actions
from clinic.pharmacy.models import Row, Vial
from tests.clinic import cast


def mg(amount: str) -> Decimal:
    """An amount."""
    return Decimal(amount)


def label(**said: object) -> Vial:
    """A vial of 500 mg, not received yet."""
    printed = {
        "product": "RACEMIC",
        "concentration_mg_per_ml": mg("50"),
        "volume_ml": mg("10"),
        "lot": "L1",
        "expires_on": date(2027, 1, 31),
        "supplier": "A wholesaler",
        "invoice": "I-1",
    }
    return Vial(**printed | said)


def pair() -> tuple[User, User]:
    """A nurse who acts and another who stands by."""
    nurses: list[StaffMember] = [cast.staff(Role.NURSE), cast.staff(Role.NURSE)]
    return nurses[0].user, nurses[1].user


def received(by: User, witness: User, **said: object) -> Vial:
    """A vial on the shelf."""
    return actions.receive_vial(vial=label(**said), by=by, witness=witness, at=cast.NOON).vial


def drawn(vial: Vial, amount: str, by: User, dose_id: UUID | None = None) -> Row:
    """A draw for a dose."""
    return actions.draw(
        vial=vial,
        amount_mg=mg(amount),
        dose_id=dose_id or uuid4(),
        by=by,
        witness=None,
        at=cast.NOON,
    )
