"""A moment so far off that another zone's clock cannot say it broke the page: nothing was kept."""

from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from clinic.people import moments
from clinic.people.models import Duty
from clinic.people.proof import PASSWORD
from clinic.people.roles import Role
from tests.clinic import cast


@pytest.mark.parametrize(
    ("year", "taken"), [(1899, False), (1900, True), (2200, True), (2201, False)]
)
def test_a_year_within_reach_is_taken(year: int, taken: bool) -> None:
    at = datetime(year, 6, 1, tzinfo=UTC)
    if taken:
        moments.in_reach(at)
    else:
        with pytest.raises(ValidationError, match="from 1900 to 2200"):
            moments.in_reach(at)


@pytest.mark.django_db
def test_a_duty_until_the_end_of_all_years_is_asked_again_by_its_field() -> None:
    manager, nurse = cast.staff(Role.MANAGER), cast.staff(Role.NURSE)
    told = {"kind": "on_call", "step": "1", "starts_at": "2026-03-04T08:00"}
    where = reverse("people:staff_duty", args=[nurse.pk])
    answer = cast.signed_in(manager).post(
        where, told | {"ends_at": "9999-12-31T23:59", PASSWORD: cast.PASSWORD}
    )
    assert "Write a year from 1900 to 2200." in answer.content.decode()
    assert not Duty.objects.exists()
