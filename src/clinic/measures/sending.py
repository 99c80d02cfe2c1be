"""The loop's work on what is due: send links, tell of calls that nobody made, turn the calendar."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby, islice

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from clinic.alerts.actions import Cause, raise_alert
from clinic.episodes.models import Episode
from clinic.measures import actions, due, follow_up, missed, queries
from clinic.measures.models import DueItem
from clinic.people.models import Patient
from clinic.reach.channels import channel
from clinic.reach.messages import Message, Unsent, Way
from clinic.reach.wishes import wishes
from kapstone import instruments, pathway
from kapstone.risk import AlertLevel

LEASE = timedelta(seconds=60)
RETRY = timedelta(minutes=10)
BATCH = 20
_TELL_US = "No more of these? Tell the clinic"  # where no gateway hands over what comes in


def send(now: datetime) -> int:
    """Send the links that are due, one message an occasion; returns how many went out.

    A message that fails stops no other. After three attempts the item is a call for somebody.
    """
    sent = 0
    for _, group in groupby(_lease(now), key=lambda each: (each.episode_id, each.row, each.anchor)):
        items = list(group)
        rows = DueItem.objects.filter(pk__in=[item.pk for item in items])
        try:
            _remind(items, now)
        except (actions.NobodyToAsk, actions.LinkDead, actions.AlreadyAsked):
            continue
        except Unsent as error:
            rows.update(problem=error.kind[:60], leased_until=now + RETRY)
        else:
            rows.update(sent_at=now, problem="")
            sent += 1
    return sent


@transaction.atomic
def _lease(now: datetime) -> Sequence[DueItem]:
    ready = due.to_send(now)
    leaving = (row.pk for row in ready if _may_leave(row, now))
    chosen = list(islice(leaving, BATCH))
    taken = list(ready.filter(pk__in=chosen).select_for_update(of=("self",)))
    DueItem.objects.filter(pk__in=[item.pk for item in taken]).update(
        leased_until=now + LEASE, attempts=F("attempts") + 1
    )
    return taken


def _may_leave(item: DueItem, now: datetime) -> bool:
    """What would only ever be quiet is asked before they leave; all else waits for the day."""
    return wishes(item.patient).may_leave(now) and not due.falls_in_quiet(item)


def _remind(items: list[DueItem], now: datetime) -> None:
    person = Patient.objects.select_related("reach").get(pk=items[0].patient_id)
    way = wishes(person).way()
    found = channel(way) if way is not None else None
    if way is None or found is None:  # said since the lease
        raise Unsent("NoWay")
    found.send(_message(items, way, now))


def _message(items: list[DueItem], way: Way, now: datetime) -> Message:
    """A message says that questions wait, and nothing about what they ask."""
    first, several = items[0], len(items) > 1
    links = [
        settings.CLINIC_ADDRESS.rstrip("/") + reverse("measures:link", args=[_secret(item, now)])
        for item in items
    ]
    text = (
        f"Your clinic has {'some pages' if several else 'a page'} of questions for you. "
        f"{'Each' if several else 'It'} opens with your date of birth:\n\n"
        + "\n".join(links)
        + "\n\nNobody reads answers to this message. If you need help now, call the clinic, or "
        "call or text a crisis line: they stand on the page.\n"
    )
    if way is Way.TEXT:
        heard = "Write STOP for no more of these" if settings.CLINIC_TEXT_IN else _TELL_US
        text += f"{heard}.\n"
    return Message(
        to=first.patient.phone if way is Way.TEXT else first.patient.email,
        subject="A few questions from your clinic",
        text=text,
        key=f"due-{first.pk}-{first.attempts}",
    )


@transaction.atomic
def _secret(item: DueItem, now: datetime) -> str:
    """A link for the item. What an attempt before made is replaced: its secret was not kept."""
    assert item.closes_at is not None  # noqa: S101 - only items with an end are sent
    held = queries.open_assignments(item.patient, now).filter(instrument=item.ask, reason=item.row)
    known = held.first()
    if known is not None:
        return actions.renew_link(assignment=known, closes_at=item.closes_at, by=None, at=now)
    _, secret = actions.ask(
        patient=item.patient,
        instrument=item.ask,
        closes_at=item.closes_at,
        by=None,
        at=now,
        reason=item.row,
    )
    return secret


def tell_missed(now: datetime) -> int:
    """An alert for each call that nobody made in time; returns how many.

    And for each questionnaire about suicide that somebody with a suicide tier did not answer.
    """
    count = 0
    calls = [(item, _missed(item)) for item in missed.calls(now)]
    watched = [(item, _unanswered(item)) for item in missed.watched(now)]
    for item, cause in calls + watched:
        with transaction.atomic():
            raise_alert(cause, patient=item.patient, subject=item, by=None, at=now)
            DueItem.objects.filter(pk=item.pk).update(told_at=now)
        count += 1
    return count


def _missed(item: DueItem) -> Cause:
    """A missed check after a dose is urgent. Source: protocol OUT-24; the level is mark P."""
    due_on = timezone.localtime(item.due_at)
    return Cause(
        "check_in.missed",
        AlertLevel.URGENT,
        f"Nobody reached this person for the check-in due on {due_on:%B} {due_on.day}. Call now, "
        "and write down how they are.",
    )


def _unanswered(item: DueItem) -> Cause:
    """Source: protocol 10.1; that it is urgent from LOW on is this programme's, mark P."""
    return Cause(
        "watched.missed",
        AlertLevel.URGENT,
        f"{item.title}: {instruments.load(item.ask).name} was not answered in time, and a suicide "
        "tier is on record in this episode. Ask in person.",
    )


def turn_calendar(now: datetime) -> None:
    """What the calendar asks of people in maintenance."""
    for episode in Episode.objects.filter(stage=str(pathway.Episode.MAINTENANCE)):
        follow_up.keep_in_step(episode, None, now)
