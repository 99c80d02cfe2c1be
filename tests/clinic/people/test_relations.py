"""Asked of many at once, how people stand to patients is the same: else a screen stays open."""

from itertools import product

import pytest

from clinic.people import access
from clinic.people.models import CareTeamMember
from clinic.people.roles import Relation, Role
from tests.clinic import cast

pytestmark = pytest.mark.django_db


def test_asked_of_many_at_once_it_is_the_same() -> None:
    people = [cast.staff(role) for role in (Role.NURSE, Role.THERAPIST, Role.NURSE)]
    treated, ended, other, own = (cast.patient("Pat", name) for name in "ABCD")
    for member in people:
        cast.treats(member, treated)
    own.user = people[0].user
    own.save()
    cast.on_call(people[2])
    for patient in (ended, own):
        CareTeamMember.objects.create(
            patient=patient, staff=people[0], starts_at=cast.LONG_AGO, ends_at=cast.NOON
        )
    alone = cast.patient("Only", "Patient")
    alone.user = cast.User.objects.create_user("pat@home.example", cast.PASSWORD, name="Only")
    alone.save()
    users = [*(member.user for member in people), alone.user]
    at, patients = cast.NOON, [treated, ended, other, own, alone]
    asked = [access.actor(user, at) for user in users]
    access.relate(asked, {patient.pk for patient in patients})
    found = {
        (who.user.pk, patient.pk): access.relation(access.actor(who.user, at), patient)
        for who, patient in product(asked, patients)
    }
    assert found == {
        (who.user.pk, pk): relations for who in asked for pk, relations in who.relations.items()
    }
    assert set().union(*found.values()) == {*Relation}
