"""Writes the names of medicines, brands and other tongues, from a package of open data.

`python -m scripts.medicine_names` writes content/medicine_names.toml; `--check` says whether it is
what would be written. Which ingredients there are, and their classes, stand in medicines.toml, in
our own words; that file is read first, and where the two differ it stands.

The package's own code is never run: its table is opened as a file, whose hash is known, by a reader
that makes plain values alone.
"""

import bz2
import hashlib
import pickle
import re
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import PackageNotFoundError, distribution
from io import BytesIO
from pathlib import Path
from textwrap import fill
from typing import Any

from scripts.parts import ROOT

PACKAGE, VERSION = "drug-named-entity-recognition", "2.0.9"
FILE = "drug_named_entity_recognition/drug_ner_dictionary.pkl.bz2"
SHA256 = "ec10a1c7b633fc4bae8d0eecff053892c0e37f49e18eaf59c8a1e9f40fc80d9d"
CONTENT = ROOT / "src" / "kapstone" / "eligibility" / "content"
OURS, WRITTEN = CONTENT / "medicines.toml", CONTENT / "medicine_names.toml"

HEAD = f"""\
# Names of medicines: ingredient = its names and brands; brand = its ingredients.
# Written by `python -m scripts.medicine_names`; do not edit. No clinician has reviewed it.
#
# From {PACKAGE} {VERSION}, Fast Data Science, doi 10.5281/zenodo.10970631,
# MIT licence, (c) 2023 Fast Data Science Ltd. It gathers names from DrugBank's open vocabulary
# (CC0; Knox C and others, DrugBank 6.0, doi 10.1093/nar/gkad976), MeSH and MedlinePlus (National
# Library of Medicine), the NHS (Open Government Licence) and Wikipedia (CC BY-SA 3.0).
#
# Left out: brands that only MeSH names, since it files some brands of mixtures under one part;
# names of forms and of mixtures ("patch", "plus", "HCT"); chemical and turned-round names;
# whatever medicines.toml says itself. That file stands where they differ, and says the classes.
"""

_NAME = re.compile(r"[^\W\d_]+(?:[ '-][^\W\d_]+){0,2}(?:[ -]?\d{1,3})?")
_NOTE = re.compile(r"\s*\([^)]*\)$|-[a-z]{4}$")  # "(insomnia)"; the four letters of a biosimilar
_JOINED = re.compile(r"\s*(?:/|,|\band\b)\s*")
# The source keeps its own sources in order: what stands from the one of these names to the other it
# has from MeSH alone.
_MESH = ("calcimycin", "lepirudin")
_HARD_SPACE = "\N{NO-BREAK SPACE}"
_FORMS = (
    "patch", "injection", "oral", "sublingual", "buccal", "gum", "lozenges", "intrauterine system",
    "oral inhalation", "vaginal",
)  # fmt: skip
# A name with one of these words is of another form, or of a mixture: it is left unknown.
_OTHER_WORDS = """
nasal nose patch transdermal topical cream gel lotion ointment shampoo eye ear ophthalmic hct
plus compound comp combi combo duo with and kit pm dm d forte co rectal suppository vaccine test
"""
# Words of other meanings, and of a shop or a house that sells several medicines under one name.
_NOT_NAMES = """
sone pain relief arthritis allergy cold flu sleep calm equate kirkland special tolid anacin panadol
extra isopto vitamin b ears generics available hormonal sunkist vicks robitussin dimetapp dristan
zicam maalox midol neosporin tussin hist alka seltzer
"""
_LEFT_OUT = frozenset((_OTHER_WORDS + _NOT_NAMES).split())
# Read by eye: a mixture, a spray for the nose, or another medicine than the source says.
_REFUSED = {
    "azopyrin", "clofezone", "lazanda", "sprix", "trijardy", "tyrvaya", "valtoco",
    "bevespi aerosphere", "tuzistra xr", "xartemis xr", "aminosultopride", "sultopridum",
    "sultroprida",
}  # fmt: skip


class _Plain(pickle.Unpickler):
    """Reads texts, numbers, lists and tables; refuses whatever would make anything else."""

    def find_class(self, module: str, name: str) -> Any:
        raise pickle.UnpicklingError(f"{module}.{name} is no plain value.")


def source_file() -> Path:
    """The package's table. Raises PackageNotFoundError where it is not installed."""
    return Path(str(distribution(PACKAGE).locate_file(FILE)))


def read(packed: bytes) -> dict[str, list[str]]:
    """Each name of the source and what the source files it under."""
    if hashlib.sha256(packed).hexdigest() != SHA256:
        raise SystemExit(f"{FILE} is not the file of version {VERSION}: nothing was read.")
    held = _Plain(BytesIO(bz2.decompress(packed))).load()
    return dict(held["drug_variant_to_canonical"])


