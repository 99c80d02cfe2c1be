"""Bytes from outside as a JSON document, or the place where they are broken."""

import json
import math
from collections.abc import Iterator

from kapstone.errors import InvalidInput

DEEPEST = 64  # levels; the deepest resource of the R4 examples has fewer than 20


def parse(data: bytes, name: str = "$") -> object:
    """The JSON document in `data`, strictly read. name: what errors call the whole of it.

    Raises InvalidInput for bytes that are not UTF-8, for a key given twice (the second would
    silently hide the first) and for nesting nobody writes. `check_document` refuses NaN, by place.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        words = f"byte {error.start} is not UTF-8."
        raise InvalidInput(name, words, "Save it as UTF-8.") from error
    try:
        document: object = json.loads(text, object_pairs_hook=_unique_keys)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise InvalidInput(name, f"is not JSON at {where}: {error.msg}.") from error
    except RecursionError as error:
        raise InvalidInput(name, "is nested too deeply to be read.") from error
    except ValueError as error:
        raise InvalidInput(name, "holds a number too long to be read.") from error
    return document


def _unique_keys(pairs: list[tuple[str, object]]) -> dict[str, object]:
    read: dict[str, object] = {}
    for key, value in pairs:
        if key in read:
            raise InvalidInput(f"$..{key}", "stands twice in one object.", "Keep one of the two.")
        read[key] = value
    return read


def check_document(document: object) -> None:
    """Refuse what no JSON file may hold or no database may keep, wherever it stands."""
    waiting: list[tuple[str, object, int]] = [("$", document, 1)]
    while waiting:
        path, value, depth = waiting.pop()
        if depth > DEEPEST:
            raise InvalidInput(path, f"is nested deeper than {DEEPEST} levels.")
        if isinstance(value, str):
            _check_text(path, value)
        elif isinstance(value, float) and not math.isfinite(value):
            raise InvalidInput(path, "is not a finite number.")
        else:
            waiting += [(place, inner, depth + 1) for place, inner in _inside(path, value)]


def _inside(path: str, value: object) -> Iterator[tuple[str, object]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if not isinstance(key, str):
                raise InvalidInput(path, "has a key that is not text.")
            _check_text(f"{path}.{key!a}", key)
            yield f"{path}.{key}", inner
    elif isinstance(value, list):
        yield from ((f"{path}[{index}]", inner) for index, inner in enumerate(value))
    elif not (value is None or isinstance(value, bool | int | float)):
        raise InvalidInput(path, "is not a JSON value.")


def _check_text(path: str, text: str) -> None:
    if "\x00" in text or (
        not text.isascii() and any("\ud800" <= char <= "\udfff" for char in text)
    ):
        raise InvalidInput(path, "holds a character that is no text (NUL or half a surrogate).")
