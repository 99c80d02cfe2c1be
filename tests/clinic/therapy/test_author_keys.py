"""One key an author, and handing a copy on: the only way in which a private note leaves them."""

import pytest
from django.urls import reverse

from clinic.people.models import AuditEntry, Patient, StaffMember
from clinic.people.roles import Role
from clinic.therapy import keys, private, sealing
from clinic.therapy.models import PrivateNote
from kapstone.errors import InvalidInput
from tests.clinic import cast

pytestmark = [pytest.mark.django_db, pytest.mark.hazard(19)]

CANARY = "canarywords about his father"


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


def test_each_author_has_a_key_and_it_opens_no_note_of_another(person, author) -> None:
    """One key for all would open everybody's notes to whoever had it."""
    other = cast.treats(cast.staff(Role.THERAPIST, "Bo Beside"), person)
    private.write(patient=person, text="other words", by=other.user, at=cast.NOON)
    theirs, mine = (PrivateNote.objects.get(author=who.user) for who in (other, author))
    assert theirs.key != mine.key
    with pytest.raises(sealing.SealBroken):
        sealing.unseal(theirs.sealed, keys.opened(mine.key))
    with pytest.raises(sealing.SealBroken):
        sealing.unseal(theirs.sealed, sealing.server_key())


def test_a_note_put_under_another_author_does_not_open(person, author) -> None:
    """Whoever writes to the database cannot make somebody else's note their own."""
    other = cast.treats(cast.staff(Role.THERAPIST, "Bo Beside"), person)
    private.write(patient=person, text="other words", by=other.user, at=cast.NOON)
    row, own = (PrivateNote.objects.get(author=who.user) for who in (author, other))
    for key in (row.key, own.key):
        PrivateNote.objects.create(
            patient=person, author=other.user, written_at=cast.NOON, sealed=row.sealed, key=key
        )
    opened = [note for note in private.own_notes(person, other.user) if note.text]
    assert [note.text for note in opened] == ["other words"]


def test_a_note_from_before_authors_had_keys_still_opens(person, author) -> None:
    note = PrivateNote(patient=person, author=author.user, written_at=cast.LONG_AGO)
    whose = {"patient": str(person.pk), "author": str(author.user.pk), "note": str(note.pk)}
    note.sealed = sealing.seal({"text": "early words"} | whose, sealing.server_key())
    note.save(force_insert=True)
    assert private.own_notes(person, author.user)[-1].text == "early words"


def test_an_author_hands_a_colleague_a_copy_and_nobody_else_can(person, author) -> None:
    colleague = cast.treats(cast.staff(Role.THERAPIST, "Cleo Colleague"), person)
    [note] = private.own_notes(person, author.user)
    url = reverse("therapy:hand_over", args=[person.pk])
    typed = {"notes": [str(note.id)], "to": colleague.user.pk, "proof-password": cast.PASSWORD}
    refused = cast.signed_in(colleague).post(url, typed | {"to": author.user.pk})
    assert private.own_notes(person, colleague.user) == [], refused.content
    done = cast.signed_in(author).post(url, typed)
    assert done.status_code == 302, done.content
    [copy] = private.own_notes(person, colleague.user)
    assert (copy.text, copy.handed_by, copy.written_at) == (CANARY, "Ana Author", note.written_at)
    assert "handed to you by Ana Author" in (
        cast.signed_in(colleague).get(_url(person)).content.decode()
    )
    assert [each.text for each in private.own_notes(person, author.user)] == [CANARY]
    [row] = AuditEntry.objects.filter(action="hand_over_private_notes")
    assert row.patient_id is None


def test_a_note_is_handed_to_nobody_who_may_not_keep_one(person, author) -> None:
    """A nurse, a manager, a therapist of another person: none can be chosen."""
    nurse = cast.treats(cast.staff(Role.NURSE), person)
    stranger = cast.staff(Role.THERAPIST, "Stan Stranger")
    [note] = private.own_notes(person, author.user)
    for member in (nurse, stranger, author):
        with pytest.raises(InvalidInput):
            private.hand_over(
                patient=person, notes=[note.id], to=member.user, by=author.user, at=cast.NOON
            )
    with pytest.raises(InvalidInput):
        private.hand_over(patient=person, notes=[], to=stranger.user, by=author.user, at=cast.NOON)
    page = cast.signed_in(author).get(reverse("therapy:hand_over", args=[person.pk]))
    assert "Nobody else who treats this person" in page.content.decode()
