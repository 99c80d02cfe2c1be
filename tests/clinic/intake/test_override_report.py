"""A rule that is overridden every week, or by one person alone, must come to light."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from clinic.intake.models import Override, OverrideEnd
from clinic.intake.report import Month, month, report
from clinic.people.models import Patient, StaffMember
from clinic.people.roles import Role
from tests.clinic import cast

pytestmark = pytest.mark.django_db

MARCH = Month(date(2026, 3, 1))


def made(
    by: StaffMember,
    person: Patient,
    at: datetime = cast.NOON,
    rule: str = "SCR-006",
    **more: object,
) -> Override:
    return Override.objects.create(
        patient=person,
        rule=rule,
        because={},
        rationale="Well controlled, a cardiologist agrees",
        mitigation="Readings each visit",
        made_at=at,
        expires_at=at + timedelta(days=9),
        by=by.user,
        version="0.1",
        **more,
    )


def test_a_month_is_counted_by_rule_and_by_who_overrode() -> None:
    one, other = cast.staff(Role.PRESCRIBER, "Pat"), cast.staff(Role.PRESCRIBER, "Quinn")
    robin, sam = cast.patient(), cast.patient("Sam")
    made(one, robin)
    OverrideEnd.objects.create(override=made(one, sam), at=cast.NOON, why="It changed.")
    made(one, robin, rule="SCR-011", of_day=date(2026, 3, 4))
    made(other, robin)
    made(other, robin, at=datetime(2026, 4, 1, 4, 0, tzinfo=UTC))  # midnight in New York: April
    made(other, robin, at=datetime(2026, 3, 1, 4, 59, tzinfo=UTC))  # still February
    found = report(MARCH)
    assert found.count == 4
    rules = [
        (
            line.name,
            line.count,
            line.patient_count,
            line.of_day_count,
            line.ended_count,
            line.beside,
        )
        for line in found.by_rule
    ]
    assert rules == [
        ("SCR-006", 3, 2, 0, 1, ("Pat", "Quinn")),
        ("SCR-011", 1, 1, 1, 0, ("Pat",)),
    ]
    assert found.by_rule[0].told and not found.by_person[0].told
    people = [(line.name, line.count, line.beside) for line in found.by_person]
    assert people == [("Pat", 3, ("SCR-006", "SCR-011")), ("Quinn", 1, ("SCR-006",))]


def test_two_people_of_one_name_are_two_lines() -> None:
    one, other = cast.staff(Role.PRESCRIBER, "Pat"), cast.staff(Role.PRESCRIBER, "Quinn")
    other.user.name = "Pat"
    other.user.save()
    for by in (one, other):
        made(by, cast.patient())
    assert [(line.name, line.count) for line in report(MARCH).by_person] == [("Pat", 1), ("Pat", 1)]


@pytest.mark.parametrize(
    ("written", "first"),
    [
        ("2026-02", date(2026, 2, 1)),
        ("", date(2026, 3, 1)),
        ("soon", date(2026, 3, 1)),
        ("2027-01", date(2026, 3, 1)),
        ("0001-01", date(2000, 1, 1)),
    ],
)
def test_which_month_is_meant(written: str, first: date) -> None:
    assert month(written, cast.NOON).first == first


def test_months_follow_over_the_turn_of_the_year() -> None:
    january, december = Month(date(2026, 1, 1)), Month(date(2025, 12, 1))
    assert (january.before, december.after) == (december, january)
    assert (MARCH.before.key, MARCH.after.key) == ("2026-02", "2026-04")


def test_the_page_shows_counts_and_no_word_about_a_person() -> None:
    made(cast.staff(Role.PRESCRIBER, "Pat"), cast.patient("Robin", "Unseen"))
    address = reverse("intake:overrides")
    with time_machine.travel(cast.NOON, tick=False):
        browser = cast.signed_in(cast.staff(Role.MEDICAL_DIRECTOR))
        page = browser.get(address)
        assertContains(page, "Overrides of March 2026")
        assertContains(page, "SCR-006")
        for words in ("Unseen", "cardiologist", "Readings each visit"):
            assertNotContains(page, words)
        assertNotContains(page, "April 2026")
        assertContains(browser.get(address, {"month": "2026-02"}), "Nobody overrode")
        assertContains(browser.get("/content/"), address)
        nurse = cast.signed_in(cast.staff(Role.NURSE))
        assert nurse.get(address).status_code == 403
        assertNotContains(nurse.get("/content/"), address)
