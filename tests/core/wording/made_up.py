"""Files of wording in three formats with invented words: no real questionnaire's."""

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import replace

from kapstone import instruments
from kapstone.instruments import Instrument
from kapstone.instruments.definition import Item

ORDINAL = "http://hl7.org/fhir/StructureDefinition/ordinalValue"
LOINC = "http://loinc.org"
Json = dict[str, object]


def phq9() -> Instrument:
    """The newest version."""
    return instruments.load("phq9")


def small(*ids: str) -> Instrument:
    """The PHQ-9 cut down to a few items, to make a questionnaire of no name."""
    whole = phq9()
    items = tuple(item for item in whole.items if item.id in (ids or ("q1", "q2", "q9")))
    return replace(whole, items=items, loinc_panel="")


def words(item: Item) -> str:
    """An invented question."""
    return f"How blue was the {item.id} balloon?"


def answer(item: Item, value: int) -> str:
    """An invented answer."""
    return f"{'very ' * min(value, 4)}blue as {item.id}{value if value > 4 else ''}"


def fhir_item(item: Item, *, coded: bool = True, answers_coded: bool = True) -> Json:
    """One question; coded without ordinals, or with ordinals under no known code."""
    options: list[Json] = []
    for choice in item.choices:
        coding: Json = {"display": answer(item, choice.value)}
        if answers_coded:
            coding |= {"system": LOINC, "code": choice.loinc}
        else:
            coding["extension"] = [{"url": ORDINAL, "valueDecimal": float(choice.value)}]
        options.append({"valueCoding": coding})
    made: Json = {
        "linkId": f"/{item.id}", "type": "choice", "text": words(item), "answerOption": options
    }  # fmt: skip
    return made | ({"code": [{"system": LOINC, "code": item.loinc}]} if coded else {})


def fhir(items: Iterable[Json], **more: object) -> bytes:
    """A Questionnaire with its questions in a group that says what to think of."""
    group = {"linkId": "g", "type": "group", "text": "Think of balloons.", "item": list(items)}
    form = {"resourceType": "Questionnaire", "title": "Balloons", "language": "en-US"}
    return json.dumps(form | {"copyright": "Invented.", "item": [group]} | more).encode()


def fhir_of(instrument: Instrument, *, coded: bool = True) -> bytes:
    """All items of an instrument."""
    return fhir(fhir_item(item, coded=coded) for item in instrument.items)


def lhc_item(item: Item, *, scores: bool = True) -> Json:
    """One question of an LHC form; without scores they are null."""
    return {
        "questionCode": item.loinc,
        "questionCodeSystem": "LOINC",
        "question": f"1. {words(item)}",
        "linkId": f"/{item.id}",
        "dataType": "CNE",
        "answers": [
            {
                "text": answer(item, choice.value),
                "code": choice.loinc,
                "score": choice.value if scores else None,
            }
            for choice in item.choices
        ],
    }


def lhc(items: Iterable[Json], **more: object) -> bytes:
    """An LHC form."""
    heading = {"question": "Think of balloons.", "linkId": "/h", "dataType": "TITLE"}
    form = {"code": "00000-0", "codeSystem": "own", "name": "Balloons", "copyrightNotice": None}
    return json.dumps(form | {"items": [heading, *items]} | more).encode()


HEAD = [
    "Variable / Field Name", "Form Name", "Section Header", "Field Type", "Field Label",
    "Choices, Calculations, OR Slider Labels", "Field Note",
    "Text Validation Type OR Show Slider Number", "Text Validation Min", "Text Validation Max",
    "Identifier?", "Branching Logic (Show field only if...)", "Field Annotation",
]  # fmt: skip


def field(name: str, kind: str, label: str, choices: str = "", **more: str) -> list[str]:
    """One field of a dictionary."""
    cells = {"form": "balloons", "section": "", "check": "", "low": "", "high": ""} | more
    return [
        name, cells["form"], cells["section"], kind, label, choices, "", cells["check"],
        cells["low"], cells["high"], "", more.get("branching", ""), more.get("annotation", ""),
    ]  # fmt: skip


def redcap_item(item: Item, **more: str) -> list[str]:
    """One question of a dictionary; its answers hold commas."""
    choices = " | ".join(f"{value}, {answer(item, value)}, or so" for value in item.values)
    return field(f"balloon_{item.id}", "radio", words(item), choices, **more)


def redcap(rows: Iterable[list[str]], head: list[str] = HEAD) -> bytes:
    """A data dictionary as REDCap downloads it: with a mark of byte order and CRLF."""
    out = io.StringIO(newline="")
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows([head, *rows])
    return out.getvalue().encode("utf-8-sig")
