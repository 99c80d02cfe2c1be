"""The trail cannot be changed unseen, and each reading is in it."""

import threading
from collections.abc import Callable
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client

from clinic.people import access, audit, staffing
from clinic.people.models import AuditEntry, ChainHead, User
from clinic.people.roles import DutyKind, Role
from tests.clinic import cast

pytestmark = pytest.mark.django_db


def _five_entries() -> None:
    for number in range(1, 6):
        audit.record(f"event_{number}", by=None, at=cast.NOON + timedelta(minutes=number))


def _open_to_tampering() -> None:
    """What somebody with the database's own password can do first."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER people_auditentry_no_UPDATE")
            cursor.execute("DROP TRIGGER people_auditentry_no_DELETE")
        else:
            cursor.execute("DROP TRIGGER people_auditentry_append_only ON people_auditentry")


def _edit() -> None:
    AuditEntry.objects.filter(sequence=3).update(action="nothing")


def _delete() -> None:
    AuditEntry.objects.filter(sequence=3).delete()


def _reorder() -> None:
    for now, then in ((3, 99), (4, 3), (99, 4)):
        AuditEntry.objects.filter(sequence=now).update(sequence=then)


def _truncate() -> None:
    AuditEntry.objects.filter(sequence__gt=3).delete()


def _backdate() -> None:
    AuditEntry.objects.filter(sequence=3).update(at=cast.LONG_AGO)


def _rehash_one() -> None:
    entry = AuditEntry.objects.get(sequence=3)
    entry.action = "nothing"
    AuditEntry.objects.filter(sequence=3).update(
        action="nothing", entry_hash=audit.entry_hash(entry)
    )


@pytest.mark.parametrize(
    ("tamper", "found"),
    [
        (_edit, ["Entry 3 was altered."]),
        (_delete, ["Entries 3 to 3 are missing.", "Entry 4 was altered."]),
        (
            _reorder,
            ["Entry 3 was altered.", "Entry 4 was altered.", "Entry 5 was altered."],
        ),
        (_truncate, ["The trail ends at entry 3; 5 were written."]),
        (_backdate, ["Entry 3 was altered."]),
        (_rehash_one, ["Entry 4 was altered."]),
    ],
    ids=["edit", "delete", "re-order", "truncate", "backdate", "edit with a new hash"],
)
def test_each_kind_of_tampering_is_found_and_located(
    tamper: Callable[[], None], found: list[str]
) -> None:
    _five_entries()
    assert list(audit.faults()) == []
    _open_to_tampering()
    tamper()
    assert list(audit.faults()) == found


def test_truncation_with_the_head_set_back_is_found_by_a_head_kept_elsewhere() -> None:
    _five_entries()
    kept = audit.head()
    _open_to_tampering()
    _truncate()
    last = AuditEntry.objects.get(sequence=3)
    ChainHead.objects.update(sequence=3, entry_hash=last.entry_hash)
    assert list(audit.faults()) == []
    assert list(audit.faults(kept)) == [
        "Entry 5 is not the one whose head was kept: the trail was rewritten or cut."
    ]


@pytest.mark.parametrize("change", [_edit, _delete])
def test_database_itself_refuses_to_change_an_entry(change: Callable[[], None]) -> None:
    _five_entries()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        change()
    assert AuditEntry.objects.count() == 5


@pytest.mark.usefixtures("_emptied_by_hand")
@pytest.mark.django_db(transaction=True)
def test_writers_at_once_leave_the_chain_whole() -> None:
    def write() -> None:
        for _ in range(10):
            audit.record("event", by=None, at=cast.NOON)
        connection.close()

    writers = [threading.Thread(target=write) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert AuditEntry.objects.count() == 40
    assert list(audit.faults()) == []


@pytest.mark.parametrize("page", ["", "chart/", "audit/"])
@pytest.mark.parametrize("method", ["get", "head"])
def test_each_reading_writes_exactly_one_row(page: str, method: str) -> None:
    director, person = cast.staff(Role.MEDICAL_DIRECTOR), cast.patient()
    client = cast.signed_in(director)
    before = AuditEntry.objects.count()
    answer = getattr(client, method)(f"/patients/{person.pk}/{page}")
    assert answer.status_code == 200
    row = AuditEntry.objects.get(sequence=before + 1)
    assert (row.actor, row.patient, row.action[:5]) == (director.user, person, "read ")
    assert AuditEntry.objects.count() == before + 1


def test_a_chart_opened_by_post_is_a_reading_too() -> None:
    nurse, person = cast.staff(Role.NURSE), cast.patient()
    cast.treats(nurse, person)
    cast.signed_in(nurse).post(f"/patients/{person.pk}/chart/")
    assert AuditEntry.objects.filter(action="read chart:chart").count() == 1


def test_a_refused_reading_is_told_to_the_medical_director() -> None:
    nurse, person = cast.staff(Role.NURSE), cast.patient()
    cast.signed_in(nurse).get(f"/patients/{person.pk}/chart/")
    director = cast.signed_in(cast.staff(Role.MEDICAL_DIRECTOR))
    page = director.get(f"/patients/{person.pk}/audit/").content.decode()
    assert "Was refused: read a person&#x27;s clinical record" in page
    assert nurse.name in page


def test_a_write_that_fails_leaves_no_row() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        audit.record("event", by=None, at=cast.NOON)
        raise RuntimeError
    assert not AuditEntry.objects.exists()


def test_every_change_of_privilege_is_in_the_trail() -> None:
    manager, nurse = cast.staff(Role.MEDICAL_DIRECTOR), cast.staff(Role.NURSE)
    who = access.actor(manager.user, cast.NOON)
    grant = staffing.grant_role(staff=nurse, role=Role.THERAPIST, who=who, at=cast.NOON)
    staffing.end_role(grant=grant, who=who, at=cast.NOON + timedelta(hours=1))
    licence = nurse.licences.get()
    staffing.revoke_licence(licence=licence, who=who, at=cast.NOON)
    duty = cast.Duty(kind=DutyKind.ON_CALL, starts_at=cast.NOON)
    staffing.appoint(staff=nurse, duty=duty, who=who, at=cast.NOON)
    staffing.end_duty(duty=duty, who=who, at=cast.NOON + timedelta(hours=1))
    staffing.renew_sign_in(staff=nurse, who=who, at=cast.NOON)
    staffing.leave(staff=nurse, who=who, at=cast.NOON)
    assert list(AuditEntry.objects.order_by("sequence").values_list("action", flat=True)) == [
        "grant_role",
        "end_role",
        "revoke_licence",
        "appoint",
        "end_duty",
        "renew_sign_in",
        "leave",
    ]


def test_sign_in_and_its_refusal_are_told_without_what_was_typed() -> None:
    nurse = cast.staff(Role.NURSE)
    for password in ("not it", cast.PASSWORD):
        Client().post("/account/login/", {"login": nurse.user.email, "password": password})
    Client().post("/account/login/", {"login": "secret@nowhere.example", "password": "x"})
    rows = list(AuditEntry.objects.order_by("sequence"))
    assert [row.action for row in rows] == ["sign_in_refused", "sign_in", "sign_in_refused"]
    assert [row.subject for row in rows] == [f"people.User:{nurse.user.pk}", "", ""]
    assert "nowhere" not in str([vars(row) for row in rows])


def test_command_tells_a_whole_trail_from_a_broken_one() -> None:
    _five_entries()
    said = StringIO()
    call_command("audit_verify", stdout=said)
    assert audit.head() in said.getvalue()
    call_command("audit_verify", kept=audit.head(), stdout=said)
    with pytest.raises(CommandError, match="NUMBER:HASH"):
        call_command("audit_verify", kept="five")
    _open_to_tampering()
    _edit()
    wrong = StringIO()
    with pytest.raises(CommandError, match="broken in 1 places"):
        call_command("audit_verify", stderr=wrong)
    assert wrong.getvalue() == "Entry 3 was altered.\n"


def test_an_empty_trail_is_whole() -> None:
    assert (audit.head(), list(audit.faults())) == ("0:", [])
    assert not User.objects.exists()
