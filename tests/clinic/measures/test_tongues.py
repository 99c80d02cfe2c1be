"""A page that somebody cannot read, or that reads in the wrong words, asks nothing of them."""

import re
from datetime import timedelta
from importlib.resources import files
from pathlib import Path

import pytest
import time_machine
from django.core import mail
from django.template.base import Lexer, TokenType
from django.test import Client
from django.urls import reverse

from clinic.measures import sending
from clinic.measures.models import QuestionnaireResponse
from clinic.people import crisis, tongue
from clinic.people.models import Patient, StaffMember, User
from clinic.people.roles import Role
from scripts import words
from tests.clinic import cast
from tests.clinic.cast import NOON
from tests.clinic.measures import follow
from tests.clinic.measures.by_link import address_of, hand_over, open_link, words_of
from tests.clinic.measures.imported import imports

pytestmark = pytest.mark.django_db


def test_every_word_is_translated_and_compiled() -> None:
    assert words.problems(words.held(), words.marked()) == []
    assert words.is_compiled(words.held())


def test_a_word_without_translation_or_with_another_place_is_found() -> None:
    catalog = words.held()
    marked = {*words.marked(), "A new word"} - {"Next"}
    catalog["Back"].string = ""
    catalog["Until %(when)s"].string = "Hasta el %(cuando)s"
    assert words.problems(catalog, marked) == [
        "not in the catalogue: 'A new word'",
        "nobody asks for it: 'Next'",
        "not translated: 'Back'",
        "other places than the English: 'Until %(when)s'",
    ]
    assert not words.is_compiled(catalog)
    assert words.take_in(words.held(), {"Next"})["Next"].string == "Siguiente"


PATIENT_PAGES = [
    path
    for path in Path(str(files("clinic"))).glob("*/templates/**/*.html")
    if re.search(r'extends "(site|measures)/phone.html"', path.read_text(encoding="utf-8"))
    and path.name != "design_phone.html"
]
SHARED = [
    "phone.html",
    "frame.html",
    "crisis.html",
    "language.html",
    "problems.html",
    "field.html",
    "form.html",
    "unwatched.html",
    "_crisis.html",
    "_question.html",
    "progress.html",
]
DOORS = [
    path
    for path in Path(str(files("clinic"))).glob("site/templates/account/*.html")
    if path.name in ("login.html", "logout.html")
]
ALL = (
    PATIENT_PAGES
    + DOORS
    + [
        path
        for room in ("site", "measures")
        for path in Path(str(files("clinic"))).glob(f"{room}/templates/**/*.html")
        if path.name in SHARED and path not in PATIENT_PAGES
    ]
)
LANGUAGES_THEMSELVES = re.compile(r"Español|English|Kapstone")


def _bare_words(text: str) -> list[str]:
    """Words of a template that no tag marks for translation."""
    inside, found = False, ""
    text = re.sub(r"{% block (kind|width|tongue) %}.*?{% endblock %}", "", text)  # no words
    for token in Lexer(text).tokenize():
        if token.token_type == TokenType.BLOCK:
            inside = token.contents.startswith(("blocktranslate", "plural")) or (
                inside and not token.contents.startswith("endblocktranslate")
            )
            found += "¤"
        elif token.token_type == TokenType.TEXT and not inside:
            found += token.contents
        else:
            found += "¤"
    plain = re.sub(r"<[^>]*>", "", LANGUAGES_THEMSELVES.sub("", found))
    labels = re.findall(r'aria-label="([^"¤]+)"', found)
    return re.findall(r"[A-Za-z]{3,}", plain) + labels


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.name)
def test_no_page_of_a_patient_says_a_word_that_is_not_marked(path: Path) -> None:
    assert _bare_words(path.read_text(encoding="utf-8")) == []


def test_a_bare_word_is_found() -> None:
    page = '<p>{% translate "Good" %}</p><p class="x">Bare</p><i aria-label="Said"></i>'
    assert _bare_words(page) == ["Bare", "Said"]
    assert (
        _bare_words("{% blocktranslate count n=n %}One{% plural %}Two{% endblocktranslate %}") == []
    )


def test_the_door_speaks_what_the_browser_asks_for_and_then_a_patients_own(rosa: Patient) -> None:
    """Whoever cannot read the sign-in page does not reach their own pages."""
    door = reverse("account_login")
    page = Client(headers={"Accept-Language": "es-MX,es;q=0.9"}).get(door).content.decode()
    for words_ in ('<html lang="es">', "Iniciar sesión", "Contraseña", "¿No tiene cuenta"):
        assert words_ in page
    assert 'href="tel:988"' in page, "whoever cannot get in is not left alone"
    wrong = {"login": "nobody@clinic.example", "password": "wrong"}
    spanish = Client(headers={"Accept-Language": "es"})
    assert "no son correctos" in spanish.post(door, wrong).content.decode()
    page = Client(headers={"Accept-Language": "fr"}).get(door).content.decode()
    assert '<html lang="en">' in page and "Sign in" in page

    rosa.user = User.objects.create_user("rosa@home.example", cast.PASSWORD, name="Rosa")
    rosa.save()
    hers = Client(headers={"Accept-Language": "en"})
    hers.force_login(rosa.user)
    page = hers.get(reverse("account_logout")).content.decode()
    assert '<html lang="es">' in page and "¿Cerrar sesión?" in page
    staff = cast.signed_in(cast.staff(Role.NURSE))
    page = staff.get(reverse("account_logout"), headers={"Accept-Language": "es"}).content.decode()
    assert '<html lang="en">' in page and "Sign out?" in page


