"""A patient who meets a page in words they cannot read is alone with it.

Every address that a patient may open is opened in Spanish, as the access table lists them.
"""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.mfa.webauthn.internal import auth as webauthn
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from clinic.people import access
from clinic.people.models import Patient, User
from clinic.people.roles import Role
from scripts import borrowed, words
from tests.clinic import cast
from tests.clinic.measures.by_link import hand_over, open_link
from tests.clinic.people import probe
from tests.clinic.welcome import invited

pytestmark = pytest.mark.django_db
SPANISH = {"Accept-Language": "es-MX,es;q=0.9"}
THEIRS = ("anyone", "signed_in", "own", "link")
# Not a page; or of nobody's language: our own show of components, and what a machine reads.
# Of staff: the last is the same for everybody, and names nobody.
NOT_READ = ("healthz", "design", "reach:inbound", "account_logout", "dosing:offline_page")
BY_FORM = (
    "account_change_password",
    "account_reauthenticate",
    "mfa_add_webauthn",
    "mfa_edit_webauthn",
    "mfa_reauthenticate",
    "reach:own",
)
ENGLISH = re.compile(r"\b(the|your|you|and|with|is|are|not|of|to|or|this|for)\b", re.IGNORECASE)
PLACE = re.compile(r"%\(\w+\)s|\{\w*\}|%s|%d")
ALLAUTH = files("allauth").joinpath("locale/es/LC_MESSAGES/django.mo")
SAID = ("aria-label", "alt", "title", "placeholder", "data-label", "data-lost", "data-back")


class Read(HTMLParser):
    """What a page says to whoever reads or hears it, but for words marked as another language."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.said: list[str] = []
        self.foreign: list[str] = []  # open elements whose words are not the page's, from the first
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        elsewhere = tag in ("script", "style") or told.get("lang", "es") != "es"
        if (self.foreign and tag not in ("input", "br", "img", "use", "path")) or elsewhere:
            self.foreign.append(tag)
        if not self.foreign:
            self.said += [told[name] or "" for name in SAID if name in told]

    def handle_endtag(self, tag: str) -> None:
        if self.foreign and self.foreign[-1] == tag:
            self.foreign.pop()

    def handle_data(self, data: str) -> None:
        if not self.foreign and data.strip():
            self.said.append(" ".join(data.split()))


def _words(catalog: Catalog) -> Iterator[str]:
    """English words that have other ones in Spanish."""
    for message in catalog:
        asked = [message.id] if isinstance(message.id, str) else list(message.id)
        told = [message.string] if isinstance(message.string, str) else list(message.string)
        yield from (each for each in asked if each and each not in told and told[0])


def _as_pattern(said: str) -> str:
    return ".+".join(map(re.escape, PLACE.split(" ".join(said.split()))))


@pytest.fixture(scope="module")
def in_english() -> re.Pattern[str]:
    """Any of the catalogues' words, left in English."""
    with ALLAUTH.open("rb") as file:
        known = {*_words(words.held()), *_words(read_mo(file))}
    worded = [each for each in known if re.search("[A-Za-z]{2}", PLACE.sub("", each))]
    return re.compile("|".join(_as_pattern(each) for each in sorted(worded, key=len, reverse=True)))


def left_over(page: str, in_english: re.Pattern[str]) -> list[str]:
    """What a page says that somebody who reads Spanish alone does not understand."""
    said = Read(page).said
    return [each for each in said if in_english.fullmatch(each) or ENGLISH.search(each)]


@pytest.fixture
def rosa() -> Patient:
    """Somebody who reads Spanish, and signs in."""
    cache.clear()
    cast.on_call(cast.staff(Role.NURSE))
    user = User.objects.create_user("rosa@person.example", cast.PASSWORD, name="Rosa")
    return cast.patient(given="Rosa", language="es-MX", user=user, email="rosa@person.example")


def _come_in(person: Patient) -> Client:
    """By their password, as a patient does; the browser asks for English."""
    client = Client(headers={"Accept-Language": "en"})
    typed = {"login": person.user.email, "password": cast.PASSWORD}
    assert client.post(reverse("account_login"), typed).status_code == 302
    return client


def _with_every_way_in(person: Patient) -> Authenticator:
    TOTP.activate(person.user, generate_totp_secret())
    RecoveryCodes.activate(person.user)
    return Authenticator.objects.create(
        user=person.user,
        type=Authenticator.Type.WEBAUTHN,
        data={"name": "Llave 1", "credential": {"clientExtensionResults": {}}},
    )


