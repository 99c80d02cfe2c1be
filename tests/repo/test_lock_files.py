"""A lock file fixes contents by their hash and leaves the host to the machine that installs."""

import re
from pathlib import Path

from tests.repo.tree import ROOT, plant

HOST = re.compile(r"://|--(extra-)?index-url|--find-links|--trusted-host")
LOCKS = ["requirements/*", "*.lock", "pylock*.toml", "package-lock.json", "src/**/*-lock.json"]


def offences(root: Path) -> list[str]:
    found = []
    for path in sorted({path for pattern in LOCKS for path in root.glob(pattern)}):
        text = path.read_text(encoding="utf-8")
        name = path.relative_to(root).as_posix()
        lines = [number for number, line in enumerate(text.splitlines(), 1) if HOST.search(line)]
        found += [f"{name}:{number}: names a host." for number in lines]
        if name.startswith("requirements/") and path.suffix == ".txt":
            pinned = len(re.findall(r"^[\w.\[\]-]+==", text, re.MULTILINE))
            hashed = len(re.findall(r"\\\n +--hash=sha256:(?=[\s\S])", text))
            if not pinned or hashed < pinned:
                found.append(f"{name}: a requirement without a hash.")
    return found


def test_no_lock_names_a_host() -> None:
    assert (ROOT / "requirements" / "clinic.txt").is_file()
    assert offences(ROOT) == []


def test_a_host_and_a_missing_hash_are_found(tmp_path: Path) -> None:
    plant(
        tmp_path,
        {
            "requirements/a.txt": "x==1 \\\n    --hash=sha256:00\n# from https://host\n",
            "requirements/b.txt": "x==1\n",
            "package-lock.json": '{"resolved": "https://host/x.tgz"}',
        },
    )
    assert offences(tmp_path) == [
        "package-lock.json:1: names a host.",
        "requirements/a.txt:3: names a host.",
        "requirements/b.txt: a requirement without a hash.",
    ]
