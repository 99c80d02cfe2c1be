"""The core can be used without a server: no Django, no clinic, no network, no database."""

from pathlib import Path

from tests.repo.tree import ROOT, belongs, imported, parsed, plant

FORBIDDEN = {
    "django", "clinic", "socket", "ssl", "http", "urllib.request", "urllib3", "requests", "httpx",
    "aiohttp", "websockets", "smtplib", "ftplib", "asyncio", "subprocess", "multiprocessing",
    "sqlite3", "pysqlite3", "psycopg",
}  # fmt: skip


def offences(root: Path) -> list[str]:
    return [
        f"{name}:{line}: the core imports {what}."
        for name, module in parsed(root, "src/kapstone")
        for line, what in imported(module)
        if belongs(what, FORBIDDEN)
    ]


def test_the_core_stands_alone() -> None:
    assert offences(ROOT) == []


def test_an_import_hidden_in_a_function_is_found(tmp_path: Path) -> None:
    text = "from urllib import parse\ndef f():\n from urllib import request\n import django.db\n"
    plant(tmp_path, {"src/kapstone/a.py": text, "src/clinic/b.py": "import django"})
    assert [line.split(":")[1] for line in offences(tmp_path)] == ["3", "4"]
