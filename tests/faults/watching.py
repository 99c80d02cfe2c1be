"""A console's stream as its browser holds it: what it was told, and again from there when cut."""

import http.client
import json
import threading
import time
from dataclasses import dataclass, field

from tests.faults.ward import Ward

AGAIN_AFTER_S = 0.5


@dataclass
class Watching(threading.Thread):
    """One viewer of one session. seen: the number of each line it was told, in that order."""

    ward: Ward
    session: int
    number: int
    seen: list[int] = field(default_factory=list)
    panel: str = ""
    panel_number: int = 0
    spoken_at: float = 0
    failed_at: float = 0
    closed: str = ""
    closed_at: float = 0
    enough: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        threading.Thread.__init__(self, daemon=True)

    __hash__ = threading.Thread.__hash__

    def run(self) -> None:
        """Until it is enough, or the clinic ends it for good."""
        while not (self.enough.is_set() or self.closed):
            try:
                self._follow()
            except (OSError, http.client.HTTPException, ValueError):
                time.sleep(AGAIN_AFTER_S)

    def _follow(self) -> None:
        link = http.client.HTTPConnection("127.0.0.1", self.ward.port(), timeout=10)
        last = {"Last-Event-ID": str(self.seen[-1])} if self.seen else {}
        path = "/live" + self.ward.sessions[self.session]["path"]
        try:
            link.request("GET", path, headers=self.ward.headers(self.number) | last)
            answer = link.getresponse()
            if answer.status != 200:
                time.sleep(AGAIN_AFTER_S)
                return
            event = ""
            while not self.enough.is_set() and (line := answer.readline()):
                kind, _, told = line.decode().strip().partition(": ")
                if kind == "event":
                    event = told
                elif kind == "data":
                    self._hear(event, told)
        finally:
            link.close()

    def _hear(self, event: str, told: str) -> None:
        if event != "failed":
            self.spoken_at = time.time()
        if event == "line":
            self.seen.append(json.loads(told)["number"])
        elif event == "panel":
            self.panel, self.panel_number = json.loads(told)["html"], json.loads(told)["number"]
        elif event == "failed":
            self.failed_at = time.time()
        elif event == "closed":
            self.closed, self.closed_at = json.loads(told), time.time()

    @property
    def last(self) -> int:
        """The number of the newest line it was told; 0 before any."""
        return self.seen[-1] if self.seen else 0

    def is_exact(self) -> bool:
        """Whether every line came once and in order."""
        return self.seen == list(range(self.seen[0], self.seen[-1] + 1))
