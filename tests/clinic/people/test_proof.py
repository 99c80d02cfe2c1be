"""Who signs is who sits there: a fresh proof, and never a lost word."""

import json
import time
from typing import Any

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache
from django.test import Client

from clinic.people import access, proof, staffing
from clinic.people.models import AuditEntry, Pin, StaffMember
from clinic.people.roles import Role
from tests.clinic import cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nobody_has_tried_yet() -> None:
    cache.clear()


@pytest.fixture
def manager() -> StaffMember:
    return cast.staff(Role.MANAGER)


NEW = {"name": "Ada <Test>", "email": "ada@clinic.example", "phone": 'ring "twice"'}


def _actions() -> list[str]:
    return list(AuditEntry.objects.order_by("sequence").values_list("action", flat=True))


def test_page_opens_without_a_proof(manager: StaffMember) -> None:
    assert cast.signed_in(manager).get("/staff/new/").status_code == 200


def test_post_without_proof_saves_nothing_and_keeps_each_field(manager: StaffMember) -> None:
    page = cast.signed_in(manager).post("/staff/new/", NEW | {"more": ["one", "two"]})
    assert page.status_code == 403
    fields = [(field.name, field.value) for field in page.context["carried"]]
    assert fields == [*NEW.items(), ("more", "one"), ("more", "two")]
    html = page.content.decode()
    assert 'value="Ada &lt;Test&gt;"' in html
    assert 'value="ring &quot;twice&quot;"' in html
    assert 'action="/staff/new/"' in html
    assert StaffMember.objects.count() == 1


