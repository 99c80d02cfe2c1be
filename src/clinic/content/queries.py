"""Reads of content: what stands signed, whether this is a demonstration, what was set here."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic.content import hard_limits, held
from clinic.content.models import LimitChoice, SeverityChoice, Signature
from clinic.people.worded import worded_once
from kapstone import content
from kapstone.content import ContentRow
from kapstone.eligibility import RULES, Rule, Severities
from kapstone.findings import Severity

MEND = "The medical director signs it under Clinical content."


@worded_once
def _digests() -> "QuerySet[Signature, str]":
    return Signature.objects.filter(withdrawal=None).values_list("digest", flat=True)


def unsigned() -> int:
    """How many rows in force wait for this clinic's medical director."""
    return len(held.to_sign().keys() - set(_digests()))


def demonstration() -> str:
    """Why this clinic is in demonstration mode, in a sentence; nothing where it is not."""
    if settings.DEMO:
        return _("Demonstration: synthetic people only. No clinician has reviewed this content.")
    waiting = unsigned()
    if not waiting:
        return ""
    told = ngettext(
        "Demonstration mode: %(count)s row of the clinical content not signed in this clinic.",
        "Demonstration mode: %(count)s rows of the clinical content not signed in this clinic.",
        waiting,
    )
    return told % {"count": waiting}


def why_no_real_person() -> str:
    """Why nobody real may be added; nothing where they may."""
    said = demonstration()
    return f"{said} Nobody real can be added until it is. {MEND}" if said else ""


@dataclass(frozen=True, slots=True)
class Line:
    """One row, the signature that stands for it, and the last that stood for an older version."""

    row: ContentRow
    signature: Signature | None
    before: Signature | None
    choice: SeverityChoice | None
    limit: LimitChoice | None

    @property
    def limit_words(self) -> str:
        """The hard limit that counts here, where this clinic set one."""
        ranged = hard_limits.range_of(self.row)
        return hard_limits.counts(ranged, self.limit) if ranged and self.limit else ""

    @property
    def stamp(self) -> str:
        """What a signature of it stands for."""
        return hard_limits.stamp(self.row, self.limit)

    @property
    def sources(self) -> list[str]:
        """Where it comes from, in words."""
        return sources(self.row)

    @property
    def waits(self) -> bool:
        """Whether it is to be signed."""
        return self.row.to_sign and self.signature is None


def sources(row: ContentRow) -> list[str]:
    """Where a row comes from: what each key stands for, and the rest as it is."""
    known = held.references(row.room)
    return [f"{key}: {known[key]}" if key in known else key for key in row.source]


def lines(room: str) -> list[Line]:
    """The rows of a room; those that wait come first."""
    standing = Signature.objects.filter(room=room, withdrawal=None).select_related("by", "licence")
    now, before = {}, {}
    for each in standing.order_by("at"):
        now[each.digest] = before[each.row] = each
    choices, limits = choices_in_force(), hard_limits.in_force()
    rows = (row for row in held.rows() if row.room == room)
    found = [
        Line(
            row,
            now.get(row.digest),
            before.get(row.id),
            choices.get(row.digest),
            hard_limits.set_for(row, limits),
        )
        for row in rows
    ]
    return sorted(found, key=lambda line: not line.waits)


@dataclass(frozen=True, slots=True)
class Room:
    """A room of content and how far it is signed."""

    id: str
    title: str
    row_count: int
    sign_count: int
    waiting_count: int


def overview() -> list[Room]:
    """Every room; those with rows that wait come first."""
    signed = set(_digests())
    found = []
    for name, title in held.rooms().items():
        rows = [row for row in held.rows() if row.room == name]
        answered = [row for row in rows if row.to_sign]
        waiting = sum(row.digest not in signed for row in answered)
        found.append(Room(name, title, len(rows), len(answered), waiting))
    return sorted(found, key=lambda room: not room.waiting_count)


def history(row: ContentRow) -> "QuerySet[Signature]":
    """Every signature this row ever had, latest first."""
    found = Signature.objects.filter(room=row.room, row=row.id)
    return found.select_related("by", "licence", "withdrawal__by").order_by("-at")


# --- severities ---------------------------------------------------------------------------------


@cache
def _rules() -> dict[str, Rule]:
    return {content.rule_row(rule).digest: rule for rule in RULES}


def rule_of(row: ContentRow) -> Rule | None:
    """The band of a screening rule that a row is, if it is one."""
    return _rules().get(row.digest)


@worded_once
def _choices() -> "QuerySet[SeverityChoice, SeverityChoice]":
    return SeverityChoice.objects.select_related("by").order_by("number")


def choices_in_force() -> dict[str, SeverityChoice]:
    """What this clinic set and did not set back, by the hash of the row."""
    last = {each.digest: each for each in _choices()}
    return {
        digest: each
        for digest, each in last.items()
        if digest in _rules() and Severity(each.severity) is not _rules()[digest].severity
    }


def severities(choices: Iterable[SeverityChoice]) -> Severities:
    """What was set, as the screening takes it."""
    rules = ((_rules()[each.digest], Severity(each.severity)) for each in choices)
    return {(rule.id, rule.band): severity for rule, severity in rules}


def choices_of(row: ContentRow) -> "QuerySet[SeverityChoice]":
    """Every severity that was set for this row, latest first."""
    return SeverityChoice.objects.filter(row=row.id).select_related("by").order_by("-at")
