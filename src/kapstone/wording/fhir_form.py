"""A FHIR R4 Questionnaire (R5's `itemWeight` too) → what it asks."""

from collections.abc import Iterator

from kapstone.instruments.document import Node
from kapstone.wording.draft import Draft, DraftChoice, DraftItem, Problem, is_loinc
from kapstone.wording.fhir_values import Weights, choices_of, extension
from kapstone.wording.text import plain, unnumbered
from kapstone.wording.values import each_of, numbers, text_of, whole

FORMAT = "FHIR Questionnaire"
_HIDDEN = "http://hl7.org/fhir/StructureDefinition/questionnaire-hidden"
_COMPUTED = (
    "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression",
    "http://hl7.org/fhir/StructureDefinition/cqf-calculatedValue",
)
_LOWEST = "http://hl7.org/fhir/StructureDefinition/minValue"
_HIGHEST = "http://hl7.org/fhir/StructureDefinition/maxValue"


class _Reader:
    def __init__(self, root: Node) -> None:
        self.root = root
        self.weights = Weights(root)
        self.problems: list[Problem] = []
        self.before: list[str] = []
        self.items: list[DraftItem] = []
        self.link_ids: set[str] = set()

    def walk(self, node: Node) -> None:
        """One item and what stands in it, in order."""
        kind, text = node["type"].text(), text_of(node, "text")
        self._link_id(node)
        if why := _left_out(node):
            self.problems.append(Problem(node.path, f"Left out: it is {why}."))
            return
        if kind in ("group", "display"):
            self._before(plain(node.path, text, self.problems))
        else:
            self._question(node, text)
        for each in each_of(node, "item"):
            self.walk(each)

    def _before(self, words: str) -> None:
        if words and not self.items:
            self.before.append(words)

    def _link_id(self, node: Node) -> None:
        found = node["linkId"]
        if found.text() in self.link_ids:
            raise found.refuse(f"{found.text()} stands twice.", "Each linkId belongs to one item.")
        self.link_ids.add(found.text())

    def _question(self, node: Node, text: str) -> None:
        if (repeats := node.get("repeats")) and repeats.truth():
            raise repeats.refuse("lets a question have several answers; no instrument here does.")
        if each_of(node, "enableWhen"):
            words = "The file asks this only after some answers; here it is always asked."
            self.problems.append(Problem(node.path, words))
        code = self._code(node)
        choices = self._choices(node)
        words = unnumbered(plain(f"{node.path}.text", text, self.problems))
        self.items.append(DraftItem(node.path, words, choices, code))

    def _choices(self, node: Node) -> tuple[DraftChoice, ...]:
        if found := choices_of(node, self.weights, self.problems):
            return found
        ends = [extension(node, url, "valueInteger") for url in (_LOWEST, _HIGHEST)]
        return numbers(node.path, *(whole(end) if end else None for end in ends))

    def _code(self, node: Node) -> str:
        codes = list(_codes(node))
        found = [code for system, code in codes if is_loinc(system)]
        if codes and not found:
            self.problems.append(Problem(node.path, "Its code is not LOINC; it was not used."))
        if len(set(found)) > 1:
            raise node.refuse(f"carries several LOINC codes: {', '.join(found)}.")
        return found[0] if found else ""


def read_fhir(root: Node) -> Draft:
    """The draft of a Questionnaire. Raises InvalidInput with the place of what is broken."""
    reader = _Reader(root)
    for each in each_of(root, "item"):
        reader.walk(each)
    panel = [code for system, code in _codes(root) if is_loinc(system)]
    return Draft(
        format=FORMAT,
        title=plain("$.title", text_of(root, "title"), reader.problems),
        stem=" ".join(reader.before),
        items=tuple(reader.items),
        loinc_panel=panel[0] if panel else "",
        language=text_of(root, "language"),
        copyright=plain("$.copyright", text_of(root, "copyright"), reader.problems),
        problems=tuple(reader.problems),
    )


def _left_out(node: Node) -> str:
    """Why an item is nothing to ask; empty for one that is."""
    hidden = extension(node, _HIDDEN, "valueBoolean")
    if hidden is not None and hidden.truth():
        return "hidden"
    read_only = node.get("readOnly")
    urls = {each["url"].text() for each in each_of(node, "extension")}
    if (read_only is not None and read_only.truth()) or urls & set(_COMPUTED):
        return "computed"
    return ""


def _codes(node: Node) -> Iterator[tuple[str, str]]:
    for each in each_of(node, "code"):
        yield text_of(each, "system"), text_of(each, "code")
