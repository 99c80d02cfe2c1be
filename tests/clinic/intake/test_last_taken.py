"""When a medicine was last taken is true when it is told, and asked anew on a dosing day."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from clinic.intake import entries, last_taken, queries, screening
from clinic.intake.actions import How
from clinic.intake.models import MedicineEntry, Source
from clinic.people.models import Patient, StaffMember
from kapstone.eligibility import RULES, Unknown
from kapstone.eligibility.questions import QUESTIONS
from tests.clinic.cast import NOON
from tests.clinic.intake import screened

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
OF_TODAY = {
    each.key.name: False
    for each in QUESTIONS
    if each.section in ("visit", "substances", "dosing_day") and each.key.kind == "bool"
}


@pytest.fixture
def robin(robin: Patient, nurse: StaffMember) -> Patient:
    return screened.well(robin, nurse)


def takes(person: Patient, nurse: StaffMember, name: str, hours: str | None) -> MedicineEntry:
    row = MedicineEntry(
        patient=person, name=name, last_taken_h=None if hours is None else Decimal(hours)
    )
    return entries.add(row, how=How(NOON, Source.ASKED), by=nurse.user, at=NOON)


def day(person: Patient, at: datetime, **facts: object) -> screening.Run:
    """The rules of a dosing day."""
    return screening.run(person, at, {"for": "dosing_day", **facts}, today_only=True)


def asked(run: screening.Run) -> tuple[str, ...]:
    return next((each.names for each in run.screening.unknown if each.key == "last_taken_h"), ())


def codes(run: screening.Run) -> set[tuple[str, str | None]]:
    return {(each.code, each.band) for each in run.screening.findings}


@pytest.mark.hazard(12)
@pytest.mark.parametrize(
    ("name", "rule"), [("cannabis", "SCR-050"), ("alcohol", "DDI-16"), ("LSD", "DDI-28")]
)
def test_hours_told_on_an_earlier_day_are_asked_anew(
    robin: Patient, nurse: StaffMember, name: str, rule: str
) -> None:
    """Else a drink of last night passes because one of last month lies long ago, or the other way
    round, one of last month stops every dose."""
    for told in ("3", "400"):
        entry = takes(robin, nurse, name, told)
        (unknown,) = (
            each for each in day(robin, NOON + DAY).screening.unknown if each.key == "last_taken_h"
        )
        assert unknown == Unknown("last_taken_h", unknown.needed_by, (name,))
        assert rule in unknown.needed_by
        entries.tell_last_taken(entry, Decimal("2.5"), by=nurse.user, at=NOON + DAY)
        found = day(robin, NOON + DAY + HOUR)
        assert asked(found) == ()
        assert rule in {code for code, _ in codes(found)}
        assert asked(day(robin, NOON + 2 * DAY)) == (name,)
        (told_anew,) = MedicineEntry.objects.filter(replaces=entry)
        entries.strike(told_anew, reason="Struck.", by=nurse.user, at=NOON + 2 * DAY)


@pytest.mark.hazard(12)
def test_on_the_day_the_hours_go_by(robin: Patient, nurse: StaffMember) -> None:
    takes(robin, nurse, "cannabis", "23.5")
    listed = day(robin, NOON + 24 * timedelta(minutes=1)).facts["medications"]
    assert listed == [{"name": "cannabis", "last_taken_h": 23.9}]
    assert ("SCR-050", None) in codes(day(robin, NOON + timedelta(minutes=29)))
    assert ("SCR-050", None) not in codes(day(robin, NOON + timedelta(minutes=30)))


def test_an_override_of_the_day_outlives_the_clock_and_not_a_new_dose() -> None:
    """Else it would end with the next minute, or hold although the person took more since."""
    then = {"medications": [{"name": "LSD", "last_taken_h": 48}]}
    (finding,) = (
        each for each in screening.eligibility.screen(
            screening.eligibility.read_facts({"for": "dosing_day", **then})
        ).findings if each.code == "DDI-28"
    )  # fmt: skip
    earlier = {"medications": [{"name": "LSD", "last_taken_h": 47.5}]}
    later = {"medications": [{"name": "LSD", "last_taken_h": 50}]}
    assert screening.same_inputs(then, finding)
    assert screening.same_inputs(earlier, finding)
    assert not screening.same_inputs(later, finding)


def test_the_classes_whose_hours_a_rule_reads_are_these() -> None:
    """Else nobody is asked, on the day, of a class that a new rule reads."""
    read = {"alcohol", "antihypertensive", "cannabis", "grapefruit", "psychedelic"}
    assert read == last_taken.CLASSES
    written = [rule.when for rule in RULES if "last_taken_h" in rule.when]
    assert len(written) == sum(when.count("where last_taken_h") for when in written) == 5


@pytest.mark.parametrize("name", ["sertraline", "lithium", "something no table knows"])
def test_nobody_is_asked_of_what_turns_no_rule(
    robin: Patient, nurse: StaffMember, name: str
) -> None:
    takes(robin, nurse, name, None)
    assert asked(day(robin, NOON)) == ()


def test_a_medicine_for_pressure_is_asked_of_while_pressure_is_high(
    robin: Patient, nurse: StaffMember
) -> None:
    takes(robin, nurse, "lisinopril", "30")
    tomorrow = NOON + DAY
    assert asked(day(robin, tomorrow, sbp=[130, 130], dbp=[80, 80])) == ()
    high = day(robin, tomorrow, sbp=[150, 150], dbp=[80, 80])
    assert asked(high) == ("lisinopril",)
    missed = ("DDI-19", "missed dose and BP >140/90")
    assert missed not in codes(high)  # yesterday's figure says nothing of this morning's tablet


def test_two_of_a_kind_are_both_asked_of(robin: Patient, nurse: StaffMember) -> None:
    takes(robin, nurse, "LSD", None)
    takes(robin, nurse, "MDMA", None)
    takes(robin, nurse, "sertraline", None)
    assert asked(day(robin, NOON)) == ("LSD", "MDMA")


@pytest.mark.hazard(12)
def test_a_clearance_stands_on_what_was_told_for_it(
    robin: Patient, nurse: StaffMember, prescriber: StaffMember
) -> None:
    """Else time alone would end it: by a dose called missed, or by hours nobody knows any more."""
    takes(robin, nurse, "lisinopril", "3")
    takes(robin, nurse, "cannabis", "48")
    made = screened.clear(robin, prescriber)
    assert queries.clearance(robin, NOON + 30 * DAY) == made
