"""A JSON document read key by key, so that whatever is wrong is named by its path."""

from dataclasses import dataclass
from decimal import Decimal

from kapstone.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Node:
    """One value of a document and where it stands, such as ``cases[3].responses``."""

    value: object
    path: str

    def refuse(self, problem: str, mend: str = "") -> InvalidInput:
        """The error to raise about this value."""
        return InvalidInput(self.path, problem, mend)

    def members(self) -> dict[str, "Node"]:
        """Each key of an object with its value."""
        if not isinstance(self.value, dict):
            raise self.refuse("is not an object.", "Give {…}.")
        return {str(key): Node(value, f"{self.path}.{key}") for key, value in self.value.items()}

    def only(self, *known: str) -> dict[str, "Node"]:
        """The members, refusing a key that is not among `known`: a slip must not hide a fact."""
        members = self.members()
        for key, node in members.items():
            if key not in known:
                raise node.refuse("is not a key here.", f"Known: {', '.join(known)}.")
        return members

    def each(self) -> tuple["Node", ...]:
        """The values of a list."""
        if not isinstance(self.value, list):
            raise self.refuse("is not a list.", "Give […].")
        return tuple(Node(value, f"{self.path}[{n}]") for n, value in enumerate(self.value))

    def get(self, key: str) -> "Node | None":
        """A member, or None where it is absent."""
        return self.members().get(key)

    def __getitem__(self, key: str) -> "Node":
        """A member that must be there."""
        node = self.get(key)
        if node is None:
            raise InvalidInput(f"{self.path}.{key}", "is missing.")
        return node

    def text(self) -> str:
        """A string."""
        if not isinstance(self.value, str):
            raise self.refuse("is not text.", 'Give "…".')
        return self.value

    def integer(self) -> int:
        """A whole number; true and false are none."""
        if isinstance(self.value, bool) or not isinstance(self.value, int):
            raise self.refuse("is not a whole number.")
        return self.value

    def decimal(self) -> Decimal:
        """A number, exact."""
        if isinstance(self.value, float):
            return Decimal(repr(self.value))
        return self.value if isinstance(self.value, Decimal) else Decimal(self.integer())

    def truth(self) -> bool:
        """True or false."""
        if not isinstance(self.value, bool):
            raise self.refuse("is neither true nor false.")
        return self.value

    def texts(self) -> tuple[str, ...]:
        """A list of strings."""
        return tuple(node.text() for node in self.each())
