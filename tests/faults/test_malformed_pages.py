"""A file or a form sent wrong: refused in words, with nothing of it kept, and never a failure."""

import json
from collections.abc import Iterator
from random import Random
from urllib.parse import quote_plus
from uuid import uuid4

import pytest
import time_machine
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from lxml import html

from clinic.adverse import actions as adverse
from clinic.episodes import queries as episodes
from clinic.episodes.actions import advance
from clinic.interop import actions as interop
from clinic.people import proof
from clinic.people.models import Patient, User
from clinic.people.roles import Role
from kapstone.pathway import Episode as Stage
from tests.clinic import cast
from tests.clinic.adverse import spray
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
from tests.faults.forms_found import Found, Page, forms, pages, squeezed
from tests.faults.malformed import Malformed, spoil
from tests.faults.refused import Spoiled, body, counted, said, sent, undone, wrong_with

ROLES = (
    *(Role.PRESCRIBER, Role.NURSE, Role.MEDICAL_DIRECTOR, Role.THERAPIST),
    *(Role.PHARMACIST, Role.MANAGER, Role.FRONT_DESK),
)
READY_FOR = ("planning", "people", "reach", "safety", "interop", "intake:clear",
             "intake:eligibility")  # fmt: skip
# Behind a link, a file or a check of their own.
NEVER_MISSED = {"measures:link", "measures:answer", "measures:own_wish", "interop:whose",
                "planning:sign"}  # fmt: skip
ORDER = {
    "dose_value": "0.5", "unit": "mg/kg", "concentration_mg_per_ml": "50", "volume_ml": "0.7",
    "salt_or_base": "base", "sedative_planned": "no", "infusion_min": "40",
    "weight_basis": "actual",
}  # fmt: skip

pytestmark = [pytest.mark.fault, pytest.mark.django_db, pytest.mark.one_database]
SEED = 20261122
UPLOAD = "/referrals/new/"
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


def send_file(client: Client, told: Malformed) -> None:
    before = counted()
    file = SimpleUploadedFile("bundle.json", told.data, "application/json")
    answer = client.post(UPLOAD, {"bundle": file, "record_number": ""})
    if answer.status_code == 302:
        return
    assert answer.status_code == 200, answer.status_code
    assert counted() == before, "something was kept"
    words = " ".join(said(answer.content))
    assert "nothing was imported." in words or "empty" in words, "nothing was said"
    named = [squeezed(ascii(name)[1:-1]) for name in told.named]
    unread = "$: " in words  # the file as a whole: no place in it can be told
    assert unread or not named or any(name in words for name in named), (
        f"names none of {named}: {words}"
    )


@pytest.mark.hazard(12)
@pytest.mark.counts(small=250, middle=1500, full=7500)
def test_a_referral_that_cannot_be_read_leaves_nothing(
    fault_count: int, settings: LazySettings
) -> None:
    settings.DEMO = True  # else every file is refused, sound or not: the content is not signed
    draw, client, failed = Random(SEED), cast.signed_in(cast.staff(Role.FRONT_DESK)), []
    whole = json.loads(bundles.WHOLE)
    with undone():
        send_file(client, Malformed(bundles.WHOLE.encode(), (), "sound"))
        assert Patient.objects.exists(), "a sound file was refused"
    for _ in range(fault_count):
        told = spoil(whole, draw)
        try:
            with undone():
                send_file(client, told)
        except Exception as error:  # noqa: BLE001 - whatever breaks is told with what broke it
            failed.append(f"{told.what}: {error!r}"[:400])
    assert not failed, "\n".join([f"{len(failed)} of {fault_count}", *failed[:30]])


def spoiled(form: Found, draw: Random) -> Spoiled:
    """One form with one field wrong."""
    name = draw.choice(sorted(form.fields))
    fields = form.sound()
    way = draw.choice(("wrong", "wrong", "wrong", "wrong", "twice", "gone", "no text", "unasked"))
    wrong, more = draw.choice(WRONG), ""
    if way == "wrong":
        fields = [(each, wrong if each == name else value) for each, value in fields]
    elif way == "twice":
        fields.append((name, wrong))
    elif way == "gone":
        fields = [(each, value) for each, value in fields if each != name]
    elif way == "unasked":
        name = draw.choice(("patient", "by", "id", "at", "x" * 3000, "source"))
        fields.append((name, wrong))
    elif way == "no text":
        more = f"&{quote_plus(name)}={draw.choice(NO_TEXT)}"
    may_be_left_out = way in ("gone", "unasked") or (way != "no text" and not wrong.strip())
    return Spoiled(body(fields) + more, name, f"{way} {wrong[:30]!r}", may_be_left_out)


