"""A page that is too hard, or claims more than is known, helps nobody decide."""

import re
import tomllib
import warnings
from importlib.resources import files

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains

from clinic.own import reading
from scripts import words

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of setuptools, which textstat asks where its files are
    import textstat

DRUGS = re.compile(r"\b(es)?ketamin[ea]\b|\bsemaglutid[ea]\b|\bGLP-1\b", re.IGNORECASE)
PLAIN = {"en": "drug", "es": "droga"}
HARDEST_GRADE, HARDEST_EASE = 8.0, 60.0
SENTENCE = re.compile(r"[.?!:]$")
FEWEST_WORDS = 25  # of fewer the formulas say nothing


def _too_hard(text: str, language: str) -> str:
    """Why a text is too hard, or nothing."""
    text = DRUGS.sub(PLAIN[language], text)
    textstat.set_lang(language)
    if language == "en":
        grade = textstat.flesch_kincaid_grade(text)
        return f"grade {grade:.1f}" if grade > HARDEST_GRADE else ""
    ease = textstat.fernandez_huerta(text)
    return f"ease {ease:.0f}" if ease < HARDEST_EASE else ""


def _whole(page: reading.Page) -> str:
    return " ".join(claim.text for part in page.parts for claim in part.claims)


@pytest.mark.parametrize("language", ["en", "es"])
def test_each_page_is_plain(language: str) -> None:
    held = reading.pages(language)
    assert [page.id for page in held] == ["what", "expect", "unknown"]
    assert {page.id: _too_hard(_whole(page), language) for page in held} == {
        page.id: "" for page in held
    }


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_words_of_every_patients_page_are_plain(language: str) -> None:
    spanish = {message.id: message.string for message in words.held() if message.id}
    found = {}
    pages = [(path, words.in_templates) for path in words.CLINIC.rglob("templates/**/*.html")]
    code = [(path, words.in_code) for path in words.CLINIC.rglob("*.py")]
    for path, marked in sorted([*pages, *code]):
        told = {one for one in marked([path]) if isinstance(one, str)}
        told = {one if language == "en" else str(spanish.get(one, one)) for one in told}
        plain = [re.sub(r"<[^>]+>|%\(\w+\)s", "it", one) for one in sorted(told)]
        text = " ".join(one for one in plain if SENTENCE.search(one))
        if len(text.split()) >= FEWEST_WORDS and (why := _too_hard(text, language)):
            found[path.name] = why
    assert found == {}


def test_the_measure_refuses_what_is_hard() -> None:
    assert _too_hard(
        "Notwithstanding considerable methodological heterogeneity, pharmacological interventions "
        "demonstrate statistically significant antidepressant efficacy.", "en",
    )  # fmt: skip
    assert _too_hard(
        "No obstante la considerable heterogeneidad metodológica, las intervenciones "
        "farmacológicas demuestran eficacia antidepresiva estadísticamente significativa.", "es",
    )  # fmt: skip


def test_each_claim_has_a_source_and_is_the_same_in_both_languages() -> None:
    pages = [reading.pages(language) for language in ("en", "es")]
    shapes = [
        [(page.id, page.sources, [[one.numbers for one in part.claims] for part in page.parts])
         for page in held]
        for held in pages
    ]  # fmt: skip
    assert shapes[0] == shapes[1]
    for page in pages[0]:
        assert all(claim.numbers for part in page.parts for claim in part.claims)


def test_every_source_is_used() -> None:
    text = files("clinic.own").joinpath("sources.toml").read_text(encoding="utf-8")
    used = {source for page in reading.pages("en") for source in page.sources}
    assert set(tomllib.loads(text)["sources"].values()) == used


@pytest.mark.django_db
def test_a_page_shows_its_claims_with_their_sources(phone) -> None:
    assertContains(phone.get(reverse("own:reading")), "What is not known")
    page = phone.get(reverse("own:page", args=["unknown"]))
    assertContains(page, "We cannot know.")
    assertContains(page, 'id="source-1"')
    assertContains(page, "No clinician has reviewed these pages")
    assert phone.get(reverse("own:page", args=["magic"])).status_code == 404


@pytest.mark.django_db
def test_in_spanish_it_is_spanish(phone, person) -> None:
    person.language = "es-MX"
    person.save()
    assertContains(phone.get(reverse("own:reading")), "Lo que no se sabe")
    assertContains(phone.get(reverse("own:page", args=["unknown"])), "¿Me va a ayudar?")
