"""A patient who meets an error still reads whom to call, in their own language."""

import pytest
from django.test import Client, RequestFactory

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
    page = cast.signed_in(cast.staff(cast.Role.NURSE)).get("/nothing/", headers=SPANISH)
    assert page.status_code == 404 and "Nothing to show here" in page.content.decode()
    assert errors.failed(RequestFactory().get("/today/")).status_code == 500
    too_old = Client(enforce_csrf_checks=True).post("/account/login/", headers=SPANISH)
    assert "This form was too old to accept" in too_old.content.decode()
