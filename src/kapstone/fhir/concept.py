"""Coded concepts, and what is the same in every clinical resource."""

from collections.abc import Iterator

from kapstone.fhir.bundle import kind, not_understood
from kapstone.fhir.dates import When, read_when
from kapstone.fhir.reader import Node
from kapstone.fhir.values import Coded, NotUnderstood, Origin

# Absence is never taken from a record. Source: SNOMED CT, names as in hl7.fhir.r4.examples 4.0.1.
_STATES_ABSENCE = ("716186003", "409137002", "429625007", "428607008", "716184000", "1003774007")


def concept(node: Node | None) -> tuple[Coded, ...]:
    """The codings of a CodeableConcept; where it has none, its text as one without a code."""
    if node is None:
        return ()
    text = node.text("text") or ""
    codings = tuple(
        Coded(coding.text("system") or "", code, coding.text("display") or text)
        for coding in node.children("coding")
        if (code := coding.text("code")) is not None
    )
    return codings or ((Coded("", "", text),) if text else ())


def first_code(resource: Node, key: str) -> str | None:
    """The first code of a status-like concept, such as ``active``."""
    codings = concept(resource.child(key))
    return codings[0].code if codings else None


def states_absence(codings: tuple[Coded, ...]) -> bool:
    """Whether a record says that there is no allergy: a statement nobody may rely on."""
    return any(coding.code in _STATES_ABSENCE for coding in codings)


def when_of(resource: Node, *keys: str) -> When | None:
    """The first of the dates given that can be true of a living person."""
    for key in keys:
        text = resource.text(key)
        if text is not None:
            read = read_when(f"{resource.path}.{key}", text)
            return read if read.plausible else None
    return None


def origin_of(resource: Node, coded: Coded, when: When | None) -> Origin:
    """Where a value comes from."""
    return Origin(kind(resource), resource.text("id") or "", resource.path, coded, when)


def set_aside(resource: Node) -> Iterator[NotUnderstood]:
    """Reasons that hold for every type why a resource must not be read as it stands."""
    if resource.has("modifierExtension") or resource.has("implicitRules"):
        yield not_understood(resource, "It carries a modifier that this system does not know.")
    verification = first_code(resource, "verificationStatus")
    if verification in ("refuted", "entered-in-error"):
        yield not_understood(resource, f"The record says {verification}. Nothing follows from it.")
    elif resource.value.get("status") == "entered-in-error":
        yield not_understood(resource, "The record says entered-in-error.")
