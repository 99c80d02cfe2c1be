"""A list cut without a word would hide people; one that names everybody would hide the urgent."""

import pytest
import time_machine
from django.urls import reverse

from clinic.measures import waiting
from clinic.measures.waiting import Section
from clinic.people.models import Patient
from clinic.people.roles import Role
from kapstone.schedule import CHECK_IN
from tests.clinic import cast
from tests.clinic.measures import follow
from tests.clinic.measures.follow import HOUR

pytestmark = pytest.mark.django_db
NOW = cast.NOON + 25 * HOUR


@pytest.fixture
def four() -> None:
    """People dosed an hour apart, the last of them first."""
    for number in range(4):
        dosed_at = cast.NOON - number * HOUR
        follow.dose(follow.in_series(cast.patient(f"Robin {number}")), dosed_at)


def test_all_that_waits_is_counted_and_the_longest_waiting_are_listed(four: None) -> None:
    most = {Section.CALLS: 2, Section.QUESTIONNAIRES: None, Section.BASELINES: 0}
    found = waiting.of_everybody(Patient.objects.all(), NOW, most)
    calls = found[Section.CALLS]
    assert (calls.count, calls.more) == (4, 2)
    names = [group.first.item.patient.given_name for group in calls.groups]
    assert names == ["Robin 3", "Robin 2"]
    every = follow.waiting_for_staff(Patient.objects.all(), NOW)
    assert sum(each.count for each in found.values()) == len(every)
    asked = [each for each in every if each.first.item.anchor and each.first.item.ask != CHECK_IN]
    assert [*found[Section.QUESTIONNAIRES].groups] == asked
    nobody = waiting.of_everybody(Patient.objects.none(), NOW, most)
    assert {each.count for each in nobody.values()} == {0}


@time_machine.travel(NOW, tick=False)
def test_today_says_how_many_more_wait_and_shows_them_all(
    four: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("clinic.chart.views.LISTED", 1)
    nurse = cast.staff(Role.NURSE)
    cast.on_call(nurse)
    browser = cast.signed_in(nurse)
    page = browser.get(reverse("chart:today")).content.decode()
    assert "4 to call" in page
    assert "3 more wait" in page
    assert page.count("Record the call") == 1
    whole = browser.get(reverse("chart:today"), {"all": "calls"}).content.decode()
    assert whole.count("Record the call") == 4
