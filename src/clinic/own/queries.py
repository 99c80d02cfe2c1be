"""Reads of what a person shared or said, and of what was offered to them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from clinic.dosing import queries as dosing
from clinic.dosing.kinds import NOTE
from clinic.dosing.models import DosingSession, SessionEvent
from clinic.episodes import queries as episodes
from clinic.own.models import HomeworkSaid, Shared, Story
from clinic.people.models import Patient
from clinic.therapy import queries as therapy
from clinic.therapy.models import IntegrationVisit, Intention
from kapstone.monitoring import taps

LETTER_AFTER = timedelta(days=30)
MOMENTS = ("moment", "experience")  # of the groups of taps: what a story may begin with


@dataclass(frozen=True, slots=True)
class Task:
    """What a person took with them from a visit, and what they last said of it."""

    visit: IntegrationVisit
    said: HomeworkSaid | None


@dataclass(frozen=True, slots=True)
class Given:
    """Everything a person gave to those who treat them."""

    intention: Intention | None
    shared: list[Shared]
    homework: list[Task]
    stories: list[Story]

    def __bool__(self) -> bool:
        said = any(task.said for task in self.homework)
        return bool(self.intention or self.shared or said or self.stories)


def given(patient: Patient) -> Given:
    """What staff who treat this person read of it."""
    shared = list(Shared.objects.filter(patient=patient).order_by("-at"))
    return Given(therapy.intention(patient), shared, homework(patient), stories(patient))


def homework(patient: Patient) -> list[Task]:
    """What was taken along from each visit, newest first."""
    became = dict(patient.integration_visits.values_list("replaces", "pk"))
    said = {}
    for row in patient.homework_said.order_by("pk"):
        visit_id = row.visit_id
        while visit_id in became:  # the visit was corrected since: the word stays with it
            visit_id = became[visit_id]
        said[visit_id] = row
    visits = therapy.integration_visits(patient)
    return [Task(one, said.get(one.pk)) for one in visits if one.homework or one.next_step]


def stories(patient: Patient) -> list[Story]:
    """The last story of each session, newest first."""
    rows = patient.stories.select_related("by", "session").order_by("-pk")
    last: dict[object, Story] = {}
    for row in rows:
        last.setdefault(row.session_id, row)
    return list(last.values())


def moments(session: DosingSession) -> list[str]:
    """What was marked in a session as a moment, each in a line with its time on the clock."""
    ids = {tap.id for group in taps.groups() if group.id in MOMENTS for tap in group.taps}
    return [_line(row) for row in _of(dosing.standing_rows(session), ids)]


def _of(rows: Iterable[SessionEvent], ids: set[str]) -> list[SessionEvent]:
    noted = [row for row in rows if row.kind == NOTE and row.body.get("word") in ids]
    return sorted(noted, key=lambda row: (row.observed_at, row.number))


def _line(row: SessionEvent) -> str:
    return f"{timezone.localtime(row.observed_at):%H:%M} {row.note}"


def day_of_letter(patient: Patient, now: datetime) -> date:
    """The day that a letter of today is proposed for: 30 days after the last dose, or from now."""
    last = episodes.given_doses(patient).last()
    after_dose = timezone.localdate(last.started_at) + LETTER_AFTER if last else None
    today = timezone.localdate(now)
    return after_dose if after_dose and after_dose > today else today + LETTER_AFTER
