"""Makes `.venv` what the lock files say. Runs before anything is installed: standard library only.

`python scripts/set_up.py run` brings what a clinic's server needs, `test` the tools of the tests
as well. Once the test tools are there, `run` leaves them. The questionnaire wording is a package
of its own that may be out of reach, and so are the front-end libraries: then everything else is
set up and the next call tries again.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
STAMP = VENV / "kapstone-stamp.json"
SETS = {"run": ("clinic",), "test": ("clinic", "test", "oracles", "medicines")}
WORDING = "wording"
COMMANDS = {"kapstone": "kapstone.cli", "clinic": "clinic.site.manage"}
PATIENCE = {"UV_HTTP_TIMEOUT": "10", "UV_HTTP_RETRIES": "1"}  # for the wording only


class SetUpError(Exception):
    """A step did not work; the message says which, and what to do."""


def lock(name: str) -> Path:
    return ROOT / "requirements" / f"{name}.txt"


def fingerprint(wanted: str) -> str:
    """Changes when a lock file of the set, this script or the interpreter does."""
    content = hashlib.sha256(f"{wanted} {sys.version}".encode())
    for path in [Path(__file__), *map(lock, ("bootstrap", *SETS[wanted], WORDING))]:
        content.update(path.read_bytes())
    return content.hexdigest()


def stamp() -> dict[str, object]:
    """What the last complete set-up wrote; empty when there was none."""
    try:
        found = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def step(title: str, command: Sequence[str | Path], more: dict[str, str] | None = None) -> None:
    print(f"   {title}", flush=True)
    start = time.monotonic()
    # The caller's environment may point uv at another venv.
    kept = {key: value for key, value in os.environ.items() if key != "VIRTUAL_ENV"}
    environment = {**kept, **(more or {}), "VIRTUAL_ENV": str(VENV)}
    done = subprocess.run([*map(str, command)], cwd=ROOT, env=environment, check=False)
    if done.returncode:
        raise SetUpError(f"{title}: failed with status {done.returncode}. See the lines above.")
    print(f"   {time.monotonic() - start:.0f} s", flush=True)


def make_venv() -> None:
    python = VENV / "bin" / "python"
    if not python.exists() or subprocess.run([python, "-c", ""], check=False).returncode:
        shutil.rmtree(VENV, ignore_errors=True)
        step(
            f"Making .venv with Python {sys.version.split()[0]}",
            [sys.executable, "-m", "venv", VENV],
        )
    pip: list[str | Path] = [
        python,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
    ]
    step("Installing uv", [*pip, "--require-hashes", "-r", lock("bootstrap")])


def sync(names: Sequence[str], more: dict[str, str] | None = None) -> None:
    """Make the venv hold exactly these lock files. All in one call: what is not named goes."""
    uv: list[str | Path] = [VENV / "bin" / "uv", "pip", "sync", "--require-hashes"]
    files = [lock(name) for name in names]
    step(f"Installing {', '.join(names)}", [*uv, *files], more)


def install(wanted: str) -> bool:
    """Install the set; whether the wording came too."""
    try:
        sync([*SETS[wanted], WORDING], PATIENCE)
    except SetUpError:
        print("   That did not work with the wording; now without it.", flush=True)
        sync(SETS[wanted])
        print("   The questionnaire wording could not be installed. Everything else works;")
        print("   pages that need it say so. `make run` tries again.", flush=True)
        return False
    return True


def place_own_code() -> None:
    """Let the venv's Python find src, and give our two commands a name in its bin folder."""
    for packages in VENV.glob("lib/python*/site-packages"):
        (packages / "kapstone-src.pth").write_text(os.path.relpath(ROOT / "src", packages) + "\n")
    for name, module in COMMANDS.items():
        launcher = VENV / "bin" / name
        call = f"import sys; from {module} import main; sys.exit(main())"
        launcher.write_text(f'#!/bin/sh\nexec "$(dirname "$0")/python" -c "{call}" "$@"\n')
        launcher.chmod(0o755)


def set_up(wanted: str) -> None:
    before = stamp()
    if before.get("set") == "test":
        wanted = "test"  # never take the test tools away
    key = fingerprint(wanted)
    if before.get("key") == key and (VENV / "bin" / "python").exists():
        bring_front_end()
        return
    print("Setting up .venv (only when something changed):", flush=True)
    STAMP.unlink(missing_ok=True)
    make_venv()
    complete = install(wanted)
    place_own_code()
    written = {"set": wanted, "key": key if complete else "without the wording"}
    STAMP.write_text(json.dumps(written), encoding="utf-8")
    bring_front_end()


def bring_front_end() -> None:
    """Without it a console does not record while it is offline, and says so."""
    sys.path.insert(0, str(Path(__file__).parents[1]))
    from scripts import front_end  # ran as a file, a script finds its neighbours only so

    if why := front_end.bring(ROOT, VENV):
        print(f"   The front-end libraries could not be installed: {why}.", flush=True)
        print("   Everything else works; a console does not record while it is offline,")
        print("   and says so. With Node and npm, `make run` tries again.", flush=True)


if __name__ == "__main__":
    try:
        set_up(sys.argv[1])
    except SetUpError as error:
        sys.exit(f"{error}")
