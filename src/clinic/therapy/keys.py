"""One key an author: made with their first note, kept wrapped by the server's key.

A copy goes to the recovery sheets, where two people hold them: see `clinic.therapy.recovery`.
"""

from datetime import datetime

from cryptography.fernet import Fernet, InvalidToken

from clinic.people.models import User
from clinic.therapy import sealing, sheets
from clinic.therapy.models.keys import (
    AuthorKey,
    RecoveryCopy,
    RecoveryPair,
    RecoverySheet,
    WrappedKey,
)
from clinic.therapy.sealing import KEY_FILE, SealBroken


def key_for(author: User, at: datetime, *, first: bool) -> tuple[AuthorKey, bytes]:
    """The author's key, made now if they had none. Call it in the transaction of the note.

    `first`: nothing was ever sealed here. Only then a server key is made; a lost one is never
    replaced in silence.
    """
    User.objects.select_for_update().get(pk=author.pk)  # two first notes at once make one key
    if first and not AuthorKey.objects.exists() and not sealing.key_path().exists():
        sealing.make()
    held = AuthorKey.objects.filter(author=author).first()
    if held is not None:
        return held, opened(held)
    server, key = sealing.server_key(), Fernet.generate_key()
    held = AuthorKey.objects.create(author=author, made_at=at)
    wrap(held, key, server, at)
    list(RecoveryPair.objects.select_for_update())  # a sheet printed just now must see this key
    if (pair := printed_pair()) is not None:
        copy(held, key, pair)
    return held, key


def opened(held: AuthorKey) -> bytes:
    """An author's key, unwrapped.

    Raises
    ------
    SealBroken
        where the server's key is missing, or is another than it was wrapped with.
    """
    server = sealing.server_key()
    row = WrappedKey.objects.filter(key=held, server_key=sealing.name_of(server)).first()
    try:
        if row is not None:
            return Fernet(server).decrypt(row.wrapped.encode("ascii"))
    except InvalidToken:
        pass  # said below, like a key that was never wrapped with this one
    raise SealBroken(
        f"{KEY_FILE} is not the key this note was sealed with, or the note was altered. "
        "Put back the key file of the same backup as the database."
    )


def wrap(held: AuthorKey, key: bytes, server: bytes, at: datetime) -> None:
    """Keep an author's key so that this server key opens it."""
    wrapped = Fernet(server).encrypt(key).decode("ascii")
    WrappedKey.objects.create(
        key=held, server_key=sealing.name_of(server), wrapped=wrapped, made_at=at
    )


def printed_pair() -> RecoveryPair | None:
    """The latest two people who have both printed their sheet."""
    for pair in RecoveryPair.objects.order_by("-named_at", "-pk").prefetch_related("sheets"):
        if len(pair.sheets.all()) == 2:
            return pair
    return None


def copy(held: AuthorKey, key: bytes, pair: RecoveryPair) -> None:
    """Keep an author's key so that both sheets of a pair open it."""
    first, second = (sheet.public_key for sheet in in_order(pair))
    RecoveryCopy.objects.create(
        key=held, pair=pair, sealed=sheets.seal_to_both(key, (first, second), str(held.pk))
    )


def in_order(pair: RecoveryPair) -> list[RecoverySheet]:
    """The sheets of a pair, the first person's first."""
    return sorted(pair.sheets.all(), key=lambda sheet: sheet.holder_id != pair.first_id)
