"""A file or a form sent wrong: refused in words, with nothing of it kept, and never a failure."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from urllib.parse import quote_plus

import pytest
import time_machine
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client

from clinic.people.models import Patient
from clinic.people.roles import Role
from tests.clinic import cast
from tests.clinic.conftest import (  # noqa: F401 - fixtures of the clinic's tests
    _no_search_for_files,
    _own_home,
    _quick_passwords,
    _secret,
    django_db_keepdb,
    django_db_modify_db_settings,
)
from tests.clinic.dosing.conftest import im  # noqa: F401 - a fixture
from tests.clinic.dosing.scene import Scene
from tests.clinic.intake import screened
from tests.clinic.interop import bundles
from tests.clinic.measures import by_link
from tests.clinic.planning import ground
from tests.faults.forms_found import Found, forms
from tests.faults.malformed import Malformed, spoil

pytestmark = [pytest.mark.fault, pytest.mark.django_db, pytest.mark.one_database]
SEED = 20261122
UPLOAD = "/referrals/new/"
KEPT_APART = ("people_auditentry", "django_session", "axes_", "django_migrations", "sqlite_")
LONG = "x" * 1_000_000
WRONG = [
    "", " ", "x", "-1", "0", "1e999", "NaN", "inf", "9" * 400, "1" * 5000, "1.0000000000001", "1,5",
    "\u0661\u0662", "\u00b2", "\x00", "a\x00b", "\u202e\u0301", LONG, "true", "None", "[]",
    '{"x": 1}', "0000-00-00", "2026-02-30", "9999-12-31", "10000-01-01", "0001-01-01T00:00",
    "9999-12-31T23:59", "24:61", "1970-01-01", "' OR 1=1 --", "<script>alert(1)</script>",
    "../../etc/passwd", "00000000-0000-0000-0000-000000000000", "\r\n\t", "+1", "0x10", "1e5",
    "%00", "\U0001f600" * 300,
]  # fmt: skip
NO_TEXT = ("%ED%A0%80", "%FF%FE", "%C0%80", "%00%00")  # half a surrogate, no UTF-8, an overlong NUL


def counted() -> tuple[object, ...]:
    """How many rows stand in each table, and what stands of each person; the audit trail apart."""
    tables = [
        name for name in connection.introspection.table_names() if not name.startswith(KEPT_APART)
    ]
    with connection.cursor() as cursor:
        each = [f'(SELECT count(*) FROM "{name}")' for name in tables]  # noqa: S608 - our own names
        cursor.execute("SELECT " + ", ".join(each))
        return (*cursor.fetchone(), *Patient.objects.order_by("pk").values_list())


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def send_file(client: Client, told: Malformed) -> None:
    before = counted()
    file = SimpleUploadedFile("bundle.json", told.data, "application/json")
    answer = client.post(UPLOAD, {"bundle": file, "record_number": ""})
    if answer.status_code == 302:
        return
    assert answer.status_code == 200, answer.status_code
    assert counted() == before, "something was kept"
    said = answer.content.decode()
    assert "Nothing was imported." in said or "empty" in said, "nothing was said"


@pytest.mark.hazard(12)
@pytest.mark.counts(small=250, middle=1500, full=7500)
def test_a_referral_that_cannot_be_read_leaves_nothing(fault_count: int) -> None:
    draw, client, failed = Random(SEED), cast.signed_in(cast.staff(Role.FRONT_DESK)), []
    whole = json.loads(bundles.WHOLE)
    for _ in range(fault_count):
        told = spoil(whole, draw)
        try:
            with undone():
                send_file(client, told)
        except Exception as error:  # noqa: BLE001 - whatever breaks is told with what broke it
            failed.append(f"{told.what}: {error!r}"[:400])
    assert not failed, "\n".join([f"{len(failed)} of {fault_count}", *failed[:30]])


def spoiled(form: Found, draw: Random) -> tuple[str, str, str]:
    """The body of one form with one field wrong; its name and how."""
    name = draw.choice(sorted(form.fields))
    fields = [(each, value) for each, values in form.fields.items() for value in values]
    way = draw.choice(("wrong", "wrong", "wrong", "wrong", "twice", "gone", "no text", "unasked"))
    wrong = draw.choice(WRONG)
    if way == "wrong":
        fields = [(each, wrong if each == name else value) for each, value in fields]
    elif way == "twice":
        fields.append((name, wrong))
    elif way == "gone":
        fields = [(each, value) for each, value in fields if each != name]
    elif way == "unasked":
        fields.append((draw.choice(("patient", "by", "id", "at", "x" * 3000, "source")), wrong))
    body = "&".join(f"{quote_plus(each)}={quote_plus(value)}" for each, value in fields)
    if way == "no text":
        body += f"&{quote_plus(name)}={draw.choice(NO_TEXT)}"
    return body, name, f"{way} {wrong[:30]!r}"


def send_form(form: Found, body: str) -> None:
    before = counted()
    answer = form.client.post(form.action, body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code < 500, answer.status_code
    if answer.status_code == 200 and counted() == before:
        said = answer.content.decode()
        assert any(mark in said for mark in ('class="problems"', 'role="alert"', "Nothing was")), (
            "silent"
        )
    if answer.status_code >= 400:
        assert counted() == before, "something was kept"


@pytest.mark.hazard(12)
@pytest.mark.counts(small=150, middle=1000, full=5000)
def test_a_form_filled_in_wrong_never_fails(
    fault_count: int,
    im: Scene,  # noqa: F811
    settings: LazySettings,
) -> None:
    settings.DEMO = True  # real people may not be registered before the content is signed
    draw, failed = Random(SEED), []
    with time_machine.travel(cast.NOON, tick=False):
        shown = forms(*clinic(im))
        kinds = {form.named: [each for each in shown if each.named == form.named] for form in shown}
        assert len(kinds) >= 45, sorted(kinds)
        for number in range(fault_count):
            form = draw.choice(kinds[sorted(kinds)[number % len(kinds)]])
            body, name, how = spoiled(form, draw)
            try:
                with undone():
                    send_form(form, body)
            except Exception as error:  # noqa: BLE001 - whatever breaks is told with what broke it
                failed.append(f"{form.named} {name} {how}: {error!r}"[:500])
    assert not failed, "\n".join([f"{len(failed)} of {fault_count}", *failed[:40]])


def clinic(scene: Scene) -> tuple[list[Client], dict[Patient, tuple[str, ...]]]:
    """One browser of each role, and three people: in a session, about to be ordered for, asked."""
    ready, asked = cast.patient("Casey"), cast.patient("Alex")
    for member in (scene.nurse, scene.prescriber):
        cast.treats(member, ready)
    screened.clear(screened.well(ready, scene.nurse), scene.prescriber)
    ground.consent(ground.plan(ready, scene.prescriber, route="IV"), scene.prescriber)
    ground.rated(ready, scene.prescriber)
    screened.well(asked, scene.nurse, dx__bipolar__current=True)
    screened.takes(asked, scene.nurse, "zorgletine")
    people = {
        scene.patient: ("dosing", "therapy", "measures"),
        ready: (
            "planning",
            "people",
            "reach",
            "safety",
            "interop",
            "intake:clear",
            "intake:eligibility",
        ),
        asked: ("intake",),
    }
    browsers = []
    for role in (Role.PRESCRIBER, Role.NURSE, Role.MEDICAL_DIRECTOR, Role.THERAPIST,
                 Role.PHARMACIST, Role.MANAGER, Role.FRONT_DESK):  # fmt: skip
        member = cast.staff(role)
        for each in people:
            cast.treats(member, each)
        browsers.append(cast.signed_in(member))
    secret = by_link.hand_over(ready)
    return [*browsers, by_link.open_link(ready, secret)], people
