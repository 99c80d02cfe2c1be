"""Reads of what is due: each item with the one state it has now, and what staff can do about it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypedDict
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django_stubs_ext import WithAnnotations

from clinic.measures.answered import in_window
from clinic.measures.models import Assignment, DueItem, RedeemTry
from clinic.measures.offers import Offers
from clinic.measures.own_words import MOMENT
from clinic.people.models import Patient
from clinic.people.worded import worded_once
from clinic.reach.wishes import reachable, wishes
from kapstone import instruments, schedule
from kapstone.schedule import CHECK_IN, State, Way

MISSED_SHOWN_FOR = timedelta(days=7)
GIVE_UP_AFTER = 3  # attempts to send: then somebody calls
_SETTLED = (State.ANSWERED, State.NOT_APPLICABLE)


class _OnRecord(TypedDict):
    handed_over_at: datetime | None
    opened_at: datetime | None


if TYPE_CHECKING:
    Known = WithAnnotations[DueItem, _OnRecord]


@dataclass(frozen=True, slots=True)
class Line:
    """One item as staff see it."""

    item: DueItem
    state: State
    answered_at: datetime | None
    now: datetime
    offers: Offers = field(compare=False, repr=False)

    @property
    def name(self) -> str:
        """What is asked, in words."""
        return "Check-in" if self.item.ask == CHECK_IN else instruments.load(self.item.ask).name

    @property
    def task(self) -> str:
        """What is left for a person to do; empty where nothing is."""
        if self.state in (*_SETTLED, State.AHEAD, State.MISSED):
            return ""
        if self.item.way == Way.CALL:
            return "Call"
        return "" if self.state in (State.SENT, State.HANDED_OVER, State.OPENED) else self._ask()

    def _ask(self) -> str:
        patient = self.item.patient
        if self.offers.find(self.item.ask, patient.language) is None:
            return "No wording in their language: fill in the clinic's own sheet with them"
        if self.item.way == Way.VISIT:
            return "Hand over at the visit"
        said = wishes(patient)
        if why := said.why_not():
            return why
        if self.item.attempts >= GIVE_UP_AFTER:
            return "The message could not be sent: call, and hand over the link"
        if falls_in_quiet(self.item):
            return "Falls wholly within their quiet hours: offer it before they leave"
        if said.quiet.holds(self.now, said.zone):
            return f"Is sent by itself after their quiet hours, at {said.quiet.ends:%H:%M}"
        return "Is sent by itself within the minute"

    def overdue(self, now: datetime) -> bool:
        """Whether its moment has passed and nobody has answered."""
        return self.state not in (*_SETTLED, State.AHEAD) and now > self.item.due_at


@dataclass(frozen=True, slots=True)
class Group:
    """What one person is asked on one occasion."""

    lines: tuple[Line, ...]

    @property
    def first(self) -> Line:
        """The first of them, which has the person, the title and the window of all."""
        return self.lines[0]

    @property
    def tasks(self) -> list[str]:
        """What is left to do, each once."""
        return list(dict.fromkeys(line.task for line in self.lines if line.task))


def known_items() -> "QuerySet[Known]":
    """Items with what is on record of each."""
    asked = Assignment.objects.filter(
        in_window("made_at"),
        patient=OuterRef("patient"),
        instrument=OuterRef("ask"),
        cancelled_at=None,
    )
    tries = RedeemTry.objects.filter(
        in_window("at"),
        right=True,
        assignment__patient=OuterRef("patient"),
        assignment__instrument=OuterRef("ask"),
    )
    known: QuerySet[Known] = DueItem.objects.select_related("patient__reach").annotate(
        handed_over_at=Subquery(
            asked.filter(made_by__isnull=False).order_by("made_at").values("made_at")[:1]
        ),
        opened_at=Subquery(tries.order_by("at").values("at")[:1]),
    )
    return known


def _line(item: "Known", now: datetime, offers: Offers) -> Line:
    happened = schedule.Happened(
        sent_at=item.sent_at,
        handed_over_at=item.handed_over_at,
        opened_at=item.opened_at,
        answered_at=item.answered_at,
        voided_at=item.voided_at,
    )
    window = schedule.Window(item.opens_at, item.closes_at)
    state = schedule.state(window, happened, now)
    return Line(item, state, happened.answered_at, now, offers)


def of_patient(patient: Patient, now: datetime) -> list[Line]:
    """Everything this person was or is to be asked, the latest first."""
    offers = Offers()
    return [_line(row, now, offers) for row in _known_of(patient.pk)]


@worded_once
def _known_of(patient_id: UUID) -> "QuerySet[Known]":
    return known_items().filter(patient=patient_id).order_by("-due_at", "row", "ask")


def left_the_list(now: datetime) -> Q:
    """What was missed so long ago that Today names it no more.

    A check-in by link leaves with its window: the moment it asked about has gone. Of somebody at
    risk it is an alert.
    """
    return Q(closes_at__lte=now - MISSED_SHOWN_FOR) | Q(ask=MOMENT, closes_at__lte=now)


def lines(items: Sequence[str], now: datetime) -> dict[str, Line]:
    """These items, by id as it was given."""
    rows, offers = known_items().in_bulk([UUID(each) for each in items]), Offers()
    return {each: _line(rows[UUID(each)], now, offers) for each in items}


def missed(patient: Patient, now: datetime) -> list[DueItem]:
    """Questionnaires whose window closed without an answer, oldest first."""
    lines = of_patient(patient, now)
    return [line.item for line in reversed(lines) if line.state is State.MISSED]


def no_longer_than(until: datetime, patient: Patient, instrument: str, now: datetime) -> datetime:
    """When a link made now dies: with the window of what is due, where that comes first.

    What is answered later would not count, and nobody should be asked for it.
    """
    open_now = DueItem.objects.filter(
        patient=patient, ask=instrument, voided_at=None, opens_at__lte=now, closes_at__gt=now
    )
    last = open_now.order_by("closes_at").values_list("closes_at", flat=True).last()
    return min(until, last) if last else until


def to_send(now: datetime) -> "QuerySet[Known]":
    """Items that go out by themselves now: by e-mail, to somebody who may simply be written to."""
    open_links = Assignment.objects.filter(
        patient=OuterRef("patient"),
        instrument=OuterRef("ask"),
        response=None,
        cancelled_at=None,
        closes_at__gt=now,
    ).exclude(reason=OuterRef("row"))
    found: QuerySet[Known] = (
        known_items()
        .filter(
            Q(leased_until=None) | Q(leased_until__lte=now),
            _worded(now),
            reachable("patient__"),
            way=str(Way.LINK),
            voided_at=None,
            sent_at=None,
            answered_at=None,
            attempts__lt=GIVE_UP_AFTER,
            opens_at__lte=now,
            closes_at__gt=now,
        )
        .annotate(asked_at=Subquery(open_links.values("made_at")[:1]))
        .filter(asked_at=None)
        .order_by("opens_at", "episode", "row", "anchor", "ask")
    )
    return found


def falls_in_quiet(item: DueItem) -> bool:
    """Whether all of an item's time from when it is due is quiet: no reminder could be sent."""
    said, closes_at = wishes(item.patient), item.closes_at
    return closes_at is not None and said.quiet.covers(item.due_at, closes_at, said.zone)


def before_leaving(patient: Patient, now: datetime) -> list[DueItem]:
    """What would fall wholly within quiet hours: asked here, or counted missed."""
    ahead = DueItem.objects.filter(
        patient=patient, way=str(Way.LINK), voided_at=None, closes_at__gt=now
    )
    rows = ahead.select_related("patient__reach").order_by("opens_at", "ask")
    return [row for row in rows if falls_in_quiet(row)]


def _worded(now: datetime) -> Q:
    """What there are words for, in the language of whoever is asked."""
    open_now = DueItem.objects.filter(
        way=str(Way.LINK), voided_at=None, sent_at=None, opens_at__lte=now, closes_at__gt=now
    )
    offers, found = Offers(), Q(pk__in=[])
    for language in open_now.values_list("patient__language", flat=True).distinct():
        found |= Q(patient__language=language, ask__in=offers.instruments_in(language))
    return found
