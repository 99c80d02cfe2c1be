"""Hard dose limits that this clinic lowered for itself."""

import hashlib
from collections.abc import Mapping

from django.db.models import QuerySet

from clinic.content.models import LimitChoice
from clinic.people.worded import worded_once
from kapstone.content import ContentRow
from kapstone.dose import HardLimits
from kapstone.dose.page import bound_words
from kapstone.dose.rows import RangeRow, content
from kapstone.limits import Bound


@worded_once
def _choices() -> "QuerySet[LimitChoice, LimitChoice]":
    return LimitChoice.objects.select_related("by").order_by("number")


def in_force() -> dict[str, LimitChoice]:
    """What this clinic set and did not take back, by the id of the row."""
    last = {each.row: each for each in _choices()}
    return {row: each for row, each in last.items() if each.bound}


def clinic_max() -> HardLimits:
    """The same, as an order is checked against it."""
    return {row: bound for row, each in in_force().items() if (bound := each.bound)}


def range_of(row: ContentRow) -> RangeRow | None:
    """The dose limits that a row of content is, if it is such a row."""
    if row.room != "dose":
        return None
    return next((each for each in content().ranges if each.id == row.id), None)


def words(choice: LimitChoice) -> str:
    """What it was set to."""
    return bound_words(choice.bound) if choice.bound else "as published"


def counts(ranged: RangeRow, choice: LimitChoice | None) -> str:
    """What counts in this clinic: a figure that it did not set stands as published."""
    own, published = choice.bound if choice else None, ranged.hard_max
    if own is None:
        return bound_words(published)
    both = Bound(own.mg_per_kg or published.mg_per_kg, own.mg or published.mg)
    return bound_words(both)


def choices_of(row: ContentRow) -> "QuerySet[LimitChoice]":
    """Every limit that was set for this row, latest first."""
    return LimitChoice.objects.filter(row=row.id).select_related("by").order_by("-number")


def set_for(row: ContentRow, known: Mapping[str, LimitChoice]) -> LimitChoice | None:
    """What was set for this row; `known`: what is in force."""
    return known.get(row.id) if row.room == "dose" else None


def stamp(row: ContentRow, choice: LimitChoice | None) -> str:
    """What a signature stands for: the row as published, with what this clinic set over it."""
    if choice is None:
        return row.digest
    return hashlib.sha256(f"{row.digest} {words(choice)}".encode()).hexdigest()
