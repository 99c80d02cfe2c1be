"""A patient must never be asked in words that nobody confirmed, nor in another language."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from clinic.measures import actions, due, importing, offers, sending
from clinic.measures import wording as packages
from clinic.measures.models import (
    Assignment,
    ImportedWording,
    QuestionnaireResponse,
    WordingFile,
    WordingWithdrawal,
)
from clinic.measures.offers import Offers
from clinic.people.models import AuditEntry, Patient, StaffMember
from clinic.people.roles import Role
from kapstone import instruments
from tests.clinic import cast
from tests.clinic.measures import follow
from tests.core.wording import made_up

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
CODED = made_up.fhir_of(made_up.phq9())
BY_ORDER = made_up.redcap(made_up.redcap_item(item) for item in made_up.phq9().items)
ALL = frozenset(item.id for item in made_up.phq9().items)


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


def _imports(
    manager: StaffMember, language: str = "es", content: bytes = CODED, hours: int = 0
) -> ImportedWording:
    file = importing.take_in(
        brought=importing.Brought(
            "phq9", language, "Free, says its holder.", "holder.example", content
        ),
        by=manager.user,
        at=cast.NOON - 24 * HOUR + hours * HOUR,
    )
    return importing.confirm(
        file=file, confirmed=ALL, by=manager.user, at=file.uploaded_at + HOUR / 2
    )


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


def _upload(browser: Client, content: bytes, **more: object) -> HttpResponse:
    told = {
        "instrument": "phq9", "language": "es", "form": "", "licence": "Free.",
        "source": "holder.example", "permitted": "on",
        "file": SimpleUploadedFile("balloons.json", content),
    }  # fmt: skip
    return browser.post(reverse("measures:wording"), told | more)  # type: ignore[return-value]


def _text(response: HttpResponse) -> str:
    return response.content.decode()


@pytest.mark.hazard(10)
@pytest.mark.usefixtures("no_package")
@time_machine.travel(cast.NOON, tick=False)
def test_a_patient_answers_in_the_imported_words_and_what_they_saw_is_kept(
    manager: StaffMember, rosa: Patient
) -> None:
    imported = _imports(manager)
    assignment, secret = _ask(rosa)
    phone = _phone(rosa, secret)
    where = reverse("measures:answer", args=[secret])
    for item in made_up.phq9().items:
        page = _text(phone.get(where))
        assert made_up.words(item) in page
        assert made_up.answer(item, 3) in page
        assert item.label not in page
        assert 'lang="es"' in page
        assert "Think of balloons." in page
        where = phone.post(f"{where.partition('?')[0]}?item={item.id}", {"answer": "0"}).url
    assert made_up.words(made_up.phq9().items[8]) in _text(phone.get(where))
    phone.post(where)
    response = QuestionnaireResponse.objects.get(assignment=assignment)
    assert response.wording == f"holder.example sha256:{imported.file.sha256}"
    assert response.scores["total"] == 0


@pytest.mark.usefixtures("no_package")
@time_machine.travel(cast.NOON, tick=False)
def test_a_form_without_words_before_its_questions_has_a_heading(
    manager: StaffMember, rosa: Patient
) -> None:
    _imports(manager, content=BY_ORDER)
    _, secret = _ask(rosa)
    page = _text(_phone(rosa, secret).get(reverse("measures:answer", args=[secret])))
    assert '<h1 class="unseen">Question 1 of 10</h1>' in page


@pytest.mark.hazard(10)
@time_machine.travel(cast.NOON, tick=False)
def test_nobody_is_asked_in_a_language_there_are_no_words_in(
    manager: StaffMember, rosa: Patient
) -> None:
    nurse = cast.treats(cast.staff(Role.NURSE), rosa)
    page = _text(cast.signed_in(nurse).get(reverse("measures:ask", args=[rosa.pk])))
    assert "no questionnaire wording in this person's language (es-MX)" in page
    assert "Make the link" not in page
    _, secret = _ask(rosa)  # a link from before: English words are installed, and not shown
    for _ in range(2):
        assert "The clinic took these questions back" in _text(
            Client().get(reverse("measures:link", args=[secret]))
        )
    assert not Offers().instruments_in("es-MX")
    _imports(manager)
    page = _text(cast.signed_in(nurse).get(reverse("measures:ask", args=[rosa.pk])))
    assert "PHQ-9" in page and "Make the link" in page
    assert "GAD-7" not in page


def test_their_own_region_comes_before_another_and_an_import_before_a_package(
    manager: StaffMember,
) -> None:
    def language(spoken: str) -> str:
        found = Offers().find("phq9", spoken)
        return found.wording.language if found else ""

    assert [language(each) for each in ("en-US", "en-GB", "es")] == ["en-GB", "en-GB", ""]
    _imports(manager, "es-ES")
    _imports(manager, "es-MX")
    _imports(manager, "en-GB")
    assert [language(each) for each in ("es-ES", "es-MX", "en-GB")] == ["es-ES", "es-MX", "en-GB"]
    mine = Offers().find("phq9", "en-US")
    assert mine is not None and mine.row is not None


def test_what_only_staff_rate_is_asked_of_nobody(
    manager: StaffMember, monkeypatch: pytest.MonkeyPatch
) -> None:
    _imports(manager)
    rated = replace(made_up.phq9(), kind="clinician_rated")
    monkeypatch.setattr(instruments, "load", lambda *args: rated)
    assert Offers().find("phq9", "es") is None


def test_words_for_an_older_version_that_asks_otherwise_are_not_in_force(
    manager: StaffMember, monkeypatch: pytest.MonkeyPatch
) -> None:
    _imports(manager)
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
    first = _imports(manager)
    asked, _ = _ask(rosa)
    second = _imports(manager, hours=2)
    now = Offers().find("phq9", "es")
    assert now is not None and now.row == second
    assert asked.wording == first
    assert offers.wording_of(asked) is not None


@pytest.mark.usefixtures("no_package")
@time_machine.travel(cast.NOON, tick=False)
def test_withdrawn_words_are_asked_with_no_more_not_even_on_an_open_link(
    manager: StaffMember, rosa: Patient
) -> None:
    imported = _imports(manager)
    asked, secret = _ask(rosa)
    phone = _phone(rosa, secret)
    browser = cast.signed_in(manager)
    there = reverse("measures:wording_withdraw", args=[imported.pk])
    refused = browser.post(there, {"reason": ""})
    assert refused.status_code == 422 and not WordingWithdrawal.objects.exists()
    done = browser.post(there, {"reason": "a wrong word"}, follow=True)
    assert "Links that were out with it ask nothing" in _text(done)
    assert "a wrong word" in _text(done)
    assert "withdrawn before" in _text(browser.post(there, {"reason": "twice"}, follow=True))
    asked.refresh_from_db()
    assert offers.wording_of(Assignment.objects.get(pk=asked.pk)) is None
    page = phone.get(reverse("measures:answer", args=[secret]), follow=True)
    assert "The clinic took these questions back" in _text(page)
    assert Offers().all == []


@pytest.mark.usefixtures("no_package")
def test_what_is_due_is_sent_only_in_words_they_read(manager: StaffMember) -> None:
    for person, language in (
        (cast.patient("Rosa", language="es-MX", email="rosa@example.org"), "es"),
        (cast.patient("Robin", email="robin@example.org"), ""),
    ):
        episode = follow.in_series(person)
        follow.dose(episode)
        if language:
            _imports(manager, language)
    sending.send(follow.DAY_7)
    assert {(each.patient.given_name, each.instrument) for each in Assignment.objects.all()} == {
        ("Rosa", "phq9")
    }
    groups = due.waiting_for_staff(Patient.objects.filter(given_name="Robin"), follow.DAY_7)
    assert any("No wording in their language" in task for each in groups for task in each.tasks)


def test_a_file_is_brought_matched_confirmed_item_by_item_and_in_force(
    manager: StaffMember,
) -> None:
    browser = cast.signed_in(manager)
    there = _upload(browser, BY_ORDER).url  # type: ignore[attr-defined]
    page = _text(browser.get(there))
    assert page.count("By order") == 10
    assert "Its answer alerts" in page
    some = dict.fromkeys(ALL - {"q9"}, "on")
    refused = _text(browser.post(there, some))
    assert "not confirmed" in refused and not ImportedWording.objects.exists()
    done = _text(browser.post(there, dict.fromkeys(ALL, "on"), follow=True))
    assert "In force" in done and "holder.example" in done
    row = ImportedWording.objects.get()
    assert (row.confirmed, row.imported_by) == (sorted(ALL), manager.user)
    assert row.file.sha256[:12] in done
    again = _text(browser.post(there, dict.fromkeys(ALL, "on"), follow=True))
    assert "imported before" in again and ImportedWording.objects.count() == 1
    assert "This file was imported" in _text(browser.get(there))
    assert {"take_in_wording", "import_wording"} <= set(
        AuditEntry.objects.values_list("action", flat=True)
    )


@pytest.mark.hazard(10)
def test_a_file_that_differs_is_never_imported_whatever_is_posted(manager: StaffMember) -> None:
    without = [each for each in made_up.phq9().items if each.id != "q9"]
    content = made_up.fhir(made_up.fhir_item(item) for item in without)
    browser = cast.signed_in(manager)
    there = _upload(browser, content, language="en-US").url  # type: ignore[attr-defined]
    page = _text(browser.get(there))
    assert "cannot be used as PHQ-9" in page and "Ask it in these words" not in page
    done = browser.post(there, dict.fromkeys(ALL, "on"), follow=True)
    assert "Nothing was imported" in _text(done)
    assert not ImportedWording.objects.exists()
    assert "Read, and not confirmed" in _text(browser.get(reverse("measures:wording")))


def test_what_a_file_says_of_its_language_is_shown_where_it_differs(manager: StaffMember) -> None:
    browser = cast.signed_in(manager)
    page = _text(browser.get(_upload(browser, CODED).url))  # type: ignore[attr-defined]
    assert "The file says its language is en-US, and you said es" in page
    assert "Invented." in page


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"language": "Spanish"}, "Write a tag"),
        ({"licence": ""}, "required"),
        ({"source": ""}, "required"),
        ({"permitted": ""}, "required"),
        ({"file": SimpleUploadedFile("a", b"x" * 1_000_001)}, "larger than 1 MB"),
        ({"file": SimpleUploadedFile("a", b"hello")}, "Nothing was imported. $: is neither"),
    ],
)
def test_what_is_missing_or_broken_is_said_and_nothing_is_kept(
    manager: StaffMember, more: dict[str, object], said: str
) -> None:
    page = _text(_upload(cast.signed_in(manager), CODED, **more))
    assert said in page
    assert not WordingFile.objects.exists()


def test_markup_in_a_file_reaches_no_page(manager: StaffMember) -> None:
    items = [
        made_up.fhir_item(item) | {"text": f"<img src=x onerror=alert(1)>{item.id} &lt;b&gt;?"}
        for item in made_up.phq9().items
    ]
    browser = cast.signed_in(manager)
    page = _text(browser.get(_upload(browser, made_up.fhir(items)).url))  # type: ignore[attr-defined]
    assert "onerror" not in page and "<b>" not in page
    assert "markup was taken out" in page


@pytest.mark.parametrize("role", [Role.NURSE, Role.PRESCRIBER, Role.RESEARCHER])
def test_only_the_medical_director_and_the_manager_keep_wording(role: Role) -> None:
    browser = cast.signed_in(cast.staff(role))
    assert browser.get(reverse("measures:wording")).status_code == 403
    assert _upload(browser, CODED).status_code == 403
    assert not WordingFile.objects.exists()


@pytest.mark.usefixtures("no_package")
def test_a_clinic_without_any_wording_is_told_what_that_means(manager: StaffMember) -> None:
    page = _text(cast.signed_in(manager).get(reverse("measures:wording")))
    assert "No wording yet" in page
    assert "By number only, without wording" in page


def test_imported_wording_is_never_changed_or_removed(manager: StaffMember) -> None:
    imported = _imports(manager)
    importing.withdraw(imported=imported, reason="wrong", by=manager.user, at=cast.NOON)
    changes: list[Callable[[], object]] = [
        lambda: ImportedWording.objects.update(stem="other"),
        lambda: WordingFile.objects.update(licence="other"),
        lambda: WordingWithdrawal.objects.all().delete(),
    ]
    for change in changes:
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


@pytest.mark.parametrize("missing", ["licence", "source"])
def test_the_database_holds_no_file_without_its_terms(manager: StaffMember, missing: str) -> None:
    brought = importing.Brought("phq9", "es", "Free.", "holder.example", CODED)
    with pytest.raises(IntegrityError), transaction.atomic():
        importing.take_in(
            brought=replace(brought, **{missing: ""}), by=manager.user, at=cast.NOON
        )


def test_the_database_holds_no_withdrawal_without_a_reason(manager: StaffMember) -> None:
    imported = _imports(manager)
    with pytest.raises(IntegrityError), transaction.atomic():
        importing.withdraw(imported=imported, reason="", by=manager.user, at=cast.NOON)


def test_a_package_is_asked_only_of_whoever_speaks_its_language(rosa: Patient) -> None:
    robin = cast.patient()
    assert packages.wording_for("phq9") is not None
    known = [offers.wording_of(_ask(person)[0]) is not None for person in (rosa, robin)]
    assert known == [False, True]
