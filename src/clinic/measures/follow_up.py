"""Keeping what is due in step with an episode, and writing down the calls."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction

from clinic.alerts.actions import Cause, raise_alert
from clinic.episodes import queries as episodes
from clinic.episodes.models import Episode
from clinic.measures import answered, clocks, daily
from clinic.measures.models import Assignment, CheckIn, DueItem, Told
from clinic.people import audit
from clinic.people.models import Patient, User
from clinic.reach.wishes import Wishes, wishes, zone_of
from kapstone import pathway, schedule
from kapstone.risk import AlertLevel

NO_LONGER = "its anchor is no longer there"
# What an answer in the call raises. Source: protocol 10.1 (an incomplete screener, a skipped
# item) and OUT-24; levels mark P.
RAISED = {
    ("thoughts", Told.YES): Cause(
        "check_in.thoughts",
        AlertLevel.URGENT,
        "Check-in: told of thoughts of suicide. Ask the C-SSRS screener now.",
    ),
    ("thoughts", Told.NOT_ASKED): Cause(
        "check_in.thoughts_not_asked",
        AlertLevel.REVIEW,
        "Check-in: thoughts of suicide were not asked about, or not answered.",
    ),
    ("driven", Told.YES): Cause(
        "check_in.driven",
        AlertLevel.URGENT,
        "Check-in: little sleep and unusually driven. Look for mania before any further dose.",
    ),
}


@transaction.atomic
def keep_in_step(episode: Episode, by: User | None, at: datetime) -> None:
    """Make, move and void an episode's items as the clock now gives them.

    Told by `clinic.episodes` in the transaction of each dose, stage and series.
    """
    locked = (
        Episode.objects.select_for_update(of=("self",))
        .select_related("patient__reach")
        .get(pk=episode.pk)
    )
    held = {_kept(row): row for row in DueItem.objects.filter(episode=locked)}
    course, said = _course(locked), wishes(locked.patient)
    stood = clocks.kept(held, course.zone, at)
    items = clocks.items(course, stood, at)
    wanted = [_early(item, course, said, held.get(item.kept), at) for item in items]
    zones = {item.kept: stood.get(item.kept, course.zone.key) for item in wanted}
    new = [_new(locked, item, zones[item.kept], at) for item in wanted if item.kept not in held]
    DueItem.objects.bulk_create(new)
    told = [
        _move(held.pop(item.kept), item, zones[item.kept]) for item in wanted if item.kept in held
    ]
    told += [_leave(row, at) for row in held.values()]
    if locked.ended_at is not None:
        _cancel_links(locked.patient, at)
    if count := len(new) + sum(told):
        answered.keep(locked.due_items.all())
        audit.record(
            "keep_follow_up", by=by, at=at, patient=locked.patient, subject=locked, items=count
        )


def keep_wished(patient: Patient, by: User | None, at: datetime) -> None:
    """The person's quiet hours or time zone are others now: time anew what has not been sent."""
    if episode := episodes.open_episode(patient):
        keep_in_step(episode, by, at)


def _early(
    item: schedule.Item, course: schedule.Course, said: Wishes, row: DueItem | None, at: datetime
) -> schedule.Item:
    """What would only fall into quiet hours may be answered from the dose on, before they leave."""
    dose = next((dose for dose in course.doses if dose.key == item.kept.anchor), None)
    by_link = schedule.content().row(item.kept.row).way is schedule.Way.LINK
    if dose is None or item.closes_at is None or not by_link:
        return item
    if row is not None and clocks.is_settled(row, at):  # later wishes do not undo what happened
        early = row.due_at - row.opens_at > item.due_at - item.opens_at
    else:
        early = said.quiet.covers(item.due_at, item.closes_at, said.zone)
    return replace(item, opens_at=min(item.opens_at, dose.at)) if early else item


def _kept(row: DueItem) -> schedule.Kept:
    return schedule.Kept(row.row, row.ask, row.anchor)


def _course(episode: Episode) -> schedule.Course:
    doses = episodes.given_doses(episode.patient).filter(episode=episode)
    series = episode.series.order_by("opened_at").last()
    maintenance = str(pathway.Episode.MAINTENANCE)
    steps = episode.steps.filter(after=maintenance).order_by("at")
    step = steps.last() if episode.stage == maintenance else None
    zone = zone_of(episode.patient)
    return schedule.Course(
        zone=zone,
        referred_at=episode.opened_at,
        doses=tuple(
            schedule.Dose(str(dose.session_id), dose.ended_at or dose.started_at) for dose in doses
        ),
        induction_doses=series.planned_doses if series else None,
        maintenance_since=clocks.noon_of(step.at, zone) if step else None,
        ended_at=episode.ended_at,
        wishes=daily.wishes(episode.patient),
    )


def _new(episode: Episode, item: schedule.Item, zone: str, at: datetime) -> DueItem:
    content = schedule.content()
    planned = content.row(item.kept.row)
    return DueItem(
        patient=episode.patient,
        episode=episode,
        row=item.kept.row,
        ask=item.kept.ask,
        anchor=item.kept.anchor,
        schedule_version=content.version,
        title=planned.title,
        way=str(planned.way),
        made_at=at,
        **_times(item, zone),
    )


def _times(item: schedule.Item, zone: str) -> dict[str, Any]:
    return {
        "zone": zone,
        "opens_at": item.opens_at,
        "due_at": item.due_at,
        "closes_at": item.closes_at,
        "voided_at": item.void_since,
        "why": item.why,
    }


def _move(row: DueItem, item: schedule.Item, zone: str) -> bool:
    """Write the item where it differs from what is held; whether it did."""
    told = _times(item, zone)
    if all(getattr(row, name) == value for name, value in told.items()):
        return False
    told["schedule_version"] = schedule.content().version
    for name, value in told.items():
        setattr(row, name, value)
    row.save(update_fields=list(told))
    return True


def _leave(row: DueItem, at: datetime) -> bool:
    """An item that the clock no longer gives: void, unless it is settled already."""
    if row.voided_at is not None or (row.closes_at is not None and row.closes_at <= at):
        return False
    row.voided_at, row.why = at, NO_LONGER
    row.save(update_fields=["voided_at", "why"])
    return True


def _cancel_links(patient: Patient, at: datetime) -> None:
    Assignment.objects.filter(
        patient=patient, response__isnull=True, cancelled_at__isnull=True
    ).update(cancelled_at=at)


@dataclass(frozen=True, slots=True)
class Escalation:
    """What staff want somebody to act on, and how soon."""

    level: AlertLevel
    words: str


@transaction.atomic
def record_check_in(
    *, call: CheckIn, by: User, at: datetime, escalate: Escalation | None = None
) -> CheckIn:
    """A call was made. What was said that needs a person raises its alert in the same moment."""
    call.by, call.recorded_at = by, at
    call.save(force_insert=True)
    answered.keep(DueItem.objects.filter(pk=call.item_id))
    patient = call.item.patient
    causes = [
        RAISED.get((name, Told(getattr(call, name) or "no"))) for name in ("thoughts", "driven")
    ]
    if escalate is not None:
        causes.append(Cause("check_in.escalated", escalate.level, f"Check-in: {escalate.words}"))
    for cause in filter(None, causes):
        raise_alert(cause, patient=patient, subject=call, by=by, at=at)
    audit.record(
        "record_check_in", by=by, at=at, patient=patient, subject=call, reached=call.reached
    )
    return call
