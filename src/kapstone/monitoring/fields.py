"""One JSON object read with types: a wrong or unknown key is named with its path."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from importlib import resources

from kapstone.errors import InvalidInput


@lru_cache(4096)  # a monitor says the same few figures thousands of times, and each is kept
def _exact(text: str) -> Decimal:
    return Decimal(text)


@dataclass(frozen=True, slots=True)
class Fields:
    """A JSON object and its path in the input (empty at the top)."""

    where: str
    data: Mapping[str, object]

    @classmethod
    def read(cls, where: str, data: object) -> "Fields":
        """The object at a path; InvalidInput when it is none."""
        if not isinstance(data, dict):
            raise InvalidInput(where or "the input", "is not a JSON object.")
        return cls(where, data)

    def path(self, key: str) -> str:
        """Where a key of this object stands in the whole input."""
        return f"{self.where}.{key}" if self.where else key

    def only(self, known: Collection[str]) -> None:
        """Refuse any other key: a slip must not hide a fact."""
        for key in self.data:
            if key not in known:
                mend = f"Known here: {', '.join(sorted(known))}."
                raise InvalidInput(self.path(key), "is not a known key.", mend)

    def has(self, key: str) -> bool:
        """Whether the key is there with a value; null is none."""
        return self.data.get(key) is not None

    def number(self, key: str) -> Decimal:
        """A finite number, exactly as written."""
        value = self.data.get(key)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise InvalidInput(self.path(key), "is not a number.")
        number = _exact(str(value))
        if not number.is_finite():
            raise InvalidInput(self.path(key), "is too large to be a number.")
        return number

    def whole(self, key: str) -> int:
        """A number without a fraction."""
        number = self.number(key)
        if number != number.to_integral_value():
            raise InvalidInput(self.path(key), f"is {number}, not a whole number.")
        return int(number)

    def integers(self, key: str) -> tuple[int, ...]:
        """A list of whole numbers."""
        numbers = (Fields(self.where, {key: item}) for item in self.items(key))
        return tuple(one.whole(key) for one in numbers)

    def text(self, key: str) -> str:
        """A text that is not empty."""
        value = self.data.get(key)
        if not isinstance(value, str) or not value:
            raise InvalidInput(self.path(key), "is not a text.")
        return value

    def choice(self, key: str, allowed: Collection[str]) -> str:
        """A text out of a list."""
        text = self.text(key)
        if text not in allowed:
            mend = f"Give one of: {', '.join(sorted(allowed))}."
            raise InvalidInput(self.path(key), f"is {text!r}.", mend)
        return text

    def flag(self, key: str) -> bool:
        """True or false."""
        value = self.data.get(key)
        if not isinstance(value, bool):
            raise InvalidInput(self.path(key), "is neither true nor false.")
        return value

    def items(self, key: str) -> tuple[object, ...]:
        """A list; nothing where the key is absent."""
        value = self.data.get(key, [])
        if not isinstance(value, list):
            raise InvalidInput(self.path(key), "is not a list.")
        return tuple(value)

    def words(self, key: str) -> tuple[str, ...]:
        """A list of texts; nothing where the key is absent."""
        found = self.items(key)
        if not all(isinstance(word, str) for word in found):
            raise InvalidInput(self.path(key), "is not a list of texts.")
        return tuple(str(word) for word in found)

    def children(self, key: str) -> tuple["Fields", ...]:
        """A list of objects; nothing where the key is absent."""
        path = self.path(key)
        return tuple(Fields.read(f"{path}[{i}]", item) for i, item in enumerate(self.items(key)))


@cache
def table(name: str) -> Fields:
    """One of this room's committed tables."""
    text = (resources.files(__package__) / f"{name}.json").read_text(encoding="utf-8")
    return Fields.read("", json.loads(text))
