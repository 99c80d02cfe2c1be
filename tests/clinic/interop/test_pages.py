"""Referrals by page: upload, whose it is, typed, and what was left over."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from clinic.episodes.queries import open_episode
from clinic.interop.models import Referral, WaitingBundle
from clinic.people.models import Patient
from clinic.people.roles import Role
from tests.clinic import cast
from tests.clinic.interop import bundles

pytestmark = pytest.mark.django_db
UPLOAD = "/referrals/new/"
TWIN = bundles.bundle(patient={**bundles.PATIENT, "identifier": []})


@pytest.fixture
def desk() -> Client:
    return cast.signed_in(cast.staff(Role.FRONT_DESK))


def send(client: Client, text: str | bytes, record_number: str = "") -> HttpResponse:
    data = text if isinstance(text, bytes) else text.encode()
    file = SimpleUploadedFile("bundle.json", data, "application/json")
    told = {"bundle": file, "record_number": record_number}
    return client.post(UPLOAD, told, follow=True)


def test_the_front_desk_takes_in_a_file(desk: Client) -> None:
    assert desk.get(UPLOAD).status_code == 200
    assert "A new person was added" in send(desk, bundles.WHOLE).content.decode()
    assert "came in before" in send(desk, bundles.WHOLE).content.decode()


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"{", "Nothing was imported. $: is not JSON at line 1"),
        (b"\xff\xfe", "not UTF-8"),
        (b" " * 5_000_001, "larger than 5 MB"),
    ],
)
def test_a_broken_file_says_where(desk: Client, data: bytes, says: str) -> None:
    assert says in send(desk, data).content.decode()
    assert not Patient.objects.exists()


def test_a_record_number_says_whose_it_is(desk: Client) -> None:
    person = cast.patient()
    assert "Nobody here has" in send(desk, TWIN, "K999999").content.decode()
    assert "was added to record" in send(desk, TWIN, person.record_number).content.decode()
    assert Referral.objects.get().patient == person


@pytest.mark.parametrize("new", [True, False])
def test_somebody_says_whose_a_waiting_referral_is(desk: Client, new: bool) -> None:
    send(desk, bundles.WHOLE)
    person = Patient.objects.get()
    shown = send(desk, TWIN).content.decode()
    assert "Nothing is imported yet" in shown
    assert person.record_number in shown
    waiting = WaitingBundle.objects.get()
    where = reverse("interop:whose", args=[waiting.pk])
    assert where in desk.get(UPLOAD).content.decode()
    assert "to mend" in desk.post(where, {"whose": ""}).content.decode()
    desk.post(where, {"whose": "another" if new else str(person.pk)})
    assert Patient.objects.count() == (2 if new else 1)
    assert desk.get(where).status_code == 404


def test_a_waiting_referral_that_cannot_make_a_person_says_so(desk: Client) -> None:
    send(desk, bundles.WHOLE)
    send(desk, bundles.bundle(patient={**bundles.PATIENT, "birthDate": "1985"}))
    where = reverse("interop:whose", args=[WaitingBundle.objects.get().pk])
    assert "no day of birth" in desk.post(where, {"whose": "another"}).content.decode()
    assert Patient.objects.count() == 1


def test_a_referral_typed_by_hand_opens_an_episode(desk: Client) -> None:
    person = cast.patient()
    where = reverse("interop:typed", args=[person.pk])
    assert desk.get(where).status_code == 200
    assert "to mend" in desk.post(where, {"referrer": "Dr Ida Berg"}).content.decode()
    desk.post(where, {"referrer": "Dr Ida Berg", "why": "Two trials failed"})
    assert open_episode(person) is not None
    nurse = cast.treats(cast.staff(Role.NURSE), person)
    shown = cast.signed_in(nurse).get(reverse("interop:referrals", args=[person.pk]))
    assert "Two trials failed" in shown.content.decode()


@pytest.mark.hazard(21)
def test_what_was_left_over_is_listed_for_those_who_treat(desk: Client) -> None:
    send(desk, bundles.WHOLE)
    person = Patient.objects.get()
    where = reverse("interop:referrals", args=[person.pk])
    assert desk.get(where).status_code == 404
    nurse = cast.treats(cast.staff(Role.NURSE), person)
    shown = cast.signed_in(nurse).get(where).content.decode()
    assert "Something no row of the map knows" in shown
    assert "Encounter" in shown


def test_a_person_without_a_referral_has_an_empty_page() -> None:
    person = cast.patient()
    nurse = cast.treats(cast.staff(Role.NURSE), person)
    shown = cast.signed_in(nurse).get(reverse("interop:referrals", args=[person.pk]))
    assert "No referral yet" in shown.content.decode()


@pytest.mark.parametrize("role", [Role.THERAPIST, Role.MANAGER, Role.RESEARCHER])
def test_others_may_not_take_in_a_file(role: Role) -> None:
    assert cast.signed_in(cast.staff(role)).get(UPLOAD).status_code == 403
