"""What a form is answered with, and whether a person reads there which field to mend."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookies import SimpleCookie
from urllib.parse import quote_plus, urljoin

from django.db import connection, transaction
from lxml import html

from clinic.people.models import Patient
from tests.faults.forms_found import Found, squeezed

KEPT_APART = ("people_auditentry", "django_session", "axes_", "django_migrations", "sqlite_")
SAID = (
    "//*[contains(@class, 'problems')]//li | //*[contains(@class, 'tone-stop')]"
    " | //*[contains(@class, 'errorlist')]/li | //*[@role='alert'][not(.//li)]"
)
ONLY_LOOK = {"people:list", "planning:order"}  # a search, and a check before anything is signed
# What is said in a person's words of a field that nobody fills in, of two that are typed alike, of
# a figure by the word people use for it, and of an order as a whole: one that differs in any figure
# from what was checked is not signed.
ALSO = {
    "shown_for": "this form was shown for another session",
    "text_version": "text: is not the text of this plan. open the page again.",
    "replaces": "plan: was changed by somebody else meanwhile. read the newest version",
    "again_kg": "weigh again, and type the figure in both fields",
    "concentration_mg_per_ml": "concentration 0 is outside 0.01 to 200 mg/ml",
    "volume_ml": "volume 0 is outside 0.001 to 1000 ml",
    "planning:sign": "the figures are not those you saw",
}


@dataclass(frozen=True)
class Spoiled:
    """A form with one field wrong. may_be_left_out: it is as if nobody had filled it in."""

    body: str
    name: str
    how: str
    may_be_left_out: bool


@dataclass(frozen=True)
class Answer:
    """What came back, whether anything was kept, and each problem and notice that is shown."""

    status: int
    kept: bool
    said: frozenset[str]


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


def body(fields: Iterable[tuple[str, str]]) -> str:
    """Fields as a browser sends them."""
    every = [*fields, ("csrfmiddlewaretoken", "of nobody")]
    return "&".join(f"{quote_plus(each)}={quote_plus(value)}" for each, value in every)


def sent(form: Found, told: str) -> Answer:
    """Send a form, read the answer, and undo what it did."""
    cookies = form.client.cookies.output(header="", sep=";")
    with undone():
        before = counted()
        kind = "application/x-www-form-urlencoded"
        answer = form.client.post(form.action, told, content_type=kind)
        kept, status = counted() != before, answer.status_code
        for _ in range(3):
            if answer.status_code == 302 and not kept:
                answer = form.client.get(urljoin(form.action, answer["Location"]))
        page = answer.content.strip() if not kept else b""
    form.client.cookies = SimpleCookie(cookies)  # a session begun meanwhile is undone too
    return Answer(status, kept, frozenset(said(page) if page else ()))


def said(page: bytes) -> Iterator[str]:
    """Each problem and notice of a page."""
    told = (squeezed(each.text_content()) for each in html.fromstring(page).xpath(SAID))
    yield from filter(None, told)


def wrong_with(form: Found, told: Spoiled, sound: Answer) -> str:
    """What is wrong with the answer to a spoiled form; nothing where it is as it should be.

    sound: the answer to the same form before it was spoiled.
    """
    found = sent(form, told.body)
    if found.status >= 500 or (found.status >= 400 and found.kept):
        return f"answered {found.status}, kept: {found.kept}"
    if found.kept or found.status == 404:  # taken as it is; or what a hidden field names is gone
        return ""
    if found.status == 200 and not found.said and form.named not in ONLY_LOOK:
        return "says nothing"
    differs = found.said ^ sound.said
    if not differs:
        silent = sound.kept and not told.may_be_left_out
        return "was dropped without a word" if silent else ""
    words = {*form.called.get(told.name, {told.name})}
    words |= {ALSO[each] for each in (told.name, form.named) if each in ALSO}
    named = any(word.casefold() in each for word in words for each in differs)
    return "" if named else f"names {sorted(words)} nowhere in {sorted(differs)}"
