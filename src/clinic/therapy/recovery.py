"""Giving the authors their keys back when the server's key is lost: two named people, together.

It shows nobody a word: what comes of it is a new server key, with which each author opens their
own again. There is no other way in, and no emergency one.
"""

from datetime import datetime
from enum import StrEnum

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.db import transaction
from django.db.models import QuerySet

from clinic.people import access, audit
from clinic.people.models import User
from clinic.therapy import keys, sealing, sheets
from clinic.therapy.models.keys import (
    AuthorKey,
    RecoveryCopy,
    RecoveryOpened,
    RecoveryPair,
    RecoverySheet,
)
from kapstone.errors import InvalidInput


def named_pair() -> RecoveryPair | None:
    """The two people named last, whether or not they have printed."""
    rows = RecoveryPair.objects.select_related("first", "second").prefetch_related("sheets")
    return rows.order_by("-named_at", "-pk").first()


class Asks(StrEnum):
    """What is still to be done so that lost private notes come back."""

    NAME = "name"
    PRINT = "print"


def asks(user: User, *, may_name: bool) -> Asks | None:
    """What is asked of somebody until both sheets are printed; None where nothing is."""
    if keys.printed_pair() is not None:
        return None
    pair = named_pair()
    if pair is None:
        return Asks.NAME if may_name else None
    printed = {sheet.holder_id for sheet in pair.sheets.all()}
    mine = user.pk in (pair.first_id, pair.second_id) and user.pk not in printed
    return Asks.PRINT if mine else None


def openings() -> QuerySet[RecoveryOpened]:
    """Each time both sheets were used, the last first."""
    return RecoveryOpened.objects.select_related("by", "beside").order_by("-at")


def last_opened() -> RecoveryOpened | None:
    """The last time, which each author is told of."""
    return openings().first()


def may_hold(at: datetime) -> list[User]:
    """Whom a sheet may be given to."""
    rows = User.objects.filter(staff__left_at=None, staff__isnull=False, is_active=True)
    able = (user for user in rows.select_related("staff").order_by("name"))
    return [user for user in able if access.may(access.actor(user, at), "hold_recovery_sheet")]


@transaction.atomic
def name_two(*, first: User, second: User, by: User, at: datetime) -> RecoveryPair:
    """Two people are to hold the sheets. Until both have printed, those of before stay good.

    Raises `InvalidInput` where it is one person twice.
    """
    if first == second:
        raise InvalidInput("second", "is the same person.", "Name two different people.")
    pair = RecoveryPair.objects.create(first=first, second=second, named_at=at, by=by)
    names = f"{first.pk} {second.pk}"
    audit.record("name_recovery_pair", by=by, at=at, subject=pair, holders=names)
    return pair


@transaction.atomic
def print_sheet(*, pair: RecoveryPair, by: User, at: datetime) -> str:
    """The code of one's own sheet: this once. With the second sheet every key gets its copy.

    Raises `InvalidInput` where it was printed before, or is not one's own to print, and
    `SealBroken` where the server's key lacks, so that no copy could be made.
    """
    pair = RecoveryPair.objects.select_for_update().get(pk=pair.pk)
    if by.pk not in (pair.first_id, pair.second_id):
        raise InvalidInput(
            "sheet", "is not yours to print.", "Ask who keeps this page to name you."
        )
    if pair.sheets.filter(holder=by).exists():
        raise InvalidInput(
            "sheet", "was printed before, and its code is kept nowhere.", "Name two people anew."
        )
    code, public = sheets.new_code()
    sheet = RecoverySheet.objects.create(pair=pair, holder=by, public_key=public, printed_at=at)
    if pair.sheets.count() == 2 and keys.printed_pair() == pair:
        for held in AuthorKey.objects.all():
            keys.copy(held, keys.opened(held), pair)
        RecoveryCopy.objects.exclude(pair=pair).delete()
    audit.record("print_recovery_sheet", by=by, at=at, subject=sheet)
    return code


@transaction.atomic
def give_back(
    *, codes: dict[int, str], reason: str, by: User, beside: User, at: datetime
) -> RecoveryOpened:
    """A new server key, for every author's key. `codes`: user → what their sheet says.

    Raises `InvalidInput` where no sheets are printed, somebody does not hold one, a code is
    another, no reason is given, or the server's key is there and opens the keys.
    """
    pair = keys.printed_pair()
    if pair is None:
        raise InvalidInput("recovery", "no two sheets are printed.", "Put the key file back.")
    if {by.pk, beside.pk} != {pair.first_id, pair.second_id}:
        raise InvalidInput("beside", "does not hold the other sheet.", "Both holders must be here.")
    if not reason.strip():
        raise InvalidInput("reason", "is empty.", "Write why the sheets are opened.")
    if not _lost():
        raise InvalidInput(
            "recovery", f"{sealing.KEY_FILE} is in its place and fits.", "Nothing needs recovery."
        )
    opened = _opened(pair, _read(pair, codes))
    server = sealing.make(over=True)
    for held, key in opened:
        keys.wrap(held, key, server, at)
    entry = RecoveryOpened.objects.create(
        pair=pair,
        by=by,
        beside=beside,
        reason=reason.strip(),
        server_key=sealing.name_of(server),
        key_count=len(opened),
        at=at,
    )
    audit.record("open_recovery", by=by, at=at, subject=entry, beside=beside.pk)
    return entry


def _lost() -> bool:
    """Whether an author's key does not open with the server's key as it stands."""
    try:
        for held in AuthorKey.objects.all():
            keys.opened(held)
        sealing.server_key()
    except sealing.SealBroken:
        return True
    return False


def _read(pair: RecoveryPair, codes: dict[int, str]) -> tuple[X25519PrivateKey, X25519PrivateKey]:
    first, second = keys.in_order(pair)
    return (
        sheets.read_code(codes[first.holder_id], first.public_key, first.holder.name),
        sheets.read_code(codes[second.holder_id], second.public_key, second.holder.name),
    )


def _opened(
    pair: RecoveryPair, private: tuple[X25519PrivateKey, X25519PrivateKey]
) -> list[tuple[AuthorKey, bytes]]:
    copies = RecoveryCopy.objects.filter(pair=pair).select_related("key")
    return [
        (each.key, sheets.open_with_both(each.sealed, private, str(each.key_id))) for each in copies
    ]
