"""`make words`: the words of patients' pages out of code and templates, and their translation.

Takes every marked word, borrowed ones too, into `locale/es/LC_MESSAGES/django.po`, where somebody
translates it, and makes the `.mo` that Django reads. `--check` only says what is missing, stale or
not compiled. Babel reads and writes both files: no system gettext is needed, and the same words
make the same bytes.
"""

import io
import os
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po

from scripts import borrowed
from scripts.parts import ROOT

CLINIC = ROOT / "src" / "clinic"
FOLDER = CLINIC / "locale" / "es" / "LC_MESSAGES"
KEYWORDS = {"_": None, "gettext": None, "gettext_lazy": None, "ngettext": (1, 2)}
FIXED = datetime(2026, 11, 22, tzinfo=UTC)  # the files say no time: the history does
HEAD = {
    "project": "Kapstone",
    "version": "1",
    "msgid_bugs_address": "see README.md",
    "last_translator": "Kapstone",
    "language_team": "Kapstone",
    "creation_date": FIXED,
    "revision_date": FIXED,
}
PLACES = re.compile(r"%\((\w+)\)s")
Words = str | tuple[str, str]


def in_code(paths: Iterable[Path]) -> Iterator[Words]:
    """What Python files mark."""
    for path in paths:
        with path.open("rb") as file:
            for _, words, _, _ in extract("python", file, keywords=KEYWORDS):
                yield words if isinstance(words, str) else (words[0], words[1])


def in_templates(paths: Iterable[Path]) -> Iterator[Words]:
    """What templates mark, as Django itself will look it up."""
    from django.template import engines
    from django.templatetags.i18n import BlockTranslateNode, TranslateNode

    engine = engines["django"].engine  # type: ignore[attr-defined]  # the one that is configured
    for path in paths:
        nodes = engine.from_string(path.read_text(encoding="utf-8")).nodelist
        for node in nodes.get_nodes_by_type(TranslateNode):
            yield str(node.filter_expression.var.literal)
        for node in nodes.get_nodes_by_type(BlockTranslateNode):
            one, _ = node.render_token_list(node.singular)
            yield (one, node.render_token_list(node.plural)[0]) if node.plural else one


def marked() -> set[Words]:
    """Every marked word, once."""
    ours = {*in_code(CLINIC.rglob("*.py")), *in_templates(CLINIC.rglob("templates/**/*.html"))}
    return ours | of_others()


def of_others() -> set[Words]:
    """What is marked in files that are not ours and stand on our pages."""
    files = list(borrowed.files_shown(CLINIC / "site" / "templates"))
    code = [path for path in files if path.suffix == ".py"]
    return {*in_code(code), *in_templates(path for path in files if path not in code)}


def held() -> Catalog:
    """The translations as they stand."""
    with (FOLDER / "django.po").open("rb") as file:
        return read_po(file, locale="es")


def problems(catalog: Catalog, words: set[Words]) -> list[str]:
    """What a reader of Spanish would meet in English, or not as it was meant."""
    known = {_id(message): message for message in catalog if message.id}
    found = [f"not in the catalogue: {each!r}" for each in sorted(words - known.keys(), key=str)]
    found += [f"nobody asks for it: {each!r}" for each in sorted(known.keys() - words, key=str)]
    for message in known.values():
        told = [message.string] if isinstance(message.string, str) else list(message.string)
        asked = [message.id] if isinstance(message.id, str) else list(message.id)
        if message.fuzzy or not all(told):
            found.append(f"not translated: {message.id!r}")
        elif {frozenset(PLACES.findall(each)) for each in told} != {
            frozenset(PLACES.findall(each)) for each in asked
        }:
            found.append(f"other places than the English: {message.id!r}")
    return found


def _id(message: Message) -> Words:
    return message.id if isinstance(message.id, str) else (message.id[0], message.id[1])


def compiled(catalog: Catalog) -> bytes:
    """The `.mo`: the same bytes for the same words."""
    into = io.BytesIO()
    write_mo(into, catalog)
    return into.getvalue()


def is_compiled(catalog: Catalog) -> bool:
    """Whether the `.mo` says what the catalogue says, whichever release of Babel wrote it."""
    with (FOLDER / "django.mo").open("rb") as file:
        return _told(read_mo(file)) == _told(catalog)


def _told(catalog: Catalog) -> dict[Words, tuple[str, ...]]:
    found = ((_id(message), message.string) for message in catalog if message.id)
    return {words: (told,) if isinstance(told, str) else tuple(told) for words, told in found}


def take_in(catalog: Catalog, words: set[Words]) -> Catalog:
    """The catalogue with just these words; what was translated before stays."""
    known = _told(catalog)
    made = Catalog(locale="es", header_comment=catalog.header_comment, fuzzy=False, **HEAD)
    for each in sorted(words, key=str):
        told = known.get(each, ("",))
        made.add(each, told[0] if isinstance(each, str) else told)
    return made


def main(arguments: Sequence[str]) -> int:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.site.settings")
    django.setup()
    catalog, words = held(), marked()
    if list(arguments) == ["--check"]:
        told = problems(catalog, words)
        told += [] if is_compiled(catalog) else ["the .mo is not what the .po says"]
        print("\n".join([*told, "Run `make words`."]) if told else "Every word is translated.")
        return 1 if told else 0
    catalog = take_in(catalog, words)
    with (FOLDER / "django.po").open("wb") as file:
        write_po(file, catalog, width=100, omit_header=False)
    (FOLDER / "django.mo").write_bytes(compiled(held()))
    print("\n".join(problems(held(), words)) or "Every word is translated.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
