"""One of the thirty while their record is told: who was drawn, the row, and who treats them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from clinic.people.models import Patient, StaffMember
from clinic.people.roles import Role
from clinic.site.seeds.staff import member, named
from kapstone import synth
from kapstone.dose import Product
from kapstone.synth.monitor import Course, Rise, drawn_rise

Event = tuple[datetime, Callable[[datetime], object]]
SPRAY = 19  # asks for esketamine: 56 mg, in two devices
FIRST_SPRAY = timedelta(days=4)  # before the second one, of today
SPRAY_MG, DEVICES = Decimal(56), 2
_USUAL_MG_PER_KG = Decimal("0.5")  # as the core draws each racemic dose


@dataclass(frozen=True, slots=True)
class Team:
    """Who treats everybody in the demo."""

    prescriber: StaffMember
    nurse: StaffMember
    second: StaffMember
    therapist: StaffMember

    @property
    def everybody(self) -> tuple[StaffMember, ...]:
        """All of them."""
        return self.prescriber, self.nurse, self.second, self.therapist


def team() -> Team:
    """The demo's team."""
    second = named("Pavel Orsini")
    return Team(member(Role.PRESCRIBER), member(Role.NURSE), second, member(Role.THERAPIST))


@dataclass(frozen=True, slots=True)
class Person:
    """Who was drawn, with the row that stands for them here."""

    drawn: synth.SyntheticPerson
    patient: Patient
    team: Team
    as_of: date

    @property
    def number(self) -> int:
        """Their place among the thirty."""
        return self.drawn.number

    @property
    def anchor(self) -> date:
        """The day that the way is counted to: the first dose, or today."""
        if self.number == SPRAY:
            return self.as_of - FIRST_SPRAY
        return self.drawn.doses[0].on if self.drawn.doses else self.as_of

    @property
    def weight_kg(self) -> Decimal:
        """As measured at the referral; it stays so."""
        return self.drawn.who.weight_kg

    @property
    def product(self) -> Product:
        """What they are treated with."""
        return Product.ESKETAMINE if self.number == SPRAY else Product.RACEMIC

    @property
    def route(self) -> str:
        """How they asked to be given it."""
        return "IN" if self.product is Product.ESKETAMINE else "IV"

    @property
    def dose_mg(self) -> Decimal:
        """The dose that was drawn for them, or the one like it."""
        if self.product == Product.ESKETAMINE:
            return SPRAY_MG
        doses = self.drawn.doses
        return doses[0].dose_mg if doses else round(_USUAL_MG_PER_KG * self.weight_kg, 1)

    def course(self, route: str, rise: Rise | None = None) -> Course:
        """Their vital signs under a dose."""
        seed = f"demo {self.number}"
        return Course(seed, route, rise or drawn_rise(seed))


def moment(day: date, hour: int, minute: int = 0) -> datetime:
    """A time of the clinic's own clock."""
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


def days(count: int) -> timedelta:
    return timedelta(days=count)
