"""Runs named commands one after another, shows all they say, and sums up at the end."""

import os
import shlex
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parents[1]
PROGRAMS = Path(sys.executable).parent


@dataclass(frozen=True)
class Part:
    """One command of a run. fine: exit statuses that count as passed.

    beside: another part that runs at the same time, and says what it says when both are done.
    """

    title: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    fine: Sequence[int] = (0,)
    beside: "Part | None" = None


def python(*arguments: str) -> list[str]:
    """A command run by the interpreter that runs us."""
    return [sys.executable, *arguments]


def program(name: str, *arguments: str) -> list[str]:
    """A program that was installed beside the interpreter."""
    return [str(PROGRAMS / name), *arguments]


def run(part: Part, says: IO[str] | None = None) -> bool:
    """Run one part in the repository's root; its output goes to the terminal, or where `says`."""
    said = shlex.join([Path(part.command[0]).name, *part.command[1:]])
    print(f"\n── {part.title}\n   {said}", file=says, flush=True)
    environment = {**os.environ, "PYTHONPATH": "src", **part.environment}
    done = subprocess.run(
        part.command, cwd=ROOT, env=environment, check=False, stdout=says, stderr=says
    )
    return done.returncode in part.fine


def run_with_beside(part: Part) -> Iterator[tuple[Part, bool, float]]:
    """Run a part and what is beside it; each with whether it passed and its seconds."""
    start = time.monotonic()
    if part.beside is None:
        yield part, run(part), time.monotonic() - start
        return
    with tempfile.TemporaryFile("w+") as kept, ThreadPoolExecutor(1) as other:
        running = other.submit(lambda: (run(part.beside, kept), time.monotonic() - start))
        yield part, run(part), time.monotonic() - start
        passed, took_s = running.result()
        kept.seek(0)
        print(kept.read(), flush=True)
        yield part.beside, passed, took_s


def run_all(parts: Sequence[Part]) -> int:
    """Run every part, also after a failure, and return an exit status."""
    lines, failed = [], 0
    for each in parts:
        for part, passed, took_s in run_with_beside(each):
            failed += not passed
            lines.append(f"{'passed' if passed else 'FAILED'}  {took_s:6.1f} s  {part.title}")
    print("\n" + "\n".join(lines))
    print(f"{failed} of {len(lines)} parts failed." if failed else "All passed.", flush=True)
    return 1 if failed else 0
