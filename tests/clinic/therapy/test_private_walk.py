"""Everybody, at every address: no private note is reachable but by its author or who was handed it,
and no word that a person in care wrote for themselves by anybody else.

Each control is then turned off in turn, and the same walk has to find it.
"""

import json
import logging
from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from django.db import connection
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client
from django.urls import NoReverseMatch, reverse

from clinic.own import writings
from clinic.own.models import Writing
from clinic.people import access, audit
from clinic.people import actions as people
from clinic.people.models import AuditEntry, CareTeamMember, Patient, StaffMember, User
from clinic.people.roles import Role
from clinic.therapy import keys, private, private_views, sealing
from clinic.therapy.models import IntegrationVisit, PrivateNote
from tests.clinic import cast
from tests.clinic.therapy.cases import dosed, prepared

pytestmark = [pytest.mark.django_db, pytest.mark.hazard(19)]

CANARY = "canarywords"
OWN = "ownwords"  # of the person, for themselves
THEMSELVES = "the person"
TEXT = f"{CANARY} about his father"


@pytest.fixture(autouse=True)
def _quick_passwords(settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def told(caplog) -> tuple[Patient, StaffMember]:
    """A person with a dose and a page of their own, and their author. Both wrote by the page."""
    caplog.set_level(logging.DEBUG)
    person = _in_care("Robin")
    author = cast.treats(cast.staff(Role.THERAPIST, "Ana Author"), person)
    prepared(person, author)
    dose = dosed(person, cast.NOON)
    IntegrationVisit.objects.create(
        patient=person, session_id=dose.session_id, outcome="attended", focus="The garden",
        homework="Walk", held_at=cast.NOON, recorded_at=cast.NOON, by=author.user,
    )  # fmt: skip
    assert _own(person).post(reverse("own:journal"), {"text": OWN}).status_code == 302
    answer = cast.signed_in(author).post(_notes(person), {"text": TEXT})
    assert answer.status_code == 302
    return person, author


def _in_care(given: str) -> Patient:
    """Somebody with an account of their own."""
    person = cast.patient(given)
    person.user = User.objects.create_user(f"{given}@home.example", cast.PASSWORD, name=given)
    person.save()
    return person


def _own(person: Patient) -> Client:
    client = Client()
    client.force_login(person.user)
    return client


def _rows(person: Patient) -> list[UUID]:
    """The ids that complete an address further: a session, a visit, what is sealed."""
    visit = person.integration_visits.get()
    sealed = [PrivateNote.objects.get().pk, Writing.objects.get().pk]
    return [visit.session_id, visit.pk, *sealed]


def _notes(person: Patient) -> str:
    return reverse("therapy:private_notes", args=[person.pk])


def _addresses(person: Patient) -> Iterator[str]:
    """Every address that a person and a row of theirs, or nothing, completes, files among them."""
    rows = _rows(person)
    for name, route in access.table().routes.items():
        if route.about in ("closed", "link"):
            continue
        further = [[row] if route.about == "own" else [person.pk, row] for row in rows]
        for ids in ([], [person.pk], *further):
            try:
                yield reverse(name, args=ids)
            except NoReverseMatch:
                continue


def _others(person: Patient) -> Iterator[tuple[str, Client]]:
    """Each role, as one who treats them, treated them, has no part, and is on call."""
    for role in Role:
        if role == Role.PATIENT:
            continue
        for stands in ("treats", "treated", "apart", "on call"):
            member = cast.staff(role, f"{role} {stands}")
            if stands in ("treats", "treated"):
                cast.treats(member, person)
            if stands == "treated":
                row = CareTeamMember.objects.get(staff=member)
                people.leave_team(member=row, by=member.user, at=cast.NOON)
            if stands == "on call":
                cast.on_call(member)
            yield f"{role}, {stands}", cast.signed_in(member)
    yield THEMSELVES, _own(person)
    yield "another in care", _own(_in_care("Riva"))
    yield "nobody", Client()


def _reached(person: Patient) -> Iterator[str]:
    """Where somebody else reads a word of it, or has a page that they may not."""
    addresses = list(_addresses(person))
    assert len(addresses) > 150
    for who, client in _others(person):
        client.raise_request_exception = False
        # Who has no part in their care, or no more, opens little: about the person is enough.
        part = [each for each in addresses if str(person.pk) in each]
        for address in part if who.endswith(("apart", "treated")) else addresses:
            answer = client.get(address)
            for words in (CANARY,) if who == THEMSELVES else (CANARY, OWN):
                if words.encode() in _whole(answer):
                    yield f"{who}: {words} at {address}"
        if CANARY in str(client.post(reverse("people:list"), {"q": CANARY}).headers):
            yield f"{who}: search"
        yield from _page(who, client, person)


def _whole(answer: HttpResponse | StreamingHttpResponse) -> bytes:
    """All that is sent; of what never ends, nothing."""
    if not answer.streaming:
        return answer.content
    if answer["Content-Type"].startswith("text/event-stream"):
        return b""
    return b"".join(answer.streaming_content)


def _page(who: str, client: Client, person: Patient) -> Iterator[str]:
    keeps = who.startswith(("medical_director", "prescriber", "therapist", "trainee"))
    there = keeps and not who.endswith("apart")
    for address in (_notes(person), reverse("therapy:hand_over", args=[person.pk])):
        answer = client.get(address)
        if answer.status_code == 200 and answer["Cache-Control"] != "no-store":
            yield f"{who}: kept by the browser: {address}"
        if (answer.status_code == 200) != there:
            yield f"{who}: {answer.status_code} at {address}"


def _kept(author: StaffMember) -> Iterator[str]:
    """Where the database, and so its backup, tells a word of it, or who it is about."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {table}")  # noqa: S608 names of our own tables
            told = str(cursor.fetchall())
            if CANARY in told or OWN in told:
                yield f"table {table}"
    if AuditEntry.objects.filter(action="write_private_note", patient__isnull=False).exists():
        yield "trail"
    note = PrivateNote.objects.get(author=author.user)
    try:
        if CANARY in str(sealing.unseal(note.sealed, sealing.server_key())):
            yield "the server's key alone"
    except sealing.SealBroken:
        pass


def _moved(person: Patient, author: StaffMember) -> Iterator[str]:
    """What somebody who writes to the database gains by putting the row under their own name."""
    thief = cast.treats(cast.staff(Role.THERAPIST, "Theo Thief"), person)
    private.write(patient=person, text="words of his own", by=thief.user, at=cast.NOON)
    row = PrivateNote.objects.get(author=author.user)
    PrivateNote.objects.create(
        patient=person, author=thief.user, written_at=cast.NOON, sealed=row.sealed, key=row.key
    )
    if any(CANARY in note.text for note in private.own_notes(person, thief.user)):
        yield "a row put under another name"


def _failed(author: StaffMember, person: Patient, patched: pytest.MonkeyPatch) -> Iterator[str]:
    """What the error page and the log say when sealing itself fails."""

    def fails(*told: object, **named: object) -> None:
        raise RuntimeError("the disk is full")

    with patched.context() as broken:
        broken.setattr(audit, "record", fails)
        client = cast.signed_in(author)
        client.raise_request_exception = False
        answer = client.post(_notes(person), {"text": f"more {TEXT}"})
        assert answer.status_code == 500
        if CANARY.encode() in answer.content:
            yield "error page"


@pytest.mark.one_database
def test_nobody_reaches_it_anywhere(told, caplog, monkeypatch) -> None:
    person, author = told
    assert TEXT in cast.signed_in(author).get(_notes(person)).content.decode()
    found = [*_reached(person), *_kept(author), *_failed(author, person, monkeypatch)]
    found += _moved(person, author)
    assert not found
    assert CANARY not in caplog.text
    assert OWN not in caplog.text


def _anybody(patched: pytest.MonkeyPatch) -> None:
    patched.setattr(private, "_mine", lambda patient, author: PrivateNote.objects.all())


def _everybody_may(patched: pytest.MonkeyPatch) -> None:
    patched.setattr(access, "_by_table", lambda who, capability, patient: True)


def _no_seal(patched: pytest.MonkeyPatch) -> None:
    patched.setattr(sealing, "seal", lambda words, key: json.dumps(words))
    patched.setattr(sealing, "unseal", lambda sealed, key: json.loads(sealed))


def _one_key(patched: pytest.MonkeyPatch) -> None:
    mine = keys.key_for

    def shared(author, at, *, first):
        return mine(author, at, first=first)[0], sealing.server_key()

    patched.setattr(keys, "key_for", shared)
    patched.setattr(keys, "opened", lambda held: sealing.server_key())


def _not_bound(patched: pytest.MonkeyPatch) -> None:
    patched.setattr(private, "_belongs", lambda note, words: True)


def _named_in_trail(patched: pytest.MonkeyPatch) -> None:
    plain = audit.record

    def record(action, **told):
        person = Patient.objects.first() if action == "write_private_note" else None
        return plain(action, **({"patient": person} if person else {}) | told)

    patched.setattr(audit, "record", record)


def _browser_keeps(patched: pytest.MonkeyPatch) -> None:
    patched.setattr(private_views, "NOT_KEPT", "private")


def _anybodys_journal(patched: pytest.MonkeyPatch) -> None:
    patched.setattr(writings, "_mine", lambda author: Writing.objects.all())
    patched.setattr(writings, "_whose", lambda row: {})


CONTROLS: tuple[Callable[[pytest.MonkeyPatch], None], ...] = (
    _anybody,
    _everybody_may,
    _no_seal,
    _one_key,
    _not_bound,
    _named_in_trail,
    _browser_keeps,
    _anybodys_journal,
)


@pytest.mark.one_database
@pytest.mark.parametrize("turned_off", CONTROLS)
def test_each_control_that_is_turned_off_is_noticed(turned_off, monkeypatch) -> None:
    """A walk that finds nothing whatever stands open would say nothing."""
    turned_off(monkeypatch)
    person = cast.patient()
    author = cast.treats(cast.staff(Role.THERAPIST, "Ana Author"), person)
    private.write(patient=person, text=TEXT, by=author.user, at=cast.NOON)
    nurse = cast.treats(cast.staff(Role.NURSE, "Nat Nurse"), person)
    other = cast.treats(cast.staff(Role.THERAPIST, "Olga Other"), person)
    found = [*_kept(author), *_moved(person, author)]
    for who, member in (("nurse, treats", nurse), ("therapist, treats", other)):
        client = cast.signed_in(member)
        found += _page(who, client, person)
        if CANARY in client.get(_notes(person)).content.decode():
            found.append(who)
    _own(_in_care("Rene")).post(reverse("own:journal"), {"text": OWN})
    if OWN in _own(_in_care("Riva")).get(reverse("own:journal")).content.decode():
        found.append("another in care")
    assert found
