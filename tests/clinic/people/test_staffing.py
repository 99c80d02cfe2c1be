"""Who may do what is changed by a second person, and told."""

from datetime import date, timedelta
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from clinic.people import access, proof, staffing
from clinic.people.models import AuditEntry, Duty, Licence, RoleGrant, StaffMember
from clinic.people.roles import LicenceKind, Role
from tests.clinic import cast

pytestmark = pytest.mark.django_db
PROOF = {proof.PASSWORD: cast.PASSWORD}


@pytest.fixture(autouse=True)
def _nobody_has_tried_yet() -> None:
    cache.clear()


@pytest.fixture
def manager() -> StaffMember:
    return cast.staff(Role.MANAGER, "Mo Manager")


@pytest.fixture
def office(manager: StaffMember) -> Client:
    return cast.signed_in(manager)


@pytest.fixture
def nurse() -> StaffMember:
    return cast.staff(Role.NURSE, "Nia Nurse")


def _post(client: Client, member: StaffMember, page: str, **typed: str) -> HttpResponse:
    return client.post(f"/staff/{member.pk}/{page}/", typed | PROOF, follow=True)


@pytest.mark.parametrize("role", list(Role))
def test_nobody_gives_themselves_a_role(role: Role, manager: StaffMember, office: Client) -> None:
    """Hazard F23."""
    director = cast.staff(Role.MEDICAL_DIRECTOR)
    for member, client in ((manager, office), (director, cast.signed_in(director))):
        before = RoleGrant.objects.filter(staff=member).count()
        _post(client, member, "role", role=role.value)
        assert RoleGrant.objects.filter(staff=member).count() == before


def test_nobody_gives_themselves_a_licence_or_a_duty(manager: StaffMember, office: Client) -> None:
    licence = {"kind": "rn", "number": "1", "state": "NY", "expires_on": "2099-01-01"}
    page = _post(office, manager, "licence", **licence)
    assert "Ask a second person" in page.content.decode()
    _post(office, manager, "duty", kind="on_call", starts_at="2026-01-01T00:00", step="1")
    assert not manager.licences.exists()
    assert not manager.duties.exists()


def test_a_manager_gives_no_role_that_needs_a_licence(office: Client, nurse: StaffMember) -> None:
    _post(office, nurse, "role", role="prescriber")
    _post(office, nurse, "role", role="front_desk")
    held = set(nurse.roles.values_list("role", flat=True))
    assert held == {"nurse", "front_desk"}
    who = access.actor(StaffMember.objects.get(user__name="Mo Manager").user, timezone.now())
    with pytest.raises(staffing.NotYours, match="medical director"):
        staffing.grant_role(staff=nurse, role=Role.PRESCRIBER, who=who, at=timezone.now())


def test_the_medical_director_gives_and_ends_a_clinical_role(nurse: StaffMember) -> None:
    client = cast.signed_in(cast.staff(Role.MEDICAL_DIRECTOR))
    _post(client, nurse, "role", role="therapist")
    _post(client, nurse, "role", role="therapist")
    grant = nurse.roles.get(role="therapist")
    assert "Asleep: no licence in force" in client.get("/staff/").content.decode()
    _post(client, nurse, "role", end=str(grant.pk))
    grant.refresh_from_db()
    assert grant.ends_at is not None
    told = AuditEntry.objects.filter(action__in=("grant_role", "end_role"))
    assert [row.detail["role"] for row in told] == ["therapist", "therapist"]


def test_licences_are_entered_shown_before_they_end_and_revoked(
    office: Client, nurse: StaffMember
) -> None:
    soon = timezone.localdate() + timedelta(days=59)
    typed = {"kind": "rn", "number": "N1", "state": "ny", "expires_on": str(soon)}
    _post(office, nurse, "licence", **typed)
    licence = nurse.licences.get(number="N1")
    assert licence.state == "NY"
    assert "Ends within 60 days" in office.get("/staff/").content.decode()
    _post(office, nurse, "licence", revoke=str(licence.pk))
    licence.refresh_from_db()
    assert licence.revoked_at is not None
    assert "Revoked" in office.get(f"/staff/{nurse.pk}/").content.decode()


@pytest.mark.parametrize(("days", "warned"), [(-1, False), (0, True), (60, True), (61, False)])
def test_the_warning_begins_60_days_before(days: int, warned: bool) -> None:
    today = date(2026, 3, 1)
    assert staffing.soon_over(today + timedelta(days=days), today) is warned


