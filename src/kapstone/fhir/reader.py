"""A JSON object that knows its own place: every wrong type is named by its JSON path."""

from dataclasses import dataclass
from decimal import Decimal

from kapstone.errors import InvalidInput

LARGEST = 10**12  # beyond any measured figure here; keeps the arithmetic exact


@dataclass(frozen=True, slots=True)
class Node:
    """One JSON object. An absent key reads as None or empty; a wrong type raises InvalidInput."""

    path: str
    value: dict[str, object]

    @classmethod
    def of(cls, path: str, value: object) -> "Node":
        """The object at `path`."""
        if not isinstance(value, dict):
            raise InvalidInput(path, "must be an object.")
        return cls(path, value)

    def has(self, key: str) -> bool:
        """Whether the key stands here at all."""
        return key in self.value

    def text(self, key: str) -> str | None:
        """Text, stripped; None where absent or blank."""
        found = self.value.get(key, "")
        if not isinstance(found, str):
            raise InvalidInput(f"{self.path}.{key}", "must be text.")
        return found.strip() or None

    def needed_text(self, key: str) -> str:
        """Text that must be there."""
        found = self.text(key)
        if found is None:
            raise InvalidInput(f"{self.path}.{key}", "is missing.")
        return found

    def flag(self, key: str) -> bool | None:
        """True or false; None where absent."""
        found = self.value.get(key)
        if key in self.value and not isinstance(found, bool):
            raise InvalidInput(f"{self.path}.{key}", "must be true or false.")
        return found if isinstance(found, bool) else None

    def number(self, key: str) -> Decimal | None:
        """A number; None where absent."""
        if key not in self.value:
            return None
        found = self.value[key]
        if isinstance(found, bool) or not isinstance(found, int | float):
            raise InvalidInput(f"{self.path}.{key}", "must be a number.")
        if abs(found) > LARGEST:
            raise InvalidInput(f"{self.path}.{key}", "is too large to be a measurement.")
        return Decimal(str(found))

    def child(self, key: str) -> "Node | None":
        """An object; None where absent."""
        if key not in self.value:
            return None
        return Node.of(f"{self.path}.{key}", self.value[key])

    def children(self, key: str) -> tuple["Node", ...]:
        """A list of objects; empty where absent."""
        return tuple(Node.of(path, item) for path, item in self._items(key))

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; FHIR allows null in it where only an extension stands."""
        read = []
        for path, item in self._items(key):
            if item is not None and not isinstance(item, str):
                raise InvalidInput(path, "must be text.")
            if item and item.strip():
                read.append(item.strip())
        return tuple(read)

    def _items(self, key: str) -> list[tuple[str, object]]:
        found = self.value.get(key, [])
        if not isinstance(found, list):
            raise InvalidInput(f"{self.path}.{key}", "must be a list.")
        return [(f"{self.path}.{key}[{index}]", item) for index, item in enumerate(found)]
