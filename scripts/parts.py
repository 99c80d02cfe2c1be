"""Runs named commands one after another, shows all they say, and sums up at the end."""

import os
import shlex
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

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


def run(part: Part, told: IO[bytes] | None = None) -> tuple[bool, float]:
    """Run one part in the repository's root; whether it passed, and its seconds.

    What it says goes straight to the terminal, or into `told`.
    """
    start = time.monotonic()
    said = shlex.join([Path(part.command[0]).name, *part.command[1:]])
    print(f"\n── {part.title}\n   {said}", flush=True)
    environment = {**os.environ, "PYTHONPATH": "src", **part.environment}
    done = subprocess.run(
        part.command, cwd=ROOT, env=environment, check=False, stdout=told, stderr=told
    )
    return done.returncode in part.fine, time.monotonic() - start


def run_beside(parts: Sequence[Part]) -> list[tuple[bool, float]]:
    """Run parts at the same time; what each said is shown when all have ended."""
    with ExitStack() as files, ThreadPoolExecutor() as threads:
        told = [files.enter_context(TemporaryFile()) for _ in parts]
        found = list(threads.map(run, parts, told))
        for part, file in zip(parts, told, strict=True):
            file.seek(0)
            print(f"\n── {part.title} said:\n{file.read().decode(errors='replace')}", flush=True)
    return found


def run_all(steps: Sequence[Part | tuple[Part, ...]]) -> int:
    """Run every part, also after a failure, and return an exit status. A tuple runs together."""
    lines, failed = [], 0
    for step in steps:
        parts = step if isinstance(step, tuple) else (step,)
        found = run_beside(parts) if len(parts) > 1 else [run(parts[0])]
        for part, (passed, took_s) in zip(parts, found, strict=True):
            failed += not passed
            lines.append(f"{'passed' if passed else 'FAILED'}  {took_s:6.1f} s  {part.title}")
    print("\n" + "\n".join(lines))
    print(f"{failed} of {len(lines)} parts failed." if failed else "All passed.", flush=True)
    return 1 if failed else 0
