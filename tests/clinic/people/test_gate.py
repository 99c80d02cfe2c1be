"""What stands between a request and a page, besides roles."""

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.conf import LazySettings
from django.core.cache import cache
from django.test import Client

from clinic.people import proof
from clinic.people.models import AuditEntry, ChainHead, Patient, User
from clinic.people.roles import Role
from tests.clinic import cast
from tests.clinic.people import probe

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nobody_has_tried_yet() -> None:
    cache.clear()


def _with_password_alone(role: Role) -> Client:
    member = cast.staff(role)
    client = cast.signed_in(member)
    Authenticator.objects.filter(user=member.user).delete()
    return client


def test_staff_without_a_second_factor_are_led_to_one_before_anything_opens() -> None:
    client, person = _with_password_alone(Role.MEDICAL_DIRECTOR), cast.patient()
    for url in ("/today/", "/patients/", f"/patients/{person.pk}/", "/staff/"):
        for method in (client.get, client.post):
            answer = method(url)
            assert (answer.status_code, answer["Location"]) == (302, "/account/"), url
    page = client.get("/account/").content.decode()
    assert "One step before the clinic opens" in page
    assert client.get("/account/2fa/totp/activate/").status_code == 302  # asks the password again


def test_in_the_demo_a_password_alone_opens_and_the_page_says_so(settings: LazySettings) -> None:
    settings.DEMO = True
    client = _with_password_alone(Role.NURSE)
    assert client.get("/patients/").status_code == 200
    assert b"In this demonstration a password alone signs in" in client.get("/account/").content
    assert b"enough only in this demonstration" in Client().get("/account/login/").content


def test_a_start_password_is_replaced_before_anything_opens() -> None:
    nurse = cast.staff(Role.NURSE)
    User.objects.update(start_password=True)
    client = cast.signed_in(nurse)
    assert client.get("/patients/")["Location"] == "/account/password/change/"
    typed = {
        "oldpassword": cast.PASSWORD,
        "password1": "a longer one of my own",
        "password2": "a longer one of my own",
    }
    assert client.post("/account/password/change/", typed).status_code == 302
    assert client.get("/patients/").status_code == 200
    assert AuditEntry.objects.filter(action="password_changed").count() == 1


def _patient_user(person: Patient) -> Client:
    person.user = User.objects.create_user("pat@home.example", cast.PASSWORD, name="Pat")
    person.save()
    client = Client()
    client.post("/account/login/", {"login": "pat@home.example", "password": cast.PASSWORD})
    return client


def test_a_patient_comes_to_their_own_page_and_meets_no_page_of_staff() -> None:
    person, other = cast.patient("Robin", "One"), cast.patient("Other", "Two")
    client = _patient_user(person)
    assert client.get("/")["Location"] == "/me/"
    page = client.get("/me/")
    assert page.status_code == 200
    assert "Hello Robin" in page.content.decode()
    for url in ("/today/", "/patients/", "/staff/"):
        assert client.get(url).status_code == 403
    for each in (person, other):
        assert client.get(f"/patients/{each.pk}/chart/").status_code == 404
    assert AuditEntry.objects.filter(action="read people:me", patient=person).count() == 1


def test_staff_who_are_nobodys_patient_have_no_page_of_their_own() -> None:
    client = cast.signed_in(cast.staff(Role.NURSE))
    assert client.get("/me/").status_code == 404
    assert client.get("/")["Location"] == "/today/"


@pytest.mark.hazard(20)
def test_wrong_passwords_pause_an_account_and_throw_nobody_out() -> None:
    nurse = cast.staff(Role.NURSE)
    inside = cast.signed_in(nurse)
    attacker = Client()
    for _ in range(11):
        attacker.post("/account/login/", {"login": nurse.user.email, "password": "wrong"})
    typed = {"login": nurse.user.email, "password": cast.PASSWORD}
    assert b"Too many failed login attempts" in attacker.post("/account/login/", typed).content
    assert inside.get("/patients/").status_code == 200
    held = inside.post("/account/pin/", {"pin": "271828", proof.PASSWORD: cast.PASSWORD})
    assert "X-Proof" not in held
    cache.clear()  # what five minutes do
    Authenticator.objects.all().delete()
    assert Client().post("/account/login/", typed).status_code == 302


def _everything() -> dict[str, list[tuple[object, ...]]]:
    kept = {AuditEntry, ChainHead, apps.get_model("sessions", "Session")}
    return {
        model._meta.label: sorted(model.objects.values_list(), key=str)
        for model in apps.get_models()
        if model not in kept and model._meta.managed
    }


