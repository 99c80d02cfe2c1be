"""JSON of an order → `Order`. An unknown key is an error: a slip must not hide a fact."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from enum import StrEnum

from kapstone.dose.order import (
    RANGES,
    ChildPugh,
    Formulation,
    Order,
    PreviousDose,
    Product,
    Route,
    SaltOrBase,
    Sex,
    WeightBasis,
)
from kapstone.errors import InvalidInput

_WORDS: Mapping[str, type[StrEnum]] = {
    "product": Product,
    "route": Route,
    "formulation": Formulation,
    "weight_basis": WeightBasis,
    "sex": Sex,
    "child_pugh": ChildPugh,
    "salt_or_base": SaltOrBase,
}
_BOOLEANS = frozenset({"first_exposure", "sedative_planned", "bp_ok", "tolerated"})
_WHOLE = frozenset({"devices", "max_ae_grade"})
_PREVIOUS = frozenset({"dose_mg", "days_ago", "max_ae_grade", "bp_ok", "tolerated"})
_ORDER = frozenset(Order.__dataclass_fields__)


def read_order(document: object) -> Order:
    """The order in a JSON object; null is the same as absent.

    Raises
    ------
    InvalidInput
        naming the key, for anything that cannot be read.
    """
    given = _known(document, _ORDER, "order", ("product", "route"))
    previous = given.pop("previous", [])
    if not isinstance(previous, list):
        raise InvalidInput("previous", "is not a list.", "Give a list of earlier doses.")
    values = {key: _value(key, key, value) for key, value in given.items()}
    values["previous"] = tuple(
        _previous(entry, f"previous[{place}]") for place, entry in enumerate(previous)
    )
    return _build(Order, values)


def _build(make: Callable[..., Order], values: Mapping[str, object]) -> Order:
    return make(**values)


def _previous(document: object, path: str) -> PreviousDose:
    given = _known(document, _PREVIOUS, path, ("dose_mg", "days_ago"))
    make: Callable[..., PreviousDose] = PreviousDose
    return make(**{key: _value(key, f"{path}.{key}", value) for key, value in given.items()})


def _known(
    document: object, keys: frozenset[str], path: str, needed: tuple[str, ...]
) -> dict[str, object]:
    if not isinstance(document, dict):
        raise InvalidInput(path, "is not a JSON object.")
    for key in document:
        if key not in keys:
            raise InvalidInput(f"{path}.{key}", "is no key of it.", f"Known: {sorted(keys)}.")
    given = {key: value for key, value in document.items() if value is not None}
    for key in needed:
        if key not in given:
            raise InvalidInput(f"{path}.{key}", "is missing.", "Give it.")
    return given


def _value(key: str, path: str, value: object) -> object:
    if key in _WORDS:
        return _word(_WORDS[key], path, value)
    if key in RANGES:
        return _number(path, value, whole=key in _WHOLE)
    kind, name = (bool, "true or false") if key in _BOOLEANS else (str, "text")
    if not isinstance(value, kind):
        raise InvalidInput(path, f"{value!r} is not {name}.")
    return value


def _word(words: type[StrEnum], path: str, value: object) -> StrEnum:
    if isinstance(value, str) and value in list(words):
        return words(value)
    raise InvalidInput(path, f"{value!r} is not known.", f"Give one of {', '.join(words)}.")


def _number(path: str, value: object, *, whole: bool) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidInput(path, f"{value!r} is not a number.")
    if whole and value % 1 != 0:
        raise InvalidInput(path, f"{value!r} is not a whole number.")
    return Decimal(str(value))
