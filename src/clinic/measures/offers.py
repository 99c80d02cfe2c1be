"""Reads about wording: in which words an instrument may be asked of whom.

Nothing is translated here: an instrument is offered in a language only with wording in it.
"""

from dataclasses import dataclass
from functools import cached_property

from clinic.measures.held import may_use
from clinic.measures.models import Assignment, ImportedWording
from clinic.measures.own_words import own_words
from clinic.measures.wording import Wording, wording_for
from kapstone import instruments

STAFF_ONLY = "clinician_rated"  # of an instrument's kind: nothing that a patient answers


@dataclass(frozen=True, slots=True)
class Offer:
    """Words an instrument may be asked in now. `row` is None for those of a package."""

    instrument: str
    wording: Wording
    row: ImportedWording | None


class Offers:
    """Everything that may be asked, read once for a whole list."""

    @cached_property
    def all(self) -> list[Offer]:
        """What is in force: the last import of each instrument and language, then packages."""
        found: dict[tuple[str, str], Offer] = {}
        rows = ImportedWording.objects.select_related("file", "withdrawal", "imported_by")
        for row in rows.defer("file__content").order_by("-imported_at", "-pk"):
            key = row.file.instrument, row.file.language.casefold()
            found.setdefault(key, Offer(row.file.instrument, words_of(row), row))
        held = {key: each for key, each in found.items() if _in_force(each.row)}
        for instrument in instruments.ids():
            for packaged in _packaged(instrument, instruments.load(instrument).version):
                key = instrument, packaged.language.casefold()
                held.setdefault(key, Offer(instrument, packaged, None))
        return list(held.values())

    def find(self, instrument: str, language: str) -> Offer | None:
        """The words for whoever speaks this language: of their region before those of another."""
        definition = instruments.load(instrument)
        if definition.kind == STAFF_ONLY or not may_use(definition):
            return None
        spoken = [each for each in self.all if each.instrument == instrument]
        for same in (_exactly, speaks):
            for each in spoken:
                if same(each.wording.language, language):
                    return each
        return None

    def instruments_in(self, language: str) -> list[str]:
        """The instruments that may be asked of somebody who speaks this language."""
        return [each for each in instruments.ids() if self.find(each, language) is not None]


def wording_of(assignment: Assignment, read_in: str = "") -> Wording | None:
    """The words this was asked in, to its end; None once they were withdrawn or are gone.

    read_in: the language the page is read in now. Only our own words follow it.
    """
    row = assignment.wording
    if row is not None:
        return None if hasattr(row, "withdrawal") else words_of(row)
    held = _packaged(assignment.instrument, assignment.instrument_version)
    ours = own_words(assignment.instrument, assignment.instrument_version)
    wanted = (read_in if ours else "", assignment.patient.language)
    found = (each for language in wanted for each in held if speaks(each.language, language))
    return next(found, None)


def _packaged(instrument: str, version: str) -> tuple[Wording, ...]:
    """What is worded without an import: our own check-in, and what an installed package words."""
    packaged = wording_for(instrument)
    return own_words(instrument, version) + ((packaged,) if packaged else ())


def words_of(row: ImportedWording) -> Wording:
    """A row's words."""
    return Wording(
        stem=row.stem,
        items=dict(row.items),
        choices={item: dict(choices) for item, choices in row.choices},
        language=row.file.language,
        licence=row.file.licence,
        source=row.file.source,
        sha256=row.file.sha256,
    )


def speaks(language: str, other: str) -> bool:
    """Whether two tags are of one language, whatever the region."""
    return language.casefold().partition("-")[0] == other.casefold().partition("-")[0]


def _exactly(language: str, other: str) -> bool:
    return language.casefold() == other.casefold()


def _in_force(row: ImportedWording | None) -> bool:
    """Not withdrawn, and worded for what the newest version asks."""
    if row is None or hasattr(row, "withdrawal"):
        return False
    asked, choices = instruments.load(row.file.instrument), dict(row.choices)
    worded = {item for item, _ in row.items}
    known = {item.id: sorted(item.values) for item in asked.items}
    needed = {item.id for item in asked.items if item.required or item.watched}
    return needed <= worded <= known.keys() and all(
        sorted(value for value, _ in choices[item]) == known[item] for item in worded
    )
