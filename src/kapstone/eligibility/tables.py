"""Reading the committed tables of `content/`, with types.

The tables are part of the program: a wrong one is a `TypeError` at start, never a finding.
"""

import hashlib
import json
import tomllib
from collections.abc import Mapping
from importlib import resources

Table = Mapping[str, object]

RULES = ("screening", "interactions", "indications", "course")
NAMES = ("about", "keys", "medicines", "medicine_names", *RULES, "questions")


def load(name: str) -> Table:
    """One table of `content/` by its name."""
    folder = resources.files(__package__) / "content"
    return tomllib.loads((folder / f"{name}.toml").read_text(encoding="utf-8"))


def digest() -> str:
    """SHA-256 of what all the tables say, whatever their spacing and comments."""
    told = json.dumps({name: load(name) for name in NAMES}, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()


def text(row: Table, key: str) -> str:
    value = row.get(key, "")
    if not isinstance(value, str):
        raise TypeError(f"{key} must be text, not {value!r}")
    return value


def number(row: Table, key: str, absent: int | float) -> int | float:
    value = row.get(key, absent)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{key} must be a number, not {value!r}")
    return value


def whole(row: Table, key: str) -> int:
    value = row.get(key)
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{key} must be a whole number, not {value!r}")
    return value


def texts(row: Table, key: str) -> tuple[str, ...]:
    value = row.get(key, [])
    if not isinstance(value, list):
        raise TypeError(f"{key} must be a list, not {value!r}")
    return tuple(str(item) for item in value)


def table(row: Table, key: str) -> Table:
    value = row.get(key)
    if not isinstance(value, dict):
        raise TypeError(f"{key} must be a table, not {value!r}")
    return value


def rows(row: Table, key: str) -> tuple[Table, ...]:
    value = row.get(key)
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise TypeError(f"{key} must be a list of tables, not {value!r}")
    return tuple(value)
