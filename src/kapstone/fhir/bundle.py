"""The bundle itself: its resources, whose record it is, and what a reference points at."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from kapstone.errors import InvalidInput
from kapstone.fhir.reader import Node
from kapstone.fhir.values import NotUnderstood

# A history or a response holds several states of one resource, or none.
READ_TYPES = ("batch", "collection", "document", "message", "searchset", "transaction")


@dataclass(frozen=True, slots=True)
class Bundle:
    """Resources by address. A reference is only ever looked up here: nothing is fetched."""

    resources: tuple[Node, ...]
    patient: Node
    empty: tuple[NotUnderstood, ...]
    _by_address: dict[str, list[Node]] = field(repr=False)

    def resolve(self, reference: Node, wanted: str, holder: Node) -> Node:
        """The resource of type `wanted` that `reference`, standing inside `holder`, points at."""
        address = reference.text("reference")
        path = f"{reference.path}.reference"
        if address is None:
            raise InvalidInput(path, f"is missing: it must point at a {wanted} of this bundle.")
        found = _contained(holder, address[1:]) if address[0] == "#" else self._find(address)
        if not found:
            mend = f"Put the {wanted} into the bundle; nothing is fetched."
            raise InvalidInput(path, f"points at {address}, which is not in the bundle.", mend)
        if len(found) > 1:
            raise InvalidInput(path, f"points at {address}, which stands for two resources.")
        if kind(found[0]) != wanted:
            raise InvalidInput(path, f"points at a {kind(found[0])}, not at a {wanted}.")
        return found[0]

    def belongs_to_patient(self, resource: Node, key: str) -> bool:
        """Whether the resource names its person. Raises InvalidInput when it names another."""
        reference = resource.child(key)
        if reference is None:
            return False
        if self.resolve(reference, "Patient", resource).value != self.patient.value:
            raise InvalidInput(reference.path, "points at another person than the bundle's.")
        return True

    def _find(self, address: str) -> list[Node]:
        return self._by_address.get(address.split("/_history/", maxsplit=1)[0], [])


def kind(resource: Node) -> str:
    """The resource's type."""
    return resource.needed_text("resourceType")


def not_understood(resource: Node, reason: str) -> NotUnderstood:
    """`resource`, kept and listed with the reason."""
    return NotUnderstood(kind(resource), resource.text("id") or "", reason, resource.path)


def open_bundle(document: object) -> Bundle:
    """The bundle in `document`. Raises InvalidInput unless it is about exactly one person."""
    root = Node.of("$", document)
    if root.text("resourceType") != "Bundle":
        raise InvalidInput("$.resourceType", "is not Bundle.", "Send a FHIR R4 Bundle.")
    if root.needed_text("type") not in READ_TYPES:
        raise InvalidInput("$.type", "is not one that is read.", f"Use {', '.join(READ_TYPES)}.")
    by_address: dict[str, list[Node]] = {}
    resources: list[Node] = []
    empty: list[NotUnderstood] = []
    for entry in root.children("entry"):
        resource = entry.child("resource")
        if resource is None:
            empty.append(NotUnderstood("", "", "This entry holds no resource.", entry.path))
        elif _file(by_address, entry.text("fullUrl"), resource):
            resources.append(resource)
    return Bundle(tuple(resources), _one_patient(resources), tuple(empty), by_address)


def _file(by_address: dict[str, list[Node]], full_url: str | None, resource: Node) -> bool:
    """File a resource under its addresses; whether it was new."""
    if full_url is not None:
        held = by_address.setdefault(full_url, [])
        if held and held[0].value != resource.value:
            raise InvalidInput(resource.path, f"and {held[0].path} share the address {full_url}.")
        if held:
            return False
        held.append(resource)
    identifier = resource.text("id")
    relative = f"{kind(resource)}/{identifier}"
    if identifier is not None and relative != full_url:
        held = by_address.setdefault(relative, [])
        if all(other.value != resource.value for other in held):
            held.append(resource)
    return True


def _one_patient(resources: Iterable[Node]) -> Node:
    patients = [resource for resource in resources if kind(resource) == "Patient"]
    if not patients:
        raise InvalidInput("$.entry", "holds no Patient.", "Send the person with the record.")
    for other in patients[1:]:
        if other.value != patients[0].value:
            raise InvalidInput(other.path, f"is a second person beside {patients[0].path}.")
    return patients[0]


def _contained(holder: Node, identifier: str) -> list[Node]:
    return [inner for inner in holder.children("contained") if inner.text("id") == identifier]
