"""What a person wrote for themselves, read by anybody else, is never written so openly again."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from clinic.own import writings
from clinic.own.models import Kind, Shared, Writing
from clinic.people.models import AuditEntry, User
from clinic.people.roles import Role
from clinic.therapy import sealing
from tests.clinic import cast
from tests.clinic.cast import NOON

pytestmark = pytest.mark.django_db
SECRET = "I dreamt of the canary"
TODAY = timezone.localdate(NOON)


def _kept(person, kind=Kind.JOURNAL, text=SECRET, **more):
    return writings.keep(kind=kind, text=text, **more, by=person.user, at=NOON)


def _url(name: str, *ids: object) -> str:
    return reverse(f"own:{name}", args=ids)


@time_machine.travel(NOON, tick=False)
def test_an_entry_is_kept_changed_and_really_deleted(phone, person) -> None:
    assertContains(phone.get(_url("journal")), "Nothing written yet")
    assertContains(phone.get(_url("journal")), "Nobody is watching this box")
    phone.post(_url("journal"), {"text": SECRET})
    page = phone.get(_url("journal"))
    assertContains(page, SECRET)
    assert page["Cache-Control"] == "no-store"
    (own,) = writings.every(person.user, TODAY, Kind.JOURNAL)
    phone.post(_url("entry", own.id), {"text": "A calmer day"})
    assertContains(phone.get(_url("entry", own.id)), "A calmer day")
    assertContains(phone.get(_url("delete", own.id)), "gone for good")
    assert Writing.objects.count() == 1  # asking deletes nothing
    phone.post(_url("delete", own.id))
    assert Writing.objects.count() == 0
    assertContains(phone.get(_url("journal")), "Nothing written yet")


@time_machine.travel(NOON, tick=False)
def test_no_words_stand_in_any_table(phone, person) -> None:
    """A reader of the database or of its backup finds no word of it, before or after a deletion."""
    phone.post(_url("journal"), {"text": SECRET})
    phone.post(_url("values"), {"text": SECRET})
    opens = (NOON + timedelta(days=3)).date()
    phone.post(_url("letters"), {"text": SECRET, "opens_on": opens})
    assert Writing.objects.count() == 3
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608  # the database's own names
            assert "canary" not in repr(cursor.fetchall()), table
    assert "canary" not in str(list(AuditEntry.objects.values_list("detail", "subject")))


@time_machine.travel(NOON, tick=False)
def test_nobody_else_opens_it_whatever_their_role(phone, person) -> None:
    writing = _kept(person)
    for role in Role:
        if role is Role.PATIENT:
            continue
        member = cast.treats(cast.staff(role), person)
        client = cast.signed_in(member)
        for name in ("entry", "share", "delete"):
            answer = client.get(_url(name, writing))
            assert answer.status_code in (302, 404) and SECRET not in answer.content.decode()
        for url in (reverse("therapy:therapy", args=[person.pk]),
                    reverse("chart:chart", args=[person.pk])):  # fmt: skip
            assert SECRET not in client.get(url).content.decode()
    assert Writing.objects.count() == 1


@time_machine.travel(NOON, tick=False)
def test_another_person_in_care_finds_nothing_of_it(person) -> None:
    writing = _kept(person)
    twin = cast.patient()
    twin.user = User.objects.create_user("twin@person.example", cast.PASSWORD, name=twin.name)
    twin.save()
    client = Client()
    client.force_login(twin.user)
    assertNotContains(client.get(_url("journal")), SECRET)
    for name in ("entry", "share", "delete"):
        assert client.get(_url(name, writing)).status_code == 404
        assert client.post(_url(name, writing), {"text": "x"}).status_code == 404
    assert writings.one(person.user, writing, TODAY).text == SECRET


@time_machine.travel(NOON, tick=False)
def test_a_row_put_under_another_name_does_not_open(person) -> None:
    writing = _kept(person)
    other = cast.staff(Role.MEDICAL_DIRECTOR).user
    Writing.objects.filter(pk=writing).update(author=other)
    found = writings.one(other, writing, TODAY)
    assert found.text == ""
    assert "another person" in found.problem


@time_machine.travel(NOON, tick=False)
def test_shared_is_a_copy_that_stays_while_the_own_words_change_and_go(phone, desk, person) -> None:
    writing, hidden = _kept(person), _kept(person, text="Not for anybody")
    assertContains(phone.get(_url("share", writing)), "cannot be taken back")
    assert Shared.objects.count() == 0  # asking shares nothing
    phone.post(_url("share", writing))
    writings.change(writing_id=writing, text="Only mine now", by=person.user, at=NOON)
    phone.post(_url("delete", hidden))
    page = desk.get(reverse("therapy:therapy", args=[person.pk]))
    assertContains(page, SECRET)
    assertNotContains(page, "Only mine now")
    assertContains(phone.get(_url("entry", writing)), "You shared a copy")
    assertContains(phone.get(_url("delete", writing)), "stays in your record")
    phone.post(_url("delete", writing))
    assertContains(desk.get(reverse("therapy:therapy", args=[person.pk])), SECRET)
    with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
        Shared.objects.all().delete()


@time_machine.travel(NOON, tick=False)
def test_values_are_one_page_and_the_last_ones_hold(phone, person) -> None:
    phone.post(_url("values"), {"text": "Be outside"})
    phone.post(_url("values"), {"text": "Be honest"})
    (own,) = writings.every(person.user, TODAY, Kind.VALUES)
    assert own.text == "Be honest"
    assertContains(phone.get(_url("values")), "Be honest")
    assert phone.get(_url("entry", own.id)).status_code == 404


@time_machine.travel(NOON, tick=False)
def test_a_letter_stays_closed_until_its_day(phone, person, dose) -> None:
    form = phone.get(_url("letters")).context["form"]
    assert form.initial["opens_on"] == TODAY + timedelta(days=30)  # the dose was long ago
    phone.post(_url("letters"), {"text": SECRET, "opens_on": TODAY + timedelta(days=30)})
    assertNotContains(phone.get(_url("letters")), SECRET)
    assertNotContains(phone.get(_url("export")), SECRET)
    assertNotContains(phone.get("/me/"), "A letter from you is open")
    with time_machine.travel(NOON + timedelta(days=30), tick=False):
        assertContains(phone.get(_url("letters")), SECRET)
        assertContains(phone.get("/me/"), "A letter from you is open")


@time_machine.travel(NOON, tick=False)
def test_a_letter_of_dosing_week_is_for_the_thirtieth_day(phone, person) -> None:
    from tests.clinic.therapy.cases import dosed

    dosed(person, NOON - timedelta(days=5))
    form = phone.get(_url("letters")).context["form"]
    assert form.initial["opens_on"] == TODAY + timedelta(days=25)


@time_machine.travel(NOON, tick=False)
def test_a_letter_is_opened_early_only_by_a_tap(phone, person) -> None:
    letter = _kept(person, Kind.LETTER, opens_on=TODAY + timedelta(days=9))
    phone.post(_url("open_letter", letter))
    assertContains(phone.get(_url("letters")), SECRET)
    assert phone.post(_url("open_letter", _kept(person))).status_code == 404


@pytest.mark.parametrize("days", [0, -1, 366 * 5 + 1])
@time_machine.travel(NOON, tick=False)
def test_a_letter_for_no_day_to_come_is_refused_and_its_words_stay(phone, person, days) -> None:
    told = {"text": SECRET, "opens_on": TODAY + timedelta(days=days)}
    assertContains(phone.post(_url("letters"), told), SECRET)
    assert Writing.objects.count() == 0


@time_machine.travel(NOON, tick=False)
def test_all_of_it_is_taken_home_as_a_file(phone, person) -> None:
    assertContains(phone.get(_url("export")), "Nothing written yet")
    _kept(person)
    _kept(person, Kind.LETTER, "Later", opens_on=TODAY + timedelta(days=9))
    answer = phone.get(_url("export"))
    assertContains(answer, SECRET)
    assertContains(answer, "waits until its day")
    assert "attachment" in answer["Content-Disposition"]


@time_machine.travel(NOON, tick=False)
def test_without_the_key_nothing_is_lost_and_the_page_says_so(phone, person) -> None:
    writing = _kept(person)
    away = sealing.key_path().rename(sealing.key_path().with_suffix(".away"))
    assertContains(phone.get(_url("journal")), "cannot open this now")
    for name in ("journal", "values"):
        assertContains(phone.post(_url(name), {"text": "New words"}), "New words")
    told = {"text": "New words", "opens_on": TODAY + timedelta(days=9)}
    assertContains(phone.post(_url("letters"), told), "Nothing was saved")
    assertContains(phone.get(_url("entry", writing)), "cannot open this now")
    assert phone.get(_url("share", writing)).status_code == 404
    assertContains(phone.get(_url("export")), "key")
    assert Writing.objects.count() == 1
    away.rename(sealing.key_path())
    assertContains(phone.get(_url("journal")), SECRET)


def test_what_is_not_there_is_not_found(phone) -> None:
    for name in ("entry", "share", "delete"):
        assert phone.get(_url(name, uuid4())).status_code == 404
