"""The words a questionnaire is asked in, from a package the clinic installed.

The project ships no questionnaire wording. Without an installed package an instrument is
entered by staff, by number; a patient never sees a short label in the questionnaire's place.
"""

import hashlib
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Wording:
    """One questionnaire's words. `items` by item id, `choices` by item id then by value."""

    stem: str
    items: Mapping[str, str]
    choices: Mapping[str, Mapping[int, str]]
    language: str
    licence: str
    source: str
    sha256: str


@dataclass(frozen=True, slots=True)
class _Source:
    """Where a package keeps an instrument's words: keys of its items and their answers."""

    package: str
    file: str
    task: str
    items: Mapping[str, str]
    choices: Mapping[str, str]
    language: str
    licence: str


def _camcops(task: str, numbered: int, difficulty: bool) -> _Source:
    items = {f"q{n}": f"q{n}" for n in range(1, numbered + 1)}
    choices = dict.fromkeys(items, "a")
    if difficulty:
        items["difficulty"], choices["difficulty"] = "finalq", "fa"
    return _Source(
        package="camcops-server",
        file=f"camcops_server/extra_strings/{task}.xml",
        task=task,
        items=items,
        choices=choices,
        language="en-GB",
        licence="GPL-3.0-or-later",
    )


_SOURCES = {
    "phq9": _camcops("phq9", 9, difficulty=True),
    "gad7": _camcops("gad7", 7, difficulty=False),
}


@cache
def wording_for(instrument: str) -> Wording | None:
    """The installed words of an instrument, or None."""
    source = _SOURCES.get(instrument)
    if source is None:
        return None
    try:
        package = distribution(source.package)
        raw = Path(str(package.locate_file(source.file))).read_bytes()
    except (PackageNotFoundError, OSError):
        return None
    said = _strings(raw, source.task)
    return Wording(
        stem=said["stem"],
        items={item: said[key] for item, key in source.items.items()},
        choices={item: _choices(said, prefix) for item, prefix in source.choices.items()},
        language=source.language,
        licence=source.licence,
        source=f"{source.package} {package.version}",
        sha256=hashlib.sha256(raw).hexdigest(),
    )


def _strings(raw: bytes, task: str) -> dict[str, str]:
    tree = ElementTree.fromstring(raw)  # noqa: S314 - a file of an installed, hash-locked package
    found = tree.findall(f".//task[@name='{task}']/string")
    said = {string.get("name", ""): (string.text or "").strip() for string in found}
    return {key: re.sub(r"^\d+\.\s*", "", text) for key, text in said.items()}


def _choices(said: Mapping[str, str], prefix: str) -> dict[int, str]:
    return {value: said[f"{prefix}{value}"] for value in range(4)}