def _is_spanish(answer: HttpResponse, in_english: re.Pattern[str], where: str) -> None:
    page = answer.content.decode()
    parts = {each.name for each in answer.templates if each.name}
    theirs = [part for part in parts if not (words.CLINIC / "site" / "templates" / part).exists()]
    assert not [each for each in theirs if borrowed.is_left_out(Path("templates", each))], where
    assert '<html lang="es">' in page, where
    assert left_over(page, in_english) == [], where
    assert 'href="tel:988"' in page, f"{where}: whom to call"


def _open_all(client: Client, in_english: re.Pattern[str], **values: object) -> set[str]:
    """Open each address as a patient may; returns those that gave a page."""
    found = set()
    for name, route in access.table().routes.items():
        if route.about not in THEIRS or name in NOT_READ or name == "people:help":
            continue
        url = probe.address(name, **values)
        answers = [client.get(url, follow=True)]
        answers += [client.post(url, follow=True)] if name in BY_FORM else []
        for answer in answers:
            is_page = answer.headers.get("Content-Type", "").startswith("text/html")
            if is_page and answer.status_code != 405:
                _is_spanish(answer, in_english, f"{name} {answer.status_code}")
                found.add(name)
    return found


@time_machine.travel(cast.NOON, tick=False)
def test_every_page_that_a_patient_may_open_is_read_in_spanish(
    rosa: Patient, in_english: re.Pattern[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webauthn, "begin_authentication", lambda user: {})  # no device is here
    client = _come_in(rosa)
    secret = hand_over(rosa)
    bare = _open_all(client, in_english, secret=secret)
    key = _with_every_way_in(rosa)
    found = bare | _open_all(client, in_english, secret=secret, pk=key.pk)
    for page in ("account_change_password", "mfa_edit_webauthn", "mfa_view_recovery_codes"):
        assert page in found
    old = Client()
    old.force_login(rosa.user)  # no proof that is fresh: each of these asks for one
    assert "mfa_activate_totp" in _open_all(old, in_english, secret=secret, pk=key.pk)
    _is_spanish(old.get(reverse("account_logout")), in_english, "signing out")
    newcomer = cast.patient(given="Luz", language="es-MX")
    invitation = invited.invite(newcomer)
    fresh = invited.opened(newcomer, invitation)
    _is_spanish(fresh.get(invited.page("begin", invitation)), in_english, "how to sign in")
    _is_spanish(Client().get(invited.page("link", invitation)), in_english, "an invitation")
    phone = open_link(rosa, secret)
    for name in ("measures:answer", "measures:review", "measures:called"):
        _is_spanish(phone.get(probe.address(name, secret=secret)), in_english, name)


@time_machine.travel(cast.NOON, tick=False)
def test_a_door_that_asks_for_a_code_asks_in_spanish(
    rosa: Patient, in_english: re.Pattern[str]
) -> None:
    TOTP.activate(rosa.user, generate_totp_secret())
    door, typed = Client(headers=SPANISH), {"login": rosa.user.email, "password": cast.PASSWORD}
    answer = door.post(reverse("account_login"), typed)
    assert answer.headers["Location"] == reverse("mfa_authenticate")
    for page in (door.get(answer.headers["Location"]), door.post(answer.headers["Location"], {})):
        said = page.content.decode()
        assert '<html lang="es">' in said and left_over(said, in_english) == []


def test_a_word_that_was_left_in_english_is_found(in_english: re.Pattern[str]) -> None:
    page = '<html lang="es"><p>Hola</p><a title="Back">Atrás</a><b lang="en">Next</b><p>Not used.'
    assert left_over(page, in_english) == ["Back", "Not used."]
    assert left_over("<p>Until March 4</p><p>Kapstone</p>", in_english) == ["Until March 4"]


def test_words_that_a_style_sheet_writes_are_written_in_spanish_too() -> None:
    """They stand on no page's text, and so no walk over pages reads them."""
    sheets = (words.CLINIC / "site" / "static" / "site").glob("*.css")
    said = [line for sheet in sheets if "print" not in sheet.name for line in _written(sheet)]
    english = [line for line in said if ":lang(" not in line]
    assert len(english) == len(said) - len(english) == 1
    assert "Problem: " in english[0] and ":lang(es)" in said[1] and "Problema: " in said[1]


def _written(sheet: Path) -> list[str]:
    lines = sheet.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if re.search(r'content: "[^"]*[A-Za-z]', line)]
