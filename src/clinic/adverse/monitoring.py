"""The esketamine monitoring form: filled from what is charted, saved, compared later."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format

from clinic.adverse import duties, queries
from clinic.adverse.models import MonitoringForm
from clinic.dosing import lines
from clinic.dosing import queries as sessions
from clinic.dosing.leaving import Asked
from clinic.dosing.models import DosingSession, SessionEvent
from clinic.dosing.models.sessions import ENDED
from clinic.intake import known
from clinic.people import audit
from clinic.people.models import User
from kapstone import adverse
from kapstone.adverse.form import NO, YES, Difference, Field
from kapstone.adverse.rows import About
from kapstone.eligibility import medicines
from kapstone.monitoring.recovery import Judged, State

PRODUCTS = frozenset(
    product
    for row in adverse.content().due
    if row.about is About.SESSION
    for product in row.products
)
_ROWS = tuple(row.id for row in adverse.content().due if row.about is About.SESSION)
_CLASSES = {  # the form's questions, and the classes of a listed medicine that say yes to each
    "benzodiazepine": {"benzodiazepine"},
    "hypnotic": {"z_drug"},
    "stimulant": {"stimulant"},
    "maoi": {"maoi"},
    "opioid": {"opioid"},
}


@dataclass(frozen=True, slots=True)
class Line:
    """One question of the form with its answer. charted: the record fills it, nobody types it."""

    field: Field
    words: str
    charted: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """The form of a session now. saved: as it was last saved; None before.

    differs: filled otherwise then than now. come: open then, charted since.
    """

    lines: tuple[Line, ...]
    saved: MonitoringForm | None
    differs: tuple[Difference, ...]
    come: tuple[Difference, ...]

    @property
    def open(self) -> list[str]:
        """What nobody has charted or said, by name."""
        return [line.field.title for line in self.lines if not line.words]


def is_asked(session: DosingSession) -> bool:
    """Whether there is a form for this product."""
    return session.product in PRODUCTS


def newest(session: DosingSession) -> MonitoringForm | None:
    """The form as it was last saved."""
    return session.monitoring_forms.select_related("by").order_by("number").last()


def sheet(session: DosingSession, now: datetime) -> Sheet:
    """The form filled with what stands on record now, and with what people said."""
    saved, charted = newest(session), fill(session, now)
    answers = saved.answers if saved else {}
    changed = adverse.differences(saved.charted, charted) if saved else ()
    return Sheet(
        lines=tuple(
            Line(field, charted.get(field.id) or answers.get(field.id, ""), field.id in charted)
            for field in adverse.form().fields
        ),
        saved=saved,
        differs=tuple(each for each in changed if each.then),
        come=tuple(each for each in changed if not each.then),
    )


def fill(session: DosingSession, now: datetime) -> dict[str, str]:
    """What the record answers, by field. What it does not answer is not there."""
    told = adverse.charted(lines.read(session).events, now)
    found = dict(_person(session)) | dict(_taken_as_well(session))
    if told is not None:
        rows = sessions.standing_rows(session)
        terms = [event.term for event in queries.of_session(session)]
        found |= adverse.filled(told, _left_at(session, rows), terms)
        found["day"] = _day(told.first_at)
        found |= _beside_the_line(session, rows, told)
    found["comment"] = _comment(session)
    return {name: words for name, words in found.items() if words}


def _person(session: DosingSession) -> Iterator[tuple[str, str]]:
    who = session.patient
    yield "first_name", who.given_name
    yield "last_name", who.family_name
    yield "birth_date", f"{date_format(who.birth_date, 'M j')}, {who.birth_date.year:04d}"
    yield "sex", who.get_sex_display()
    yield "site", settings.CLINIC_NAME
    enrolled = known.latest_answers(who).get("patient_rems_enrolled")
    if enrolled is not None and isinstance(enrolled.value, bool):
        yield "enrolled", YES if enrolled.value else NO


def _taken_as_well(session: DosingSession) -> Iterator[tuple[str, str]]:
    """Yes where the list names one. A list without one says nothing: a person says no."""
    listed = known.current_medicines(session.patient)
    held = [medicines.Medicine(known.engine_name(each), each.route).classes for each in listed]
    for field, classes in _CLASSES.items():
        if any(not classes.isdisjoint(each) for each in held):
            yield field, YES


def _beside_the_line(
    session: DosingSession, rows: list[SessionEvent], told: adverse.Charted
) -> dict[str, str]:
    given = [row for row in rows if row.number in told.device_numbers]
    lots = [str(row.body.get("lot") or "") for row in given]
    charting = [
        row.by.name
        for row in rows
        if row.by is not None and row.kind == "vitals" and row.observed_at >= told.first_at
    ]
    grave = any(
        adverse.serious(event.criteria, event.judged) for event in queries.of_session(session)
    )
    return {
        "lots": ", ".join(lots) if all(lots) else "",  # one that lacks leaves the question open
        "monitor": ", ".join(dict.fromkeys(charting)),
        "serious": YES if grave else "",
    }


def _comment(session: DosingSession) -> str:
    """The events by name, and what was charted of leaving against advice."""
    named = [event.term for event in queries.of_session(session)]
    left = queries.departure(session)
    events = [f"Events: {', '.join(named)}."] if named else []
    return " ".join(events + ([left.comment] if left and left.comment else []))


def _left_at(session: DosingSession, rows: list[SessionEvent]) -> datetime | None:
    if left := queries.departure(session):
        return left.left_at
    ends = [row for row in rows if row.kind == "phase" and row.body.get("phase") in ENDED]
    return ends[-1].observed_at if ends else None


def _day(at: datetime) -> str:
    here = timezone.localtime(at)
    return f"{date_format(here, 'M j')}, {here.year}"


@transaction.atomic
def save(
    *, session: DosingSession, answers: dict[str, str], by: User, at: datetime
) -> MonitoringForm:
    """Keep the form as it stands, another row each time. What the record fills nobody types."""
    locked = sessions.locked(session)
    last, charted = newest(locked), fill(locked, at)
    told = (last.answers if last else {}) | answers
    known_ids = {field.id for field in adverse.form().fields}
    saved = MonitoringForm.objects.create(
        session=locked,
        number=last.number + 1 if last else 1,
        version=adverse.form().version,
        charted=charted,
        answers={
            name: words
            for name, words in told.items()
            if words and name in known_ids and name not in charted
        },
        line_number=locked.last_number,
        saved_at=at,
        by=by,
    )
    audit.record(
        "save_monitoring_form",
        by=by,
        at=at,
        patient=locked.patient,
        subject=saved,
        number=saved.number,
    )
    return saved


def open_form(*, session: DosingSession, by: User, at: datetime) -> MonitoringForm | None:
    """Save it once, with what is charted, where it is asked and nobody has yet."""
    if not is_asked(session) or newest(session) is not None:
        return None
    return save(session=session, answers={}, by=by, at=at)


def follow_dose(session: DosingSession, by: User | None, at: datetime) -> None:
    """Its seven days run from the first device; a dose charted in error takes them away."""
    if not is_asked(session):
        return
    told = adverse.charted(lines.read(session).events, at)
    due = adverse.due_of_session(session.product, told.first_at, duties.zone()) if told else ()
    about = duties.SetOff(session.patient, duties.owner(by), session=session)
    duties.keep(about, _ROWS, due, at, "no dose stands on the line")


def at_the_door(session: DosingSession) -> Asked | None:
    """DIS-12: opened and saved before the person goes. Nobody overrides it; one tap meets it."""
    if not is_asked(session):
        return None
    row, saved = adverse.form().row, newest(session)
    state = State.MET if saved else State.UNMET
    because = {"saved": f"form {saved.number}" if saved else "not yet"}
    judged = Judged(row.id, row.title, state, because, overridable_by=(), overridden=False)
    return Asked(judged, row.criterion)
