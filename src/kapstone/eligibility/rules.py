"""The rules as rows: one for each rule and band, in the order in which they are evaluated."""

from dataclasses import dataclass
from datetime import date

from kapstone.eligibility import tables
from kapstone.eligibility.evaluate import Test, compiled
from kapstone.eligibility.grammar import parse
from kapstone.eligibility.tables import Table
from kapstone.errors import UnknownContent
from kapstone.findings import Severity

_ABOUT = tables.load("about")

VERSION = tables.text(_ABOUT, "version")
# The last day of the federal exception for telemedicine. Source: DEA-TELE (GRD-04), mark S2.
TELE_ALLOWED_UNTIL = date.fromisoformat(tables.text(_ABOUT, "tele_cs_allowed_until"))
SOURCES = {key: str(told) for key, told in tables.table(_ABOUT, "sources").items()}


@dataclass(frozen=True, slots=True)
class Rule:
    """One band of a rule.

    severity: None where the outcome is INCOMPLETE. floor: the mildest severity a clinic may
    configure. product, route: empty for any. stages: eligibility, dosing_day. inputs: keys it
    reads. required: keys that must be known for it. asks: what an INCOMPLETE one asks for.
    group: what SCR-R2 counts it under.
    """

    id: str
    band: str | None
    title: str
    when: str
    holds: Test
    severity: Severity | None
    floor: Severity | None
    product: tuple[str, ...]
    route: tuple[str, ...]
    stages: tuple[str, ...]
    inputs: tuple[str, ...]
    required: tuple[str, ...]
    asks: tuple[str, ...]
    overridable_by: tuple[str, ...]
    message: str
    source: tuple[str, ...]
    mark: str
    group: str
    note: str


def _severity(word: str) -> Severity | None:
    return None if word in ("INCOMPLETE", "") else Severity(word)


def _rule(row: Table) -> Rule:
    when = tables.text(row, "when")
    return Rule(
        id=tables.text(row, "id"),
        band=tables.text(row, "band") or None,
        title=tables.text(row, "title"),
        when=when,
        holds=compiled(parse(when)),
        severity=_severity(tables.text(row, "severity")),
        floor=_severity(tables.text(row, "floor")),
        product=tables.texts(row, "product"),
        route=tables.texts(row, "route"),
        stages=tables.texts(row, "for"),
        inputs=tables.texts(row, "inputs"),
        required=tables.texts(row, "required"),
        asks=tables.texts(row, "asks"),
        overridable_by=tables.texts(row, "overridable_by"),
        message=tables.text(row, "message"),
        source=tables.texts(row, "source"),
        mark=tables.text(row, "mark"),
        group=tables.text(row, "group"),
        note=tables.text(row, "note"),
    )


RULES = tuple(_rule(row) for name in tables.RULES for row in tables.rows(tables.load(name), "rule"))


@dataclass(frozen=True, slots=True)
class Several:
    """SCR-R2: several serious findings together."""

    id: str
    severity: Severity
    relative_at_least: int
    groups_at_least: int
    groups: tuple[str, ...]
    message: str
    source: tuple[str, ...]
    mark: str


def _several(row: Table) -> Several:
    return Several(
        id=tables.text(row, "rule"),
        severity=Severity(tables.text(row, "severity")),
        relative_at_least=tables.whole(row, "relative_at_least"),
        groups_at_least=tables.whole(row, "groups_at_least"),
        groups=tables.texts(row, "groups"),
        message=tables.text(row, "message"),
        source=tables.texts(row, "source"),
        mark=tables.text(row, "mark"),
    )


SEVERAL = _several(tables.table(_ABOUT, "several"))


@dataclass(frozen=True, slots=True)
class UnknownMedicine:
    """DDI-R1: a medicine name that no table knows."""

    id: str
    message: str
    source: tuple[str, ...]
    mark: str


def _unknown_medicine(row: Table) -> UnknownMedicine:
    return UnknownMedicine(
        id=tables.text(row, "rule"),
        message=tables.text(row, "message"),
        source=tables.texts(row, "source"),
        mark=tables.text(row, "mark"),
    )


UNKNOWN_MEDICINE_RULE = _unknown_medicine(tables.table(_ABOUT, "unknown_medicine"))
UNKNOWN_MEDICINE = UNKNOWN_MEDICINE_RULE.id
UNKNOWN_MEDICINE_MESSAGE = UNKNOWN_MEDICINE_RULE.message


def rule(rule_id: str) -> tuple[Rule, ...]:
    """The bands of one rule, as listed. Raises `UnknownContent` for a rule this version lacks."""
    bands = tuple(row for row in RULES if row.id == rule_id)
    if not bands:
        raise UnknownContent(f"{rule_id}: no such rule in eligibility {VERSION}.")
    return bands
