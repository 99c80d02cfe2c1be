"""No door for a script in a note or for SQL in a sort key; and no `print` into the logs."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.repo.tree import ROOT, files, parsed, plant

TEMPLATE = re.compile(r"\|\s*safe(seq)?\b|autoescape\s+off|<script(?![^>]*\b(nonce|src)=)")
NAMES = {"mark_safe", "RawSQL", "html_safe"}  # wherever they are named
CALLS = {"SafeString", "SafeText", "print"}  # as a type, the first two are harmless
METHODS = {"raw", "extra"}


def complaints(module: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(module):
        if isinstance(node, ast.alias) and node.name in NAMES:
            yield node.lineno, node.name
        elif isinstance(node, ast.Attribute) and node.attr in NAMES:
            yield node.lineno, node.attr
        elif isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute) and node.func.attr in METHODS:
                yield node.lineno, f".{node.func.attr}()"
            if (called := ast.unparse(node.func).rpartition(".")[2]) in CALLS:
                yield node.lineno, f"{called}()"
            spread = [word.value for word in node.keywords if word.arg is None]
            yield from ((node.lineno, "**request") for value in spread if from_request(value))
        elif isinstance(node, ast.Dict):
            spread = [value for key, value in zip(node.keys, node.values, strict=True) if not key]
            yield from ((node.lineno, "**request") for value in spread if from_request(value))


def from_request(value: ast.expr) -> bool:
    return bool(re.match(r"(self\.)?request\b", ast.unparse(value)))


def offences(root: Path) -> list[str]:
    found = [
        f"{name}:{number}: `{match.group()}` lets text through as markup."
        for name, path in files(root, "src", ".html", ".txt")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if (match := TEMPLATE.search(line))
    ]
    for name, module in parsed(root, "src"):
        found += [f"{name}:{line}: {what} is not used here." for line, what in complaints(module)]
    return found


def test_no_door_is_open() -> None:
    assert offences(ROOT) == []


def test_each_door_is_found(tmp_path: Path) -> None:
    lines = [
        "from django.utils.safestring import mark_safe",
        "a = safestring.mark_safe('x')",
        "b = Patient.objects.raw('select 1')",
        "c = Patient.objects.extra(where=[])",
        "d = Patient.objects.filter(**request.GET.dict())",
        "e = {**self.request.POST}",
        "print(f)",
        "SafeString(note)",
        "def fine() -> SafeString: ...",
        "fine = log.info('x', extra={}); Patient.objects.filter(**allowed)",
    ]
    page = "{{ note|safe }}\n{% autoescape off %}\n<script>x</script>\n"
    page += '<script nonce="{{ request.csp_nonce }}">x</script>{{ unsafe|length }}\n'
    plant(tmp_path, {"src/clinic/a.py": "\n".join(lines), "src/clinic/t/a.html": page})
    found = [":".join(line.split(":")[:2]) for line in offences(tmp_path)]
    assert sorted(found) == [
        *(f"src/clinic/a.py:{number}" for number in range(1, 9)),
        *(f"src/clinic/t/a.html:{number}" for number in range(1, 4)),
    ]
