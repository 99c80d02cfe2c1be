"""The export of a ledger: each entry carries a hash over itself and the hash before it.

Format `kapstone-ledger/1`, one JSON object: `{"format", "records": [{"entry", "previous",
"hash"}…], "count", "head"}`. `hash` is SHA-256, in hex, over the canonical JSON (keys sorted, no
spaces, ASCII) of `{"entry", "previous"}`; the first `previous` is 64 zeros. `entry` holds the
fields of `kapstone.ledger.entries` and its `kind`; amounts and times are strings.

A chain shows that a record was altered, taken out or put in. Whoever rewrites it whole, to the end,
is caught only by a `head` kept somewhere else.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import fields

from kapstone.errors import BrokenLedger
from kapstone.ledger.entries import KINDS, Entry

FORMAT = "kapstone-ledger/1"
GENESIS = "0" * 64
_KIND_OF = {kind: name for name, kind in KINDS.items()}


def entry_as_json(entry: Entry) -> dict[str, str]:
    """An entry as text fields; what is None is left out."""
    row = {"kind": _KIND_OF[type(entry)]}
    for field in fields(entry):
        value = getattr(entry, field.name)
        if value is not None:
            row[field.name] = value.isoformat() if hasattr(value, "isoformat") else str(value)
    return row


def link(entry: Mapping[str, object], previous: str) -> str:
    """The hash of one record."""
    record = {"entry": entry, "previous": previous}
    text = json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def export(entries: Iterable[Entry]) -> dict[str, object]:
    """The export of a ledger, ready for JSON."""
    head, records = GENESIS, []
    for entry in entries:
        row, previous = entry_as_json(entry), head
        head = link(row, previous)
        records.append({"entry": row, "previous": previous, "hash": head})
    return {"format": FORMAT, "records": records, "count": len(records), "head": head}


def verify_links(records: Iterable[tuple[Mapping[str, object], str, str]]) -> str:
    """Follow (entry, previous, hash) records and return the head.

    Raises
    ------
    BrokenLedger
        naming the first record that does not fit.
    """
    head = GENESIS
    for entry, previous, digest in records:
        name = str(entry.get("id"))
        if previous != head:
            raise BrokenLedger(name, "the record before it is missing or was changed.")
        if digest != link(entry, previous):
            raise BrokenLedger(name, "it was changed after it was written.")
        head = digest
    return head
