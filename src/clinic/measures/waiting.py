"""What waits for staff, of everybody: counted whole, and read as far as a page shows it.

A clinic with thousands in care has thousands of lines. The database counts and orders them by the
few columns that say which they are; only those shown are read as rows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import chain, groupby

from django.db.models import CharField, Exists, OuterRef, QuerySet
from django.db.models.functions import Cast

from clinic.measures import due
from clinic.measures.due import Group
from clinic.measures.models import DueItem
from clinic.people.models import Patient
from kapstone.schedule import CHECK_IN

Key = tuple[str, str, str, str, str]  # item, episode, row, anchor, what is asked


class Section(StrEnum):
    """Where Today shows it."""

    CALLS = "calls"
    QUESTIONNAIRES = "questionnaires"
    BASELINES = "baselines"


@dataclass(frozen=True, slots=True)
class Waiting:
    """The occasions of one section. `groups`: those shown, the longest waiting first."""

    count: int
    groups: list[Group]

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.count - len(self.groups)


def of_everybody(
    patients: QuerySet[Patient], now: datetime, most: Mapping[Section, int | None]
) -> dict[Section, Waiting]:
    """What is open or was missed in the last days; of each section `most` occasions, or all."""
    found: dict[Section, list[list[str]]] = {section: [] for section in Section}
    for _, keys in groupby(_keys(patients, now), key=lambda key: key[1:4]):
        occasion = list(keys)
        found[_section(occasion[0])].append([key[0] for key in occasion])
    shown = {section: occasions[: most[section]] for section, occasions in found.items()}
    lines = due.lines([*chain(*chain(*shown.values()))], now)
    return {
        section: Waiting(
            len(found[section]),
            [Group(tuple(lines[item] for item in occasion)) for occasion in occasions],
        )
        for section, occasions in shown.items()
    }


def _section(key: Key) -> Section:
    _, _, _, anchor, asked = key
    if asked == CHECK_IN:
        return Section.CALLS
    return Section.QUESTIONNAIRES if anchor else Section.BASELINES


def _keys(patients: QuerySet[Patient], now: datetime) -> list[Key]:
    """Which items wait. Asked apart: with an end and without one each has its part of an index."""
    since = now - due.MISSED_SHOWN_FOR
    open_now = _unanswered(patients, now)
    return [
        *open_now.filter(closes_at__gt=since).exclude(due.left_the_list(now)),
        *open_now.filter(closes_at=None),
    ]


def _unanswered(patients: QuerySet[Patient], now: datetime) -> "QuerySet[DueItem, Key]":
    """As text: an id that is only handed back need not become one."""
    rows = DueItem.objects.filter(
        Exists(patients.filter(pk=OuterRef("patient"))),
        episode__ended_at=None,
        voided_at=None,
        answered_at=None,
        opens_at__lte=now,
    )
    item, episode = (Cast(name, CharField()) for name in ("pk", "episode_id"))
    return rows.order_by("due_at", "patient", "row", "ask").values_list(
        item, episode, "row", "anchor", "ask"
    )
