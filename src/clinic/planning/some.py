"""The first of a long list: read and judged only as far as a page shows it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db.models import QuerySet

from clinic.episodes.models import Episode

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Some(Generic[Found]):
    """What was found first. more_count: how many may follow that were not looked at."""

    found: list[Found]
    more_count: int


def first(
    most: int | None, rows: QuerySet[Episode], judge: Callable[[QuerySet[Episode]], list[Found]]
) -> Some[Found]:
    """The first `most` that `judge` finds among the rows, in their order; None: all.

    It reads twice as many each time, so that few of many ask for few queries.
    """
    ids = list(rows.values_list("pk", flat=True))
    found: list[Found] = []
    seen, size = 0, len(ids) if most is None else 2 * most
    while seen < len(ids) and (most is None or len(found) < most):
        among = dict.fromkeys(ids[seen : seen + size])
        found += judge(Episode.objects.filter(pk__in=among))
        seen, size = seen + size, 2 * size
    shown = found if most is None else found[:most]
    return Some(shown, max(len(ids) - seen, 0) + len(found) - len(shown))
