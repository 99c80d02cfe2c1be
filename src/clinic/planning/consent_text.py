"""The text of consent: which items a plan needs, in the words the person sees."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from clinic.planning.models import Plan
from kapstone.dose.treatment import treatment


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item, answered by itself. No products or routes: it is for every one."""

    id: str
    title: str
    text: str
    products: tuple[str, ...]
    routes: tuple[str, ...]
    source: tuple[str, ...]
    mark: str

    def is_for(self, product: str, route: str) -> bool:
        """Whether a plan with this product and route needs the item."""
        return (not self.products or product in self.products) and (
            not self.routes or route in self.routes
        )


@dataclass(frozen=True, slots=True)
class ConsentText:
    """One published version, in one language."""

    version: str
    language: str
    items: tuple[Item, ...]
    sources: Mapping[str, str]


@cache
def text() -> ConsentText:
    """The consent text of this release."""
    raw = files(__package__).joinpath("consent_text.toml").read_text(encoding="utf-8")
    document = tomllib.loads(raw)
    for row in document["item"]:
        row.update({key: tuple(value) for key, value in row.items() if isinstance(value, list)})
    items = tuple(Item(**row) for row in document["item"])
    return ConsentText(document["version"], document["language"], items, document["sources"])


def needs_interpreter(language: str) -> bool:
    """Whether somebody who speaks this language (a tag such as es-MX) reads another than ours."""
    return language.partition("-")[0] != text().language


def items_for(plan: Plan) -> list[Item]:
    """The items of one plan, with its figures in their words."""
    words = {
        "indication": treatment().indication(plan.indication_id).name,
        "sessions": plan.sessions,
        "spacing_days": plan.spacing_days,
        "costs": plan.costs,
    }
    return [
        replace(item, text=item.text.format(**words))
        for item in text().items
        if item.is_for(plan.product, plan.route)
    ]
