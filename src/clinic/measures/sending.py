"""The loop's work on what is due: send links, tell of calls that nobody made, turn the calendar."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby, islice
from zoneinfo import available_timezones

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic.alerts.actions import Cause, raise_alert
from clinic.episodes.models import Episode
from clinic.measures import actions, daily, due, follow_up, missed, queries
from clinic.measures.models import DueItem
from clinic.people import tongue
from clinic.people.models import Patient
from clinic.reach.channels import channel
from clinic.reach.messages import Message, Unsent, Way
from clinic.reach.wishes import wishes
from kapstone import instruments, pathway
from kapstone.risk import AlertLevel

LEASE = timedelta(seconds=60)
RETRY = timedelta(minutes=10)
BATCH = 20


def send(now: datetime) -> int:
    """Send the links that are due, one message an occasion; returns how many went out.

    A message that fails stops no other. After three attempts the item is a call for somebody.
    """
    sent = 0
    occasions = groupby(_lease(now), key=lambda each: (each.episode_id, each.row, each.anchor))
    for items in [list(group) for _occasion, group in occasions]:
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
    first = items[0]
    links = [
        settings.CLINIC_ADDRESS.rstrip("/") + reverse("measures:link", args=[_secret(item, now)])
        for item in items
    ]
    with translation.override(tongue.own(first.patient)):
        told = ngettext(
            "Your clinic has a page of questions for you. It opens with your date of birth:",
            "Your clinic has some pages of questions for you. Each opens with your date of birth:",
            len(links),
        )
        help_is = _(
            "Nobody reads answers to this message. If you need help now, call the clinic, or call "
            "or text a crisis line: they stand on the page."
        )
        heard = _("Write STOP for no more of these.")
        unheard = _("Tell the clinic if you want no more of these.")
        subject = _("A few questions from your clinic")
    stop = heard if settings.CLINIC_TEXT_IN else unheard
    ends = [help_is, stop] if way is Way.TEXT else [help_is]
    return Message(
        to=first.patient.phone if way is Way.TEXT else first.patient.email,
        subject=subject,
        text="\n\n".join([told, "\n".join(links), *ends]) + "\n",
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
    """An alert for each call that nobody made in time, and each silence of somebody at risk."""
    found = [(item, _missed(item)) for item in missed.calls(now)]
    found += [(item, _silent(item)) for item in missed.watched(now)]
    for item, cause in found:
        with transaction.atomic():
            raise_alert(cause, patient=item.patient, subject=item, by=None, at=now)
            DueItem.objects.filter(pk=item.pk).update(told_at=now)
    return len(found)


def _missed(item: DueItem) -> Cause:
    """A missed check after a dose is urgent. Source: protocol OUT-24; the level is mark P."""
    due_on = timezone.localtime(item.due_at)
    return Cause(
        "check_in.missed",
        AlertLevel.URGENT,
        f"Nobody reached this person for the check-in due on {due_on:%B} {due_on.day}. Call now, "
        "and write down how they are.",
    )


def _silent(item: DueItem) -> Cause:
    """Source: protocol 10.1 and PC-2 (somebody with thoughts of suicide before); level mark P."""
    name, due_on = instruments.load(item.ask).name, timezone.localtime(item.due_at)
    return Cause(
        f"{item.ask}.missed_at_risk",
        AlertLevel.URGENT,
        f"{name}, due on {due_on:%B} {due_on.day}, was not answered, and this person had a suicide "
        "tier of LOW or above in this series. Call now.",
    )


def turn_calendar(now: datetime) -> None:
    """What the calendar asks of people in maintenance, and of whoever wishes it every day.

    Whoever lives by the clinic's own clock follows it here when that is set anew.
    """
    maintained = Q(stage=str(pathway.Episode.MAINTENANCE))
    wished = Q(ended_at=None, patient__in=daily.wishing())
    by_ours = Q(ended_at=None) & ~Q(patient__time_zone__in=available_timezones())
    for episode in Episode.objects.filter(maintained | wished | by_ours):
        follow_up.keep_in_step(episode, None, now)
