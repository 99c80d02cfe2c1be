"""Plain pages, one file a language: each claim has a source, and what is not known is said."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class Claim:
    """Some sentences and where they come from, by the numbers of the page's list."""

    text: str
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A heading and what stands under it."""

    heading: str
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """One page, and its sources in the order in which they are first named."""

    id: str
    title: str
    parts: tuple[Part, ...]
    sources: tuple[str, ...]


@cache
def pages(language: str) -> tuple[Page, ...]:
    """Every page in a language that patients' pages are written in."""
    sources = tomllib.loads(_text("sources.toml"))["sources"]
    document = tomllib.loads(_text(f"reading.{language}.toml"))
    return tuple(_page(row, sources) for row in document["page"])


def _page(row: dict[str, Any], sources: dict[str, str]) -> Page:
    named: list[str] = []
    for part in row["part"]:
        for claim in part["claim"]:
            named += [key for key in claim["source"] if key not in named]
    parts = tuple(
        Part(
            part["heading"],
            tuple(
                Claim(claim["text"], tuple(named.index(key) + 1 for key in claim["source"]))
                for claim in part["claim"]
            ),
        )
        for part in row["part"]
    )
    return Page(row["id"], row["title"], parts, tuple(sources[key] for key in named))


def _text(name: str) -> str:
    return files("clinic.own").joinpath(name).read_text(encoding="utf-8")
