"""Sound documents made unsound: one thing at a time, drawn from a seed."""

import json
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from random import Random

Place = tuple[str | int, ...]

DEEP = "[" * 5000 + "]" * 5000
WRONG = [
    "null", "true", "false", "0", "-1", "1.5", "-0.0", '""', '" "', '"x"', '"12"', "[]", "{}",
    "[null]", "[[]]", '{"x": 1}', "1e308", "1e-400", "1e999", "-1e999", "NaN", "Infinity",
    "-Infinity", "9" * 400, "9" * 5000, '"\\u0000"', '"a\\u0000b"', '"\\ud800"',
    '"\\udc00\\ud800"', '"\u202e\u0301"', DEEP, '"' + "x" * 1_000_000 + '"', '"2026-02-30"',
    '"99999-01-01"', '"' + "9" * 5000 + '"', "[1, 2, 3]", '"Robert\'); DROP TABLE x;--"',
    '"<script>alert(1)</script>"', '"\\n\\r\\t"',
]  # fmt: skip
KEYS = ["", "x", "__class__", "\ud800", "\x00", "sbp " * 50_000, "constructor"]


@dataclass(frozen=True)
class Raw:
    """Text of a document that no value writes."""

    text: str


@dataclass(frozen=True)
class Malformed:
    """The bytes, and the keys one of which an error must name; none where the text is broken."""

    data: bytes
    named: tuple[str, ...]
    what: str


def text_of(value: object) -> str:
    """JSON that may hold what no JSON may."""
    if isinstance(value, Raw):
        return value.text
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(k)}: {text_of(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(text_of, value)) + "]"
    return json.dumps(value)


def places(value: object, above: Place = ()) -> Iterator[Place]:
    """Every place of a document, its own first."""
    yield above
    inside = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for key, inner in inside:
        yield from places(inner, (*above, key))


def at(document: object, place: Place) -> object:
    for key in place:
        document = document[key]  # type: ignore[index]  # a place of this document
    return document


def spoil(document: object, draw: Random) -> Malformed:
    """One slip somewhere in a document."""
    way = draw.choice(
        (_wrong_value, _wrong_value, _wrong_value, _key_gone, _key_new, _key_twice, _torn)
    )
    return way(deepcopy(document), draw)


def _wrong_value(document: object, draw: Random) -> Malformed:
    place = draw.choice(list(places(document)))
    wrong = Raw(draw.choice(WRONG))
    if not place:
        return Malformed(text_of(wrong).encode(), (), f"all is {wrong.text[:40]}")
    at(document, place[:-1])[place[-1]] = wrong  # type: ignore[index]  # a place of this document
    return Malformed(text_of(document).encode(), names(place), f"{place} is {wrong.text[:40]}")


def _objects(document: object) -> list[Place]:
    return [
        place
        for place in places(document)
        if isinstance(at(document, place), dict) and at(document, place)
    ]


def _key_gone(document: object, draw: Random) -> Malformed:
    place = draw.choice(_objects(document))
    held = at(document, place)
    assert isinstance(held, dict)
    key = draw.choice(list(held))
    del held[key]
    return Malformed(text_of(document).encode(), names((*place, key)), f"{place} without {key}")


def _key_new(document: object, draw: Random) -> Malformed:
    place = draw.choice(_objects(document))
    held = at(document, place)
    assert isinstance(held, dict)
    key = draw.choice(KEYS)
    held[key] = Raw(draw.choice(WRONG))
    return Malformed(
        text_of(document).encode(), (*names(place), key[:20]), f"{place} with {key[:20]!r}"
    )


def _key_twice(document: object, draw: Random) -> Malformed:
    place = draw.choice(_objects(document))
    held = at(document, place)
    assert isinstance(held, dict)
    key = draw.choice(list(held))
    held[key] = Raw(f"{text_of(held[key])}, {json.dumps(key)}: {draw.choice(WRONG)}")
    return Malformed(text_of(document).encode(), names((*place, key)), f"{place} has {key} twice")


def _torn(document: object, draw: Random) -> Malformed:
    data = text_of(document).encode()
    cut = draw.randrange(len(data))
    inserted = draw.choice((b"\x00", b"\xff\xfe", b"\xed\xa0\x80", b"}"))
    inside = data[:cut] + inserted + data[cut:]
    torn = draw.choice((data[:cut], inside, data + b"}", b"\xef\xbb\xbf" + data))
    return Malformed(torn, (), f"torn at {cut}")


def names(place: Place) -> tuple[str, ...]:
    """The keys on the way to a place: the nearest is best, and one of them must be said."""
    return tuple(str(key) for key in place)
