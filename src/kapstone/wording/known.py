"""What is known to be wrong in files that circulate, and what may not be imported at all."""

from hashlib import sha256

from kapstone.instruments import Instrument

# An answer that is known to be altered: SHA-256 of its words in lower case, as no wording is kept
# here. instrument → value → hash and why.
_ALTERED = {
    ("gad7", 0): (
        "91a7fabb7bb4cb2d76b149524c5a3aa468908d9a105e1308fd10faddc7f73326",
        "The lowest answer is a widespread misprint with a word too many, which changes scores "
        "(Zorowitz 2021). Take the wording from its publisher.",
    ),
}


def altered(instrument_id: str, value: int, words: str) -> str:
    """Why these words may not stand for this value; empty where nothing is known against them."""
    known, why = _ALTERED.get((instrument_id, value), ("", ""))
    plain = words.strip(" .").casefold()
    return why if known and sha256(plain.encode()).hexdigest() == known else ""


def refused_licence(instrument: Instrument) -> str:
    """Why no wording of this instrument may be imported; empty where it may."""
    if instrument.licence.status == "proprietary":
        return f"{instrument.name} is proprietary: it is entered by number, without its wording."
    return ""
