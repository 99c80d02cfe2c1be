"""The key of the private notes, kept in a file of its own, apart from the database.

Whoever has the database or a backup of it without this file cannot read one word.
"""

import json
import os
import secrets
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

from kapstone.errors import KapstoneError

KEY_FILE = "private-notes.key"


class SealBroken(KapstoneError):
    """A private note cannot be opened: its key is gone or is another, or the row was altered."""


def key_path() -> Path:
    """Where the key stands."""
    return Path(settings.HOME) / KEY_FILE


def seal(words: dict[str, str], *, first: bool) -> str:
    """Words → text that only this clinic's key opens. `first`: no note was sealed before.

    Only then a key is made; a lost key is never replaced in silence.
    """
    return _box(make=first).encrypt(json.dumps(words).encode()).decode("ascii")


def unseal(sealed: str) -> dict[str, str]:
    """The words of one note.

    Raises
    ------
    SealBroken
        where the key is missing or does not fit.
    """
    try:
        opened: dict[str, str] = json.loads(_box(make=False).decrypt(sealed.encode("ascii")))
    except InvalidToken as error:
        raise SealBroken(
            f"{KEY_FILE} is not the key this note was sealed with, or the note was altered. "
            "Put back the key file of the same backup as the database."
        ) from error
    return opened


def _box(*, make: bool) -> Fernet:
    path = key_path()
    if make and not path.exists():
        _make(path)
    try:
        key = path.read_bytes()
    except FileNotFoundError as error:
        raise SealBroken(
            f"{KEY_FILE} is missing from the clinic's home. Put it back from its own backup; "
            "without it no private note can be opened or written."
        ) from error
    return Fernet(key)


def _make(path: Path) -> None:
    """Written beside and linked into place: two processes at once end with one whole key."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{KEY_FILE}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(Fernet.generate_key())
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass  # another process was first: its key holds
    finally:
        draft.unlink()
