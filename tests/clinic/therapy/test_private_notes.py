"""A private note seen by anybody but its author betrays what was said in the room (F38)."""

import ast
import re
import stat
import threading
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

import clinic
from clinic.people import actions as people
from clinic.people.models import AuditEntry, CareTeamMember, Duty, Patient, StaffMember
from clinic.people.roles import DutyKind, Role
from clinic.therapy import private, sealing
from clinic.therapy.models import PrivateNote
from tests.clinic import cast

pytestmark = [pytest.mark.django_db, pytest.mark.hazard(19)]

CANARY = "canarywords about his father"
STAFF_ROLES = [role for role in Role if role != Role.PATIENT]


@pytest.fixture(autouse=True)
def _quick_passwords(settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def person() -> Patient:
    return cast.patient()


@pytest.fixture
def author(person: Patient) -> StaffMember:
    member = cast.treats(cast.staff(Role.THERAPIST, "Ana Author"), person)
    private.write(patient=person, text=CANARY, by=member.user, at=cast.NOON)
    return member


def _url(person: Patient) -> str:
    return reverse("therapy:private_notes", args=[person.pk])


def _plain(response) -> str:
    """The page without what differs on every answer: nonce, tokens, who and how long ago."""
    words = re.sub(r'(nonce|value|content)="[^"]*"', "", response.content.decode())
    return re.sub(r"\{&quot;[^}]*\}", "", words)


def test_the_author_reads_it(person, author) -> None:
    page = cast.signed_in(author).get(_url(person))
    assert CANARY in page.content.decode()
    assert page["Cache-Control"] == "no-store"


def _everyone(person: Patient) -> list[StaffMember]:
    """Each role: treating, treated once, no part; on call; every duty there is."""
    found = []
    for role in STAFF_ROLES:
        treating, ended, other, on_call, every = (cast.staff(role) for _ in range(5))
        cast.treats(treating, person)
        cast.treats(ended, person)
        row = CareTeamMember.objects.get(staff=ended)
        people.leave_team(member=row, by=ended.user, at=cast.NOON)
        cast.on_call(on_call)
        for kind in DutyKind:
            Duty.objects.create(staff=every, kind=kind, starts_at=cast.LONG_AGO)
        found += [treating, ended, other, on_call, every]
    return found


def test_nobody_else_reads_it_lists_it_or_counts_it(person, author) -> None:
    """Whoever may open the page sees what they would see if the note were not there."""
    empty = cast.patient(birth_date=person.birth_date)
    for member in _everyone(person):
        CareTeamMember.objects.bulk_create(
            CareTeamMember(
                patient=empty, staff=member, starts_at=row.starts_at, ends_at=row.ends_at
            )
            for row in CareTeamMember.objects.filter(staff=member)
        )
        client = cast.signed_in(member)
        answers = [client.get(_url(each)) for each in (person, empty)]
        assert answers[0].status_code == answers[1].status_code in (200, 404), member.name
        told = [
            _plain(answer)
            .replace(str(each.pk), "")
            .replace(each.record_number, "")
            .replace(f"band-{each.pk.int % 8}", "")
            for answer, each in zip(answers, (person, empty), strict=True)
        ]
        apart = r'<div class="twins">.*?</div>|data-idle-s="\d+"'  # and the clock, which goes on
        ours = [re.sub(apart, "", text, flags=re.S) for text in told]
        assert ours[0] == ours[1], member.name
        assert CANARY not in told[0]


def test_a_person_who_may_not_is_answered_like_for_nobody(person, author) -> None:
    """404 for a real person is the same 404 as for one who does not exist."""
    client = cast.signed_in(cast.staff(Role.MANAGER))
    absent = reverse("therapy:private_notes", args=["00000000-0000-4000-8000-000000000000"])
    known, unknown = client.get(_url(person)), client.get(absent)
    assert known.status_code == unknown.status_code == 404
    assert _plain(known) == _plain(unknown)
    assert sorted(known.headers) == sorted(unknown.headers)


def test_the_patient_and_strangers_do_not_reach_it(person, author) -> None:
    user = cast.User.objects.create_user("robin@home.example", cast.PASSWORD, name="Robin")
    person.user = user
    person.save()
    own = Client()
    own.force_login(user)
    assert own.get(_url(person)).status_code == 404
    assert Client().get(_url(person)).status_code == 302


def test_the_database_and_its_dump_hold_no_word_of_it(person, author, capsys) -> None:
    call_command("dumpdata", "therapy", "people")
    assert "canarywords" not in capsys.readouterr().out
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed FROM therapy_privatenote")
        assert "canarywords" not in str(cursor.fetchall())


def test_no_other_room_names_the_table() -> None:
    """Chart, search and exports cannot leak what they cannot import."""
    root = Path(clinic.__file__).parent
    allowed = {"models/__init__.py", "models/private.py", "private.py"}
    for path in root.rglob("*.py"):
        inside = path.is_relative_to(root / "therapy")
        if inside and str(path.relative_to(root / "therapy")) in allowed | {"migrations"}:
            continue
        names = {
            getattr(node, "id", getattr(node, "name", ""))
            for node in ast.walk(ast.parse(path.read_text()))
        }
        assert "PrivateNote" not in names, path
        if not inside:
            assert "therapy.private" not in path.read_text(), path


def test_nothing_leads_from_a_person_to_the_notes() -> None:
    for model in (Patient, cast.User):
        ways = [field.related_model for field in model._meta.get_fields() if field.is_relation]
        assert PrivateNote not in ways


def test_the_trail_names_the_author_but_not_the_person(person, author) -> None:
    rows = AuditEntry.objects.filter(action="write_private_note")
    assert [(row.actor_id, row.patient_id, row.subject) for row in rows] == [
        (author.user.pk, None, "")
    ]
    assert not AuditEntry.objects.filter(subject__icontains="privatenote").exists()


def test_a_note_is_not_changed_or_removed(person, author) -> None:
    for write in (PrivateNote.objects.all().delete, lambda: PrivateNote.objects.update(sealed="x")):
        with pytest.raises(IntegrityError), transaction.atomic():
            write()
    with pytest.raises(IntegrityError), transaction.atomic():
        PrivateNote.objects.create(
            patient=person, author=author.user, written_at=cast.NOON, sealed=""
        )


def test_the_key_stands_apart_for_this_account_alone(person, author, settings) -> None:
    path = sealing.key_path()
    assert path.parent == settings.HOME
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_a_lost_key_is_said_and_never_replaced(person, author) -> None:
    sealing.key_path().unlink()
    client = cast.signed_in(author)
    assert "private-notes.key is missing" in client.get(_url(person)).content.decode()
    page = client.post(_url(person), {"text": "More words"})
    assert "private-notes.key is missing" in page.content.decode()
    assert "More words" in page.content.decode()
    assert not sealing.key_path().exists()
    assert PrivateNote.objects.count() == 1


def test_another_key_opens_nothing(person, author) -> None:
    sealing.key_path().unlink()
    sealing.make()
    [note] = private.own_notes(person, author.user)
    assert note.text == ""
    assert "not the key" in note.problem


def test_a_note_moved_to_another_person_does_not_open(person, author) -> None:
    [row] = PrivateNote.objects.all()
    other = cast.patient("Ada")
    PrivateNote.objects.create(
        patient=other, author=author.user, written_at=cast.NOON, sealed=row.sealed, key=row.key
    )
    [note] = private.own_notes(other, author.user)
    assert note.text == ""
    assert "another person" in note.problem


def test_two_first_notes_at_once_end_with_one_key() -> None:
    """A server key that another process replaced would close every note sealed with it."""
    made: list[bytes] = []
    start = threading.Barrier(8)

    def make() -> None:
        start.wait()
        made.append(sealing.make())

    threads = [threading.Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [sealing.server_key()] * 8


def test_the_form_says_what_does_not_belong_here(person, author) -> None:
    client = cast.signed_in(author)
    page = client.get(_url(person)).content.decode()
    for words in ("medicines", "began and ended", "how often", "results of tests", "diagnosis"):
        assert words in page
    assert "Write something" in client.post(_url(person), {"text": " "}).content.decode()
    assert client.post(_url(person), {"text": " kept as typed"}).status_code == 302
    assert private.own_notes(person, author.user)[0].text == " kept as typed"
