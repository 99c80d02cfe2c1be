"""A REDCap data dictionary (CSV) → what one of its forms asks. It knows no LOINC codes."""

import csv
import io
from collections.abc import Mapping

from kapstone.errors import InvalidInput
from kapstone.wording.draft import Draft, DraftChoice, DraftItem, Problem
from kapstone.wording.text import plain, unnumbered
from kapstone.wording.values import numbers, whole_text

FORMAT = "REDCap data dictionary"
# Our name of a column, and what REDCap calls it when downloaded by hand and by its interface.
_COLUMNS = {
    "name": ("Variable / Field Name", "field_name"),
    "form": ("Form Name", "form_name"),
    "section": ("Section Header", "section_header"),
    "type": ("Field Type", "field_type"),
    "label": ("Field Label", "field_label"),
    "choices": ("Choices, Calculations, OR Slider Labels", "select_choices_or_calculations"),
    "checked": (
        "Text Validation Type OR Show Slider Number",
        "text_validation_type_or_show_slider_number",
    ),
    "lowest": ("Text Validation Min", "text_validation_min"),
    "highest": ("Text Validation Max", "text_validation_max"),
    "branching": ("Branching Logic (Show field only if...)", "branching_logic"),
    "annotation": ("Field Annotation", "field_annotation"),
}
_NEEDED = ("name", "form", "type", "label", "choices")
_FIXED = {"yesno": "1, Yes | 0, No", "truefalse": "1, True | 0, False"}
Row = Mapping[str, str]


def is_dictionary(text: str) -> bool:
    """Whether this begins as a data dictionary does."""
    first = text.lstrip().partition("\n")[0].replace('"', "")
    return first.startswith(_COLUMNS["name"])


def read_redcap(text: str, form: str = "") -> Draft:
    """The draft of one form; `form` names it where the dictionary holds several."""
    rows = _rows(text)
    forms = list(dict.fromkeys(row["form"] for _, row in rows))
    if form not in forms and (form or len(forms) > 1):
        asked = f"{form}: no such form." if form else "Several forms."
        raise InvalidInput("Form Name", asked, f"Say which: {', '.join(forms)}.")
    reader = _Reader()
    for place, row in rows:
        if row["form"] == (form or forms[0]):
            reader.take(place, row)
    return Draft(
        format=FORMAT,
        title=form or forms[0],
        stem=" ".join(reader.before),
        items=tuple(reader.items),
        loinc_panel="",
        language="",
        copyright="",
        problems=tuple(reader.problems),
    )


class _Reader:
    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.before: list[str] = []
        self.items: list[DraftItem] = []

    def take(self, place: str, row: Row) -> None:
        """One field of the form."""
        label = plain(place, row["label"], self.problems)
        if section := plain(place, row["section"], self.problems):
            self._before(section)
        if why := _left_out(row):
            self.problems.append(Problem(place, f"Left out: it is {why}."))
        elif row["type"] == "descriptive":
            self._before(label)
        elif choices := self._choices(place, row):
            if row["branching"]:
                words = "The file asks this only after some answers; here it is always asked."
                self.problems.append(Problem(place, words))
            self.items.append(DraftItem(place, unnumbered(label), choices))
        else:
            self.problems.append(Problem(place, "Left out: it has no fixed answers."))

    def _before(self, words: str) -> None:
        if not self.items:
            self.before.append(words)

    def _choices(self, place: str, row: Row) -> tuple[DraftChoice, ...]:
        if row["type"] == "checkbox":
            raise InvalidInput(place, "is a checkbox: several answers to one question.")
        if row["type"] == "text" and row["checked"] == "integer":
            return numbers(place, whole_text(row["lowest"]), whole_text(row["highest"]))
        if row["type"] not in ("radio", "dropdown", *_FIXED):
            return ()
        written = _FIXED.get(row["type"], row["choices"])
        return tuple(self._choice(place, each) for each in written.split("|") if each.strip())

    def _choice(self, place: str, written: str) -> DraftChoice:
        code, comma, words = written.partition(",")  # only the first comma parts code from words
        if not comma:
            raise InvalidInput(place, f"{written.strip()!r} is no answer.", "Write: 0, words.")
        return DraftChoice(plain(place, words, self.problems), whole_text(code))


def _left_out(row: Row) -> str:
    tags = row["annotation"].upper()
    if "@HIDDEN" in tags:
        return "hidden"
    computed = row["type"] == "calc" or "@CALCTEXT" in tags or "@CALCDATE" in tags
    return "computed" if computed else ""


def _rows(text: str) -> list[tuple[str, Row]]:
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        head, *rows = [line for line in lines if any(cell.strip() for cell in line)]
    except csv.Error as error:
        raise InvalidInput(f"line {lines.line_num}", f"cannot be read: {error}.") from error
    at = _places(head)
    read: list[tuple[str, Row]] = []
    names: set[str] = set()
    for number, cells in enumerate(rows, 2):
        if len(cells) != len(head):
            raise InvalidInput(f"row {number}", f"has {len(cells)} cells, the head {len(head)}.")
        row = {name: cells[at[name]].strip() if name in at else "" for name in _COLUMNS}
        if row["name"] in names:
            raise InvalidInput(f"row {number}", f"{row['name']} stands twice.")
        names.add(row["name"])
        read.append((f"row {number} ({row['name']})", row))
    if not read:
        raise InvalidInput("$", "has no fields.")
    return read


def _places(head: list[str]) -> dict[str, int]:
    titles = [cell.strip() for cell in head]
    at = {
        name: titles.index(known)
        for name, spellings in _COLUMNS.items()
        for known in spellings
        if known in titles
    }
    for name in _NEEDED:
        if name not in at:
            raise InvalidInput("row 1", f"has no column {_COLUMNS[name][0]}.")
    return at