@time_machine.travel(NOON, tick=False)
def test_a_person_reads_their_pages_in_their_own_language_from_door_to_thanks(
    rosa: Patient,
) -> None:
    secret = hand_over(rosa)
    door = words_of(Client(), address_of("link", secret))
    assert '<html lang="es">' in door and "Su fecha de nacimiento" in door
    assert "oprima 2" in door
    phone = open_link(rosa, secret)
    where = address_of("answer", secret)
    for number in range(1, 9):
        page = words_of(phone, where)
        assert f"Pregunta {number} de 8" in page and '<html lang="es">' in page
        assert "Prefiero no responder" in page
        where = phone.post(where, {"answer": "0"}).headers["Location"]
    assert "Enviar a la clínica" in words_of(phone, where)
    thanks = phone.post(where, follow=True).content.decode()
    assert "Sus respuestas llegaron a la clínica" in thanks
    assert "moment-1.es" in QuestionnaireResponse.objects.get().wording
    called = phone.post(address_of("help", secret), follow=True).content.decode()
    assert "Tenga el teléfono cerca" in called


@time_machine.travel(NOON, tick=False)
def test_the_language_is_switched_on_the_page_for_this_person_alone(rosa: Patient) -> None:
    secret, other = hand_over(rosa), hand_over(cast.patient(given="Sol", language="es"), "moment")
    phone, where = open_link(rosa, secret), address_of("answer", secret)
    answer = phone.post(address_of("language", secret), {"language": "en", "next": where})
    assert answer.headers["Location"] == where
    page = words_of(phone, where)
    assert '<html lang="en">' in page and "How is your mood" in page
    assert '<html lang="es">' in words_of(phone, address_of("link", other))
    for wrong in ("fr", ""):
        phone.post(
            address_of("language", secret), {"language": wrong, "next": "//elsewhere.example"}
        )
        assert '<html lang="en">' in words_of(phone, where)


@time_machine.travel(NOON, tick=False)
def test_a_questionnaires_own_words_keep_their_language_whatever_the_page_is_read_in(
    rosa: Patient,
) -> None:
    imports(cast.staff(Role.MANAGER))
    secret = hand_over(rosa, "phq9")
    phone = open_link(rosa, secret)
    in_spanish = words_of(phone, address_of("answer", secret))
    phone.post(address_of("language", secret), {"language": "en"})
    in_english = words_of(phone, address_of("answer", secret))
    for page in (in_spanish, in_english):
        assert '<div lang="es"' in page
    assert 'lang="en" class="unsaid"' in in_english
    legend = re.search(r"<legend>.*?</legend>", in_spanish)
    assert legend and legend.group() in in_english


@time_machine.travel(NOON, tick=False)
def test_an_unknown_link_says_so_in_the_browsers_language() -> None:
    for accept, said in (("es-MX,es;q=0.9", "No conocemos este enlace"), ("fr", "not known")):
        page = Client().get(address_of("link", "nothing"), headers={"Accept-Language": accept})
        assert page.status_code == 404
        assert said in page.content.decode()


@time_machine.travel(NOON, tick=False)
def test_ones_own_pages_and_the_call_for_help_from_them(rosa: Patient) -> None:
    follow.in_series(rosa)
    own = Client()
    own.force_login(rosa.user)
    page = words_of(own, reverse("people:me"))
    assert "Hola, Rosa" in page and "Pregúntenme todos los días" in page
    called = own.post(reverse("measures:own_help"), follow=True).content.decode()
    assert "Tenga el teléfono cerca" in called
    assert rosa.help_calls.count() == 1
    own.post(reverse("measures:own_language"), {"language": "en"})
    assert "Hello Rosa" in words_of(own, reverse("people:me"))


def test_staff_pages_stay_english_whatever_the_browser_asks(nurse: StaffMember) -> None:
    page = cast.signed_in(nurse).get(reverse("chart:today"), headers={"Accept-Language": "es"})
    assert '<html lang="en">' in page.content.decode()


def test_the_message_is_in_their_language(rosa: Patient) -> None:
    follow.dose(follow.in_series(rosa))
    sending.send(NOON + timedelta(hours=4))
    (message,) = mail.outbox
    assert message.subject == "Unas preguntas de su clínica"
    assert "fecha de nacimiento" in str(message.body)


@pytest.mark.parametrize(("code", "said"), [("en", "About these pages"), ("es", "Sobre estas")])
def test_a_help_page_in_each_language(code: str, said: str) -> None:
    page = words_of(Client(), reverse("people:help", args=[code]))
    assert said in page and f'<html lang="{code}">' in page and "988" in page
    assert Client().get(reverse("people:help", args=["fr"])).status_code == 404


def test_a_language_we_do_not_write_is_read_in_english() -> None:
    assert tongue.own(Patient(language="fr-CA")) == "en"


@pytest.mark.parametrize("country", crisis.countries())
def test_each_country_names_who_listens_and_where_help_is_sent(country: str, settings) -> None:
    settings.CLINIC_COUNTRY = country
    listening, danger = crisis.lines()
    assert listening.number.isdigit() and danger.number.isdigit()
    assert "Suicide" in listening.note and "danger" in danger.note
