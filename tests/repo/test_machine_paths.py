"""Nothing committed knows the machine it was written on; programs are found by name."""

import re
from pathlib import Path

from tests.repo.tree import ROOT, files, plant

FOLDERS = "src tests scripts bench docs requirements .ci Makefile README.md SAFETY.md \
CONTRIBUTING.md CHANGELOG.md pyproject.toml"
KINDS = (".py", ".html", ".css", ".js", ".json", ".toml", ".md", ".txt", ".in", ".sh", "")
# Built from pieces, so that this file does not accuse itself.
HOMES = "|".join(["home", "root", "Users", "work", "tmp", "usr/bin", "usr/local", "opt"])
PATH = re.compile(rf"(?<![\w.}}/-])/({HOMES})/[\w.]|\b[A-Z]:\\Users")
SHEBANG = re.compile(r"^#!/usr/bin/" + "env ")


def offences(root: Path) -> list[str]:
    return [
        f"{name}:{number}: names a path of one machine."
        for name, path in files(root, FOLDERS, *KINDS)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if PATH.search(line) and not SHEBANG.match(line)
    ]


def test_no_path_of_a_machine() -> None:
    assert offences(ROOT) == []


def test_a_path_is_found_in_code_and_prose(tmp_path: Path) -> None:
    home = "/" + "home/ada/x"
    plant(
        tmp_path,
        {
            "src/a.py": f"A = '{home}'\nB = 'src{home}'\n",
            "docs/a.md": f"see\n{home}\n",
            ".ci/run": "#!/usr/bin/" + "env bash\ncd /" + "tmp/x\n",
        },
    )
    assert sorted(line.split(" ")[0] for line in offences(tmp_path)) == [
        ".ci/run:2:",
        "docs/a.md:2:",
        "src/a.py:1:",
    ]
