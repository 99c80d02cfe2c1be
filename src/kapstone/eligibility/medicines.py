"""Names of medicines: from what somebody wrote to ingredients and their classes.

A name that no table knows is never taken for harmless: it leaves the run INCOMPLETE (DDI-R1).
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import takewhile

from kapstone.eligibility import tables

Number = int | float | Decimal

_TABLE = tables.load("medicines")
_NAMES = tables.load("medicine_names")
_LABEL_WORDS = frozenset(tables.texts(_TABLE, "label_words"))
_UNIT = r"(?:mg|mcg|ug|\N{GREEK SMALL LETTER MU}g|g|ml|units?|unt|iu|meq|hr|h|%)?"
_STRENGTH = re.compile(
    rf"(?<![\w-])(?:\d|[.,]\d)[\d.,]*(?:\s*{_UNIT}-\d[\d.,]*)*\s*{_UNIT}"
    r"(?:\s*/\s*\d*\s*(?:ml|mg|hr|h|actuat|dose|day))?(?![\w-])"
    r"|(?<![\w-])(?:q\s?\d+(?:-\d+)?\s?h(?:rs?)?|x\s?\d+)(?![\w-])"
)
_SEPARATOR = re.compile(r"[/+&,;()\[\]]|\band\b|\bwith\b")

_WORD = re.compile(r"[\w-]+")

LONGEST_NAME = 1000  # a longer text is no name: it is not read, and so not known
BENZODIAZEPINES = frozenset({"benzodiazepine", "z_drug"})


@dataclass(frozen=True, slots=True)
class Medicine:
    """One listed medicine. `amounts`: daily_dose_mg, last_taken_h, started_days_ago and
    dose_raised_days_ago, those that are known. planned: a rescue drug that may be given today.

    ingredients: those that are known, by generic name. known: whether every part of the name is.
    classes: of what is taken or, of a planned one, of what may be given.
    """

    name: str
    route: str = ""
    amounts: Mapping[str, Number] = field(default_factory=dict)
    planned: bool = False
    ingredients: tuple[str, ...] = field(init=False)
    known: bool = field(init=False)
    classes: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        names, known = resolve(self.name)
        route = spelled(self.route)
        ingredients = tuple(_BY_ROUTE.get((name, route), name) for name in names)
        held = (CLASSES.get(name, frozenset()) for name in ingredients)
        classes = _CLASSES_OF_ROUTE.get(route, frozenset()).union(*held)
        for name, value in zip(
            ("ingredients", "known", "classes"), (ingredients, known, classes), strict=True
        ):
            object.__setattr__(self, name, value)

    def as_json(self) -> dict[str, object]:
        told: dict[str, object] = {"name": self.name}
        if self.route:
            told["route"] = self.route
        told |= {key: plain(amount) for key, amount in self.amounts.items()}
        return told | ({"planned": True} if self.planned else {})


def plain(number: Number) -> int | float:
    """A number as JSON writes it."""
    return float(number) if isinstance(number, Decimal) else number


def spelled(name: str) -> str:
    """A name as the tables compare it: one case, no accents, single spaces, straight quotes."""
    apart = unicodedata.normalize("NFKD", name).replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    bare = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return " ".join(bare.casefold().split())


def _ingredients() -> Mapping[str, str]:
    """Each name and its ingredient. Ours are read last: where the two tables differ, they stand."""
    classes = tables.table(_TABLE, "classes")
    ours = [tables.table(classes, group) for group in classes]
    return {
        spelled(name): ingredient
        for group in [tables.table(_NAMES, "names"), *ours, tables.table(_TABLE, "unread")]
        for ingredient in group
        for name in (ingredient, *tables.texts(group, ingredient))
    }


def _classes() -> Mapping[str, frozenset[str]]:
    groups = tables.table(_TABLE, "classes")
    held: dict[str, frozenset[str]] = {}
    for group in groups:
        for ingredient in tables.table(groups, group):
            held[ingredient] = held.get(ingredient, frozenset()) | {group}
    return held


def _named(key: str, held: tables.Table = _TABLE) -> Mapping[str, tuple[str, ...]]:
    table = tables.table(held, key)
    return {name: tables.texts(table, name) for name in table}


SOURCE, MARK = tables.texts(_TABLE, "source"), tables.text(_TABLE, "mark")
NAMES_SOURCE, NAMES_MARK = tables.texts(_NAMES, "source"), tables.text(_NAMES, "mark")
INGREDIENTS = _ingredients()
CLASSES = _classes()
COMBINATIONS = {
    spelled(name): parts
    for table in (_NAMES, _TABLE)
    for name, parts in _named("combinations", table).items()
}
ALLERGENS = _named("allergens")
EXCIPIENTS = _named("excipients")
_BY_ROUTE = {
    (tables.text(row, "ingredient"), route): tables.text(row, "counts_as")
    for row in tables.rows(_TABLE, "by_route")
    for route in tables.texts(row, "routes")
}
_CLASSES_OF_ROUTE = {
    route: frozenset({tables.text(row, "class")})
    for row in tables.rows(_TABLE, "class_of_route")
    for route in tables.texts(row, "routes")
}


@dataclass(frozen=True, slots=True)
class Equivalent:
    """`mg` of a medicine that equal 1 mg of lorazepam."""

    mg: Fraction
    source: tuple[str, ...]
    mark: str


def _equivalents() -> Mapping[str, Equivalent]:
    listed = tables.table(_TABLE, "lorazepam_equivalents")
    rows = {name: tables.table(listed, name) for name in listed}
    return {
        name: Equivalent(
            Fraction(tables.text(row, "mg")),
            (tables.text(row, "source"),),
            tables.text(row, "mark"),
        )
        for name, row in rows.items()
    }


LORAZEPAM_EQUIVALENTS = _equivalents()


_OTHER_TABLES = {
    "unread": "Medicines that are known and that no rule reads",
    "combinations": "One name, several ingredients",
    "allergens": "Names under which an allergy is recorded",
    "excipients": "What a product holds besides the drug",
}


def in_our_words() -> Iterator[tuple[str, str, Mapping[str, object]]]:
    """What the project says of medicines itself, for whoever answers for it: id, title, members."""
    classes = tables.table(_TABLE, "classes")
    for group in classes:
        yield f"class.{group}", f"Medicines that count as: {group}", tables.table(classes, group)
    for key, words in _OTHER_TABLES.items():
        yield key, words, tables.table(_TABLE, key)
    routes = {key: tables.rows(_TABLE, key) for key in ("by_route", "class_of_route")}
    yield "routes", "Medicines that count otherwise by their route", routes
    yield "label_words", "Words that change no ingredient", {"words": sorted(_LABEL_WORDS)}


def names_of_the_source() -> Mapping[str, object]:
    """How many names were taken from the open source, and the hash of them all."""
    whole = {key: tables.table(_NAMES, key) for key in ("names", "combinations")}
    digest = hashlib.sha256(repr(whole).encode()).hexdigest()
    return {key: len(held) for key, held in whole.items()} | {"digest": digest}


@lru_cache(maxsize=4096)
def resolve(name: str) -> tuple[tuple[str, ...], bool]:
    """The known ingredients of a name, and whether all of it is known."""
    if len(name) > LONGEST_NAME:
        return (), False
    whole = _lookup(spelled(name))
    if whole:
        return whole
    parts = _SEPARATOR.split(_STRENGTH.sub(" ", spelled(name)))
    looked_up = [found for part in parts if (found := _part(part.split()))]
    ingredients = tuple(dict.fromkeys(found for names, _ in looked_up for found in names))
    return ingredients, bool(looked_up) and all(known for _, known in looked_up)


def _lookup(name: str) -> tuple[tuple[str, ...], bool] | None:
    if name in INGREDIENTS:
        return (INGREDIENTS[name],), True
    if name in COMBINATIONS:
        parts = COMBINATIONS[name]
        return tuple(p for p in parts if p in INGREDIENTS), all(p in INGREDIENTS for p in parts)
    return None


def _part(words: list[str]) -> tuple[tuple[str, ...], bool] | None:
    """One part of a name; None where it holds label words alone."""
    bare = [word for word in words if word not in _LABEL_WORDS]
    trailing = len(list(takewhile(_LABEL_WORDS.__contains__, reversed(words))))
    for candidate in [*(words[: len(words) - cut] for cut in range(trailing + 1)), bare]:
        found = _lookup(" ".join(candidate))
        if found:
            return found
    return _hyphened(" ".join(bare)) if bare else None


def _hyphened(name: str) -> tuple[tuple[str, ...], bool]:
    looked_up = [_lookup(part) or ((), False) for part in name.split("-")]
    ingredients = tuple(found for names, _ in looked_up for found in names)
    return ingredients, all(known for _, known in looked_up)


def mentions(allergy: str, names: Iterable[str]) -> bool:
    """Whether an allergy as written holds one of the names as whole words."""
    written = _words(allergy)
    return any(_words(name) in written for name in names)


def _words(told: str) -> str:
    return f" {' '.join(_WORD.findall(spelled(told)))} "


def lorazepam_eq_mg(medicines: Iterable[Medicine]) -> Fraction | None:
    """Lorazepam equivalents of the listed benzodiazepines and Z-drugs, mg a day.

    None while one lacks its daily dose or its row. The dose of a combination is not the dose of
    its benzodiazepine, so a combination is None too. Source: `lorazepam_equivalents`, row by row.
    """
    total = Fraction(0)
    for medicine in medicines:
        if medicine.planned or not BENZODIAZEPINES.intersection(medicine.classes):
            continue
        first, *others = medicine.ingredients
        equal = LORAZEPAM_EQUIVALENTS.get(first)
        dose_mg = medicine.amounts.get("daily_dose_mg")
        if dose_mg is None or equal is None or others:
            return None
        total += Fraction(str(dose_mg)) / equal.mg
    return total