def test_a_licence_that_cannot_be_is_refused(office: Client, nurse: StaffMember) -> None:
    typed = {"kind": "rn", "number": "N1", "state": "New York", "expires_on": "soon"}
    errors = _post(office, nurse, "licence", **typed).context["licence_form"].errors
    assert set(errors) == {"state", "expires_on"}
    assert Licence.objects.filter(staff=nurse).count() == 1
    typed["state"] = "1A"
    assert "state" in _post(office, nurse, "licence", **typed).context["licence_form"].errors


def test_duties_are_added_listed_and_ended(office: Client, nurse: StaffMember) -> None:
    ahead = (timezone.localtime() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    before = (timezone.localtime() - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    _post(office, nurse, "duty", kind="on_call", starts_at=ahead, step="2")
    _post(office, nurse, "duty", kind="reviewer", starts_at=before, step="1")
    assert "On call, step 2" in office.get("/staff/").content.decode()
    for duty in list(Duty.objects.all()):
        _post(office, nurse, "duty", end=str(duty.pk))
    left = Duty.objects.get()
    assert (left.kind, left.ends_at is not None) == ("reviewer", True)


def test_a_duty_that_cannot_be_is_refused(office: Client, nurse: StaffMember) -> None:
    typed = {"kind": "on_call", "starts_at": "2026-03-02T08:00", "ends_at": "2026-03-01T08:00"}
    errors = _post(office, nurse, "duty", **typed, step="0").context["duty_form"].errors
    assert set(errors) == {"ends_at", "step"}


def test_a_choice_that_is_not_offered_is_refused(office: Client, nurse: StaffMember) -> None:
    assert _post(office, nurse, "role", role="emperor").context["role_form"].errors
    assert _post(office, nurse, "role", end="12345").status_code == 404
    assert _post(office, nurse, "licence", revoke="x").status_code == 404


def test_a_new_colleague_comes_in_with_a_password_of_their_own(office: Client) -> None:
    typed = {"name": "New One", "email": "New@Clinic.example"}
    handed = office.post("/staff/new/", typed | PROOF)
    password = handed.context["password"]
    assert password in handed.content.decode()
    assert password not in str(list(AuditEntry.objects.values()))
    again = office.post("/staff/new/", typed)
    assert "email" in again.context["form"].errors
    newcomer = Client()
    newcomer.post("/account/login/", {"login": "new@clinic.example", "password": password})
    assert newcomer.get("/today/")["Location"] == "/account/password/change/"


def test_whoever_lost_their_way_in_gets_a_new_one_and_the_old_ones_stop(
    office: Client, nurse: StaffMember, manager: StaffMember
) -> None:
    inside = cast.signed_in(nurse)
    staffing.set_pin(digits="271828", by=nurse.user, at=timezone.now())
    page = _post(office, nurse, "sign-in")
    assert page.context["password"] in page.content.decode()
    assert inside.get("/today/")["Location"].startswith("/account/login/")
    assert not Authenticator.objects.filter(user=nurse.user).exists()
    assert "Ask a second person" in _post(office, manager, "sign-in").content.decode()


def test_whoever_leaves_is_out_with_the_next_request(office: Client, nurse: StaffMember) -> None:
    inside = cast.signed_in(nurse)
    _post(office, nurse, "leaves")
    assert inside.get("/today/").status_code == 403
    assert "No longer works here" in office.get(f"/staff/{nurse.pk}/").content.decode()


def test_first_account_is_made_at_the_clinics_own_command_line() -> None:
    said = StringIO()
    call_command("add_staff", "Boss@Clinic.example", "Bo Boss", "manager", stdout=said)
    password = said.getvalue().split()[-1]
    made = StaffMember.objects.get()
    assert made.user.check_password(password)
    assert (made.user.start_password, made.roles.get().role) == (True, "manager")
    with pytest.raises(CommandError, match="signs in with this address already"):
        call_command("add_staff", "boss@clinic.example", "Bo", "manager")


def test_a_licence_given_at_the_command_line_is_told_without_an_actor(nurse: StaffMember) -> None:
    licence = Licence(kind=LicenceKind.RN, number="2", state="NY", expires_on=date(2099, 1, 1))
    staffing.add_licence(staff=nurse, licence=licence, who=None, at=timezone.now())
    assert AuditEntry.objects.get(action="add_licence").actor is None


def test_the_account_page_tells_each_what_they_may_do(nurse: StaffMember) -> None:
    page = cast.signed_in(nurse).get("/account/").content.decode()
    assert "Registered nurse, ZZ TEST" in page
    person = cast.patient()
    person.user = nurse.user
    person.save()
    assert "Open what is yours" in cast.signed_in(nurse).get("/account/").content.decode()
