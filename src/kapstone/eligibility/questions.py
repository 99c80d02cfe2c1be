"""The question to ask for each fact that the rules read, and the form it is answered in."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from kapstone.eligibility import tables
from kapstone.eligibility.evaluate import Run, Test, compiled
from kapstone.eligibility.facts import Facts
from kapstone.eligibility.grammar import parse
from kapstone.eligibility.keys import KEYS, Key, Kind
from kapstone.eligibility.rules import UNKNOWN_MEDICINE_MESSAGE
from kapstone.eligibility.screening import Screening, Unknown
from kapstone.eligibility.tables import Table


@dataclass(frozen=True, slots=True)
class Question:
    """What to ask for `key.name`; `key` holds the kind of answer, its unit and range.

    section: the part of a visit in which it is asked. choices: (what is stored, what is shown),
    for words to choose from. when: asked while this is TRUE of what is known; None for always.
    """

    key: Key
    section: str
    title: str
    text: str
    help: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    when: Test | None = None

    def is_asked(self, facts: Facts) -> bool:
        """Whether what is known makes it worth asking; what was answered stays in sight."""
        known = facts.is_known(self.key.name)
        return known or self.when is None or self.when(Run(facts)) is True


def _choices(row: Table, key: Key) -> tuple[tuple[str, str], ...]:
    labels = tables.table(row, "labels") if "labels" in row else {}
    return tuple((word, str(labels.get(word, word.capitalize()))) for word in key.words)


def _question(row: Table, section: str, title: str) -> Question:
    name = tables.text(row, "key")
    key = KEYS.get(name, Key(name, Kind.MEDICINES))
    return Question(
        key=key,
        section=section,
        title=title,
        text=tables.text(row, "text"),
        help=tables.text(row, "help"),
        choices=_choices(row, key),
        when=compiled(parse(tables.text(row, "when"))) if "when" in row else None,
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
