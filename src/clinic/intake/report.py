"""What was overridden in a month, by rule and by who did it: counts, and no clinical words."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import groupby

from django.utils import timezone

from clinic.intake.models import Override
from kapstone.eligibility import RULES

_TITLES = {row.id: row.title for row in reversed(RULES)}


@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month of the clinic, by its first day."""

    first: date

    @property
    def before(self) -> "Month":
        """The month before."""
        year, month = divmod(self.first.year * 12 + self.first.month - 2, 12)
        return Month(date(year, month + 1, 1))

    @property
    def after(self) -> "Month":
        """The month after."""
        year, month = divmod(self.first.year * 12 + self.first.month, 12)
        return Month(date(year, month + 1, 1))

    @property
    def key(self) -> str:
        """As an address writes it."""
        return self.first.strftime("%Y-%m")

    def start(self) -> datetime:
        """Its first moment."""
        return timezone.make_aware(datetime.combine(self.first, time()))


def month(written: str, now: datetime) -> Month:
    """The month that an address names; the present one where it names none, or one to come."""
    this = timezone.localdate(now).replace(day=1)
    try:
        first = datetime.strptime(written, "%Y-%m").date()  # noqa: DTZ007 - a month has no zone
    except ValueError:
        return Month(this)
    return Month(min(max(first, date(2000, 1, 1)), this))


@dataclass(frozen=True, slots=True)
class Line:
    """How often, for how many patients, and how many were of a dosing day or ended early.

    beside: of a rule who overrode it, of a person which rules.
    """

    name: str
    told: str
    count: int
    patient_count: int
    of_day_count: int
    ended_count: int
    beside: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """A month's overrides, counted twice."""

    month: Month
    count: int
    by_rule: tuple[Line, ...]
    by_person: tuple[Line, ...]


def report(of: Month) -> Report:
    """The overrides made in a month."""
    rows = list(
        Override.objects.filter(made_at__gte=of.start(), made_at__lt=of.after.start())
        .select_related("by", "end")
        .order_by("made_at")
    )
    return Report(
        of,
        len(rows),
        _lines(rows, lambda row: (row.rule, 0), lambda row: row.by.name),
        _lines(rows, lambda row: (row.by.name, row.by.pk), lambda row: row.rule),
    )


def _lines(
    rows: Iterable[Override],
    key: Callable[[Override], tuple[str, int]],
    beside: Callable[[Override], str],
) -> tuple[Line, ...]:
    """The rows by a key, most often first. Two people of one name are two lines."""
    found = []
    for (name, _), grouped in groupby(sorted(rows, key=key), key=key):
        held = list(grouped)
        line = Line(
            name=name,
            told=_TITLES.get(name, ""),
            count=len(held),
            patient_count=len({row.patient_id for row in held}),
            of_day_count=sum(row.of_day is not None for row in held),
            ended_count=sum(hasattr(row, "end") for row in held),
            beside=tuple(sorted({beside(row) for row in held})),
        )
        found.append(line)
    return tuple(sorted(found, key=lambda line: -line.count))
