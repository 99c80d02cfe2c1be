"""The test's side of a clinic with people under an infusion: who is there, and what they send."""

import http.client
import json
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import psycopg
import pysqlite3

from tests.faults.clinics import RunningClinic

CSRF = "a" * 32
MODULE = "tests.faults.ward_clinic"


@dataclass
class Ward(RunningClinic):
    """One clinic with live sessions, on SQLite or, where an address is given, on PostgreSQL."""

    command: tuple[str, ...] = (MODULE, "serve")
    database: str = ""
    unsafe: bool = False  # lets it start where a power cut loses what it acknowledged
    told: dict[str, Any] = field(default_factory=dict)

    def environment(self) -> dict[str, str]:
        """What its process sees."""
        where = {"DATABASE_URL": self.database} if self.database else {}
        unsafe = {"UNSAFE": "1"} if self.unsafe else {}
        return super().environment() | {"CLINIC_DEMO": "1"} | where | unsafe

    def fill(self, sessions: int, nurses: int) -> None:
        """Make the people and their sessions."""
        made = subprocess.run(
            [sys.executable, "-m", MODULE, "make", str(sessions), str(nurses)],
            cwd=self.home,
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert made.returncode == 0, made.stderr
        self.told = json.loads(made.stdout.splitlines()[-1])

    @property
    def address(self) -> str:
        """Where a browser finds it."""
        return f"http://localhost:{self.port()}"

    @property
    def sessions(self) -> list[dict[str, str]]:
        """Each with its id and its path."""
        found: list[dict[str, str]] = self.told["sessions"]
        return found

    def cookie(self, nurse: int) -> dict[str, str]:
        """A nurse's sign-in, as a browser takes it."""
        value = self.told["cookies"][nurse]
        return {"name": self.told["name"], "value": value, "url": self.address}

    def headers(self, nurse: int) -> dict[str, str]:
        """What a console's script sends along."""
        cookies = f"{self.told['name']}={self.told['cookies'][nurse]}; {self.told['csrf']}={CSRF}"
        return {"Host": "localhost", "Accept": "application/json", "Cookie": cookies}

    def post(
        self, session: int, nurse: int, path: str, entry: Mapping[str, str]
    ) -> tuple[int, dict[str, Any]]:
        """Send an entry as a console does; status 0 when nobody answered."""
        where = self.sessions[session]
        body = {"shown_for": where["id"], "csrfmiddlewaretoken": CSRF, **entry}
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        try:
            link = http.client.HTTPConnection("127.0.0.1", self.port(), timeout=15)
        except OSError:  # the disk on which its address stands is gone too
            return 0, {}
        with closing(link), suppress(OSError, http.client.HTTPException, json.JSONDecodeError):
            link.request("POST", where["path"] + path, urlencode(body), self.headers(nurse) | kind)
            answer = link.getresponse()
            read = answer.read().decode()
            is_json = "json" in (answer.headers["Content-Type"] or "")
            return answer.status, json.loads(read) if is_json else {"text": read}
        return 0, {}

    def verifies(self) -> bool:
        """Whether the audit trail is whole."""
        told = subprocess.run(
            [sys.executable, "-m", "clinic.site.manage", "audit_verify"],
            cwd=self.home,
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        return told.returncode == 0

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What stands on disk."""
        if self.database:
            with psycopg.connect(self.database) as link:
                return link.execute(query).fetchall()  # type: ignore[call-overload]  # a test's own
        with closing(pysqlite3.connect(str(self.home / "clinic.sqlite3"))) as disk:
            return list(disk.execute(query))

    def change(self, statement: str, value: str) -> None:
        """Alter what stands on disk, as another page would. ?: where the value goes."""
        if self.database:
            with psycopg.connect(self.database) as link:
                link.execute(statement.replace("?", "%s"), [value])  # type: ignore[call-overload]
            return
        with closing(pysqlite3.connect(str(self.home / "clinic.sqlite3"), timeout=20)) as disk:
            disk.execute(statement, [value])
            disk.commit()
