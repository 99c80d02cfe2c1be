"""An idle screen shows a passer-by nobody's name, and never takes what was typed."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.conf import LazySettings
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import clinic
from clinic.people import access, idle, lock, staffing
from clinic.people.models import AuditEntry, Patient, StaffMember
from clinic.people.roles import Role
from clinic.site import startup
from tests.clinic import cast
from tests.clinic.cast import NOON

pytestmark = pytest.mark.django_db
LIMIT = timedelta(minutes=10)
PIN = "482915"
HTML = {"headers": {"accept": "text/html"}}
JSON = {"headers": {"accept": "application/json"}}


@pytest.fixture(autouse=True)
def _fresh(settings: LazySettings) -> None:
    cache.clear()
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as moved:
        yield moved


@pytest.fixture
def desk(clock: time_machine.Traveller) -> Client:
    manager = cast.staff(Role.MANAGER)
    staffing.set_pin(digits=PIN, by=manager.user, at=timezone.now())
    client = cast.signed_in(manager)
    assert client.get("/patients/").status_code == 200
    return client


def _actions() -> list[str]:
    return list(AuditEntry.objects.order_by("sequence").values_list("action", flat=True))


@pytest.mark.parametrize(("early_s", "status"), [(1, 200), (0, 403), (-1, 403)])
def test_it_locks_at_ten_minutes_and_not_a_second_sooner(
    desk: Client, clock: time_machine.Traveller, early_s: int, status: int
) -> None:
    clock.shift(LIMIT - timedelta(seconds=early_s))
    page = desk.get("/patients/")
    assert page.status_code == status
    assert page[lock.LEFT] == ("600" if early_s > 0 else "0")
    assert (page.get(lock.HEADER) == "yes") == (status == 403)


def test_a_clinic_may_only_shorten_it(
    desk: Client, clock: time_machine.Traveller, settings: LazySettings
) -> None:
    settings.CLINIC_IDLE_MIN = "3"
    clock.shift(timedelta(minutes=3))
    assert desk.get("/patients/").status_code == 403
    assert [idle.problem(each) for each in ("1", "3", "10")] == ["", "", ""]
    for each in ("0", "11", "", "ten", "-1", "5.5"):
        assert idle.problem(each).startswith(f"CLINIC_IDLE_MIN is {each!r}")
    settings.CLINIC_IDLE_MIN = "30"
    assert any(each.startswith("CLINIC_IDLE_MIN") for each in startup.setting_problems(settings))


def test_what_pages_ask_by_themselves_never_puts_the_lock_off(
    desk: Client, clock: time_machine.Traveller
) -> None:
    """Hazard F25: a live page left open for hours would otherwise never lock."""
    for _ in range(130):
        clock.shift(timedelta(seconds=5))
        desk.get("/loop-line/")
    assert desk.get("/patients/").status_code == 403
    line = desk.get("/loop-line/")
    assert (line.status_code, line[lock.LEFT]) == (200, "0")
    assert desk.get("/patients/").status_code == 403


def test_a_page_with_names_in_it_brings_nothing_while_locked(
    desk: Client, clock: time_machine.Traveller
) -> None:
    nurse = cast.signed_in(cast.staff(Role.NURSE))
    assert nurse.get("/today/").status_code == 200
    clock.shift(LIMIT)
    told = nurse.get(reverse("chart:inbox"), headers={"HX-Request": "true"})
    assert (told.status_code, told.json()) == (403, {"error": lock.LOCKED, "locked": True})


def test_typing_is_acting_and_is_told_at_most_once_a_minute(
    desk: Client, clock: time_machine.Traveller
) -> None:
    clock.shift(LIMIT - timedelta(seconds=1))
    assert desk.post("/account/awake/").status_code == 204
    assert desk.session[idle.ACTED_AT] == timezone.now().timestamp()
    began = timezone.now().timestamp()
    clock.shift(timedelta(seconds=59))
    desk.get("/patients/")
    assert desk.session[idle.ACTED_AT] == began
    clock.shift(timedelta(seconds=1))
    desk.get("/patients/")
    assert desk.session[idle.ACTED_AT] == began + 60
    clock.shift(LIMIT)
    assert desk.post("/account/awake/").status_code == 403


@pytest.mark.hazard(20)
@pytest.mark.parametrize("secret", [PIN, cast.PASSWORD])
def test_pin_or_password_unlocks_and_goes_on_to_where_one_was(
    desk: Client, clock: time_machine.Traveller, secret: str
) -> None:
    clock.shift(LIMIT)
    page = desk.get("/patients/?sort=name", **HTML)
    assert (page.status_code, page.templates[0].name) == (403, "people/locked.html")
    html = page.content.decode()
    assert 'action="/patients/?sort=name"' in html
    done = desk.post("/patients/?sort=name", {lock.SECRET: secret, lock.PAGE: "yes"})
    assert (done.status_code, done["Location"]) == (302, "/patients/?sort=name")
    assert desk.get(done["Location"]).status_code == 200
    assert "unlocked" in _actions()


def test_what_was_posted_waits_and_goes_on_and_no_secret_stands_on_the_page(
    desk: Client, clock: time_machine.Traveller
) -> None:
    clock.shift(LIMIT)
    typed = {"q": 'Ann "<b>', "more": ["one", "two"], "secret": "spoken", "password": "word"}
    page = desk.post("/patients/", typed, **HTML)
    carried = [(each.name, each.value) for each in page.context["carried"]]
    assert carried == [("q", 'Ann "<b>'), ("more", "one"), ("more", "two")]
    assert "Nothing was saved" in page.content.decode()
    assert "spoken" not in page.content.decode()
    cast.patient("Ann", "Alone")
    cast.patient("Bea", "Other")
    found = desk.post("/patients/", {"q": "Ann", lock.SECRET: PIN})
    assert (found.status_code, "Bea" in found.content.decode()) == (200, False)


def test_one_tab_unlocks_the_other(desk: Client, clock: time_machine.Traveller) -> None:
    clock.shift(LIMIT)
    assert desk.get("/patients/").status_code == 403
    other = Client()
    other.cookies = desk.cookies
    assert other.get("/account/unlock/").status_code == 403
    told = other.post("/account/unlock/", {lock.SECRET: PIN}, **JSON)
    assert (told.json(), told[lock.LEFT]) == ({"locked": False}, "600")
    assert desk.get("/loop-line/")[lock.LEFT] == "600"
    assert desk.get("/patients/").status_code == 200
    assert other.get("/account/unlock/").templates[0].name == "people/unlocked.html"
    # A form that was shown while locked and is sent afterwards goes on too.
    late = desk.post("/patients/?late", {lock.SECRET: "", lock.PAGE: "yes"})
    assert late["Location"] == "/patients/?late"


@pytest.mark.hazard(20)
def test_ten_wrong_tries_are_a_pause_and_never_a_lock_out(
    desk: Client, clock: time_machine.Traveller
) -> None:
    clock.shift(LIMIT)
    for _ in range(10):
        told = desk.post("/account/unlock/", {lock.SECRET: "000000"}, **JSON)
        assert (told.status_code, told.json()["error"]) == (403, lock.WRONG)
    assert desk.post("/account/unlock/", {lock.SECRET: PIN}, **JSON).status_code == 403
    assert _actions().count("unlock_refused") == 11
    page = desk.post("/patients/", {lock.SECRET: PIN, lock.PAGE: "yes"}, **HTML)
    assert "That did not unlock it" in page.content.decode()
    clock.shift(timedelta(minutes=5, seconds=1))
    assert desk.post("/account/unlock/", {lock.SECRET: PIN}, **JSON).status_code == 200


def test_a_quiet_request_with_a_wrong_pin_or_none_unlocks_nothing(
    desk: Client, clock: time_machine.Traveller
) -> None:
    clock.shift(LIMIT)
    desk.get("/loop-line/")
    desk.post("/account/unlock/", {}, **JSON)
    assert desk.get("/account/unlock/").status_code == 403
    assert desk.get("/patients/").status_code == 403


def test_a_pin_that_unlocks_is_no_proof_for_a_signature(
    desk: Client, clock: time_machine.Traveller
) -> None:
    clock.shift(LIMIT)
    told = desk.post("/staff/new/", {"name": "Ada", lock.SECRET: PIN}, **HTML)
    assert (told.status_code, told["X-Proof"]) == (403, "wanted")
    assert [(each.name, each.value) for each in told.context["carried"]] == [("name", "Ada")]


def test_signing_in_again_begins_unlocked_and_signing_out_is_never_locked(
    desk: Client, clock: time_machine.Traveller, settings: LazySettings
) -> None:
    settings.DEMO = True
    clock.shift(LIMIT)
    Authenticator.objects.all().delete()
    email = StaffMember.objects.get().user.email
    assert desk.post("/account/logout/").status_code == 302
    desk.post("/account/login/", {"login": email, "password": cast.PASSWORD})
    assert desk.get("/patients/").status_code == 200


def test_a_sign_in_ends_twelve_hours_after_it_began_however_busy(
    desk: Client, clock: time_machine.Traveller
) -> None:
    for _ in range(12 * 60 // 9 - 1):
        clock.shift(timedelta(minutes=9))
        assert desk.get("/patients/").status_code == 200
    clock.shift(timedelta(minutes=9))
    assert desk.get("/patients/").status_code == 302


def test_a_patients_own_page_is_left_as_it_is(clock: time_machine.Traveller) -> None:
    person = cast.patient()
    person.user = cast.User.objects.create_user("pat@home.example", cast.PASSWORD, name="Pat")
    person.save()
    client = Client()
    client.force_login(person.user)
    assert client.get("/me/").status_code == 200
    clock.shift(timedelta(hours=3))
    page = client.get("/me/")
    assert (page.status_code, lock.LEFT in page) == (200, False)
    assert Patient.objects.count() == 1


# --- the law: whatever a page asks for by itself says so in the table -----------------------------

POLLED = re.compile(r'hx-get="\{%\s*url \'(?P<name>[\w:-]+)\'[^"]*"[^>]*hx-trigger="[^"]*\bevery ')
KEPT = re.compile(r'hx-get="\{\{ \w+ \}\}"[^>]*hx-trigger="[^"]*\bevery ')
BY_HAND = {
    *("loop-line", "dosing:live", "dosing:beat", "dosing:board_tiles", "people:unlock"),
    "dosing:offline_known",
}


def test_every_polled_address_is_quiet() -> None:
    """One that is not would keep a screen open that nobody has sat at for hours."""
    root = Path(clinic.__file__).parent
    polls = 0
    for page in root.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        named = {found["name"] for found in POLLED.finditer(text)}
        kept = len(KEPT.findall(text))
        polls += len(re.findall(r'hx-trigger="[^"]*\bevery ', text))
        assert len(re.findall(r'hx-trigger="[^"]*\bevery ', text)) == len(named) + kept, page
        assert not kept or page.name == "base.html", f"{page}: name the address in it."
        assert all(access.table().routes[name].quiet for name in named), page
    assert polls >= 2
    assert all(access.table().routes[name].quiet for name in BY_HAND)


def test_scripts_poll_only_what_is_known_here() -> None:
    """A new timer or stream in a script is named above, or it puts off the lock unseen."""
    root = Path(clinic.__file__).parent
    asked = {
        path.name: (text.count("EventSource("), text.count("fetch("))
        for path in root.rglob("static/**/*.js")
        if re.search(r"EventSource\(|fetch\(", text := path.read_text(encoding="utf-8"))
        and "min.js" not in path.name
    }
    assert asked == {
        "console.js": (1, 3),
        "charting.js": (0, 2),
        "offline.js": (0, 1),
        "drain.js": (0, 3),
        "sound.js": (0, 1),
        "board.js": (0, 1),
        "site.js": (0, 1),
        "lock.js": (0, 2),
    }


def test_what_stays_open_while_locked_is_little() -> None:
    open_ = {name for name, route in access.table().routes.items() if route.beside}
    assert open_ == {
        *("dosing:console", "dosing:live", "dosing:beat", "dosing:help"),
        *("dosing:board", "dosing:board_tiles", "loop-line", "people:unlock"),
    }
