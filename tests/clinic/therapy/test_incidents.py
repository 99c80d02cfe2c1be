"""A concern that lands with whoever it is about is told once, and never again."""

from datetime import timedelta
from importlib import import_module
from uuid import uuid4

import pytest
import time_machine
from django.apps import apps
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from clinic.people import beside
from clinic.people.models import Patient
from clinic.people.roles import Role
from clinic.therapy import incidents, touching
from clinic.therapy.models import Did, Incident, IncidentStep, Touch, TouchAsked
from kapstone.errors import InvalidInput
from tests.clinic import cast
from tests.clinic.cast import NOON
from tests.clinic.therapy.cases import agreed, dosed

pytestmark = pytest.mark.django_db
SAID = "He held on when I said river"


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def person() -> Patient:
    return cast.patient()


@pytest.fixture
def therapist(person):
    return cast.treats(cast.staff(Role.THERAPIST, "Theo There"), person)


@pytest.fixture
def nurse(person):
    return cast.treats(cast.staff(Role.NURSE, "Nina Asks"), person)


@pytest.fixture
def director():
    return cast.staff(Role.MEDICAL_DIRECTOR, "Dora Director")


@pytest.fixture
def apart():
    return cast.staff(Role.PRESCRIBER, "Ada Apart")


@pytest.fixture
def incident(person, therapist, nurse) -> Incident:
    dose = dosed(person, NOON - timedelta(hours=5))
    asked = TouchAsked(patient=person, session_id=dose.session_id, concern=True, words=SAID)
    touching.record_asked(asked=asked, by=nurse.user, at=NOON)
    return Incident.objects.get()


def _url(name: str, incident: Incident) -> str:
    return reverse(f"therapy:{name}", args=[incident.patient_id, incident.pk])


def _named(incident, to, by) -> None:
    incidents.name_reviewer(incident=incident, to=to, by=by.user, at=NOON)


def _step(incident, by, did=Did.PERSON, words="Spoke for an hour") -> IncidentStep:
    return incidents.take_step(incident=incident, did=did, words=words, by=by.user, at=NOON)


def test_a_concern_opens_one_and_no_concern_none(person, incident, nurse) -> None:
    assert incident.concern.words == SAID
    asked = TouchAsked(patient=person, session_id=uuid4(), concern=False)
    touching.record_asked(asked=asked, by=nurse.user, at=NOON)
    assert Incident.objects.count() == 1


def test_nobody_who_had_a_part_in_it_can_be_named(
    person, incident, therapist, nurse, director, apart
) -> None:
    there = cast.staff(Role.NURSE, "Ruth Beside")
    beside.sit(staff_id=there.pk, patient=person, session_id=incident.concern.session_id,
               roles=frozenset({Role.NURSE}), at=NOON)  # fmt: skip
    toucher = cast.staff(Role.THERAPIST, "Tom Touches")
    agreed(person, toucher, Touch.HAND, at=NOON - timedelta(days=2))
    left = cast.staff(Role.NURSE, "Lea Left")
    left.left_at = NOON
    left.save()
    found = {member.user.name for member in incidents.independent(incident)}
    assert found == {"Ada Apart", "Dora Director"}
    for member in (therapist, nurse, there, toucher, left):
        with pytest.raises(InvalidInput, match="had no part"):
            _named(incident, member, director)
    _named(incident, apart, director)
    assert incidents.reviewer(incident) == apart


def test_the_words_are_open_to_the_reviewer_alone(
    person, incident, therapist, nurse, director, apart
) -> None:
    _named(incident, apart, director)
    for member in (therapist, nurse, director):
        client = cast.signed_in(member)
        assert client.get(_url("incident", incident)).status_code == 404
        for url in (reverse("therapy:therapy", args=[person.pk]), "/today/"):
            assert SAID not in client.get(url).content.decode()
    assertContains(cast.signed_in(apart).get(_url("incident", incident)), SAID)
    page = cast.signed_in(therapist).get(reverse("therapy:therapy", args=[person.pk]))
    assertContains(page, "A reviewer who had no part in it")


