"""The answers of a FHIR question: where their words stand, and in which of four places a value."""

from kapstone.instruments.document import Node
from kapstone.wording.draft import DraftChoice, Problem, is_loinc
from kapstone.wording.text import plain
from kapstone.wording.values import each_of, text_of, whole

_VALUES = (
    "http://hl7.org/fhir/StructureDefinition/ordinalValue",
    "http://hl7.org/fhir/StructureDefinition/itemWeight",
)


class Weights:
    """What is contained in a Questionnaire: value sets by id, code systems' concepts by code."""

    def __init__(self, root: Node) -> None:
        self.sets: dict[str, Node] = {}
        self.concepts: dict[tuple[str, str], Node] = {}
        for each in each_of(root, "contained"):
            kind = each["resourceType"].text()
            if kind == "ValueSet":
                self.sets[each["id"].text()] = each
            elif kind == "CodeSystem":
                for concept in each_of(each, "concept"):
                    self.concepts[each["url"].text(), concept["code"].text()] = concept

    def codings(self, name: str) -> list[tuple[Node, str]]:
        """Each concept of a contained value set, with its code system."""
        found = self.sets[name]
        expansion, compose = found.get("expansion"), found.get("compose")
        if expansion is not None:
            return [(each, text_of(each, "system")) for each in each_of(expansion, "contains")]
        rows = []
        for include in each_of(compose, "include") if compose is not None else ():
            system = text_of(include, "system")
            listed = each_of(include, "concept") or tuple(
                concept for (url, _), concept in self.concepts.items() if url == system
            )
            rows += [(concept, system) for concept in listed]
        return rows


def choices_of(node: Node, weights: Weights, problems: list[Problem]) -> tuple[DraftChoice, ...]:
    """The answers of a question in the file's order; none where it holds none."""
    answer_set = node.get("answerValueSet")
    if answer_set is not None:
        name = answer_set.text()
        if name.removeprefix("#") not in weights.sets or not name.startswith("#"):
            problems.append(Problem(node.path, "Its answers stand in another file."))
            return ()
        codings = weights.codings(name.removeprefix("#"))
        return tuple(_coded(each, system, weights, (), problems) for each, system in codings)
    return tuple(_option(each, weights, problems) for each in each_of(node, "answerOption"))


def extension(node: Node, url: str, key: str) -> Node | None:
    """The value of an extension, or None without it."""
    for each in each_of(node, "extension"):
        if each["url"].text() == url:
            return each.get(key)
    return None


def _option(node: Node, weights: Weights, problems: list[Problem]) -> DraftChoice:
    coding = node.get("valueCoding")
    if coding is not None:
        return _coded(coding, text_of(coding, "system"), weights, (node,), problems)
    number = node.get("valueInteger")
    if number is not None:
        return DraftChoice(str(whole(number)), whole(number))
    text = plain(node.path, node["valueString"].text(), problems)
    return DraftChoice(text, _value(node, (node,)))


def _coded(
    coding: Node, system: str, weights: Weights, around: tuple[Node, ...], problems: list[Problem]
) -> DraftChoice:
    code = text_of(coding, "code")
    concept = weights.concepts.get((system, code))
    held = (*around, coding) if concept is None else (*around, coding, concept)
    words = text_of(coding, "display") or (text_of(concept, "display") if concept else "")
    text = plain(coding.path, words, problems)
    return DraftChoice(text, _value(coding, held), code if is_loinc(system) else "")


def _value(node: Node, held: tuple[Node, ...]) -> int | None:
    """The one value that all places agree on."""
    said = set()
    for each in held:
        for url in _VALUES:
            found = extension(each, url, "valueDecimal")
            if found is not None:
                said.add(whole(found))
    if len(said) > 1:
        raise node.refuse(f"has several values: {sorted(said)}.", "Keep one.")
    return next(iter(said), None)