def test_no_get_changes_a_row_other_than_the_trail() -> None:
    person = cast.patient()
    director = cast.staff(Role.MEDICAL_DIRECTOR)
    cast.treats(director, person)
    client = cast.signed_in(director)
    before = _everything()
    for route in probe.spec_routes():
        if route.name != "account_logout":
            values = {"patient_id": person.pk, "staff_id": director.pk, "instrument": "phq9"}
            client.get(probe.address(route.name, **values))
    assert _everything() == before


FORGED = {
    "id": "00000000-0000-4000-8000-000000000001",
    "record_number": "K999999",
    "synthetic": "",
    "registered_at": "2001-01-01",
    "user": "1",
    "patient": "1",
    "is_active": "on",
    "start_password": "",
    "roles": "medical_director",
    "staff": "1",
}


def test_fields_that_were_added_to_a_form_are_ignored() -> None:
    """Hazard F24: what the form does not offer cannot be set by posting it."""
    person = cast.patient()
    client = cast.signed_in(cast.staff(Role.FRONT_DESK))
    before = Patient.objects.filter(pk=person.pk).values().get()
    typed = {
        name: "" if value is None else value
        for name, value in before.items()
        if name not in ("id", "user_id")
    }
    answer = client.post(f"/patients/{person.pk}/edit/", typed | FORGED | {"phone": ""})
    assert answer.status_code == 302
    assert Patient.objects.filter(pk=person.pk).values().get() == before
    new = typed | FORGED | {"family_name": "Unalike", "birth_date": "1971-02-03"}
    cast.sign_content()
    assert client.post("/patients/new/", new).status_code == 302
    made = Patient.objects.exclude(pk=person.pk).get()
    assert made.record_number != "K999999"
    assert (made.user, made.registered_at.year > 2001) == (None, True)


def test_headers_and_cookies_are_strict() -> None:
    client, nurse = Client(), cast.staff(Role.NURSE)
    page = client.get("/account/login/", secure=True)
    policy = page["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert page["X-Content-Type-Options"] == "nosniff"
    assert page["X-Frame-Options"] == "DENY"
    assert page["Referrer-Policy"] == "same-origin"
    assert "max-age=31536000" in page["Strict-Transport-Security"]
    typed = {"login": nurse.user.email, "password": cast.PASSWORD}
    cookie = client.post("/account/login/", typed, secure=True).cookies["__Host-clinic"]
    assert (cookie["secure"], cookie["httponly"], cookie["samesite"]) == (True, True, "Lax")


def test_pages_about_people_are_kept_in_no_cache() -> None:
    person, nurse = cast.patient(), cast.staff(Role.NURSE)
    page = cast.signed_in(nurse).get(f"/patients/{person.pk}/")
    assert "no-store" in page["Cache-Control"]


def test_a_session_that_ended_puts_no_sign_in_page_into_a_fragment() -> None:
    """Else a nurse sees a password box where alerts stood, or old figures that look live."""
    person, client = cast.patient(), Client()
    chart = f"/patients/{person.pk}/chart/"
    assert client.get(chart)["Location"] == f"/account/login/?next={chart}"
    asked = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{chart}"}
    for headers in (asked, {"Accept": "text/event-stream"}, {"Accept": "application/json"}):
        for method in (client.get, client.post):
            answer = method(chart, headers=headers)
            assert (answer.status_code, answer.content) == (401, b"Signed out.")
            assert "Location" not in answer
    assert client.get(chart, headers=asked)["X-Sign-In"] == f"/account/login/?next={chart}"
    elsewhere = asked | {"HX-Current-URL": "https://evil.example/x"}
    assert client.get(chart, headers=elsewhere)["X-Sign-In"] == "/account/login/?next=/"


def test_a_form_sent_signed_out_is_handed_back_without_its_proofs() -> None:
    person, client = cast.patient(), Client()
    url = f"/patients/{person.pk}/consent/withdraw/"
    typed = {"words": "No <more>", "secret": "271828", "password": "mine", "more": ["a", "b"]}
    answer = client.post(url, typed, headers={"Referer": f"http://testserver{url}"})
    page = answer.content.decode()
    assert answer.status_code == 401
    assert "No &lt;more&gt;" in page
    assert page.count('name="more"') == 2
    assert "271828" not in page
    assert "mine" not in page
    assert f"/account/login/?next={url}" in page
    foreign = client.post(url, typed, headers={"Referer": "https://evil.example/x"})
    assert '/account/login/?next=/"' in foreign.content.decode()
    assert "no-store" in answer["Cache-Control"]
