"""Nobody real comes in before a medical director of this clinic answers for what it works by."""

from datetime import date

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings
from pytest_django.asserts import assertContains

from clinic.content import actions, held, queries
from clinic.content.models import Signature
from clinic.people import admission
from clinic.people.actions import register_patient
from clinic.people.models import Patient, StaffMember
from clinic.people.roles import Role
from kapstone import content as core
from tests.clinic import cast
from tests.clinic.content.rows import one, sign

pytestmark = pytest.mark.django_db

MODE = "Demonstration mode"
TYPED = {
    "given_name": "Maria",
    "family_name": "Lopez",
    "birth_date": "1980-03-03",
    "sex": "female",
    "language": "en-US",
    "time_zone": "America/New_York",
}


@pytest.mark.hazard(27)
def test_nobody_real_comes_in_until_every_row_is_signed() -> None:
    """A clinic that never looked at a dose limit must not work by it on a person."""
    cast.patient()  # an invented one may
    real = {"given_name": "A", "family_name": "B", "birth_date": date(1980, 1, 1), "sex": "female"}
    with pytest.raises(admission.NotAdmitted, match="not signed in this clinic"):
        register_patient(patient=Patient(**real), by=None, at=cast.NOON)
    assert queries.unsigned() == len(held.to_sign()) > 400
    cast.sign_content()
    assert (queries.unsigned(), queries.demonstration()) == (0, "")
    register_patient(patient=Patient(**real), by=None, at=cast.NOON)
    assert Patient.objects.filter(synthetic=False).count() == 1


@pytest.mark.hazard(27)
def test_one_row_that_changed_brings_the_mode_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """A release with another limit must not inherit the signature for the old one."""
    cast.sign_content()
    changed = core.made(one().room, one().id, one().words, {"days": 90}, (), "P")
    rows = (*(row for row in held.rows() if row.digest != one().digest), changed)
    monkeypatch.setattr(held, "rows", lambda: rows)
    monkeypatch.setattr(held, "to_sign", lambda: {r.digest: r for r in rows if r.to_sign})
    assert queries.unsigned() == 1
    assert queries.demonstration().startswith("Demonstration mode: 1 row of")
    [line] = [line for line in queries.lines("dose") if line.row is changed]
    assert line.waits and line.before is not None
    assert queries.lines("dose")[0] is not None and queries.lines("dose")[0].waits


@pytest.mark.hazard(27)
def test_a_withdrawn_signature_brings_the_mode_back(director: StaffMember) -> None:
    cast.sign_content()
    given = Signature.objects.get(row=one().id)
    for reason in ("It does not fit our scale.", "Said twice."):
        made = actions.withdraw(signature=given, reason=reason, by=director.user, at=cast.NOON)
    assert made.reason == "It does not fit our scale."
    assert queries.unsigned() == 1
    sign(one(), director)
    assert queries.unsigned() == 0
    assert queries.history(one()).count() == 2


def test_the_demo_stays_a_demonstration_whatever_is_signed(settings: Settings) -> None:
    cast.sign_content()
    settings.DEMO = True
    assert queries.demonstration().startswith("Demonstration: synthetic people only.")


def test_the_page_to_add_somebody_says_what_to_do_and_keeps_nothing() -> None:
    desk = cast.signed_in(cast.staff(Role.FRONT_DESK))
    for answer in (desk.get("/patients/new/"), desk.post("/patients/new/", TYPED)):
        assertContains(answer, "Nobody can be added yet", status_code=409)
        assertContains(answer, "the medical director opens Clinical content", status_code=409)
    assert not Patient.objects.exists()
    cast.sign_content()
    desk.post("/patients/new/", TYPED)
    assert Patient.objects.get().synthetic is False


def test_whoever_is_typed_in_at_the_demo_is_invented(settings: Settings) -> None:
    settings.DEMO = True
    cast.signed_in(cast.staff(Role.FRONT_DESK)).post("/patients/new/", TYPED)
    assert Patient.objects.get().synthetic is True


def test_every_page_and_print_says_so_until_it_is_signed(client: Client) -> None:
    """Whoever finds the sheet in a drawer must see that nobody answered for it."""
    for address in ("/account/login/", "/nothing/here/"):
        page = client.get(address).content.decode()
        assert MODE in page and "unsigned-print.css" in page
    cast.sign_content()
    for address in ("/account/login/", "/nothing/here/"):
        page = client.get(address).content.decode()
        assert MODE not in page and "print.css" in page and "unsigned-print" not in page


def test_an_error_page_shows_the_mode_and_asks_no_database(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    """The database may be what failed: a page of the fault must not wait for it."""
    with django_assert_num_queries(0):
        page = render_to_string("500.html")
    assert MODE in page


def test_signed_rules_are_no_longer_called_a_draft_on_the_page_of_eligibility() -> None:
    """A page that says draft for ever is believed no more when it matters."""
    person, nurse = cast.patient(), cast.staff(Role.NURSE)
    cast.treats(nurse, person)
    client, where = cast.signed_in(nurse), reverse("intake:eligibility", args=[person.pk])
    assertContains(client.get(where), "The rules are a draft that no clinician has reviewed")
    cast.sign_content()
    assertContains(client.get(where), "The medical director of this clinic signed the rules")
