"""A patient must never be asked in words that nobody confirmed, nor in another language."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from clinic.measures import actions, offers, sending
from clinic.measures import wording as packages
from clinic.measures.models import (
    Assignment,
    QuestionnaireResponse,
    WordingWithdrawal,
)
from clinic.measures.offers import Offers
from clinic.people.models import Patient, StaffMember
from clinic.people.roles import Role
from kapstone import instruments
from tests.clinic import cast
from tests.clinic.measures import follow
from tests.clinic.measures.imported import BY_ORDER, imports, text
from tests.core.wording import made_up

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager() -> StaffMember:
    """Who keeps the clinic's wording."""
    return cast.staff(Role.MANAGER)


@pytest.fixture
def rosa() -> Patient:
    """A person who speaks Spanish."""
    return cast.patient("Rosa", language="es-MX")


@pytest.fixture
def no_package(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clinic that installed no package of wording."""
    monkeypatch.setattr(offers, "wording_for", lambda instrument: None)


def _ask(person: Patient) -> tuple[Assignment, str]:
    return actions.ask(
        patient=person,
        instrument="phq9",
        closes_at=cast.NOON + timedelta(days=7),
        by=None,
        at=cast.NOON,
    )


def _phone(person: Patient, secret: str) -> Client:
    phone = Client()
    phone.post(reverse("measures:link", args=[secret]), {"birth_date": person.birth_date})
    return phone


@pytest.mark.hazard(10)
@pytest.mark.usefixtures("no_package")
@time_machine.travel(cast.NOON, tick=False)
def test_a_patient_answers_in_the_imported_words_and_what_they_saw_is_kept(
    manager: StaffMember, rosa: Patient
) -> None:
    imported = imports(manager)
    assignment, secret = _ask(rosa)
    phone = _phone(rosa, secret)
    where = reverse("measures:answer", args=[secret])
    for item in made_up.phq9().items:
        page = text(phone.get(where))
        assert made_up.words(item) in page
        assert made_up.answer(item, 3) in page
        assert item.label not in page
        assert 'lang="es"' in page
        assert "Think of balloons." in page
        where = phone.post(f"{where.partition('?')[0]}?item={item.id}", {"answer": "0"}).url
    assert made_up.words(made_up.phq9().items[8]) in text(phone.get(where))
    phone.post(where)
    response = QuestionnaireResponse.objects.get(assignment=assignment)
    assert response.wording == f"holder.example sha256:{imported.file.sha256}"
    assert response.scores["total"] == 0


@pytest.mark.usefixtures("no_package")
@time_machine.travel(cast.NOON, tick=False)
def test_a_form_without_words_before_its_questions_has_a_heading(
    manager: StaffMember, rosa: Patient
) -> None:
    imports(manager, content=BY_ORDER)
    _, secret = _ask(rosa)
    page = text(_phone(rosa, secret).get(reverse("measures:answer", args=[secret])))
    assert '<h1 class="unseen">Pregunta 1 de 10</h1>' in page


@pytest.mark.hazard(10)
@time_machine.travel(cast.NOON, tick=False)
def test_nobody_is_asked_in_a_language_there_are_no_words_in(
    manager: StaffMember, rosa: Patient
) -> None:
    nurse = cast.treats(cast.staff(Role.NURSE), rosa)
    page = text(cast.signed_in(nurse).get(reverse("measures:ask", args=[rosa.pk])))
    assert "no questionnaire wording in this person's language (es-MX)" in page
    assert '<option value="phq9"' not in page
    _, secret = _ask(rosa)  # a link from before: English words are installed, and not shown
    for _ in range(2):
        assert "La clínica retiró estas preguntas" in text(
            Client().get(reverse("measures:link", args=[secret]))
        )
    assert Offers().instruments_in("es-MX") == ["moment"]
    imports(manager)
    page = text(cast.signed_in(nurse).get(reverse("measures:ask", args=[rosa.pk])))
    assert "PHQ-9" in page and "Make the link" in page
    assert "GAD-7" not in page


def test_their_own_region_comes_before_another_and_an_import_before_a_package(
    manager: StaffMember,
) -> None:
    def language(spoken: str) -> str:
        found = Offers().find("phq9", spoken)
        return found.wording.language if found else ""

    assert [language(each) for each in ("en-US", "en-GB", "es")] == ["en-GB", "en-GB", ""]
    imports(manager, "es-ES")
    imports(manager, "es-MX")
    imports(manager, "en-GB")
    assert [language(each) for each in ("es-ES", "es-MX", "en-GB")] == ["es-ES", "es-MX", "en-GB"]
    mine = Offers().find("phq9", "en-US")
    assert mine is not None and mine.row is not None


def test_what_only_staff_rate_is_asked_of_nobody(
    manager: StaffMember, monkeypatch: pytest.MonkeyPatch
) -> None:
    imports(manager)
    rated = replace(made_up.phq9(), kind="clinician_rated")
    monkeypatch.setattr(instruments, "load", lambda *args: rated)
    assert Offers().find("phq9", "es") is None


def test_words_for_an_older_version_that_asks_otherwise_are_not_in_force(
    manager: StaffMember, monkeypatch: pytest.MonkeyPatch
) -> None:
    imports(manager)
    newer = made_up.phq9()
    fewer = replace(newer.items[0], choices=newer.items[0].choices[:3])
    for items in ((fewer, *newer.items[1:]), newer.items[1:], (*newer.items, _new(newer))):
        with monkeypatch.context() as patched:
            patched.setattr(
                instruments, "load", lambda *args, items=items: replace(newer, items=items)
            )
            assert Offers().find("phq9", "es") is None
    assert Offers().find("phq9", "es") is not None


def _new(instrument: instruments.Instrument) -> object:
    return replace(instrument.items[0], id="q10")


@pytest.mark.usefixtures("no_package")
def test_a_new_import_supersedes_and_what_was_asked_before_keeps_its_words(
    manager: StaffMember, rosa: Patient
) -> None:
    first = imports(manager)
    asked, _ = _ask(rosa)
    second = imports(manager, hours=2)
    now = Offers().find("phq9", "es")
    assert now is not None and now.row == second
    assert asked.wording == first
    assert offers.wording_of(asked) is not None


@pytest.mark.usefixtures("no_package")
@time_machine.travel(cast.NOON, tick=False)
def test_withdrawn_words_are_asked_with_no_more_not_even_on_an_open_link(
    manager: StaffMember, rosa: Patient
) -> None:
    imported = imports(manager)
    asked, secret = _ask(rosa)
    phone = _phone(rosa, secret)
    browser = cast.signed_in(manager)
    there = reverse("measures:wording_withdraw", args=[imported.pk])
    refused = browser.post(there, {"reason": ""})
    assert refused.status_code == 422 and not WordingWithdrawal.objects.exists()
    done = browser.post(there, {"reason": "a wrong word"}, follow=True)
    assert "Links that were out with it ask nothing" in text(done)
    assert "a wrong word" in text(done)
    assert "withdrawn before" in text(browser.post(there, {"reason": "twice"}, follow=True))
    asked.refresh_from_db()
    assert offers.wording_of(Assignment.objects.get(pk=asked.pk)) is None
    page = phone.get(reverse("measures:answer", args=[secret]), follow=True)
    assert "La clínica retiró estas preguntas" in text(page)
    assert {each.instrument for each in Offers().all} == {"moment"}


@pytest.mark.usefixtures("no_package")
def test_what_is_due_is_sent_only_in_words_they_read(manager: StaffMember) -> None:
    for person, language in (
        (cast.patient("Rosa", language="es-MX", email="rosa@example.org"), "es"),
        (cast.patient("Robin", email="robin@example.org"), ""),
    ):
        episode = follow.in_series(person)
        follow.dose(episode)
        if language:
            imports(manager, language)
    sending.send(follow.DAY_7)
    assert {(each.patient.given_name, each.instrument) for each in Assignment.objects.all()} == {
        ("Rosa", "phq9")
    }
    groups = follow.waiting_for_staff(Patient.objects.filter(given_name="Robin"), follow.DAY_7)
    assert any("No wording in their language" in task for each in groups for task in each.tasks)


def test_a_package_is_asked_only_of_whoever_speaks_its_language(rosa: Patient) -> None:
    robin = cast.patient()
    assert packages.wording_for("phq9") is not None
    known = [offers.wording_of(_ask(person)[0]) is not None for person in (rosa, robin)]
    assert known == [False, True]


def test_wording_that_is_not_installed_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    assert packages.wording_for.__wrapped__("madrs") is None
    source = packages._camcops("phq9", 9, difficulty=True)
    absent = packages._Source(**{**_fields(source), "package": "no-such-package"})
    monkeypatch.setitem(packages._SOURCES, "phq9", absent)
    assert packages.wording_for.__wrapped__("phq9") is None


def _fields(source: object) -> dict[str, object]:
    return {name: getattr(source, name) for name in source.__slots__}
