"""Hazard F34: names, answers and secrets of people reach no log, address, mail or error page."""

import logging
from collections.abc import Iterator

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

from clinic.people import proof, views
from clinic.people.models import AuditEntry, Patient
from clinic.people.roles import Role
from tests.clinic import cast
from tests.clinic.people import probe

pytestmark = pytest.mark.django_db
CANARIES = {
    "given_name": "Canarygiven",
    "family_name": "Canaryfamily",
    "preferred_name": "Canarypreferred",
    "phone": "+12025550187",
    "email": "canarymail@home.example",
    "address": "1 Canarystreet",
    "emergency_name": "Canaryfriend",
    "safe_contact": "Canarysafe",
}
MARKS = [*CANARIES.values(), "1987-06-05"]


@pytest.fixture
def person() -> Patient:
    fields = {k: v for k, v in CANARIES.items() if k not in ("given_name", "family_name")}
    return cast.patient(
        CANARIES["given_name"], CANARIES["family_name"], birth_date="1987-06-05", **fields
    )


@pytest.fixture
def client() -> Client:
    """Whoever may open the most; a fault of ours becomes a page and not an exception."""
    cache.clear()
    client = cast.signed_in(cast.staff(Role.MEDICAL_DIRECTOR))
    client.raise_request_exception = False
    return client


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> Iterator[list[str]]:
    """What any logger wrote, traces included."""
    found: list[str] = []
    with caplog.at_level(logging.DEBUG):
        yield found
    shown = logging.Formatter("%(message)s")
    lines = [shown.format(row) for row in caplog.records if not row.name.startswith("django.db")]
    found += lines
    assert _marks_in("\n".join(lines)) == []


def _marks_in(text: str) -> list[str]:
    return [mark for mark in MARKS if mark.lower() in text.lower()]


def _visited(client: Client, person: Patient) -> Iterator[str]:
    for name in probe.named_patterns():
        if name != "account_logout":
            yield probe.address(name, patient_id=person.pk, instrument="phq9")


@pytest.mark.one_database
def test_no_page_puts_a_person_into_a_log_an_address_or_a_mail(
    person: Patient, client: Client, logged: list[str]
) -> None:
    cast.treats(cast.StaffMember.objects.get(), person)
    shown = 0
    for url in _visited(client, person):
        assert _marks_in(url) == []
        for answer in (client.get(url), client.post(url, CANARIES)):
            assert _marks_in(str(answer.headers)) == [], url
            if answer.status_code in (404, 500):
                assert _marks_in(answer.content.decode()) == [], url
            shown += CANARIES["family_name"] in answer.content.decode(errors="replace")
    assert shown > 5  # the canaries were on pages, so the test looked at something
    assert _marks_in("".join(str(message.message()) for message in mail.outbox)) == []
    assert _marks_in(str(list(AuditEntry.objects.values()))) == []


@pytest.mark.parametrize("page", ["patient", "edit", "patient_list"])
def test_a_fault_of_ours_tells_no_name(
    page: str,
    person: Patient,
    client: Client,
    logged: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("on purpose")

    monkeypatch.setattr(views, "render", broken)
    url = {"patient": "", "edit": "edit/"}.get(page)
    address = "/patients/" if url is None else f"/patients/{person.pk}/{url}"
    answer = client.post(address, {"q": CANARIES["family_name"]})
    assert answer.status_code == 500
    assert _marks_in(answer.content.decode() + str(answer.headers)) == []


def test_what_is_searched_for_is_in_no_address(
    person: Patient, client: Client, logged: list[str]
) -> None:
    page = client.post("/patients/", {"q": CANARIES["family_name"]})
    assert CANARIES["given_name"] in page.content.decode()
    assert 'method="post"' in page.content.decode()
    in_address = client.get("/patients/", {"q": CANARIES["family_name"], "page": "1"})
    assert "1 in all" in in_address.content.decode()  # a word in the address finds nothing


def test_a_failed_sign_in_and_a_failed_proof_are_logged_without_what_was_typed(
    client: Client, logged: list[str]
) -> None:
    typed = {"login": CANARIES["email"], "password": CANARIES["address"]}
    Client().post("/account/login/", typed)
    client.post("/staff/new/", {"name": "x", proof.PASSWORD: CANARIES["address"]})
    assert _marks_in(str(list(AuditEntry.objects.values()))) == []
