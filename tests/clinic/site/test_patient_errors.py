"""A patient who meets an error still reads whom to call, in their own language."""

import pytest
from django.core.cache import cache
from django.db import OperationalError
from django.test import Client, RequestFactory

from clinic.people.models import User
from clinic.site import errors
from tests.clinic import cast

SPANISH = {"Accept-Language": "es-MX"}


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/me/nothing/", "/q/x/nothing/"])
def test_an_address_with_nothing_behind_it(path: str) -> None:
    page = Client().get(path, headers=SPANISH)
    assert page.status_code == 404
    said = page.content.decode()
    assert "no hay nada que mostrar" in said and 'href="tel:988"' in said
    assert '<html lang="es">' in said and "People" not in said


@pytest.mark.django_db
def test_a_form_that_is_too_old_says_what_was_kept() -> None:
    page = Client(enforce_csrf_checks=True).post("/q/x/", headers=SPANISH)
    assert page.status_code == 403
    assert "lo que respondió antes, sí" in page.content.decode()


def test_a_fault_of_ours_is_told_without_a_database() -> None:
    page = errors.failed(RequestFactory().get("/q/x/answer/", headers=SPANISH))
    assert page.status_code == 500
    assert "La falla es nuestra" in page.content.decode()
    assert 'href="tel:911"' in page.content.decode()


@pytest.mark.django_db
def test_staff_keep_their_own_pages() -> None:
    client = cast.signed_in(cast.staff(cast.Role.NURSE))
    page = client.get("/nothing/", headers=SPANISH)
    assert page.status_code == 404 and "Nothing to show here" in page.content.decode()
    assert errors.failed(RequestFactory().get("/today/")).status_code == 500
    client.handler.enforce_csrf_checks = True
    too_old = client.post("/account/login/", headers=SPANISH)
    assert "This form was too old to accept" in too_old.content.decode()


@pytest.fixture
def rosa() -> Client:
    """Somebody who reads Spanish, signed in; a fault of ours becomes a page."""
    cache.clear()
    user = User.objects.create_user("rosa@home.example", cast.PASSWORD, name="Rosa")
    cast.patient(given="Rosa", language="es", user=user)
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/today/", 403, "Esta página es para el personal"),
        ("/account/pin/", 403, "Esta página es para el personal"),
        ("/nothing/", 404, "no hay nada que mostrar"),
        ("/patients/", 403, "Lo suyo está en su propia página"),
    ],
)
def test_a_patient_who_strays_reads_their_own_language(
    path: str, status: int, said: str, rosa: Client
) -> None:
    """Never of roles and licences, nor where to look people up."""
    page = rosa.get(path)
    assert page.status_code == status
    words = page.content.decode()
    assert said in words and '<html lang="es">' in words
    assert 'href="tel:988"' in words and 'href="/me/"' in words


@pytest.mark.django_db
def test_a_fault_on_a_patients_account_page_is_told_in_their_language(
    rosa: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("clinic.people.own_views._ways_in", lambda user: 1 // 0)
    page = rosa.get("/account/")
    assert page.status_code == 500
    assert "su último paso se haya guardado" in page.content.decode()


@pytest.mark.django_db
def test_too_many_tries_are_told_in_words_to_whom_they_concern(rosa: Client) -> None:
    """Else a patient reads a bare line of English that names a number."""
    for _ in range(6):
        page = rosa.post("/account/password/change/", {})
    assert page.status_code == 429
    assert "Espere cinco minutos" in page.content.decode()
    stranger = Client(headers=SPANISH)
    for _ in range(61):
        page = stranger.post("/account/login/", {})
    assert page.status_code == 429
    said = page.content.decode()
    assert "Demasiados intentos" in said and '<html lang="es">' in said
    staff = cast.signed_in(cast.staff(cast.Role.NURSE))
    for _ in range(6):
        page = staff.post("/account/password/change/", {}, headers=SPANISH)
    assert "Too many tries" in page.content.decode()


@pytest.mark.django_db
def test_a_stranger_whose_sign_in_page_is_too_old_reads_what_the_browser_asks_for() -> None:
    page = Client(enforce_csrf_checks=True).post("/account/login/", headers=SPANISH)
    assert "Este formulario era demasiado viejo" in page.content.decode()


@pytest.mark.django_db
def test_what_a_patient_typed_is_handed_back_in_their_language() -> None:
    page = Client(headers=SPANISH).post("/me/reach/", {"reminders_by": "none"})
    said = page.content.decode()
    assert page.status_code == 401 and '<html lang="es">' in said
    assert "Su sesión está cerrada" in said and 'href="tel:988"' in said


@pytest.mark.parametrize(("state", "full"), [("53100", True), ("08006", False)])
def test_a_full_disk_is_known_by_either_databases_words(state: str, full: bool) -> None:
    of_postgresql = OperationalError("no space left")
    of_postgresql.__cause__ = type("Refused", (Exception,), {"sqlstate": state})()
    assert errors.is_full(of_postgresql) == full
    assert errors.is_full(OperationalError("database or disk is full"))
