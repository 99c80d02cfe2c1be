"""Reads of what is due: each item with the one state it has now, and what staff can do about it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, TypedDict
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django_stubs_ext import WithAnnotations

from clinic.episodes.models import Episode
from clinic.measures.models import Assignment, CheckIn, DueItem, QuestionnaireResponse, RedeemTry
from clinic.measures.offers import Offers
from clinic.measures.own_words import MOMENT
from clinic.measures.worrying import stood_at_risk
from clinic.people.models import Patient
from clinic.people.worded import worded_once
from kapstone import instruments, schedule
from kapstone.schedule import CHECK_IN, State, Way

MISSED_SHOWN_FOR = timedelta(days=7)
GIVE_UP_AFTER = 3  # attempts to send: then somebody calls
_NO_END = datetime(9000, 1, 1, tzinfo=UTC)
_SETTLED = (State.ANSWERED, State.NOT_APPLICABLE)


class _OnRecord(TypedDict):
    answered_at: datetime | None
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
        if not patient.email:
            return "No e-mail on record: call, and hand over the link"
        if patient.safe_contact:
            return "Read how to reach them safely, then hand over the link"
        if self.item.attempts >= GIVE_UP_AFTER:
            return "The message could not be sent: call, and hand over the link"
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


def _known() -> "QuerySet[Known]":
    """Items with what is on record of each."""
    same = {"patient": OuterRef("patient"), "instrument": OuterRef("ask")}
    closes = Coalesce(OuterRef("closes_at"), Value(_NO_END))
    answers = QuestionnaireResponse.objects.filter(
        **same, replaced_by=None, observed_at__gte=OuterRef("opens_at"), observed_at__lt=closes
    )
    calls = CheckIn.objects.filter(item=OuterRef("pk"), reached=True)
    asked = Assignment.objects.filter(
        **same, made_at__gte=OuterRef("opens_at"), made_at__lt=closes, cancelled_at=None
    )
    tries = RedeemTry.objects.filter(
        right=True,
        assignment__patient=OuterRef("patient"),
        assignment__instrument=OuterRef("ask"),
        at__gte=OuterRef("opens_at"),
        at__lt=closes,
    )
    known: QuerySet[Known] = DueItem.objects.select_related("patient").annotate(
        answered_at=Coalesce(
            Subquery(answers.order_by("observed_at").values("observed_at")[:1]),
            Subquery(calls.order_by("called_at").values("called_at")[:1]),
        ),
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
    return Line(item, schedule.state(window, happened, now), happened.answered_at, offers)


def of_patient(patient: Patient, now: datetime) -> list[Line]:
    """Everything this person was or is to be asked, the latest first."""
    offers = Offers()
    return [_line(row, now, offers) for row in _known_of(patient.pk)]


@worded_once
def _known_of(patient_id: UUID) -> "QuerySet[Known]":
    return _known().filter(patient=patient_id).order_by("-due_at", "row", "ask")


def waiting_for_staff(patients: QuerySet[Patient], now: datetime) -> list[Group]:
    """What is open or was missed in the last days, of these people, the longest waiting first.

    A missed check-in by link leaves the list: the moment it asked about has gone. Of somebody at
    risk it is an alert.
    """
    ended = Q(closes_at__lte=now - MISSED_SHOWN_FOR) | Q(ask=MOMENT, closes_at__lte=now)
    rows = (
        _known()
        .filter(
            patient__in=patients,
            episode__ended_at=None,
            voided_at=None,
            opens_at__lte=now,
            answered_at=None,
        )
        .exclude(ended)
        .order_by("due_at", "patient", "row", "ask")
    )
    offers = Offers()
    return groups(_line(row, now, offers) for row in rows)


def groups(lines: Iterable[Line]) -> list[Group]:
    """Lines of one person and one occasion together; `lines` come in that order."""
    occasion = groupby(
        lines, key=lambda line: (line.item.episode_id, line.item.row, line.item.anchor)
    )
    return [Group(tuple(found)) for _, found in occasion]


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
        _known()
        .filter(
            Q(leased_until=None) | Q(leased_until__lte=now),
            _worded(now),
            ~Q(patient__email=""),
            way=str(Way.LINK),
            patient__safe_contact="",
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


def _worded(now: datetime) -> Q:
    """What there are words for, in the language of whoever is asked."""
    open_now = DueItem.objects.filter(
        way=str(Way.LINK), voided_at=None, sent_at=None, opens_at__lte=now, closes_at__gt=now
    )
    offers, found = Offers(), Q(pk__in=[])
    for language in open_now.values_list("patient__language", flat=True).distinct():
        found |= Q(patient__language=language, ask__in=offers.instruments_in(language))
    return found


def unanswered_calls(now: datetime) -> "QuerySet[Known]":
    """Check-ins whose window closed with nobody reached, and that staff were not told of."""
    return _past(now).filter(way=str(Way.CALL))


def _past(now: datetime) -> "QuerySet[Known]":
    """What was missed and nobody was told of yet, the oldest first.

    One that was charted only after its window had closed was never to be done: it is no alarm.
    """
    rows = _known().filter(
        episode__ended_at=None,
        voided_at=None,
        told_at=None,
        answered_at=None,
        closes_at__lte=now,
    )
    return rows.exclude(made_at__gte=Coalesce("closes_at", Value(_NO_END))).order_by("closes_at")


def silent_at_risk(now: datetime) -> "QuerySet[Known]":
    """What asks about safety, came after a dose and was missed by somebody who stood at risk then.

    Whether they stood at risk is asked of the time up to the end of the window.
    """
    asking = [held.id for held in map(instruments.load, instruments.ids()) if held.watched]
    patient, ever = OuterRef("patient"), OuterRef("opened_at")
    # First whose they could be at all: few, where what was ever missed is a long list.
    episodes = Episode.objects.filter(stood_at_risk(patient, ever, Value(now)), ended_at=None)
    then = stood_at_risk(patient, OuterRef("episode__opened_at"), OuterRef("closes_at"))
    theirs = _past(now).filter(episode__in=list(episodes.values_list("pk", flat=True)))
    return theirs.filter(then, ask__in=asking).exclude(anchor="")