def test_right_password_goes_on_and_holds_for_five_minutes(
    manager: StaffMember, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = cast.signed_in(manager)
    done = client.post("/staff/new/", NEW | {proof.PASSWORD: cast.PASSWORD})
    assert done.status_code == 200
    assert StaffMember.objects.filter(user__email="ada@clinic.example").exists()
    assert "proof_given" in _actions()
    again = {"name": "Bo", "email": "bo@clinic.example"}
    assert client.post("/staff/new/", again).status_code == 200
    later = time.time() + 301
    monkeypatch.setattr(time, "time", lambda: later)
    late = {"name": "Cy", "email": "cy@clinic.example"}
    assert client.post("/staff/new/", late).status_code == 403


def test_view_never_sees_the_proof(manager: StaffMember) -> None:
    client = cast.signed_in(manager)
    page = client.post("/staff/new/", {"name": "", proof.PASSWORD: cast.PASSWORD, "kept": "x"})
    assert page.context["form"].data.dict() == {"name": "", "kept": "x"}


def test_wrong_password_is_refused_audited_and_loses_nothing(manager: StaffMember) -> None:
    page = cast.signed_in(manager).post("/staff/new/", NEW | {proof.PASSWORD: "wrong"})
    assert page.status_code == 403
    assert [field.name for field in page.context["carried"]] == list(NEW)
    assert b"wrong" not in page.content.replace(b"wrong tries", b"")
    assert "proof_refused" in _actions()


def test_after_ten_wrong_tries_even_the_right_one_waits_but_the_session_stays(
    manager: StaffMember,
) -> None:
    client = cast.signed_in(manager)
    for _ in range(10):
        client.post("/staff/new/", NEW | {proof.PASSWORD: "wrong"})
    right = NEW | {proof.PASSWORD: cast.PASSWORD}
    assert client.post("/staff/new/", right).status_code == 403
    assert client.get("/").status_code == 302
    assert client.get("/staff/").status_code == 200
    cache.clear()  # what five minutes do
    assert client.post("/staff/new/", right).status_code == 200


def test_code_of_an_app_is_a_proof(manager: StaffMember) -> None:
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(manager.user, secret)
    client = cast.signed_in(manager)
    assert b"proof-code" in client.post("/staff/new/", NEW).content
    counter = int(time.time()) // 30
    code = totp.format_hotp_value(totp.hotp_value(secret, counter))
    wrong = client.post("/staff/new/", NEW | {proof.CODE: "000000" if code != "000000" else "1"})
    assert wrong.status_code == 403
    assert client.post("/staff/new/", NEW | {proof.CODE: code}).status_code == 200


def test_secret_of_the_code_app_is_not_kept_in_clear(manager: StaffMember) -> None:
    totp.TOTP.activate(manager.user, "JBSWY3DPEHPK3PXP")
    kept = manager.user.authenticator_set.get().data["secret"]
    assert "JBSWY3DP" not in kept


def test_a_file_is_asked_for_again(manager: StaffMember, tmp_path: Any) -> None:
    path = tmp_path / "scan.txt"
    path.write_text("x")
    with path.open("rb") as scan:
        page = cast.signed_in(manager).post("/staff/new/", NEW | {"scan": scan})
    assert b"choose it again" in page.content


def test_htmx_is_told_to_show_the_page(manager: StaffMember) -> None:
    page = cast.signed_in(manager).post("/staff/new/", NEW, headers={"HX-Request": "true"})
    assert (page["X-Proof"], page["HX-Retarget"]) == ("wanted", "body")


def test_whoever_may_not_is_not_asked_for_a_proof() -> None:
    assert cast.signed_in(cast.staff(Role.NURSE)).post("/staff/new/", NEW).status_code == 403
    page = cast.signed_in(cast.staff(Role.NURSE)).post("/staff/new/", NEW)
    assert "X-Proof" not in page


# --- a second person ----------------------------------------------------------------------------


def _request(client: Client) -> Any:
    page = client.post("/staff/new/", {proof.PASSWORD: cast.PASSWORD})
    return page.wsgi_request


def test_second_person_proves_by_password_or_pin_and_the_session_keeps_its_user(
    manager: StaffMember,
) -> None:
    nurse, client = cast.staff(Role.NURSE), cast.signed_in(manager)
    request = _request(client)
    staffing.set_pin(digits="271828", by=nurse.user, at=cast.NOON)
    assert proof.prove(request, nurse.user, cast.PASSWORD)
    assert proof.prove(request, nurse.user, "271828")
    assert not proof.prove(request, nurse.user, "271829")
    assert not proof.prove(request, nurse.user, "")
    assert request.user == manager.user
    told = AuditEntry.objects.filter(action__startswith="second_person")
    assert [row.actor_id for row in told] == [manager.user.pk] * 4
    assert {row.subject for row in told} == {f"people.User:{nurse.user.pk}"}


def test_nobody_is_their_own_second_person(manager: StaffMember) -> None:
    request = _request(cast.signed_in(manager))
    assert not proof.prove(request, manager.user, cast.PASSWORD)


def test_inactive_second_person_proves_nothing(manager: StaffMember) -> None:
    nurse = cast.staff(Role.NURSE)
    nurse.user.is_active = False
    assert not proof.prove(_request(cast.signed_in(manager)), nurse.user, cast.PASSWORD)


def test_guessing_a_pin_is_slowed_per_person(manager: StaffMember) -> None:
    nurse, other = cast.staff(Role.NURSE), cast.staff(Role.NURSE)
    request = _request(cast.signed_in(manager))
    for guess in range(10):
        assert not proof.prove(request, nurse.user, f"{guess:06d}")
    assert not proof.prove(request, nurse.user, cast.PASSWORD)
    assert proof.prove(request, other.user, cast.PASSWORD)


def test_pin_never_signs_in() -> None:
    nurse = cast.staff(Role.NURSE)
    staffing.set_pin(digits="271828", by=nurse.user, at=cast.NOON)
    client = Client()
    client.post("/account/login/", {"login": nurse.user.email, "password": "271828"})
    assert "_auth_user_id" not in client.session


def test_pin_page_asks_a_proof_and_keeps_only_a_hash() -> None:
    nurse = cast.staff(Role.NURSE)
    client = cast.signed_in(nurse)
    typed = {"pin": "271828", "again": "271828"}
    assert client.post("/account/pin/", typed).status_code == 403
    done = client.post("/account/pin/", typed | {proof.PASSWORD: cast.PASSWORD})
    assert done.status_code == 302
    assert Pin.objects.get().pin_hash.startswith("argon2$argon2id")


@pytest.mark.parametrize("pin", ["12345", "1234567890123", "abcdef", "111111", "123456", "987654"])
def test_pins_that_are_tried_first_are_refused(pin: str) -> None:
    client = cast.signed_in(cast.staff(Role.NURSE))
    typed = {"pin": pin, "again": pin, proof.PASSWORD: cast.PASSWORD}
    assert client.post("/account/pin/", typed).context["form"].errors
    assert not Pin.objects.exists()


def test_two_pins_that_differ_are_refused() -> None:
    client = cast.signed_in(cast.staff(Role.NURSE))
    typed = {"pin": "271828", "again": "271829", proof.PASSWORD: cast.PASSWORD}
    assert "again" in client.post("/account/pin/", typed).context["form"].errors


def test_passkey_of_nobody_proves_nothing(manager: StaffMember) -> None:
    nurse = cast.staff(Role.NURSE)
    request = _request(cast.signed_in(manager))
    assert proof.passkey_options(nurse.user) is None
    assert not proof.prove(request, nurse.user, passkey=json.dumps({"id": "x"}))
    assert access.actor(nurse.user, cast.NOON).roles == {Role.NURSE}
