"""What nobody read and confirmed must not come into force, whatever the file says."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse

from clinic.measures import importing, offers
from clinic.measures.models import (
    ImportedWording,
    WordingFile,
    WordingWithdrawal,
)
from clinic.people.models import AuditEntry, StaffMember
from clinic.people.roles import Role
from tests.clinic import cast
from tests.clinic.measures.imported import ALL, BY_ORDER, CODED, imports, text, upload
from tests.core.wording import made_up

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager() -> StaffMember:
    """Who keeps the clinic's wording."""
    return cast.staff(Role.MANAGER)


@pytest.fixture
def no_package(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clinic that installed no package of wording."""
    monkeypatch.setattr(offers, "wording_for", lambda instrument: None)


def test_a_file_is_brought_matched_confirmed_item_by_item_and_in_force(
    manager: StaffMember,
) -> None:
    browser = cast.signed_in(manager)
    there = upload(browser, BY_ORDER).url
    page = text(browser.get(there))
    assert page.count("By order") == 10
    assert "Its answer alerts" in page
    some = dict.fromkeys(ALL - {"q9"}, "on")
    refused = text(browser.post(there, some))
    assert "not confirmed" in refused and not ImportedWording.objects.exists()
    done = text(browser.post(there, dict.fromkeys(ALL, "on"), follow=True))
    assert "In force" in done and "holder.example" in done
    row = ImportedWording.objects.get()
    assert (row.confirmed, row.imported_by) == (sorted(ALL), manager.user)
    assert row.file.sha256[:12] in done
    again = text(browser.post(there, dict.fromkeys(ALL, "on"), follow=True))
    assert "imported before" in again and ImportedWording.objects.count() == 1
    assert "This file was imported" in text(browser.get(there))
    assert {"take_in_wording", "import_wording"} <= set(
        AuditEntry.objects.values_list("action", flat=True)
    )


@pytest.mark.hazard(10)
def test_a_file_that_differs_is_never_imported_whatever_is_posted(manager: StaffMember) -> None:
    without = [each for each in made_up.phq9().items if each.id != "q9"]
    content = made_up.fhir(made_up.fhir_item(item) for item in without)
    browser = cast.signed_in(manager)
    there = upload(browser, content, language="en-US").url
    page = text(browser.get(there))
    assert "cannot be used as PHQ-9" in page and "Ask it in these words" not in page
    done = browser.post(there, dict.fromkeys(ALL, "on"), follow=True)
    assert "Nothing was imported" in text(done)
    assert not ImportedWording.objects.exists()
    assert "Read, and not confirmed" in text(browser.get(reverse("measures:wording")))


def test_what_a_file_says_of_its_language_is_shown_where_it_differs(manager: StaffMember) -> None:
    browser = cast.signed_in(manager)
    page = text(browser.get(upload(browser, CODED).url))
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
    page = text(upload(cast.signed_in(manager), CODED, **more))
    assert said in page
    assert not WordingFile.objects.exists()


def test_markup_in_a_file_reaches_no_page(manager: StaffMember) -> None:
    items = [
        made_up.fhir_item(item) | {"text": f"<img src=x onerror=alert(1)>{item.id} &lt;b&gt;?"}
        for item in made_up.phq9().items
    ]
    browser = cast.signed_in(manager)
    page = text(browser.get(upload(browser, made_up.fhir(items)).url))
    assert "onerror" not in page and "<b>" not in page
    assert "markup was taken out" in page


@pytest.mark.parametrize("role", [Role.NURSE, Role.PRESCRIBER, Role.RESEARCHER])
def test_only_the_medical_director_and_the_manager_keep_wording(role: Role) -> None:
    browser = cast.signed_in(cast.staff(role))
    assert browser.get(reverse("measures:wording")).status_code == 403
    assert upload(browser, CODED).status_code == 403
    assert not WordingFile.objects.exists()


@pytest.mark.usefixtures("no_package")
def test_a_clinic_without_any_wording_is_told_what_that_means(manager: StaffMember) -> None:
    page = text(cast.signed_in(manager).get(reverse("measures:wording")))
    assert "No wording yet" in page
    assert "By number only, without wording" in page


def test_imported_wording_is_never_changed_or_removed(manager: StaffMember) -> None:
    imported = imports(manager)
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
        importing.take_in(brought=replace(brought, **{missing: ""}), by=manager.user, at=cast.NOON)


def test_the_database_holds_no_withdrawal_without_a_reason(manager: StaffMember) -> None:
    imported = imports(manager)
    with pytest.raises(IntegrityError), transaction.atomic():
        importing.withdraw(imported=imported, reason="", by=manager.user, at=cast.NOON)