@pytest.mark.hazard(12)
@pytest.mark.counts(small=150, middle=1000, full=5000)
def test_a_form_filled_in_wrong_is_refused_by_the_name_of_its_field(
    fault_count: int,
    im: Scene,  # noqa: F811
    settings: LazySettings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.DEMO = True  # real people may not be registered before the content is signed
    monkeypatch.setattr(proof, "is_fresh", lambda request: True)  # else many ask for that alone
    draw, failed = Random(SEED), []
    with time_machine.travel(cast.NOON, tick=False):
        shown = forms(clinic(im))
        kinds = {form.named: [each for each in shown if each.named == form.named] for form in shown}
        assert len(kinds) >= 55, sorted(kinds)
        sound = {form.key: sent(form, body(form.sound())) for form in shown}
        taken = {form.named for form in shown if sound[form.key].kept}
        assert taken >= NEVER_MISSED, sorted(NEVER_MISSED - taken)
        assert len(taken) >= 32, sorted(taken)
        for number in range(fault_count):
            form = draw.choice(kinds[sorted(kinds)[number % len(kinds)]])
            told = spoiled(form, draw)
            try:
                problem = wrong_with(form, told, sound[form.key])
            except Exception as error:  # noqa: BLE001 - whatever breaks is told with what broke it
                problem = repr(error)
            if problem:
                failed.append(f"{form.named} {told.name[:40]} {told.how}: {problem}"[:500])
    assert not failed, "\n".join([f"{len(failed)} of {fault_count}", *failed[:40]])


def clinic(scene: Scene) -> Iterator[Page]:
    """The pages of one browser of each role, about three people.

    One is in a session, one about to be ordered for, one asked; two answer by a link; one of them
    signs in as well; a referral waits for somebody to say whose it is.
    """
    ready, asked = cast.patient("Casey"), cast.patient("Alex")
    for member in (scene.nurse, scene.prescriber):
        cast.treats(member, ready)
    screened.clear(screened.well(ready, scene.nurse), scene.prescriber)
    ground.consent(ground.plan(ready, scene.prescriber, route="IV"), scene.prescriber)
    ground.rated(ready, scene.prescriber)
    prepared(ready)
    screened.well(asked, scene.nurse, dx__bipolar__current=True)
    screened.takes(asked, scene.nurse, "zorgletine")
    for text in (bundles.WHOLE, bundles.bundle(patient={**bundles.PATIENT, "identifier": []})):
        interop.take_in(text, by=scene.nurse.user, at=cast.NOON, whose=None)
    ready.user = User.objects.create_user("casey@person.example", cast.PASSWORD, name="Casey")
    ready.save()
    told = spray.event(scene, onset_at=cast.NOON, aware_at=cast.NOON)
    adverse.record(event=told, by=scene.nurse.user, at=cast.NOON)
    people = {
        scene.patient: ("dosing", "therapy", "measures", "adverse"),
        ready: READY_FOR,
        asked: ("intake",),
    }
    browsers = []
    for role in ROLES:
        member = cast.staff(role)
        for each in people:
            cast.treats(member, each)
        browsers.append(cast.signed_in(member))
    links = {person: by_link.hand_over(person) for person in (ready, asked)}
    phones = [by_link.open_link(*each) for each in links.items()]
    phones[1].post(by_link.address_of("pace", links[asked]), {"whole": "yes"})
    own = Client()
    own.force_login(ready.user)
    by_hand = [by_link.address_of(n, each) for each in links.values() for n in ("link", "answer")]
    yield from pages([*browsers, *phones, own], people, by_hand)
    yield checked(browsers[0], ready)


def prepared(person: Patient) -> None:
    episode = episodes.open_episode(person)
    assert episode is not None
    to, have = Stage.PREPARED, ground.EVERY_NEED
    advance(episode=episode, to=to, have=have, by=None, at=cast.NOON, reason="test")


def checked(prescriber: Client, person: Patient) -> Page:
    """The page of an order after its check: it has the button that signs."""
    where = reverse("planning:order", args=[person.pk])
    order = ORDER | {"order_id": str(uuid4())}
    answer = prescriber.post(where, order)
    assert answer.context.get("signable"), answer.content.decode()
    return prescriber, where, html.fromstring(answer.content)
