"""An exported ledger → entries, its chain followed on the way."""

import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import get_args, get_type_hints

from kapstone.errors import BrokenLedger, InvalidInput
from kapstone.ledger import chain
from kapstone.ledger.entries import KINDS, Entry

_READ: Mapping[object, Callable[[str], object]] = {
    str: str,
    Decimal: Decimal,
    date: date.fromisoformat,
    datetime: datetime.fromisoformat,
}


def read_export(document: object) -> tuple[tuple[Entry, ...], str]:
    """The entries of an export and the hash of its last record.

    Raises
    ------
    InvalidInput
        for what is no export.
    BrokenLedger
        for one that was altered or cut short.
    """
    export = _table(document, {"format", "records", "count", "head"}, "export")
    if export["format"] != chain.FORMAT:
        raise InvalidInput("format", f"{export['format']!r} is not {chain.FORMAT}.")
    records = export["records"]
    if not isinstance(records, list):
        raise InvalidInput("records", "is not a list.")
    links = [_link(record, f"records[{place}]") for place, record in enumerate(records)]
    head = chain.verify_links(links)
    if (export["count"], export["head"]) != (len(links), head):
        raise BrokenLedger("(last)", "records are missing from the end, or were added to it.")
    read = (_entry(row, f"records[{place}].entry") for place, (row, _, _) in enumerate(links))
    return tuple(read), head


def _table(document: object, keys: set[str], path: str) -> Mapping[str, object]:
    if not isinstance(document, dict) or set(document) != keys:
        raise InvalidInput(path, f"is not an object with exactly the keys {sorted(keys)}.")
    return document


def _link(record: object, path: str) -> tuple[Mapping[str, object], str, str]:
    table = _table(record, {"entry", "previous", "hash"}, path)
    entry = table["entry"]
    if not isinstance(entry, dict):
        raise InvalidInput(f"{path}.entry", "is not an object.")
    return entry, str(table["previous"]), str(table["hash"])


def _entry(row: Mapping[str, object], path: str) -> Entry:
    kind = KINDS.get(str(row.get("kind")))
    if kind is None:
        raise InvalidInput(f"{path}.kind", f"{row.get('kind')!r} is none of {sorted(KINDS)}.")
    known = {field.name: field for field in fields(kind)}
    for key in row:
        if key not in known and key != "kind":
            raise InvalidInput(f"{path}.{key}", "is no key of this kind.")
    hints = get_type_hints(kind)
    values = {name: _value(row, field, hints[name], path) for name, field in known.items()}
    make: Callable[..., Entry] = kind
    return make(**values)


def _value(row: Mapping[str, object], field: Field[object], hint: object, path: str) -> object:
    if field.name not in row and field.default is not MISSING:
        return field.default
    value, where = row.get(field.name), f"{path}.{field.name}"
    if not isinstance(value, str):
        raise InvalidInput(where, "is not text.", "Amounts and times are strings too.")
    kind = get_args(hint)[0] if isinstance(hint, types.UnionType) else hint
    try:
        return _READ[kind](value)
    except (ValueError, InvalidOperation) as error:
        raise InvalidInput(where, f"{value!r} cannot be read.") from error
