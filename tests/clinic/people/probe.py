"""Every address of the clinic, and a middleware behind the gate that says who was let in."""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.converters import IntConverter, StringConverter, UUIDConverter

SPEC = Path(__file__).parents[2] / "spec"
LETTERS = {"T": "treating", "E": "ended", "O": "other", "own": "own", "yes": "clinic"}
MADE_UP = {UUIDConverter: UUID(int=0), IntConverter: 1}


class LetIn:
    """Stands after the gate and answers 204 in place of every view."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: Any, view: Any, args: Any, kwargs: Any) -> HttpResponse:
        return HttpResponse(status=204)


@dataclass(frozen=True)
class SpecRoute:
    """One line of tests/spec/routes.csv."""

    name: str
    about: str
    capability: str
    fresh: bool


def spec_routes() -> list[SpecRoute]:
    """What tests/spec/routes.csv says."""
    with (SPEC / "routes.csv").open(encoding="utf-8") as lines:
        return [
            SpecRoute(row["route"], row["about"], row["capability"], row["proof"] == "fresh")
            for row in csv.DictReader(lines)
        ]


@cache
def spec_powers() -> dict[tuple[str, str], set[str]]:
    """What tests/spec/access.csv says: (capability, role) → relations."""
    with (SPEC / "access.csv").open(encoding="utf-8") as lines:
        return {
            (row["capability"], role): {LETTERS[letter] for letter in cell.split()}
            for row in csv.DictReader(lines)
            for role, cell in row.items()
            if role != "capability"
        }


@cache
def named_patterns() -> dict[str, dict[str, Any]]:
    """Every named address of the resolver with made-up values for what it takes."""
    return dict(_walk(get_resolver(), "", {}))


def _walk(
    resolver: URLResolver, space: str, outer: dict[str, Any]
) -> Iterator[tuple[str, dict[str, Any]]]:
    for entry in resolver.url_patterns:
        values = outer | _values(entry)
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from _walk(entry, inner, values)
        else:
            yield f"{space}{entry.name}", values


def _values(entry: URLPattern | URLResolver) -> dict[str, Any]:
    kinds = {name: type(one) for name, one in entry.pattern.converters.items()}
    return {
        name: MADE_UP.get(kinds.get(name, StringConverter), "x")
        for name in entry.pattern.regex.groupindex
    }


def address(name: str, **values: Any) -> str:
    """The address of a route; what is not given is made up, outer parts included."""
    taken = named_patterns()[name]
    return reverse(name, kwargs=taken | {k: v for k, v in values.items() if k in taken})
