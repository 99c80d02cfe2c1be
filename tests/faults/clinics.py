"""Real clinics in processes of their own, for tests that do them harm."""

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any, Self

from tests import migrated

ROOT = Path(__file__).parents[2]
GIVES_UP_AFTER_S = 180  # what the first `make run` may take: most of it is the demo's first start


def with_tables(home: Path) -> Path:
    """A directory whose database is migrated, where a first start is not what is tried."""
    migrated.copy_to(home / "clinic.sqlite3")
    return home


@dataclass
class RunningClinic:
    """One server process with a directory of its own. Used as a context, it outlives no test."""

    home: Path
    command: tuple[str, ...] = ("tests.faults.faulty_clinic", "0")
    process: subprocess.Popen[str] = field(init=False)
    reader: Thread = field(init=False)
    printed: list[str] = field(init=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if hasattr(self, "process"):
            self.stop(signal.SIGKILL)

    def start(self) -> float:
        """Start it and wait for an answer; returns the seconds until then."""
        began = time.monotonic()
        (self.home / "running").unlink(missing_ok=True)
        self.process = subprocess.Popen(
            [sys.executable, "-m", *self.command],
            cwd=self.home,
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.printed = []
        self.reader = Thread(target=self._read, args=(self.process, self.printed), daemon=True)
        self.reader.start()
        while self.health()[0] == 0:
            assert self.process.poll() is None, self.stop(signal.SIGKILL)
            if time.monotonic() - began > GIVES_UP_AFTER_S:
                raise AssertionError(f"the clinic did not start: {self.stop(signal.SIGKILL)}")
            time.sleep(0.05)
        return time.monotonic() - began

    def environment(self) -> dict[str, str]:
        """What its process sees."""
        kept = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
        return {
            **kept,
            "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
            "CLINIC_HOME": str(self.home),
            # A real clinic needs a mail server. Nobody listens at this one: messages wait.
            "CLINIC_SMTP": "" if "demo" in self.command else "smtp://127.0.0.1:1",
            "FAULT": str(self.home / "fault"),
        }

    def cpu_s(self) -> float:
        """The processor time it has used: unlike the clock's, the same on a busy machine."""
        ticks = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()[11:13]
        return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")

    def order(self, word: str) -> None:
        """Let the injected job do this from now on."""
        (self.home / "fault").write_text(word)

    def port(self) -> int:
        """Where it listens, as its own directory says; 0 until it does."""
        place = self.home / "running"
        address = place.read_text() if place.exists() else ""
        return int(address.rstrip("/").rpartition(":")[2]) if address else 0

    def health(self) -> tuple[int, dict[str, Any]]:
        """The answer of /healthz; status 0 when there is none."""
        port = self.port()
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            link.request("GET", "/healthz", headers={"Host": "localhost"})
            answer = link.getresponse()
            return answer.status, json.loads(answer.read())
        except OSError:
            return 0, {}
        finally:
            link.close()

    def wait_for(self, status: int, within_s: float) -> dict[str, Any]:
        """The answer once it has this status."""
        deadline = time.monotonic() + within_s
        while True:
            found, body = self.health()
            if found == status:
                return body
            assert time.monotonic() < deadline, f"still {found} after {within_s} s: {body}"
            time.sleep(0.2)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> str:
        """End it and return what it printed."""
        self.process.send_signal(how)
        self.process.wait(20)
        self.reader.join(20)
        return "".join(self.printed)

    @staticmethod
    def _read(process: subprocess.Popen[str], printed: list[str]) -> None:
        """All the time: a clinic whose output nobody reads waits until somebody does."""
        assert process.stdout
        with process.stdout:
            printed.extend(process.stdout)
