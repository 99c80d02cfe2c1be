"""Monitors that send every second, and screens that watch: many of each, in one event loop."""

import asyncio
import json
import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlencode
from uuid import uuid4

QUIET_S = 5
BEAT_EVERY_S = 2.0
CSRF = "a" * 32
OPEN_WITHIN_S = 60  # all of the screens, when a server comes up


@dataclass
class Monitor:
    """A monitor at one session: what it sent, and what of it was acknowledged.

    seed: of its figures, and of the moment in each second at which it sends: each has its own.
    """

    key: str
    session: str
    seed: int
    every_s: float = 1.0
    acked: list[str] = field(default_factory=list)
    took_s: list[float] = field(default_factory=list)
    refused: dict[int, int] = field(default_factory=dict)

    def figures(self, rng: random.Random) -> dict[str, int]:
        """A quiet person, who now and then is not."""
        low = 86 if rng.random() < 0.01 else 97
        return {"hr": rng.randint(66, 90), "spo2": low, "rr": rng.randint(12, 18)}

    async def run(self, port: int, until: float) -> None:
        """Send until then, each again until it is acknowledged."""
        rng = random.Random(self.seed)
        await asyncio.sleep(rng.random() * self.every_s)
        reader = writer = None
        due = time.monotonic()
        while due < until:
            at = datetime.now(UTC).isoformat()
            sample = {"at": at, **self.figures(rng)}
            began = time.monotonic()
            while True:
                try:
                    if writer is None:
                        reader, writer = await asyncio.open_connection("127.0.0.1", port)
                    status = await self._post(reader, writer, [sample])
                except (OSError, asyncio.IncompleteReadError):
                    writer, status = None, 0
                if status == 200:
                    self.acked.append(at)
                    self.took_s.append(time.monotonic() - began)
                    break
                self.refused[status] = self.refused.get(status, 0) + 1
                if status == 429:
                    break
                await asyncio.sleep(0.2)
            due += self.every_s
            while due < time.monotonic() - self.every_s:  # what it missed; its own second stays
                due += self.every_s
            await asyncio.sleep(max(0.0, due - time.monotonic()))
        if writer:
            writer.close()

    async def _post(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        samples: Sequence[Mapping[str, object]],
    ) -> int:
        body = json.dumps({"samples": samples}).encode()
        head = f"Authorization: Bearer {self.key}\r\n"
        return await post(reader, writer, "/device/samples/", head, "application/json", body)


@dataclass
class Screen:
    """A page that watches one session: each line's number, and when it came. It beats as pages do.

    unheard: how often a beat was not taken, by the status of its answer.
    """

    path: str
    session: str
    cookie: str
    console: str = field(default_factory=lambda: str(uuid4()))
    beats_count: int = 0
    unheard: dict[int, int] = field(default_factory=dict)
    came: list[tuple[int, float]] = field(default_factory=list)
    bytes_count: int = 0
    ended: str = ""
    opened: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self, port: int) -> None:
        """Watch until cancelled."""
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**20)
        writer.write(
            f"GET /live{self.path}?after=0&console={self.console} HTTP/1.1\r\nHost: localhost\r\n"
            f"Cookie: {self.cookie}\r\nAccept: text/event-stream\r\n\r\n".encode()
        )
        try:
            answer = await reader.readuntil(b"\r\n\r\n")
            if b" 200 " not in answer[:20]:
                self.ended = answer[:60].decode()
                return
            while line := await reader.readline():
                self.bytes_count += len(line)
                if line.startswith(b"event: panel"):
                    self.opened.set()
                if line.startswith(b"id: "):
                    self.came.append((int(line[4:]), time.time()))
                elif line.startswith(b"event: closed"):
                    self.ended = "closed"
        finally:
            self.ended = self.ended or "over"
            writer.close()

    async def beat(self, port: int) -> None:
        """Say what is shown, every two seconds, until cancelled."""
        await self.opened.wait()
        await asyncio.sleep(random.random() * BEAT_EVERY_S)
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            await self._keep_beating(reader, writer)
        finally:
            writer.close()

    async def _keep_beating(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        while True:
            began = time.monotonic()
            shown = str(self.came[-1][0]) if self.came else "0"
            told = {"console": self.console, "number": shown, "sound": "on"}
            told |= {"csrfmiddlewaretoken": CSRF, "shown_for": self.session}
            head = f"Cookie: {self.cookie}\r\nAccept: application/json\r\n"
            kind = "application/x-www-form-urlencoded"
            body = urlencode(told).encode()
            status = await post(reader, writer, f"{self.path}beat/", head, kind, body)
            self.beats_count += 1
            if status != 204:
                self.unheard[status] = self.unheard.get(status, 0) + 1
            await asyncio.sleep(max(0.0, began + BEAT_EVERY_S - time.monotonic()))


async def post(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    path: str,
    head: str,
    kind: str,
    body: bytes,
) -> int:
    """Send a request down an open line; the status of its answer."""
    told = f"POST {path} HTTP/1.1\r\nHost: localhost\r\n{head}Content-Type: {kind}\r\n"
    writer.write(f"{told}Content-Length: {len(body)}\r\n\r\n".encode() + body)
    answer = await reader.readuntil(b"\r\n\r\n")
    lengths = [
        int(line.partition(b":")[2])
        for line in answer.split(b"\r\n")
        if line.lower().startswith(b"content-length")
    ]
    await reader.readexactly(sum(lengths))
    return int(answer.split(b" ", 2)[1])


@dataclass
class Flood:
    """A monitor gone wild: so many requests a second for one session, most of them refused."""

    key: str
    per_s: int
    lines_count: int = 8
    sent_count: int = 0

    async def run(self, port: int, until: float) -> None:
        """Send until then, down several lines at once."""
        each_s = self.lines_count / self.per_s
        await asyncio.gather(*(self._send(port, until, each_s) for _ in range(self.lines_count)))

    async def _send(self, port: int, until: float, each_s: float) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        head = f"Authorization: Bearer {self.key}\r\n"
        due = time.monotonic()
        while due < until:
            sample = {"at": datetime.now(UTC).isoformat(), "hr": 70}
            body = json.dumps({"samples": [sample]}).encode()
            await post(reader, writer, "/device/samples/", head, "application/json", body)
            self.sent_count += 1
            due += each_s
            await asyncio.sleep(max(0.0, due - time.monotonic()))
        writer.close()


async def _arrived(screens: Sequence[Screen]) -> None:
    """Until no screen gets another line."""
    before, now = -1, sum(len(screen.came) for screen in screens)
    while now > before:
        await asyncio.sleep(QUIET_S)
        before, now = now, sum(len(screen.came) for screen in screens)


async def run(
    port: int,
    monitors: Sequence[Monitor | Flood],
    screens: Sequence[Screen],
    seconds: float,
) -> None:
    """Watch, send for so long, and let the last of it arrive."""
    watching = [asyncio.create_task(screen.run(port)) for screen in screens]
    watching += [asyncio.create_task(screen.beat(port)) for screen in screens]
    async with asyncio.timeout(OPEN_WITHIN_S):
        await asyncio.gather(*(screen.opened.wait() for screen in screens))
    until = time.monotonic() + seconds
    await asyncio.gather(*(monitor.run(port, until) for monitor in monitors))
    await _arrived(screens)
    for task in watching:
        task.cancel()
    await asyncio.gather(*watching, return_exceptions=True)