def test_it_stands_on_today_until_somebody_is_named_and_until_it_is_closed(
    incident, director, apart
) -> None:
    naming, reviewing = cast.signed_in(director), cast.signed_in(apart)
    assertContains(naming.get("/today/"), "Nobody reviews it yet")
    assertNotContains(reviewing.get("/today/"), "Yours to review")
    page = naming.get(_url("name_reviewer", incident))
    assertContains(page, "Ada Apart")
    assertNotContains(page, SAID)
    _named(incident, apart, director)
    assertContains(naming.get("/today/"), "reviewed by Ada Apart")
    assertContains(reviewing.get("/today/"), "Yours to review")
    for did in (Did.PERSON, Did.DUTIES, Did.CLOSED):
        told = {"did": did, "words": "Done"}
        assert reviewing.post(_url("incident", incident), told).status_code == 302
    assertNotContains(naming.get("/today/"), "reviewed by Ada Apart")
    assertNotContains(reviewing.get("/today/"), "Yours to review")
    assertContains(reviewing.get(_url("incident", incident)), "Closed.")


def test_it_is_not_closed_before_the_person_was_heard_and_the_duties_looked_at(
    incident, director, apart
) -> None:
    _named(incident, apart, director)
    for did in (Did.PERSON, Did.STAFF):
        _step(incident, apart, did)
        with pytest.raises(InvalidInput, match="too early"):
            _step(incident, apart, Did.CLOSED)
    told = {"did": Did.CLOSED, "words": "Too early"}
    page = cast.signed_in(apart).post(_url("incident", incident), told)
    assertContains(page, "too early")
    _step(incident, apart, Did.DUTIES)
    _step(incident, apart, Did.CLOSED)
    with pytest.raises(InvalidInput, match="is closed"):
        _step(incident, apart)
    with pytest.raises(InvalidInput, match="is closed"):
        _named(incident, director, director)


def test_another_who_is_named_takes_their_place(incident, director, apart) -> None:
    with pytest.raises(InvalidInput, match="does not review"):
        _step(incident, apart)
    _named(incident, apart, director)
    _step(incident, apart)
    incidents.name_reviewer(
        incident=incident, to=director, by=director.user, at=NOON + timedelta(minutes=1)
    )
    assert cast.signed_in(apart).get(_url("incident", incident)).status_code == 404
    with pytest.raises(InvalidInput, match="does not review"):
        _step(incident, apart)
    page = cast.signed_in(director).get(_url("incident", incident))
    assertContains(page, "Spoke for an hour")


def test_naming_asks_who_it_is_and_refuses_what_is_not_offered(
    incident, director, therapist, apart
) -> None:
    client, url = cast.signed_in(director), _url("name_reviewer", incident)
    assert client.post(url, {"reviewer": apart.pk}).status_code == 403
    assert incidents.reviewer(incident) is None
    proof = {"proof-password": cast.PASSWORD}
    assertContains(client.post(url, {"reviewer": therapist.pk} | proof), "to mend")
    assert client.post(url, {"reviewer": apart.pk} | proof).status_code == 302
    assert incidents.reviewer(incident) == apart


def test_with_nobody_apart_the_page_says_what_to_do(person, incident, director) -> None:
    cast.treats(director, person)
    page = cast.signed_in(director).get(_url("name_reviewer", incident))
    assertContains(page, "Give somebody from outside a role")


def test_what_was_written_is_never_changed(incident, director, apart) -> None:
    _named(incident, apart, director)
    step = _step(incident, apart)
    for row in (step, incident, incident.reviewers.get()):
        with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
            type(row).objects.filter(pk=row.pk).delete()


def test_another_persons_incident_is_not_found(incident, director, apart) -> None:
    _named(incident, apart, director)
    other = cast.patient("Other")
    for member, name in ((apart, "incident"), (director, "name_reviewer")):
        url = reverse(f"therapy:{name}", args=[other.pk, incident.pk])
        assert cast.signed_in(member).get(url).status_code == 404


def test_a_concern_from_before_incidents_were_kept_gets_one(person, nurse) -> None:
    earlier = {"patient": person, "session_id": uuid4(), "at": NOON, "by": nurse.user}
    concern = TouchAsked.objects.create(concern=True, words=SAID, **earlier)
    TouchAsked.objects.create(concern=False, **earlier)
    migration = import_module("clinic.therapy.migrations.0009_earlier_concerns")
    for _ in range(2):
        migration.open_incidents(apps, None)
    assert Incident.objects.get().concern == concern
