"""Facts about one person and one request: checked once, then frozen.

An absent key is UNKNOWN, and so is null. Absent is never "no".
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import get_close_matches
from fractions import Fraction

from kapstone.eligibility.keys import KEYS, MEDICINE_FIELDS, Key, Kind
from kapstone.eligibility.medicines import Medicine, Number
from kapstone.errors import InvalidInput

Value = bool | Number | str | tuple[Number, ...] | tuple[str, ...]

# Two ways of giving one dose may differ by the rounding of either. Mark P.
_DOSES_AGREE = Fraction(2, 100)
_LEAVE_OUT = "Leave the key out, or give null, while it is not known."


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known. `medicines` is None while nobody has asked, empty when there are none."""

    values: Mapping[str, Value] = field(default_factory=dict)
    medicines: tuple[Medicine, ...] | None = None

    def get(self, key: str) -> Value | None:
        return self.values.get(key)

    def number(self, key: str) -> Fraction | None:
        value = self.values.get(key)
        return exact(value) if isinstance(value, int | float | Decimal) else None

    def is_known(self, key: str) -> bool:
        return key in self.values or (key == "medications" and self.medicines is not None)


def exact(number: Number) -> Fraction:
    """A number as it was written: 0.1 is a tenth."""
    return Fraction(number if isinstance(number, int) else str(number))


def read_facts(document: object) -> Facts:
    """Facts from a document in the keys of `kapstone screen`.

    Raises `InvalidInput` for a key that does not exist, a value of the wrong type or outside its
    physical range, and figures that contradict each other.
    """
    known = _object("the facts", document, KEYS)
    listed = known.pop("medications", None)
    medicines = None if listed is None else tuple(map(_medicine, *_numbered(listed)))
    values = {key: _READERS[KEYS[key].kind](key, KEYS[key], value) for key, value in known.items()}
    _paired(values)
    facts = Facts(
        _skipped({key: v for key, v in values.items() if not _no_readings(key, v)}), medicines
    )
    _doses_agree(facts)
    return facts


def _object(path: str, document: object, keys: Mapping[str, Key]) -> dict[str, object]:
    if not isinstance(document, Mapping):
        raise InvalidInput(path, "must be one object of keys and values.")
    for key in document:
        if key not in keys:
            near = (f"Did you mean {each}?" for each in get_close_matches(str(key), keys, n=1))
            raise InvalidInput(str(key), f"is not a key of {path}.", next(near, "Take it out."))
    return {key: value for key, value in document.items() if value is not None}


def _numbered(listed: object) -> tuple[list[str], list[object]]:
    if not isinstance(listed, list | tuple):
        raise InvalidInput("medications", "must be a list.", "[] says that there are none.")
    return [f"medications[{index}]" for index in range(len(listed))], list(listed)


def _medicine(path: str, entry: object) -> Medicine:
    given = _object(path, entry, MEDICINE_FIELDS)
    if "name" not in given:
        raise InvalidInput(f"{path}.name", "is needed.", "Give the medicine's name.")
    read = {
        key: _READERS[MEDICINE_FIELDS[key].kind](f"{path}.{key}", MEDICINE_FIELDS[key], value)
        for key, value in given.items()
    }
    return Medicine(
        name=str(read.pop("name")),
        route=str(read.pop("route", "")),
        planned=read.pop("planned", False) is True,
        amounts={
            key: value for key, value in read.items() if isinstance(value, int | float | Decimal)
        },
    )


def _boolean(path: str, key: Key, value: object) -> Value:
    if not isinstance(value, bool):
        raise InvalidInput(path, "must be true or false.", _LEAVE_OUT)
    return value


def _number(path: str, key: Key, value: object) -> Number:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise InvalidInput(path, f"must be a number ({key.unit}).", _LEAVE_OUT)
    lowest, highest = key.minimum, key.maximum
    no_number = not isinstance(value, int) and math.isnan(value)  # a huge int is no float at all
    if no_number or not lowest <= value <= highest:
        raise InvalidInput(
            path,
            f"must be from {lowest} to {highest} {key.unit}.",
            "Check the figure and its unit.",
        )
    return value


def _integer(path: str, key: Key, value: object) -> Value:
    number = _number(path, key, value)
    if number != int(number):
        raise InvalidInput(path, f"must be a whole number ({key.unit}).")
    return int(number)


def _choice(path: str, key: Key, value: object) -> str:
    if not isinstance(value, str) or value not in key.words:
        raise InvalidInput(path, f"must be one of {', '.join(key.words)}.", _LEAVE_OUT)
    return value


def _text(path: str, key: Key, value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise InvalidInput(path, "must be text that is not empty.", _LEAVE_OUT)
    word = value.strip().casefold()
    return word if word in key.words else value


def _number_or_word(path: str, key: Key, value: object) -> Value:
    return _choice(path, key, value) if isinstance(value, str) else _number(path, key, value)


def _list(path: str, value: object) -> list[object]:
    if not isinstance(value, list | tuple):
        raise InvalidInput(path, "must be a list.", _LEAVE_OUT)
    return list(value)


def _texts(path: str, key: Key, value: object) -> Value:
    return tuple(_text(path, key, item) for item in _list(path, value))


def _choices(path: str, key: Key, value: object) -> Value:
    return tuple(_choice(path, key, item) for item in _list(path, value))


def _readings(path: str, key: Key, value: object) -> Value:
    return tuple(_number(path, key, item) for item in _list(path, value))


_READERS: Mapping[Kind, Callable[[str, Key, object], Value]] = {
    Kind.BOOL: _boolean,
    Kind.NUMBER: _number,
    Kind.INTEGER: _integer,
    Kind.CHOICE: _choice,
    Kind.CHOICES: _choices,
    Kind.TEXT: _text,
    Kind.TEXTS: _texts,
    Kind.READINGS: _readings,
    Kind.NUMBER_OR_WORD: _number_or_word,
}


def _no_readings(key: str, value: Value) -> bool:
    """An empty list of readings is no reading: UNKNOWN, never "none"."""
    return KEYS[key].kind is Kind.READINGS and value == ()


def _paired(values: Mapping[str, Value]) -> None:
    sbp, dbp = values.get("sbp"), values.get("dbp")
    if isinstance(sbp, tuple) and isinstance(dbp, tuple) and len(sbp) != len(dbp):
        raise InvalidInput(
            "sbp, dbp",
            "must be of equal length.",
            "Give both numbers of every reading, oldest first.",
        )


def _skipped(values: dict[str, Value]) -> dict[str, Value]:
    """The suicide screener's own skip rule: what it does not ask is answered."""
    if values.get("cssrs.q2") is False:
        values = {"cssrs.q3": False, "cssrs.q4": False, "cssrs.q5": False} | values
    if values.get("cssrs.q6") is False:
        values = {"cssrs.q6_3mo": False} | values
    return values


def _doses_agree(facts: Facts) -> None:
    dose_mg, weight_kg = facts.number("dose_mg"), facts.number("weight_kg")
    per_kg = facts.number("dose_mg_per_kg")
    if dose_mg is None or weight_kg is None or per_kg is None:
        return
    computed = dose_mg / weight_kg
    if abs(per_kg - computed) > _DOSES_AGREE * computed:
        raise InvalidInput(
            "dose_mg, dose_mg_per_kg",
            f"disagree: {float(dose_mg):g} mg for {float(weight_kg):g} kg "
            f"is {float(computed):.3g} mg/kg.",
            "Give one of them, or mend the wrong one.",
        )
