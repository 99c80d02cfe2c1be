"""The server's key of the private notes, in a file apart from the database, and what it wraps.

Whoever has the database or a backup of it without this file cannot read one word.
"""

import hashlib
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
    """Where the server's key stands."""
    return Path(settings.HOME) / KEY_FILE


def server_key() -> bytes:
    """The server's key.

    Raises
    ------
    SealBroken
        where its file is missing, or holds no key.
    """
    try:
        key = key_path().read_bytes().strip()
        Fernet(key)
    except FileNotFoundError as error:
        raise SealBroken(
            f"{KEY_FILE} is missing from the clinic's home. Put it back from its own backup, or "
            "let the two people who hold the recovery sheets open them; without it no private note "
            "can be opened or written."
        ) from error
    except ValueError as error:
        raise SealBroken(
            f"{KEY_FILE} is not a key. Put it back from its own backup, or let the two people who "
            "hold the recovery sheets open them."
        ) from error
    return key


def name_of(key: bytes) -> str:
    """Tells server keys apart without telling anything of them."""
    return hashlib.sha256(b"kapstone private notes" + key).hexdigest()[:16]


def seal(words: dict[str, str], key: bytes) -> str:
    """Words → text that this key alone opens."""
    return Fernet(key).encrypt(json.dumps(words).encode()).decode("ascii")


def unseal(sealed: str, key: bytes) -> dict[str, str]:
    """The words of one note.

    Raises
    ------
    SealBroken
        where the key does not fit.
    """
    try:
        opened: dict[str, str] = json.loads(Fernet(key).decrypt(sealed.encode("ascii")))
    except InvalidToken as error:
        raise SealBroken(
            f"{KEY_FILE} is not the key this note was sealed with, or the note was altered. "
            "Put back the key file of the same backup as the database."
        ) from error
    return opened


def make(*, over: bool = False) -> bytes:
    """A new server key in its file. `over`: in place of the file that stands there.

    Written beside and linked into place: two processes at once end with one whole key.
    """
    path = key_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{KEY_FILE}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(Fernet.generate_key())
        file.flush()
        os.fsync(file.fileno())
    if over:
        if path.exists():  # it may be the key of something else: it stays, under its own name
            path.replace(path.with_name(f"{KEY_FILE}.before-{name_of(path.read_bytes())}"))
        draft.replace(path)
        return server_key()
    try:
        os.link(draft, path)
    except FileExistsError:
        pass  # another process was first: its key holds
    finally:
        draft.unlink()
    return server_key()
