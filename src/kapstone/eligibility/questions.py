"""The question to ask for each fact that the rules read, and the form it is answered in."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from kapstone.eligibility import tables
from kapstone.eligibility.keys import KEYS, Key, Kind
from kapstone.eligibility.rules import UNKNOWN_MEDICINE_MESSAGE
from kapstone.eligibility.screening import Screening, Unknown
from kapstone.eligibility.tables import Table


@dataclass(frozen=True, slots=True)
class Question:
    """What to ask for `key.name`; `key` holds the kind of answer, its unit and range.

    section: person, request, conditions, signs, suicidality, substances, medicines, dosing_day.
    choices: (what is stored, what is shown), for a choice alone.
    """

    key: Key
    section: str
    title: str
    text: str
    help: str = ""
    choices: tuple[tuple[str, str], ...] = ()


def _choices(row: Table, key: Key) -> tuple[tuple[str, str], ...]:
    labels = tables.table(row, "labels") if "labels" in row else {}
    return tuple((word, str(labels.get(word, word.capitalize()))) for word in key.words)


def _question(row: Table, section: str, title: str) -> Question:
    name = tables.text(row, "key")
    key = KEYS.get(name, Key(name, Kind.MEDICINES))
    return Question(
        key, section, title, tables.text(row, "text"), tables.text(row, "help"), _choices(row, key)
    )


def _asked() -> Iterator[Question]:
    for section in tables.rows(_TABLE, "section"):
        for row in tables.rows(section, "question"):
            yield _question(row, tables.text(section, "id"), tables.text(section, "title"))


_TABLE = tables.load("questions")

QUESTIONS = tuple(_asked())
_FOLLOW_UPS = tuple(
    _question(row, "medicines", "Medicines and allergies")
    for row in tables.rows(_TABLE, "follow_up")
)
_BY_KEY = {question.key.name: question for question in QUESTIONS + _FOLLOW_UPS}


def questions(screening: Screening) -> tuple[Question, ...]:
    """The questions whose answers a screening lacks, in the order of its `unknown`."""
    return tuple(_worded(unknown) for unknown in screening.unknown)


def _worded(unknown: Unknown) -> Question:
    question = _BY_KEY[unknown.key]
    if not unknown.names:
        return question
    return replace(question, text=f"{UNKNOWN_MEDICINE_MESSAGE} {', '.join(unknown.names)}", help="")
