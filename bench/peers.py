"""`python -m bench.peers`: builds the peers that bench/pharmacology.py measures beside ours.

opentiva comes as source alone, and its bundled C file does not build on Python 3.11: with Cython
present and build isolation off it is made anew. `make test` takes them away again.
"""

import subprocess
import sys

from scripts.parts import ROOT

LOCK = "requirements/bench.txt"
BUILDS_WITH = ("cython", "setuptools")


def install(*more: str) -> None:
    uv = [str(ROOT / ".venv" / "bin" / "uv"), "pip", "install", "--quiet", "--no-deps"]
    subprocess.run([*uv, *more], cwd=ROOT, check=True)


def main() -> int:
    pinned = (ROOT / LOCK).read_text(encoding="utf-8").split()
    tools = [one for one in pinned if one.split("==")[0] in BUILDS_WITH]
    install(*tools)
    install("--require-hashes", "--no-build-isolation", "-r", LOCK)
    return 0


if __name__ == "__main__":
    sys.exit(main())
