"""Runs named commands one after another, shows all they say, and sums up at the end."""

import os
import platform
import shlex
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PROGRAMS = Path(sys.executable).parent
WAITING = ("-n", "3")  # workers of tests that wait: for a page, for a clinic to start or be missed


@dataclass(frozen=True)
class Part:
    """One command of a run. fine: exit statuses that count as passed."""

    title: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    fine: Sequence[int] = (0,)


def python(*arguments: str) -> list[str]:
    """A command run by the interpreter that runs us."""
    return [sys.executable, *arguments]


def program(name: str, *arguments: str) -> list[str]:
    """A program that was installed beside the interpreter."""
    return [str(PROGRAMS / name), *arguments]


def stamp(root: Path = ROOT) -> str:
    """On which commit, when and where a record of `make soak` was made."""
    git = ["git", "describe", "--always", "--dirty", "--abbrev=12"]
    commit = subprocess.run(git, cwd=root, capture_output=True, text=True, check=False).stdout
    return (
        f"Commit {commit.strip() or 'unknown'}, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC, "
        f"{os.cpu_count()} cores, Python {platform.python_version()}. Written by `make soak`."
    )


def run(part: Part) -> bool:
    """Run one part in the repository's root; its output goes straight to the terminal."""
    said = shlex.join([Path(part.command[0]).name, *part.command[1:]])
    print(f"\n── {part.title}\n   {said}", flush=True)
    environment = {**os.environ, "PYTHONPATH": "src", **part.environment}
    done = subprocess.run(part.command, cwd=ROOT, env=environment, check=False)
    return done.returncode in part.fine


def run_all(parts: Sequence[Part]) -> int:
    """Run every part, also after a failure, and return an exit status."""
    lines, failed = [], 0
    for part in parts:
        start = time.monotonic()
        passed = run(part)
        failed += not passed
        state = "passed" if passed else "FAILED"
        lines.append(f"{state}  {time.monotonic() - start:6.1f} s  {part.title}")
    print("\n" + "\n".join(lines))
    print(f"{failed} of {len(parts)} parts failed." if failed else "All passed.", flush=True)
    return 1 if failed else 0
