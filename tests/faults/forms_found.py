"""Every form that the clinic shows: one of each, found by opening each kind of page once."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from django.test import Client
from django.urls import NoReverseMatch, Resolver404, resolve, reverse
from lxml import html

from clinic.people import access
from clinic.people.models import Patient
from tests.clinic import cast

LEFT = (
    "logout",
    "language",
    "inactive",
    "unlock",
    "mfa",
    "account_",
)  # not this project's own, or they end it
PAPER = ("pdf", "paper", "copy", "sheet", "export", "healthz", "live", "audit", "beat")
FILLED = {
    "text": "Words of a test", "email": "someone@clinic.example", "tel": "+1 202 555 0143",
    "time": "12:00", "date": "2026-03-04", "datetime-local": "2026-03-04T12:00", "number": "1",
    "password": cast.PASSWORD, "decimal": "1", "numeric": "1",
    "bday": "1980-05-17",
}  # fmt: skip
Page = tuple[Client, str, html.HtmlElement]


@dataclass(frozen=True)
class Found:
    """A form, who filled it in, a sound way to fill it, and what a person calls each field."""

    client: Client
    action: str
    named: str
    fields: dict[str, list[str]]
    called: dict[str, set[str]]

    @property
    def key(self) -> tuple[str, ...]:
        """What tells it from every other form."""
        return self.named, *sorted(self.fields)

    def sound(self) -> list[tuple[str, str]]:
        """Its fields as they were filled in."""
        return [(name, value) for name, values in self.fields.items() for value in values]


def pages(
    clients: Iterable[Client], people: Mapping[Patient, tuple[str, ...]], more: Iterable[str] = ()
) -> Iterator[Page]:
    """Each kind of page once, with the first of these clients who may open it.

    people: whose pages of which rooms; the pages of no person are opened too. more: addresses that
    no page leads to, such as a link that was handed over.
    """
    clients, waiting, seen = list(clients), [*more, *_starts(people)], set()
    rooms = {str(person.pk): held for person, held in people.items()}
    while waiting:
        url = waiting.pop(0)
        try:
            named = resolve(urlsplit(url).path).view_name
        except Resolver404:
            continue
        person = url.split("/")[2] if url.startswith(("/patients/", "/q/")) else ""
        wanted = named.startswith(rooms.get(person, ())) or person not in rooms
        if not wanted or (named, person) in seen or any(part in named for part in (*LEFT, *PAPER)):
            continue
        seen.add((named, person))
        for client in clients:
            answer = client.get(url)
            if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
                page = html.fromstring(answer.content)
                links = [link.get("href") for link in page.iter("a") if link.get("href")]
                waiting += [urljoin(url, link) for link in links]
                yield client, url, page
            if answer.status_code not in (302, 403, 404):
                break


def _starts(people: Mapping[Patient, tuple[str, ...]]) -> Iterator[str]:
    for name in access.table().routes:
        for arguments in ([], *([person.pk] for person in people)):
            try:
                url = reverse(name, args=arguments)
            except NoReverseMatch:
                continue
            if not arguments or url.startswith("/patients/"):  # no person's id names a vial
                yield url


def forms(shown: Iterable[Page]) -> list[Found]:
    """Every form of some pages that changes something, each kind of it once."""
    found: dict[object, Found] = {}
    for client, url, page in shown:
        for form in (each for each in page.forms if each.get("id") != "lock"):  # of every page
            fields = {name: told for name, told in _filled(form) if name != "csrfmiddlewaretoken"}
            called = {name: {name, *_called(page, form, name)} for name in fields}
            for action in _leads_to(form, url) if fields else ():
                named = resolve(urlsplit(action).path).view_name
                if not any(part in named for part in LEFT):
                    each = Found(client, action, named, fields, called)
                    found.setdefault(each.key, each)
    return list(found.values())


def _leads_to(form: html.FormElement, url: str) -> Iterator[str]:
    """Where a form is sent: its own address, and those of its buttons."""
    if (form.get("method") or "get").lower() == "post":
        yield urljoin(url, form.get("action") or url)
        yield from (urljoin(url, each) for each in form.xpath(".//button/@formaction"))


def _called(page: html.HtmlElement, form: html.FormElement, name: str) -> Iterator[str]:
    """What stands beside a field for a person to read, and what is made of a hidden one's name."""
    yield squeezed(name.replace("_", " "))
    for each in form.xpath(".//*[@name=$name]", name=name):
        beside = page.xpath("//label[@for=$id]", id=each.get("id") or "none")
        beside += each.xpath("ancestor::label[1]")
        many = each.get("type") == "radio"  # each of them is labelled with its answer
        for words in [*([] if many else beside), *each.xpath("ancestor::fieldset[1]/legend")]:
            yield squeezed("".join(words.xpath(".//text()[not(parent::*[@class='optional'])]")))


def squeezed(words: str) -> str:
    """Words however they are spaced and written."""
    return " ".join(words.split()).casefold()


def _filled(form: html.FormElement) -> Iterator[tuple[str, list[str]]]:
    for name in dict.fromkeys(each.get("name") for each in form.xpath(".//*[@name]")):
        named = [each for each in form.inputs if each.get("name") == name]
        controls = sorted(named, key=lambda each: each.get("checked") is None)
        if value := [told for each in controls for told in _value(each)][:1]:
            yield name, value


def _value(control: html.HtmlElement) -> list[str]:
    if control.tag == "select":
        options = sorted(control.iter("option"), key=lambda each: each.get("selected") is None)
        return [next((told for each in options if (told := each.get("value"))), "")]
    if control.tag == "textarea":
        return [(control.text or "").strip() or FILLED["text"]]
    kind = control.get("type") or "text"
    if kind in ("hidden", "checkbox", "radio", "submit"):
        return [control.get("value") or "on"] if kind != "submit" else []
    kinds = (control.get("autocomplete"), control.get("inputmode"), kind, "text")
    fill = next(FILLED[each] for each in kinds if each in FILLED)
    longest = int(control.get("maxlength") or len(fill))
    return [control.get("value") or control.get("min") or fill[:longest]]
