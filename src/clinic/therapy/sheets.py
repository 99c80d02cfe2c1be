"""The two recovery sheets: what is printed on each, and what only both together open.

HPKE (RFC 9180) with X25519, from the library `cryptography`: sealed to the first sheet's public
half, and what comes of it to the second's.
"""

import base64
import binascii

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from kapstone.errors import InvalidInput

_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_GROUP = 4


def new_code() -> tuple[str, str]:
    """What is printed on a sheet, in groups of four letters and digits, and its public half."""
    private = X25519PrivateKey.generate()
    letters = base64.b32encode(private.private_bytes_raw()).decode("ascii").rstrip("=")
    groups = (letters[at : at + _GROUP] for at in range(0, len(letters), _GROUP))
    return " ".join(groups), private.public_key().public_bytes_raw().hex()


def seal_to_both(key: bytes, public: tuple[str, str], about: str) -> str:
    """A key → text that the sheets of both public halves open together."""
    for half in public:
        receiver = X25519PublicKey.from_public_bytes(bytes.fromhex(half))
        key = _SUITE.encrypt(key, receiver, _info(about))
    return base64.b64encode(key).decode("ascii")


def open_with_both(
    sealed: str, private: tuple[X25519PrivateKey, X25519PrivateKey], about: str
) -> bytes:
    """What was sealed to both.

    Raises `InvalidInput` where it was sealed to others, or was altered.
    """
    opened = base64.b64decode(sealed)
    try:
        for half in reversed(private):
            opened = _SUITE.decrypt(opened, half, _info(about))
    except InvalidTag as error:
        raise InvalidInput(
            "recovery", "a copy of a key was altered.", "Put back the database of a backup."
        ) from error
    return opened


def read_code(typed: str, public: str, field: str) -> X25519PrivateKey:
    """The private half that a sheet tells, however it was typed.

    Raises `InvalidInput` where it is not the code of the sheet with this public half.
    """
    letters = "".join(typed.split()).replace("-", "").upper()
    try:
        raw = base64.b32decode(letters + "=" * (-len(letters) % 8))
        private = X25519PrivateKey.from_private_bytes(raw)
    except (binascii.Error, ValueError):
        private = None
    if private is None or private.public_key().public_bytes_raw().hex() != public:
        raise InvalidInput(
            field,
            "is not the code of this person's sheet.",
            "Type all 52 letters and digits of the sheet printed last; no 0, 1, 8 or 9 is in it.",
        )
    return private


def _info(about: str) -> bytes:
    return f"kapstone private notes {about}".encode()
