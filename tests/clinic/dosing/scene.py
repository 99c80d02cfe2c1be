"""A dosing day for the tests: people, an order, and a session taken as far as a test needs."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from clinic.calendar import actions as calendar
from clinic.dosing import (
    actions,
    before,
    consoles,
    dose_entry,
    giving,
    queries,
    readiness,
    stages,
)
from clinic.dosing.kinds import Chart
from clinic.dosing.models import ConsoleBeat, DosingSession, SessionEvent
from clinic.episodes import actions as episodes
from clinic.people.models import Patient, StaffMember, User
from clinic.people.roles import Role
from clinic.planning import spacing
from kapstone import eligibility
from kapstone.dose import Entry, Outcome
from tests.clinic import cast
from tests.clinic.cast import NOON

ORDER_ID = UUID("00000000-0000-4000-8000-000000000001")
ROBIN = dose_entry.SaidIdentity("R E", "1980")


def after(minutes: float, seconds: float = 0) -> datetime:
    """So long after noon."""
    return NOON + timedelta(minutes=minutes, seconds=seconds)


@dataclass
class Scene:
    """One person's day."""

    patient: Patient
    nurse: StaffMember
    other: StaffMember
    prescriber: StaffMember
    therapist: StaffMember
    session: DosingSession

    def chart(
        self, kind: str, at: datetime, *, observed: datetime | None = None, **body: object
    ) -> SessionEvent:
        """One event by the nurse."""
        told = Chart(uuid4(), kind, observed or at, body)
        return actions.record(session=self.session, chart=told, by=self.nurse.user, at=at)

    def enter(self, at: datetime, first: Entry, second: Entry) -> Outcome:
        """Both entries."""
        dose_entry.enter_first(
            session=self.session, entry=first, identity=ROBIN, by=self.nurse.user, at=at
        )
        return dose_entry.enter_second(
            session=self.session, entry=second, by=self.other.user, at=at
        )

    def prepare(self) -> None:
        """All that is asked before a dose, up to 12:15."""
        self.chart("checked", after(0), item="DAY-01", result="PASS")
        stages.arrive(session=self.session, by=self.nurse.user, at=after(0))
        for item in readiness.judge(self.session, after(0)).items:
            if item.chartable and item.id != "DAY-01":
                self.chart("checked", after(1), item=item.id, result="PASS")
        self.chart("checked", after(1), item="CONSENT", result="PASS")
        self.chart("weight", after(2), weight_kg=70)
        for minute in (3, 10):
            self.chart("vitals", after(minute), sbp=120, dbp=80, hr=70, spo2=98, rr=14, seated=True)

    def start(self, at: datetime | None = None) -> SessionEvent:
        """Ready, two people, and the drug."""
        self.prepare()
        return self.start_ready(at)

    def start_ready(self, at: datetime | None = None) -> SessionEvent:
        """The same, all of what is asked before being there."""
        at = at or after(15)
        stages.make_ready(session=self.session, by=self.nurse.user, at=at)
        assert self.enter(at, MG_35, MG_35) is Outcome.AGREE
        body = {} if self.session.route == "IV" else {"dose_mg": 35}
        told = Chart(uuid4(), "dose_start", at, body)
        return giving.start_dose(session=self.session, chart=told, by=self.nurse.user, at=at)

    def names(self) -> list[str]:
        """Everybody who is about."""
        staff = (self.nurse, self.other, self.prescriber, self.therapist)
        return [self.patient.given_name, self.patient.family_name, *(one.name for one in staff)]

    def part(self, kind: str, minute: float, note: str = "", **body: object) -> SessionEvent:
        """A further part of the dose."""
        told = Chart(uuid4(), kind, after(minute), body, note=note)
        return giving.record_part(
            session=self.session, chart=told, by=self.nurse.user, at=after(minute)
        )

    def given_mg(self) -> Decimal | None:
        """What stands as given."""
        found = queries.given(self.session)
        return found.dose_mg if found else None

    def reload(self) -> DosingSession:
        """The session as the database has it."""
        self.session.refresh_from_db()
        return self.session

    def events(self) -> list[SessionEvent]:
        """The line."""
        return list(self.session.events.select_related("by", "replaces").order_by("number"))


MG_35 = Entry(Decimal(35), Decimal(70))


def ordered(route: str = "IM", product: str = "RACEMIC", **changed: object) -> before.Ordered:
    """An order of 35 mg for 70 kg."""
    figures = {
        "order_id": ORDER_ID,
        "product": product,
        "route": route,
        "dose_mg": Decimal(35),
        "dose_mg_per_kg": Decimal("0.5"),
        "volume_ml": Decimal("0.7"),
        "devices": None,
        "infusion_min": 40 if route == "IV" else None,
        "hard_max_mg": Decimal(70),
        "weight_kg": Decimal(70),
        "signed_at": NOON - timedelta(hours=1),
    } | changed
    return before.Ordered(**figures)  # type: ignore[arg-type]  # figures of a test


def earlier_rooms(monkeypatch: pytest.MonkeyPatch, order: before.Ordered | None) -> None:
    """What intake and planning would say, and a console: all is in place. A test takes away what
    it wants.
    """
    nothing = eligibility.Screening(eligibility.State.UNDER_REVIEW, (), (), "test")
    monkeypatch.setattr(before, "order", lambda patient, at: order)
    monkeypatch.setattr(before, "is_cleared", lambda *_: True)
    monkeypatch.setattr(before, "has_consent", lambda patient, at: True)
    monkeypatch.setattr(before, "reconfirm_consent", lambda **_: None)
    monkeypatch.setattr(before, "against_session", lambda *_: spacing.Against())
    monkeypatch.setattr(before, "screening_today", lambda *_: nothing)
    monkeypatch.setattr(consoles, "audible", lambda *_: [ConsoleBeat(user=User(name="Nina"))])


def set_up(route: str = "IM", product: str = "RACEMIC") -> Scene:
    """A person in care with a session planned, and staff on shift."""
    nurse, other = cast.staff(Role.NURSE, "Nina Nurse"), cast.staff(Role.NURSE, "Otto Other")
    prescriber = cast.staff(Role.PRESCRIBER, "Paula Prescriber")
    therapist = cast.staff(Role.THERAPIST, "Theo Therapist")
    person = cast.patient()
    for member in (nurse, other, prescriber, therapist):
        cast.treats(member, person)
        calendar.put_on_shift(
            staff=member,
            starts_at=NOON - timedelta(hours=4),
            ends_at=NOON + timedelta(hours=12),
            by=None,
            at=NOON,
        )
    cast.on_call(prescriber)
    episodes.open_episode(patient=person, by=None, at=NOON)
    session = stages.open_session(
        patient=person, product=product, route=route, by=nurse.user, at=NOON
    )
    return Scene(person, nurse, other, prescriber, therapist, session)
