"""Queries that are worded once: the same rows as Django's own, and no value that stays."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from clinic.people.models import CareTeamMember, Patient
from clinic.people.roles import Role
from clinic.people.worded import worded_once
from tests.clinic import cast

pytestmark = pytest.mark.django_db


@worded_once
def named(family_name: str) -> QuerySet[Patient]:
    return Patient.objects.filter(family_name=family_name).order_by("record_number")


def test_every_call_reads_the_rows_as_they_are_now() -> None:
    first, other = cast.patient("First"), cast.patient("Other")
    assert named(first.family_name) == list(
        Patient.objects.filter(family_name=first.family_name).order_by("record_number")
    )
    Patient.objects.filter(pk=first.pk).update(family_name="Changed")
    assert named("Changed") == [first]
    assert named("Changed")[0].family_name == "Changed"
    assert other not in named("Changed")


def test_ids_times_and_numbers_are_filled_in_and_rows_of_two_tables_are_joined() -> None:
    person = cast.patient()
    nurse = cast.treats(cast.staff(Role.NURSE), person)

    @worded_once
    def team(patient_id: object, staff_id: int, at: object) -> QuerySet[CareTeamMember]:
        found = CareTeamMember.objects.filter(patient=patient_id, staff=staff_id)
        return found.filter(starts_at__lte=at).select_related("patient")

    now = CareTeamMember.objects.get(staff=nurse).starts_at
    (row,) = team(person.pk, nurse.pk, now)
    with CaptureQueriesContext(connection) as asked:
        assert row.patient == person
    assert not asked.captured_queries
    assert team(person.pk, nurse.pk, now - timedelta(seconds=1)) == []
    assert team(uuid4(), nurse.pk, now) == team(person.pk, nurse.pk + 1, now) == []


def test_rows_may_be_plain_values() -> None:
    person = cast.patient()
    ask = worded_once(lambda pk: Patient.objects.filter(pk=pk).values_list("pk", "birth_date"))
    assert ask(person.pk) == [(person.pk, person.birth_date)]


@pytest.mark.parametrize(
    "say",
    [
        lambda at: CareTeamMember.objects.filter(starts_at__lte=at - timedelta(days=1)),
        lambda at: CareTeamMember.objects.all()[: 1 + at.microsecond],
        lambda at: CareTeamMember.objects.all(),
        lambda at: CareTeamMember.objects.filter(starts_at=at, staff__phone=str(at)),
    ],
    ids=["reckons", "words", "leaves out", "makes another"],
)
def test_what_is_made_of_a_value_is_refused(say: object) -> None:
    with pytest.raises(TypeError, match="more with its values"):
        worded_once(say)(cast.NOON)


def test_nothing_stands_for_none() -> None:
    assert named("Somebody") == []
    with pytest.raises(TypeError, match="NoneType"):
        named(None)
