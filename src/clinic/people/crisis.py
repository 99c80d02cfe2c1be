"""Whom a person may call in a crisis: the lines of the clinic's country, in the page's language."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Line:
    """A number to call, in words, and what it is for."""

    words: str
    number: str
    note: str


@cache
def _table() -> dict[str, list[dict[str, object]]]:
    text = files(__package__).joinpath("crisis.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def countries() -> list[str]:
    """The countries whose lines are held, by their two letters."""
    return sorted(_table())


def danger_number() -> str:
    """The number of the clinic's country that sends help."""
    rows = _table()[settings.CLINIC_COUNTRY]
    return next(str(row["number"]) for row in rows if row["kind"] == "danger")


def lines() -> list[Line]:
    """The lines of the clinic's country, the one that listens first."""
    notes = {
        "crisis": _("Suicide and crisis line, day and night"),
        "danger": _("When a life is in danger now"),
    }
    language = (get_language() or "en").partition("-")[0]
    found = []
    for row in _table()[settings.CLINIC_COUNTRY]:
        number, own = str(row["number"]), row.get("note")
        note = own.get(language) if isinstance(own, dict) else None
        words = _("Call %(number)s") % {"number": number}
        found.append(Line(words, number, str(note or notes[str(row["kind"])])))
    return found
