"""A member of staff before the pages: only links that are shown are followed, only forms filled."""

from urllib.parse import urljoin
from uuid import uuid4

from django.test import Client
from lxml import html

from clinic.people.models import StaffMember
from tests.clinic import cast


class Desk:
    """One browser without scripts."""

    def __init__(self, member: StaffMember) -> None:
        self.member = member
        self.client: Client = cast.signed_in(member)
        self.url = "/"
        self.page = html.fromstring("<html></html>")
        self.status = 0

    def sign_in(self) -> "Desk":
        """On another day."""
        self.client = cast.signed_in(self.member)
        return self

    def open(self, url: str) -> "Desk":
        """Type an address: only for the first page of a day."""
        return self._read(self.client.get(url, follow=True), url)

    def picture(self, name: str) -> "Desk":
        """A page that the README shows: only a browser can take it."""
        return self

    def hears_alarm(self) -> "Desk":
        """What the console's script says: this page is awake and makes sound, and it was heard."""
        line, sound = (self.page.get_element_by_id(each) for each in ("live-line", "sound"))
        said = {"shown_for": line.get("data-session"), "console": str(uuid4()), "sound": "on"}
        assert self.client.post(line.get("data-beat"), said).status_code == 204
        assert self.client.post(sound.get("data-heard"), said).status_code == 200
        return self

    def follow(self, words: str) -> "Desk":
        """Press the link that says this."""
        found = [each for each in self.page.iter("a") if words in _text(each)]
        assert found, f"No link says {words!r} at {self.url}: {self._links()}"
        return self.open(urljoin(self.url, found[0].get("href")))

    def press(self, words: str, /, **fields: object) -> "Desk":
        """Fill the form whose button says this, prove who you are if that is asked, and send it.

        Two underscores in a field's name stand for a dot.
        """
        found = [each for each in self.page.iter("button") if _text(each).startswith(words)]
        assert found, f"No button says {words!r} at {self.url}:\n{self.text[-3000:]}"
        wanted = [each for each in found if _holds(each, fields)]
        assert wanted, f"No form with {words!r} has {sorted(fields)} at {self.url}"
        button = wanted[0]
        form = _form(button)
        for name, value in fields.items():
            _fill(form, name.replace("__", "."), value)
        target = urljoin(self.url, button.get("formaction") or form.get("action") or self.url)
        told: dict[str, list[str]] = {}
        for name, value in form.form_values():
            told.setdefault(name, []).append(value)
        if button.get("name"):
            told[button.get("name")] = [button.get("value") or ""]
        if form.get("method", "get").lower() == "get":
            return self.open(target)
        self._read(self.client.post(target, told, follow=True), target)
        if self.page.xpath("//input[@name='proof-password']") and "proof-password" not in told:
            return self.press("Confirm and go on", **{"proof-password": cast.PASSWORD})
        return self

    def tap(self, name: str, value: object) -> "Desk":
        """Press the button that sends this value under this name."""
        button = self.page.xpath(f"//button[@name='{name}' and @value='{value}']")[0]
        form = _form(button)
        target = urljoin(self.url, form.get("action") or self.url)
        told = dict(form.form_values()) | {name: str(value)}
        return self._read(self.client.post(target, told, follow=True), target)

    def value(self, field_id: str) -> str:
        """What stands in a field."""
        return str(self.page.get_element_by_id(field_id).get("value"))

    def names(self) -> list[str]:
        """The names of all inputs shown."""
        return [each.get("name") for each in self.page.iter("input") if each.get("name")]

    def buttons(self) -> list[str]:
        """The words of all buttons shown."""
        return [_text(each) for each in self.page.iter("button")]

    @property
    def text(self) -> str:
        """What the page says."""
        return _text(self.page)

    def says(self, *words: str) -> "Desk":
        """The page says all of this."""
        for each in words:
            assert each in self.text, f"{each!r} is not said at {self.url}:\n{self.text}"
        return self

    def _read(self, answer: object, url: str) -> "Desk":
        chain = getattr(answer, "redirect_chain", [])
        self.url = urljoin(url, chain[-1][0]) if chain else url
        self.status = answer.status_code  # type: ignore[attr-defined]  # any response has one
        self.page = html.fromstring(answer.content.decode())  # type: ignore[attr-defined]  # same
        assert self.status < 300 or self.page.xpath("//input[@name='proof-password']"), (
            f"{self.status} at {self.url}:\n{self.text}"
        )
        return self

    def _links(self) -> list[str]:
        return [_text(each) for each in self.page.iter("a")]


def _text(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def _form(button: html.HtmlElement) -> html.FormElement:
    return next(each for each in button.iterancestors("form"))


def _holds(button: html.HtmlElement, fields: dict[str, object]) -> bool:
    form = _form(button)
    return all(name.replace("__", ".") in form.inputs for name in fields)


def _fill(form: html.FormElement, name: str, value: object) -> None:
    field = form.inputs[name]
    if isinstance(field, html.CheckboxGroup):
        field.value = [str(each) for each in value]  # type: ignore[attr-defined]  # a list
    elif isinstance(field, html.InputElement) and field.type == "checkbox":
        field.checked = bool(value)
    elif isinstance(field, html.SelectElement):
        words = [each for each in field.iter("option") if _text(each) == str(value)]
        field.value = words[0].get("value") if words else str(value)
    else:
        field.value = str(value)