def ours() -> tuple[dict[str, list[str]], dict[str, list[str]], frozenset[str]]:
    """Ingredient → our own names for it, our combinations, and the words of a label."""
    table = tomllib.loads(OURS.read_text(encoding="utf-8"))
    found: dict[str, list[str]] = defaultdict(list)
    for group in [*table["classes"].values(), table["unread"]]:
        for ingredient, names in group.items():
            found[ingredient] += [name.lower() for name in names]
    return dict(found), table["combinations"], frozenset(table["label_words"])


def written(variants: Mapping[str, list[str]]) -> str:
    """The whole file."""
    ingredients, mixed, label = ours()
    taken = {name.lower() for name in [*ingredients, *mixed]}
    taken |= {name for names in ingredients.values() for name in names}
    filed: dict[str, list[str]] = defaultdict(list)
    mesh = _from_mesh(list(variants))
    for variant, (heading,) in variants.items():
        known_brand = variant not in mesh or variant.startswith(heading[:-2])
        if variant not in taken and known_brand and _usable(variant, label):
            filed[heading].append(variant)
    names = _names(filed, set(variants) | set(filed), ingredients)
    known = {name: one for one, held in ingredients.items() for name in [one, *held]}
    return "\n".join(
        [
            HEAD,
            f'source = ["DNER"]\nmark = "S"\nsha256 = "{SHA256}"',
            "\n[names]",
            *(_line(name, found) for name, found in sorted(names.items()) if found),
            "\n[combinations]",
            *(_line(name, parts) for name, parts in sorted(_combinations(filed, known))),
            "",
        ]
    )


def _from_mesh(names: list[str]) -> frozenset[str]:
    first, after = map(names.index, _MESH)
    return frozenset(names[first:after])


def _usable(name: str, label: frozenset[str]) -> bool:
    words = set(re.split(r"[ -]", name))
    if name in _REFUSED or not 4 <= len(name) <= 30 or not _NAME.fullmatch(name):
        return False
    return not words & _LEFT_OUT and not words <= label


def _names(
    filed: Mapping[str, list[str]], headings: set[str], ingredients: Mapping[str, list[str]]
) -> dict[str, list[str]]:
    """What the source files under an ingredient, under its other names, or under a form of it."""
    under = {
        name: one for one, held in ingredients.items() for name in [one, *held] if name in headings
    }
    found: dict[str, list[str]] = defaultdict(list)
    for heading, variants in filed.items():
        one = under.get(heading) or under.get(_base(heading))
        if one and (heading in under or f"{one} nasal" not in ingredients):
            like = one[:5] if {f"{one} nasal", f"{one} transdermal"} & set(ingredients) else ""
            found[one] += [
                name
                for name in variants
                if name.startswith(like) and not _holds_another(name, one, under)
            ]
    return {one: sorted(set(names)) for one, names in found.items()}


def _base(heading: str) -> str:
    """A heading of the source without its note and form: "propranolol (cardiovascular)"."""
    bare = _NOTE.sub("", heading)
    for form in _FORMS:
        bare = bare.removesuffix(f" {form}")
    return bare.strip()


def _holds_another(name: str, one: str, under: Mapping[str, str]) -> bool:
    words = re.split(r"[ -]", name)
    return any(under.get(word, one) != one for word in words)


def _combinations(
    filed: Mapping[str, list[str]], known: Mapping[str, str]
) -> Iterator[tuple[str, list[str]]]:
    """Brands that the source files under several ingredients, all of which are known."""
    for heading, brands in filed.items():
        parts = [part for part in _JOINED.split(heading) if part]
        if len(parts) > 1 and all(part in known for part in parts):
            for brand in brands:
                yield brand, [known[part] for part in parts]


def _line(name: str, held: Iterable[str]) -> str:
    quoted = ", ".join(f'"{each}"' for each in held)
    line = f'"{name}" = [{quoted}]'
    if len(line) <= 100:
        return line
    whole = ", ".join(f'"{each}"'.replace(" ", _HARD_SPACE) for each in held)
    wrapped = fill(whole, 96, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False)
    return f'"{name}" = [\n{wrapped},\n]'.replace(_HARD_SPACE, " ")


def main() -> int:
    try:
        text = written(read(source_file().read_bytes()))
    except PackageNotFoundError:
        print(f"{PACKAGE} is not installed: `make check` brings it (requirements/medicines.txt).")
        return 1
    if "--check" in sys.argv:
        same = WRITTEN.read_text(encoding="utf-8") == text
        print("The names are up to date." if same else "Run: python -m scripts.medicine_names")
        return int(not same)
    WRITTEN.write_text(text, encoding="utf-8")
    print(f"Wrote {WRITTEN.relative_to(ROOT)}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
