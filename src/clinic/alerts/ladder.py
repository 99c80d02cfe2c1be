"""The loop's work on alerts: climb the ladder, deliver what waits."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Least

from clinic.alerts import actions, queries, roster
from clinic.alerts.hours import night_of, tonight
from clinic.alerts.models import Alert, Delivery, Rung
from clinic.reach.actions import tell_staff
from clinic.reach.messages import Unsent, Way

LEASE = timedelta(seconds=60)
RETRY = timedelta(seconds=10)
OVERDUE_AFTER = timedelta(seconds=10)
BATCH = 20
MOST_ATTEMPTS = 32_000  # what the column holds: a mail server dead for days must not stop the loop

_SUBJECTS = {Rung.NIGHT: "Kapstone: the on-call roster has a gap tonight"}


class Undelivered(Exception):
    """Messages wait that nobody could send. Raised so that the job's beat goes stale and shows."""


def climb(now: datetime) -> int:
    """Queue the next rung for every alert whose clock ran out; returns how many climbed."""
    unheard = queries.unacknowledged()
    climbed = 0
    for alert in unheard.filter(backup_due_at__lte=now).exclude(deliveries__rung=Rung.BACKUP):
        climbed += _reach(alert, Rung.BACKUP, now)
    for alert in unheard.filter(everyone_due_at__lte=now).exclude(deliveries__rung=Rung.EVERYONE):
        climbed += _reach(alert, Rung.EVERYONE, now)
    late = queries.uncontacted().filter(first_contact_due_at__lte=now)
    for alert in late.exclude(deliveries__rung=Rung.OVERDUE):
        climbed += _reach(alert, Rung.OVERDUE, now)
    return climbed


@transaction.atomic
def _reach(alert: Alert, rung: Rung, now: datetime) -> int:
    ladder = roster.on_call(now)
    everyone = list(roster.whole_clinic(now))
    people = {Rung.BACKUP: ladder[1:] or everyone, Rung.OVERDUE: ladder or everyone}
    actions.tell(alert, rung, people.get(rung, everyone), at=now)
    return 1


@transaction.atomic
def tell_empty_night(now: datetime) -> int:
    """From 16:00 on: the manager and the medical director are told of a night without cover.

    Each is told once a night; with neither here, the whole clinic is. Returns how many messages
    were queued.
    """
    until = tonight(now)
    if until is None or roster.uncovered_from(now, until) is None:
        return 0
    night = night_of(now)
    told = Delivery.objects.filter(night=night).values("recipient")
    people = roster.leads(now).exclude(pk__in=told)
    if not people and not told.exists():
        people = roster.whole_clinic(now)
    rows = [Delivery(night=night, rung=Rung.NIGHT, recipient=one, made_at=now) for one in people]
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def deliver(now: datetime) -> int:
    """Send what waits, each under a lease, so that a crash sends it again and never loses it.

    One address that fails stops no other. While a message is overdue this raises after trying
    all: a dead mail server must not look like a quiet night.
    """
    sent = 0
    for delivery in _lease(now):
        try:
            way, problem = _send(delivery)
        except Unsent as error:
            Delivery.objects.filter(pk=delivery.pk).update(
                problem=error.kind[:60], leased_until=now + RETRY
            )
        else:
            Delivery.objects.filter(pk=delivery.pk).update(
                sent_at=now, sent_by=way, problem=problem
            )
            sent += 1
    if Delivery.objects.filter(sent_at=None, made_at__lte=now - OVERDUE_AFTER).exists():
        raise Undelivered
    return sent


@transaction.atomic
def _lease(now: datetime) -> list[Delivery]:
    free = Q(leased_until__isnull=True) | Q(leased_until__lte=now)
    waiting = Delivery.objects.filter(free, sent_at__isnull=True).order_by("made_at", "pk")
    taken = list(
        waiting.select_for_update(of=("self",)).select_related(
            "recipient__user", "recipient__reach"
        )[:BATCH]
    )
    Delivery.objects.filter(pk__in=[row.pk for row in taken]).update(
        leased_until=now + LEASE, attempts=Least(F("attempts") + 1, MOST_ATTEMPTS)
    )
    return taken


def _send(delivery: Delivery) -> tuple[Way, str]:
    """A message says that something waits, and nothing about whom or what."""
    return tell_staff(
        delivery.recipient,
        _SUBJECTS.get(Rung(delivery.rung), "Kapstone: something needs you now"),
        f"{delivery.get_rung_display()}.\n\nSign in and open Today: {settings.CLINIC_ADDRESS}\n",
        f"alert-delivery-{delivery.pk}",
    )
