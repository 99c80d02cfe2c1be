"""An LHC-Forms definition → what it asks. A member that is null counts as left out."""

from kapstone.instruments.document import Node
from kapstone.wording.draft import Draft, DraftChoice, DraftItem, Problem, is_loinc
from kapstone.wording.text import plain, unnumbered
from kapstone.wording.values import each_of, numbers, text_of, whole, whole_text

FORMAT = "LHC-Forms"
_HEADINGS = ("SECTION", "TITLE")


class _Reader:
    def __init__(self, root: Node) -> None:
        self.system = _system(root, "codeSystem", "")
        self.problems: list[Problem] = []
        self.before: list[str] = []
        self.items: list[DraftItem] = []
        self.link_ids: set[str] = set()

    def walk(self, node: Node) -> None:
        """One item and what stands in it, in order."""
        self._link_id(node)
        if why := _left_out(node):
            self.problems.append(Problem(node.path, f"Left out: it is {why}."))
            return
        text = text_of(node, "question")
        header = node.get("header")
        if text_of(node, "dataType") in _HEADINGS or (header is not None and header.truth()):
            if text and not self.items:
                self.before.append(plain(node.path, text, self.problems))
        else:
            self._question(node, text)
        for each in each_of(node, "items"):
            self.walk(each)

    def _link_id(self, node: Node) -> None:
        found = node.get("linkId")
        if found is None:
            return
        if found.text() in self.link_ids:
            raise found.refuse(f"{found.text()} stands twice.", "Each linkId belongs to one item.")
        self.link_ids.add(found.text())

    def _question(self, node: Node, text: str) -> None:
        several = node.get("answerCardinality")
        if several is not None and text_of(several, "max") not in ("", "1"):
            raise several.refuse("lets a question have several answers; no instrument here does.")
        if node.get("skipLogic") is not None:
            words = "The file asks this only after some answers; here it is always asked."
            self.problems.append(Problem(node.path, words))
        code = text_of(node, "questionCode")
        if code and not is_loinc(_system(node, "questionCodeSystem", self.system)):
            code = ""
            self.problems.append(Problem(node.path, "Its code is not LOINC; it was not used."))
        words = unnumbered(plain(f"{node.path}.question", text, self.problems))
        self.items.append(DraftItem(node.path, words, self._choices(node), code))

    def _choices(self, node: Node) -> tuple[DraftChoice, ...]:
        if isinstance(getattr(node.get("answers"), "value", None), str):  # the name of a list
            self.problems.append(Problem(node.path, "Its answers stand in another file."))
            return ()
        own = _system(node, "questionCodeSystem", self.system)
        system = _system(node, "answerCodeSystem", own)
        found = tuple(self._choice(each, system) for each in each_of(node, "answers"))
        limits = node.get("restrictions")
        if found or limits is None:
            return found
        ends = [limits.get(end) for end in ("minInclusive", "maxInclusive")]
        return numbers(node.path, *(_number(end) for end in ends))

    def _choice(self, node: Node, otherwise: str) -> DraftChoice:
        text = plain(node.path, text_of(node, "text"), self.problems)
        coded = is_loinc(_system(node, "system", otherwise))
        code = text_of(node, "code") if coded else ""
        return DraftChoice(text, _number(node.get("score")), code)


def read_lhc(root: Node) -> Draft:
    """The draft of a form. Raises InvalidInput with the place of what is broken."""
    whole_form = Node(_without_nulls(root.value), root.path)
    reader = _Reader(whole_form)
    for each in each_of(whole_form, "items"):
        reader.walk(each)
    title = text_of(whole_form, "title") or text_of(whole_form, "name")
    notice = text_of(whole_form, "copyrightNotice")
    return Draft(
        format=FORMAT,
        title=plain("$.title", title, reader.problems),
        stem=" ".join(reader.before),
        items=tuple(reader.items),
        loinc_panel=text_of(whole_form, "code") if is_loinc(reader.system) else "",
        language="",
        copyright=plain("$.copyrightNotice", notice, reader.problems),
        problems=tuple(reader.problems),
    )


def _without_nulls(value: object) -> object:
    if isinstance(value, dict):
        return {key: _without_nulls(each) for key, each in value.items() if each is not None}
    return [_without_nulls(each) for each in value] if isinstance(value, list) else value


def _system(node: Node, key: str, otherwise: str) -> str:
    return text_of(node, key) or otherwise


def _number(node: Node | None) -> int | None:
    if node is None:
        return None
    return whole_text(node.value) if isinstance(node.value, str) else whole(node)


def _left_out(node: Node) -> str:
    display = node.get("displayControl")
    hidden = node.get("isHidden") or (display.get("isHidden") if display is not None else None)
    if hidden is not None and hidden.truth():
        return "hidden"
    if node.get("calculationMethod") is not None or text_of(node, "editable") == "0":
        return "computed"
    return ""
