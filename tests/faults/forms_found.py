"""Every form that the clinic shows: one of each, found by opening each kind of page once."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from django.test import Client
from django.urls import NoReverseMatch, Resolver404, resolve, reverse
from lxml import html

from clinic.people import access
from clinic.people.models import Patient
from tests.clinic import cast

LEFT = ("logout", "language", "inactive", "mfa", "account_")  # not this project's own, or they end it
PAPER = ("pdf", "paper", "copy", "sheet", "export", "healthz", "live", "audit", "beat")
FILLED = {
    "text": "Words of a test", "email": "someone@clinic.example", "tel": "+1 202 555 0143", "time": "12:00",
    "date": "2026-03-04", "datetime-local": "2026-03-04T12:00", "number": "1", "password": cast.PASSWORD,
}  # fmt: skip


@dataclass(frozen=True)
class Found:
    """A form, who filled it in, and a sound way to fill it."""

    client: Client
    action: str
    named: str
    fields: dict[str, list[str]]
    hidden: frozenset[str]


def pages(clients: Iterable[Client], people: Iterable[Patient]) -> Iterator[tuple[Client, str, html.HtmlElement]]:
    """Each kind of page once, with the first of these clients who may open it."""
    clients, waiting, seen = list(clients), [], set()
    for name in access.table().routes:
        for arguments in ([], *([person.pk] for person in people)):
            try:
                waiting.append(reverse(name, args=arguments))
            except NoReverseMatch:
                continue
    while waiting:
        url = waiting.pop(0)
        try:
            named = resolve(urlsplit(url).path).view_name
        except Resolver404:
            continue
        person = url.split("/")[2] if url.startswith("/patients/") else ""
        if (named, person) in seen or any(part in named for part in (*LEFT, *PAPER)):
            continue
        seen.add((named, person))
        for client in clients:
            answer = client.get(url)
            if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
                page = html.fromstring(answer.content)
                waiting += [urljoin(url, link.get("href")) for link in page.iter("a") if link.get("href")]
                yield client, url, page
                break


def forms(clients: Iterable[Client], people: Iterable[Patient]) -> list[Found]:
    """Every form of those pages that changes something, each kind of it once."""
    found: dict[object, Found] = {}
    for client, url, page in pages(clients, people):
        for form in page.forms:
            action = urljoin(url, form.get("action") or url)
            if (form.get("method") or "get").lower() != "post":
                continue
            named = resolve(urlsplit(action).path).view_name
            fields = {name: value for name, value in _filled(form) if name != "csrfmiddlewaretoken"}
            if fields and not any(part in named for part in LEFT):
                hidden = {each.get("name") for each in form.iter("input") if each.get("type") == "hidden"}
                key = (named, *sorted(fields))
                found.setdefault(key, Found(client, action, named, fields, frozenset(hidden - {None})))
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
