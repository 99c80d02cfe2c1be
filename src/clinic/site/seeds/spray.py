"""The demo's esketamine: a first day as it should go, and a second one somebody walks out of."""

from datetime import datetime
from uuid import uuid4

from clinic.adverse import actions, departures, monitoring
from clinic.adverse.models import Departure
from clinic.dosing import dose_entry, giving
from clinic.dosing.dose_entry import SaidIdentity
from clinic.dosing.kinds import Chart
from clinic.site.seeds import alerts, cupboard, day, screens, way_home
from clinic.site.seeds.day import Day
from clinic.site.seeds.person import Person
from kapstone.monitoring.events import Kind

DEVICES_MIN, LEFT_MIN, TWO_HOURS_MIN = (0, 5), 78, 126
AT_HOME = "At home with the escort, awake, and knows whom to call."
# What only a person can say. No is said by the nurse who watched, and never by a gap.
SAID = {
    "first_treatment": "yes",
    "breathing": "no",
    "serious": "no",
    "ready_min": "100",
    "acceptable_before": "yes",
    "acceptable_end": "yes",
    **dict.fromkeys(("benzodiazepine", "hypnotic", "stimulant", "maoi", "opioid"), "no"),
}


def whole(person: Person, at: datetime) -> None:
    """Two devices with their lots, the reading at 40 minutes, two hours, the form, and home."""
    one = _begun(person, at)
    day.watch(one, TWO_HOURS_MIN)
    minute = way_home.recover(one, TWO_HOURS_MIN)
    monitoring.save(session=one.session, answers=SAID, by=one.nurse, at=one.at(minute))
    way_home.go_home(one, minute)


def left_early(person: Person, at: datetime) -> None:
    """They walked out before the two hours, and the prescriber was not reached."""
    one = _begun(person, at)
    day.watch(one, 70)
    actions.ask_round(
        session=one.session,
        answers={"Dissociation": True, "Nausea": False, "Headache": False},
        by=one.nurse,
        at=one.at(72),
    )
    departure = Departure(
        session=one.session,
        left_at=one.at(LEFT_MIN),
        can_decide="yes",
        capacity_note="Says back what may happen on the way, and that nobody may drive.",
        risk="explained",
        risk_note="Falling asleep, a fall, a late rise of pressure.",
        with_whom="escort",
        escort_name="Sam Invented",
        comment="Had to fetch a child. Left 78 minutes after the first device.",
    )
    departures.chart(departure=departure, by=one.nurse, at=one.at(LEFT_MIN))
    alerts.handle(one.patient, one.team, one.at(LEFT_MIN + 3), AT_HOME)


def _begun(person: Person, at: datetime) -> Day:
    """A day up to the last device, five minutes after the first, each with its lot."""
    course = person.course("IM")  # the generator has no shape of its own for a spray
    one = day.open_day(person.patient, person.team, course, at)
    day.check_in(one)
    day.make_ready(one)
    _typed_by_two(one)
    for minute, give in zip(DEVICES_MIN, (giving.start_dose, giving.record_part), strict=True):
        lot = cupboard.spray(one.session.pk, one.team, one.at(minute - 1))
        device = Chart(uuid4(), Kind.DEVICE, one.at(minute), {"lot": lot})
        with screens.heard(one.session, one.nurse, one.at(minute)):
            give(session=one.session, chart=device, by=one.nurse, at=one.at(minute))
    return one


def _typed_by_two(one: Day) -> None:
    who, entry, at = one.patient, one.ordered, one.at(-8)
    said = SaidIdentity(who.given_name[0] + who.family_name[0], str(who.birth_date.year))
    dose_entry.enter_first(session=one.session, entry=entry, identity=said, by=one.nurse, at=at)
    dose_entry.enter_second(session=one.session, entry=entry, by=one.team.second.user, at=at)
