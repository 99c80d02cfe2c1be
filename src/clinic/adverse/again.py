"""What was sent, against the record as it stands: where they differ, it is due once more.

Its clock runs from the change. It ends by being sent again, by a reason, or when the record says
again what was sent. What was sent is never changed; the proof of each sending stays.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from clinic.adverse import duties, monitoring, queries
from clinic.adverse.models import (
    AdverseEvent,
    Duty,
    DutyDiffers,
    DutyStep,
    MonitoringForm,
    StepKind,
)
from clinic.dosing.models import DosingSession, SessionEvent
from clinic.dosing.models.sessions import ENDED
from clinic.people import audit
from clinic.people.models import User
from kapstone import adverse
from kapstone.adverse.form import Words
from kapstone.monitoring.events import Kind

MINUTE = timedelta(minutes=1)  # a time is typed to the minute
# Of the person as they are now: a medicine begun next week was none of that day.
OF_THE_PERSON = frozenset(
    {
        *("first_name", "last_name", "birth_date", "sex", "site", "enrolled"),
        *("benzodiazepine", "hypnotic", "stimulant", "maoi", "opioid"),
    }
)


@dataclass(frozen=True, slots=True)
class Differs:
    """One thing that was sent otherwise than it stands. Empty: it was, or is, not said."""

    title: str
    then: str
    now: str


@transaction.atomic
def close(*, step: DutyStep, by: User, at: datetime) -> DutyStep:
    """Take a step about a duty. A form that is sent is kept as it was sent.

    Where the record changed between the sending and this proof of it, it is due again at once.
    """
    duty = step.duty
    if duty.session and duty.row == duties.FORM and step.kind != StepKind.REOPENED:
        _keep_form(duty.session, step.done_at or at, by, at)
    taken = duties.take_step(step=step, by=by, at=at)
    _look(Duty.objects.filter(pk=duty.pk), by, at)
    return taken


def _keep_form(session: DosingSession, sent_at: datetime, by: User, at: datetime) -> None:
    """Save what is sent, unless something was charted since: then the last saved form was."""
    since = sent_at + MINUTE
    moved = (
        session.events.filter(recorded_at__gt=since).exists()
        or session.adverse_events.filter(recorded_at__gt=since).exists()
        or session.departures.filter(saved_at__gt=since).exists()
    )
    last = monitoring.newest(session)
    if not moved and (last is None or last.charted != monitoring.fill(session, at)):
        monitoring.save(session=session, answers={}, by=by, at=at)


def line_moved(session: DosingSession, row: SessionEvent, by: User | None, at: datetime) -> None:
    """An event was charted. While a session goes on, only what corrects or ends it is read."""
    ended = session.phase in ENDED or row.kind == Kind.PHASE
    if monitoring.is_asked(session) and (ended or row.replaces_id or row.kind == Kind.ARTEFACT):
        look_at_session(session, by, at)


def look_at_session(session: DosingSession, by: User | None, at: datetime) -> None:
    """Compare the form that was sent with what stands now."""
    _look(Duty.objects.filter(session=session, row=duties.FORM), by, at)


def look_at_event(event: AdverseEvent, by: User | None, at: datetime) -> None:
    """Compare every report about an event with it, and the form of its session."""
    _look(Duty.objects.filter(event=event.root_id), by, at)
    if event.session is not None:
        look_at_session(event.session, by, at)


def _look(rows: QuerySet[Duty], by: User | None, at: datetime) -> None:
    sent = rows.filter(Q(settled_at__isnull=False) | Q(again_at__isnull=False), voided_at=None)
    for duty in sent.select_for_update(of=("self",)):
        found = differences(duty, at)
        if bool(found) != (duty.again_at is not None):
            _turn(duty, found, by, at)


def _turn(duty: Duty, found: tuple[Differs, ...], by: User | None, at: datetime) -> None:
    """Open it once more, or close it as the record agrees again."""
    if found:
        due_at = adverse.due_again(duties.row_of(duty), at, duties.zone())
        duty.settled_at, duty.again_at, duty.due_at, duty.told_at = None, at, due_at, None
    else:
        duty.settled_at, duty.again_at = at, None
    what = [asdict(each) for each in found]
    DutyDiffers.objects.create(duty=duty, what=what, at=at, by=by, until=duty.due_at)
    duty.save(update_fields=["settled_at", "again_at", "due_at", "told_at"])
    audit.record("due_differs", by=by, at=at, patient=duty.patient, subject=duty, row=duty.row)


def differences(duty: Duty, now: datetime) -> tuple[Differs, ...]:
    """What was last sent about it, or left for a reason, beside what stands on record."""
    step = duty.steps.exclude(kind=StepKind.REOPENED).order_by("pk").last()
    if step is None or duty.row not in _rows():
        return ()
    if duty.session is not None:
        return tuple(_of_form(duty.session, step, now))
    if duty.event is not None:
        return tuple(_of_event(duty.event, step))
    return ()


def _rows() -> frozenset[str]:
    """What is sent to somebody. What a departure lacks is charted, and sent to nobody."""
    about = adverse.content().due
    return frozenset(row.id for row in about if row.about is not adverse.About.DEPARTURE)


def _of_form(session: DosingSession, step: DutyStep, now: datetime) -> Iterator[Differs]:
    sent, newest = _form_sent(session, step), monitoring.newest(session)
    then = _said(sent.charted, sent.answers) if sent else {}
    stands = _said(monitoring.fill(session, now), newest.answers if newest else {})
    for each in adverse.differences(then, stands):
        yield Differs(each.field.title, each.then, each.now)


def _said(charted: Words, answers: Words) -> Words:
    told = {**answers, **charted}
    return {name: words for name, words in told.items() if name not in OF_THE_PERSON}


def _form_sent(session: DosingSession, step: DutyStep) -> MonitoringForm | None:
    """The form as it was saved with the step, else the last that was saved before it was sent."""
    until = (step.done_at or step.at) + MINUTE
    saved = session.monitoring_forms.filter(Q(saved_at=step.at) | Q(saved_at__lte=until))
    return saved.order_by("number").last()


def _of_event(first: AdverseEvent, step: DutyStep) -> Iterator[Differs]:
    """The row that stood when it was sent, beside the newest."""
    rows = queries.history(first)
    until = (step.done_at or step.at) + MINUTE
    told = [row for row in rows if row.recorded_at <= until] or rows[:1]
    then, stands = _words(told[-1]), _words(rows[-1])
    for title, words in then.items():
        if stands[title] != words:
            yield Differs(title, words, stands[title])


def _words(event: AdverseEvent) -> dict[str, str]:
    """What a report says of an event, by its title."""
    shown = queries.shown(event)
    grave = {True: "serious", False: "not serious", None: ""}[shown.serious]
    said = {title: "" if words == queries.NOT_SAID else words for title, words in shown.said}
    return {
        "Recorded in error": "yes" if event.withdrawn else "",
        "What it is": event.term,
        "In words": event.detail,
        "It began": _moment(event.onset_at),
        "It ended": _moment(event.stop_at),
        "Grade": str(event.grade or ""),
        "Grade by what had to be done": str(event.intervention_grade or ""),
        "Expected and passed": "yes" if event.transient_expected else "",
        "Serious": "; ".join(filter(None, (grave, *shown.criteria))),
    } | said


def _moment(at: datetime | None) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""
