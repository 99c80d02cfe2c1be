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
    "mfa",
    "account_",
)  # not this project's own, or they end it
PAPER = ("pdf", "paper", "copy", "sheet", "export", "healthz", "live", "audit", "beat")
FILLED = {
    "text": "Words of a test", "email": "someone@clinic.example", "tel": "+1 202 555 0143",
    "time": "12:00", "date": "2026-03-04", "datetime-local": "2026-03-04T12:00", "number": "1",
    "password": cast.PASSWORD,
}  # fmt: skip


@dataclass(frozen=True)
class Found:
    """A form, who filled it in, and a sound way to fill it."""

    client: Client
    action: str
    named: str
    fields: dict[str, list[str]]


def pages(
    clients: Iterable[Client], people: Mapping[Patient, tuple[str, ...]]
) -> Iterator[tuple[Client, str, html.HtmlElement]]:
    """Each kind of page once, with the first of these clients who may open it.

    people: whose pages of which rooms; the pages of no person are opened too.
    """
    clients, waiting, seen = list(clients), list(_starts(people)), set()
    rooms = {str(person.pk): held for person, held in people.items()}
    while waiting:
        url = waiting.pop(0)
        try:
            named = resolve(urlsplit(url).path).view_name
        except Resolver404:
            continue
        person = url.split("/")[2] if url.startswith("/patients/") else ""
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
                yield reverse(name, args=arguments)
            except NoReverseMatch:
                continue


def forms(clients: Iterable[Client], people: Mapping[Patient, tuple[str, ...]]) -> list[Found]:
    """Every form of those pages that changes something, each kind of it once."""
    found: dict[object, Found] = {}
    for client, url, page in pages(clients, people):
        for form in page.forms:
            action = urljoin(url, form.get("action") or url)
            named = resolve(urlsplit(action).path).view_name
            if (form.get("method") or "get").lower() != "post" or any(
                part in named for part in LEFT
            ):
                continue
            fields = {name: told for name, told in _filled(form) if name != "csrfmiddlewaretoken"}
            if fields:
                found.setdefault((named, *sorted(fields)), Found(client, action, named, fields))
    return list(found.values())


def _filled(form: html.FormElement) -> Iterator[tuple[str, list[str]]]:
    for name in dict.fromkeys(each.get("name") for each in form.xpath(".//*[@name]")):
        controls = [each for each in form.inputs if each.get("name") == name]
        if value := [told for each in controls for told in _value(each)][:1]:
            yield name, value


def _value(control: html.HtmlElement) -> list[str]:
    if control.tag == "select":
        options = [each.get("value") or "" for each in control.iter("option")]
        return [next((option for option in options if option), "")]
    if control.tag == "textarea":
        return [control.text or FILLED["text"]]
    kind = control.get("type") or "text"
    if kind in ("hidden", "checkbox", "radio", "submit"):
        return [control.get("value") or "on"] if kind != "submit" else []
    return [control.get("value") or control.get("min") or FILLED.get(kind, FILLED["text"])]
