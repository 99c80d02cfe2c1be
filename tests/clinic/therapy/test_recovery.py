"""A key file that is lost takes every private note with it, unless two people can give it back."""

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from clinic.people.models import AuditEntry, StaffMember
from clinic.people.roles import Role
from clinic.therapy import keys, private, recovery, sealing, sheets
from clinic.therapy.models import RecoveryCopy, RecoveryOpened, RecoverySheet
from kapstone.errors import InvalidInput
from tests.clinic import cast

pytestmark = [pytest.mark.django_db, pytest.mark.hazard(19)]
PROOF = {"proof-password": cast.PASSWORD}
LATER = cast.NOON + timedelta(minutes=1)
WORDS = "canarywords of the room"


@pytest.fixture(autouse=True)
def _quick_passwords(settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def two() -> tuple[StaffMember, StaffMember]:
    return cast.staff(Role.MEDICAL_DIRECTOR, "Dina Director"), cast.staff(
        Role.MANAGER, "Max Manager"
    )


@pytest.fixture
def written():
    person = cast.patient()
    author = cast.treats(cast.staff(Role.THERAPIST, "Ana Author"), person)
    private.write(patient=person, text=WORDS, by=author.user, at=cast.NOON)
    return person, author


def _printed(two) -> dict[int, str]:
    first, second = (member.user for member in two)
    pair = recovery.name_two(first=first, second=second, by=first, at=cast.NOON)
    return {
        user.pk: recovery.print_sheet(pair=pair, by=user, at=cast.NOON) for user in (first, second)
    }


def _give_back(two, codes, **changed):
    told = {"reason": "The disk died.", "by": two[0].user, "beside": two[1].user}
    return recovery.give_back(codes=codes, at=cast.NOON, **told | changed)


def test_both_sheets_give_every_author_their_notes_back(two, written) -> None:
    codes = _printed(two)
    person, author = written
    later = cast.treats(cast.staff(Role.THERAPIST, "Lea Later"), person)
    private.write(patient=person, text="later words", by=later.user, at=cast.NOON)
    sealing.key_path().unlink()
    assert private.own_notes(person, author.user)[0].problem
    entry = _give_back(two, codes)
    assert entry.key_count == 2
    for who, words in ((author, WORDS), (later, "later words")):
        assert [note.text for note in private.own_notes(person, who.user)] == [words]
    private.write(patient=person, text="new words", by=author.user, at=cast.NOON)
    assert {note.text for note in private.own_notes(person, author.user)} == {WORDS, "new words"}


def test_another_key_in_its_place_is_recovered_from_and_kept(two, written) -> None:
    """The file of another clinic was put back by mistake: it may be the only copy of that one."""
    codes = _printed(two)
    sealing.key_path().unlink()
    wrong = sealing.make()
    _give_back(two, codes)
    assert private.own_notes(written[0], written[1].user)[0].text == WORDS
    kept = sealing.key_path().with_name(f"{sealing.KEY_FILE}.before-{sealing.name_of(wrong)}")
    assert kept.read_bytes() == wrong


def test_one_sheet_opens_nothing(two, written) -> None:
    codes = _printed(two)
    mine, other = codes.values()
    sealing.key_path().unlink()
    for told in (
        {two[0].user.pk: mine, two[1].user.pk: mine},
        {two[0].user.pk: other, two[1].user.pk: mine},
        {two[0].user.pk: mine, two[1].user.pk: ""},
        {two[0].user.pk: mine, two[1].user.pk: "not a code 018"},
    ):
        with pytest.raises(InvalidInput, match="sheet"):
            _give_back(two, told)
    assert not RecoveryOpened.objects.exists()
    assert not sealing.key_path().exists()
    [copy] = RecoveryCopy.objects.all()
    sheet = RecoverySheet.objects.get(holder=two[0].user)
    half = sheets.read_code(mine, sheet.public_key, "code")
    with pytest.raises(InvalidInput):
        sheets.open_with_both(copy.sealed, (half, half), str(copy.key_id))


def test_nobody_but_both_holders_gives_keys_back(two, written) -> None:
    codes = _printed(two)
    third = cast.staff(Role.PRESCRIBER, "Tom Third").user
    sealing.key_path().unlink()
    for changed in ({"by": third}, {"beside": third}, {"beside": two[0].user}, {"reason": " "}):
        with pytest.raises(InvalidInput):
            _give_back(two, codes, **changed)
    assert not RecoveryOpened.objects.exists()


def test_nothing_is_recovered_while_the_key_fits(two, written) -> None:
    """Recovery is no second way in: a key that works is not replaced."""
    codes, before = _printed(two), sealing.server_key()
    with pytest.raises(InvalidInput, match="in its place"):
        _give_back(two, codes)
    assert sealing.server_key() == before


def test_without_two_sheets_there_is_no_recovery(two, written) -> None:
    first, second = (member.user for member in two)
    pair = recovery.name_two(first=first, second=second, by=first, at=cast.NOON)
    code = recovery.print_sheet(pair=pair, by=first, at=cast.NOON)
    sealing.key_path().unlink()
    with pytest.raises(InvalidInput, match="no two sheets"):
        _give_back(two, {first.pk: code, second.pk: code})
    with pytest.raises(sealing.SealBroken):
        recovery.print_sheet(pair=pair, by=second, at=cast.NOON)


def test_a_new_pair_takes_the_place_of_the_old_when_both_have_printed(two, written) -> None:
    """Who left the clinic with a sheet opens nothing of this database any more."""
    old = _printed(two)
    third = cast.staff(Role.PRESCRIBER, "Tom Third").user
    pair = recovery.name_two(first=two[0].user, second=third, by=third, at=LATER)
    assert keys.printed_pair() != pair
    new = {
        user.pk: recovery.print_sheet(pair=pair, by=user, at=cast.NOON)
        for user in (two[0].user, third)
    }
    assert keys.printed_pair() == pair
    assert set(RecoveryCopy.objects.values_list("pair", flat=True)) == {pair.pk}
    sealing.key_path().unlink()
    with pytest.raises(InvalidInput):
        _give_back(two, old)
    _give_back(two, new, beside=third)
    assert private.own_notes(written[0], written[1].user)[0].text == WORDS


def test_a_sheet_is_printed_once_by_its_holder_and_kept_nowhere(two, written) -> None:
    codes = _printed(two)
    pair = recovery.named_pair()
    for user in (two[0].user, cast.staff(Role.NURSE).user):
        with pytest.raises(InvalidInput):
            recovery.print_sheet(pair=pair, by=user, at=cast.NOON)
    with pytest.raises(InvalidInput):
        recovery.name_two(first=two[0].user, second=two[0].user, by=two[0].user, at=cast.NOON)
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {table}")  # noqa: S608 names of our own tables
            held = str(cursor.fetchall())
            for code in codes.values():
                assert code not in held, table
                assert code.replace(" ", "") not in held, table


def test_a_code_is_read_as_people_type_it() -> None:
    code, public = sheets.new_code()
    assert len(code.replace(" ", "")) == 52
    for typed in (code.lower(), code.replace(" ", ""), code.replace(" ", "-"), f" {code}\n"):
        assert (
            sheets.read_code(typed, public, "code").public_key().public_bytes_raw().hex() == public
        )


def test_a_copy_that_was_altered_is_refused(two, written) -> None:
    codes = _printed(two)
    _, other_public = sheets.new_code()
    [copy] = RecoveryCopy.objects.all()
    copy.sealed = sheets.seal_to_both(b"x" * 44, (other_public, other_public), "another")
    copy.save()
    sealing.key_path().unlink()
    with pytest.raises(InvalidInput, match="altered"):
        _give_back(two, codes)
    assert not sealing.key_path().exists()


def test_what_was_opened_stays_and_is_told(two, written) -> None:
    codes = _printed(two)
    sealing.key_path().unlink()
    entry = _give_back(two, codes)
    for change in (entry.delete, lambda: RecoveryOpened.objects.update(reason="x")):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    assert AuditEntry.objects.filter(action="open_recovery", actor=two[0].user).exists()
    person, author = written
    page = cast.signed_in(author).get(reverse("therapy:private_notes", args=[person.pk]))
    assert "Dina Director and Max Manager gave the authors their keys back" in page.content.decode()


def test_the_pages_from_naming_to_giving_back(two, written) -> None:
    first, second = (cast.signed_in(member) for member in two)
    pages = {
        name: reverse(f"therapy:{name}")
        for name in ("recovery", "recovery_name", "recovery_sheet", "recovery_open")
    }
    assert "Nobody is named" in first.get(pages["recovery"]).content.decode()
    assert first.get(pages["recovery_open"]).status_code == 404
    assert first.post(pages["recovery_sheet"], PROOF).status_code == 404
    named = {"first": two[0].user.pk, "second": two[1].user.pk}
    assert second.post(pages["recovery_name"], named | PROOF).status_code == 403
    twice = first.post(pages["recovery_name"], named | {"second": two[0].user.pk} | PROOF)
    assert "Name two different people" in twice.content.decode()
    assert first.post(pages["recovery_name"], named | PROOF).status_code == 302
    codes = []
    for client in (first, second):
        sheet = client.post(pages["recovery_sheet"], PROOF)
        assert sheet["Cache-Control"] == "no-store"
        codes += re.findall(r"<code>([A-Z2-7 ]{64})</code>", sheet.content.decode())
    assert len(codes) == 2
    again = first.post(pages["recovery_sheet"], follow=True)
    assert "printed before" in again.content.decode()
    sealing.key_path().unlink()
    typed = {"code": codes[0], "beside_code": codes[1], "secret": "wrong", "reason": "Disk died."}
    assert "PIN or password" in first.post(pages["recovery_open"], typed).content.decode()
    assert not RecoveryOpened.objects.exists()
    typed["secret"] = cast.PASSWORD
    swapped = first.post(pages["recovery_open"], typed | {"code": codes[1]})
    assert "is not the code" in swapped.content.decode()
    done = first.post(pages["recovery_open"], typed, follow=True)
    assert "Every author can open their own notes again" in done.content.decode()
    assert "keys of 1 author." in done.content.decode()
    third = cast.signed_in(cast.staff(Role.PRESCRIBER))
    assert third.get(pages["recovery_open"]).status_code == 404
    assert WORDS not in done.content.decode()


def test_today_asks_until_both_sheets_are_printed(two) -> None:
    """A clinic that never printed finds that out on the day on which the key is lost."""
    first, second = two
    nurse = cast.signed_in(cast.staff(Role.NURSE, "Nat Nurse"))
    clients = [cast.signed_in(member) for member in two]
    assert "Nobody can bring private notes back" in clients[0].get("/today/").content.decode()
    assert "private notes" not in nurse.get("/today/").content.decode()
    pair = recovery.name_two(first=first.user, second=second.user, by=first.user, at=cast.NOON)
    for client in clients:
        assert "Your recovery sheet waits" in client.get("/today/").content.decode()
    recovery.print_sheet(pair=pair, by=first.user, at=cast.NOON)
    assert "private notes" not in clients[0].get("/today/").content.decode()
    assert "Your recovery sheet waits" in clients[1].get("/today/").content.decode()
    recovery.print_sheet(pair=pair, by=second.user, at=cast.NOON)
    for client in [*clients, nurse]:
        assert "private notes" not in client.get("/today/").content.decode()
