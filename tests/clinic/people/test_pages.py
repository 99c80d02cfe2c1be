"""The pages about people: nobody is charted twice, taken for another, or seen without a right."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from clinic.people.models import AuditEntry, CareTeamMember, Patient
from clinic.people.roles import Role
from tests.clinic import cast

pytestmark = pytest.mark.django_db

TYPED = {
    "given_name": "Maria",
    "family_name": "Lopez",
    "birth_date": "1980-03-03",
    "sex": "female",
    "language": "en-US",
    "time_zone": "America/New_York",
}
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def desk() -> Client:
    """The front desk, signed in."""
    return cast.signed_in(cast.staff(Role.FRONT_DESK))


def test_the_list_says_when_it_is_empty(desk: Client) -> None:
    assertContains(desk.get("/patients/"), "Nobody here yet")


def test_a_search_finds_by_name_number_and_birth_date(desk: Client) -> None:
    one = cast.patient("Maria", "Lopez", preferred_name="Mia")
    cast.patient("Owen", "Reed")
    for words in ("lop mar", "mia", one.record_number.lower(), "1980-05-17 lopez"):
        page = desk.post("/patients/", {"q": words})
        assertContains(page, "1 found")
        assertContains(page, "Lopez, Maria")
    for words in ("nobody", "x" * 100_000, "a " * 5_000):
        assertContains(desk.post("/patients/", {"q": words}), "Nobody matches")


def test_searched_names_never_stand_in_an_address(desk: Client) -> None:
    cast.patient("Maria", "Lopez")
    page = desk.get("/patients/", {"q": "nobody"})
    assertContains(page, "1 in all")
    assertNotContains(page, "nobody")


def test_a_search_as_you_type_brings_the_list_alone(desk: Client) -> None:
    cast.patient("Maria", "Lopez")
    page = desk.post("/patients/", {"q": "lopez"}, headers={"HX-Request": "true"})
    assertContains(page, "1 found")
    assertNotContains(page, "<html")


def test_long_lists_are_paged_and_keep_what_was_searched(desk: Client) -> None:
    for number in range(51):
        cast.patient("Pat", f"Sample{number}")
    assertContains(desk.post("/patients/", {"q": "sample"}), "Page 1 of 2")
    assertContains(desk.post("/patients/", {"q": "sample", "page": "2"}), "Page 2 of 2")
    assertContains(desk.post("/patients/", {"page": "many"}), "Page 1 of 2")


@pytest.mark.hazard(1)
def test_namesakes_are_marked_in_the_list_and_on_each_record(desk: Client) -> None:
    one = cast.patient("Maria", "Lopez", birth_date="1980-03-03")
    other = cast.patient("maria", "LOPEZ", birth_date="1980-04-03")
    cast.patient("Owen", "Reed")
    assertContains(desk.get("/patients/"), "Easily confused", count=2)
    page = desk.get(f"/patients/{one.pk}/")
    assertContains(page, "Check two identifiers")
    assertContains(page, f"born Apr 3, 1980; female; record {other.record_number}")


@pytest.fixture
def _signed() -> None:
    """Real people may come in."""
    cast.sign_content()


@pytest.mark.usefixtures("_signed")
def test_somebody_new_is_added_at_once(desk: Client) -> None:
    answer = desk.post("/patients/new/", TYPED | {"phone": "(212) 555-0123"})
    made = Patient.objects.get()
    assert answer.url == f"/patients/{made.pk}/"
    assert made.phone == "+12125550123"
    assertContains(desk.get(answer.url), "(212) 555-0123")
    assert AuditEntry.objects.filter(action="register_patient", patient=made).exists()


@pytest.mark.usefixtures("_signed")
def test_nobody_is_added_before_their_namesakes_were_seen(desk: Client) -> None:
    known = cast.patient("Maria", "Lopez")
    page = desk.post("/patients/new/", TYPED)
    assertContains(page, "Might this be somebody the clinic knows?")
    assertContains(page, known.record_number)
    assert Patient.objects.count() == 1
    desk.post("/patients/new/", TYPED | {"confirmed_different": known.record_number})
    assert Patient.objects.count() == 2


@pytest.mark.usefixtures("_signed")
def test_a_namesake_who_came_in_meanwhile_is_shown_first(desk: Client) -> None:
    seen = cast.patient("Maria", "Lopez")
    unseen = cast.patient("Jo", "Lopez", birth_date="1980-03-03")
    page = desk.post("/patients/new/", TYPED | {"confirmed_different": seen.record_number})
    assertContains(page, unseen.record_number)
    assert Patient.objects.count() == 2


@pytest.mark.usefixtures("_signed")
@pytest.mark.parametrize(
    ("field", "typed", "problem"),
    [
        ("birth_date", (timezone.now() + timedelta(days=3)).date().isoformat(), "in the future"),
        ("birth_date", "1850-01-01", "more than 120 years ago"),
        ("birth_date", "yesterday", "Enter a valid date"),
        ("phone", "call me", "not a telephone number"),
        ("phone", "12", "too few or too many"),
        ("emergency_phone", "☎☎☎", "not a telephone number"),
        ("email", "at home", "valid email"),
        ("time_zone", "Mars/Olympus", "Write a zone"),
        ("given_name", "", "required"),
        ("given_name", "M" * 101, "at most 100"),
    ],
)
def test_bad_input_is_named_beside_its_field_and_saves_nothing(
    desk: Client, field: str, typed: str, problem: str
) -> None:
    page = desk.post("/patients/new/", TYPED | {field: typed})
    assertContains(page, problem)
    assertContains(page, f'href="#id_{field}"')
    assertContains(page, 'aria-invalid="true"')
    assert not Patient.objects.exists()


@pytest.mark.usefixtures("_signed")
def test_what_people_type_is_inert(desk: Client) -> None:
    person = cast.patient(SCRIPT, "Lopez", preferred_name=SCRIPT, address=SCRIPT)
    cast.patient(SCRIPT, "Lopez", safe_contact=SCRIPT)
    pages = [
        desk.get("/patients/"),
        desk.post("/patients/", {"q": SCRIPT}),
        desk.get(f"/patients/{person.pk}/"),
        desk.get(f"/patients/{person.pk}/edit/"),
        desk.post("/patients/new/", TYPED | {"given_name": SCRIPT}),
    ]
    for page in pages:
        assertContains(page, "&lt;script&gt;")
        assertNotContains(page, SCRIPT)


def test_a_correction_saves_and_the_trail_names_the_field(desk: Client) -> None:
    person = cast.patient("Maria", "Lopez", birth_date="1980-03-03")
    assertContains(desk.get(f"/patients/{person.pk}/edit/"), 'value="1980-03-03"')
    desk.post(f"/patients/{person.pk}/edit/", TYPED | {"preferred_name": "Mia"})
    person.refresh_from_db()
    assert person.preferred_name == "Mia"
    entry = AuditEntry.objects.get(action="correct_identity")
    assert entry.detail["fields"] == ["preferred_name"]


def test_a_refused_correction_leaves_the_kept_name_in_the_strip(desk: Client) -> None:
    person = cast.patient("Maria", "Lopez")
    page = desk.post(
        f"/patients/{person.pk}/edit/", TYPED | {"given_name": "Marta", "birth_date": ""}
    )
    assertContains(page, '<p class="name">Maria Lopez')


def test_staff_join_and_leave_a_team(desk: Client) -> None:
    person, nurse = cast.patient(), cast.staff(Role.NURSE, "Nadia Okafor")
    address = f"/patients/{person.pk}/team/"
    assertContains(desk.get(f"/patients/{person.pk}/"), "Nobody yet")
    assertContains(desk.post(address, {"staff": nurse.pk}, follow=True), "is on the team")
    member = CareTeamMember.objects.get(patient=person, staff=nurse)
    assertNotContains(desk.get(f"/patients/{person.pk}/"), f'<option value="{nurse.pk}"')
    assertContains(desk.post(address, {"leave": member.pk}, follow=True), "off the team")
    member.refresh_from_db()
    assert member.ends_at is not None


@pytest.mark.parametrize("typed", [{"staff": "9999"}, {"staff": "nobody"}, {}])
def test_an_unknown_member_of_staff_is_refused_in_words(desk: Client, typed: object) -> None:
    page = desk.post(f"/patients/{cast.patient().pk}/team/", typed, follow=True)
    assertContains(page, "Nobody was added")
    assert not CareTeamMember.objects.exists()


@pytest.mark.parametrize("pk", ["0", "999", "x", "²"])
def test_only_a_member_of_this_team_can_be_taken_off_it(desk: Client, pk: str) -> None:
    assert desk.post(f"/patients/{cast.patient().pk}/team/", {"leave": pk}).status_code == 404


@pytest.mark.hazard(1)
def test_another_persons_team_cannot_be_touched_through_this_one(desk: Client) -> None:
    nurse, theirs = cast.staff(Role.NURSE), cast.patient("Owen", "Reed")
    cast.treats(nurse, theirs)
    member = CareTeamMember.objects.get(patient=theirs)
    address = f"/patients/{cast.patient().pk}/team/"
    assert desk.post(address, {"leave": member.pk}).status_code == 404
    member.refresh_from_db()
    assert member.ends_at is None


def test_looking_at_the_team_changes_nothing(desk: Client) -> None:
    assert desk.get(f"/patients/{cast.patient().pk}/team/").status_code == 405


def test_what_may_not_be_seen_answers_like_what_is_not_there() -> None:
    person = cast.patient()
    trainee = cast.signed_in(cast.staff(Role.TRAINEE))
    forbidden, absent = (trainee.get(f"/patients/{pk}/") for pk in (person.pk, uuid4()))
    assert forbidden.status_code == absent.status_code == 404
    assert forbidden.content == absent.content


def test_only_those_who_may_are_offered_to_change_something() -> None:
    person, trainee = cast.patient(), cast.staff(Role.TRAINEE)
    cast.treats(trainee, person)
    page = cast.signed_in(trainee).get(f"/patients/{person.pk}/")
    for words in ("Correct details", "Take off", "Add to the team"):
        assertNotContains(page, words)
    assertNotContains(cast.signed_in(trainee).get("/patients/"), "Add a person")
