"""The committed code map: the only way by which a code in a record becomes a fact.

Rules of a row:

- ``status``: an active condition sets ``<fact>.current``, any other ``<fact>.history``
- ``history``: sets ``<fact>.history`` whatever its status
- ``present``: an active condition sets the key itself, any other nothing
- ``measure``: the latest reading sets the key
- ``sign``: a sign of the day; listed, never a fact of today
- ``score``, ``item``: of a questionnaire
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources

VERSION = "1"

SYSTEMS = {
    "http://hl7.org/fhir/sid/icd-10-cm": "ICD-10-CM",
    "http://snomed.info/sct": "SNOMED CT",
    "http://loinc.org": "LOINC",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the map. `ask`: a question the code leaves open even when it sets a fact."""

    system: str
    code: str
    match: str
    display: str
    fact: str
    rule: str
    ask: str
    source: str
    mark: str

    @property
    def keys(self) -> tuple[str, ...]:
        """Every key this row can set."""
        facets = {"status": (".current", ".history"), "history": (".history",)}
        return tuple(self.fact + facet for facet in facets.get(self.rule, ("",)))


@cache
def rows() -> tuple[Row, ...]:
    """Every row, in the file's order."""
    text = (resources.files("kapstone.fhir") / "code_map.csv").read_text(encoding="utf-8")
    return tuple(Row(**line) for line in csv.DictReader(text.splitlines()))


@cache
def _by_code() -> dict[tuple[str, str, str], tuple[Row, ...]]:
    found: dict[tuple[str, str, str], tuple[Row, ...]] = {}
    for row in rows():
        place = (row.system, row.match, row.code)
        found[place] = (*found.get(place, ()), row)
    return found


def look_up(system: str, code: str) -> tuple[Row, ...]:
    """The rows of a code; of an ICD-10-CM code those of the longest prefix that has any."""
    name = SYSTEMS.get(system, "")
    if name != "ICD-10-CM":
        return _by_code().get((name, "exact", code), ())
    bare = code.upper().replace(".", "")
    written = f"{bare[:3]}.{bare[3:]}".rstrip(".")
    starts = (written[:length].rstrip(".") for length in range(len(written), 2, -1))
    return next(filter(None, (_by_code().get((name, "prefix", start)) for start in starts)), ())


def as_markdown() -> str:
    """The map as a page of the docs."""
    head = (
        f"# Code map, version {VERSION}\n\n"
        "Made from `src/kapstone/fhir/code_map.csv`. A code sets a fact true or to a measured\n"
        "number; nothing here can set a fact false. No clinician has reviewed it.\n"
        "Marks: S seen in the named source, S2 reported by another, G from general knowledge.\n\n"
    )
    return head + "\n".join(_table(rows())) + "\n"


def _table(listed: Iterable[Row]) -> list[str]:
    lines = [
        "| system | code | name | sets | rule | still to ask | source | mark |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for row in listed:
        code = f"{row.code}…" if row.match == "prefix" else row.code
        keys = " or ".join(f"`{key}`" for key in row.keys) if row.rule != "sign" else "no fact"
        cells = (row.system, code, row.display, keys, row.rule, row.ask, row.source, row.mark)
        lines.append("| " + " | ".join(cells) + " |")
    return lines
