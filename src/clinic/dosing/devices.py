"""Where bedside monitors send: `POST /device/samples/`, each with its own key.

It is no page: nobody is signed in, no cookie is read, and nothing is answered but what became of
what was sent. It runs beside Django's views, for a page's way takes ten times as long.

    Authorization: Bearer KEY
    {"samples": [{"at": "2026-11-23T10:00:00+00:00", "hr": 70, "spo2": 97}]}
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from clinic.dosing.device_queue import Full, Queue, Rates, Unwritten
from clinic.dosing.monitors import key_hash
from clinic.dosing.samples import Answer, Sample, Sent

PATH = "/device/samples/"
BODY_BYTES = 65_536
SAMPLES_AT_MOST = 120
WAIT_S = 10  # for the disk

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]


class Refused(Exception):
    """A request that cannot be taken: its status, what is wrong, and how to mend it."""

    def __init__(self, status: int, problem: str, mend: str) -> None:
        super().__init__(problem)
        self.status, self.problem, self.mend = status, problem, mend


class Devices:
    """The one address of monitors, as an application of its own."""

    def __init__(self) -> None:
        self.queue = Queue()
        self._rates = Rates()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        try:
            status, told = 200, await self._take(scope, receive)
        except Refused as error:
            status, told = error.status, {"error": error.problem, "mend": error.mend}
        await _respond(send, status, told)

    async def _take(self, scope: Scope, receive: Receive) -> dict[str, object]:
        if scope["method"] != "POST":
            raise Refused(405, "Only POST is taken.", f"POST to {PATH}.")
        key = key_hash(_key(scope))
        bucket = self._rates.bucket(key)
        if bucket.take(1) == 0:
            raise Refused(429, "Sent too fast.", "Send once a second; keep the rest for later.")
        sent = _samples(await _body(receive))
        taken = 1 + bucket.take(len(sent) - 1)
        answer = await self._written(Sent(key, sent[:taken], bucket.untold()))
        if answer.refused:
            raise Refused(403, answer.refused, "Connect the monitor at the session's console.")
        return {"taken": answer.taken_count, "waits": answer.waits, "left_out": len(sent) - taken}

    async def _written(self, sent: Sent) -> Answer:
        away = Refused(503, "The clinic cannot write now.", "Keep the samples and send them again.")
        try:
            waiting = self.queue.put(sent)
            return await asyncio.wait_for(asyncio.wrap_future(waiting), WAIT_S)
        except (Full, Unwritten, TimeoutError):
            raise away from None


def _key(scope: Scope) -> str:
    headers: dict[bytes, bytes] = dict(scope["headers"])
    scheme, _, key = headers.get(b"authorization", b"").decode("latin-1").partition(" ")
    if scheme.lower() != "bearer" or not 20 <= len(key) <= 200:
        raise Refused(401, "The key is missing.", "Send it as Authorization: Bearer KEY.")
    return key


async def _body(receive: Receive) -> bytes:
    found = b""
    while True:
        part = await receive()
        found += bytes(part.get("body", b""))
        if len(found) > BODY_BYTES:
            raise Refused(413, "The body is too long.", f"Send at most {BODY_BYTES} bytes.")
        if not part.get("more_body"):
            return found


def _samples(body: bytes) -> tuple[Sample, ...]:
    mend = 'Send {"samples": [{"at": "2026-11-23T10:00:00+00:00", "hr": 70}]}.'
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        raise Refused(400, "The body is no JSON.", mend) from None
    listed = told.get("samples") if isinstance(told, dict) else None
    if not isinstance(listed, list) or not 0 < len(listed) <= SAMPLES_AT_MOST:
        raise Refused(400, f"It holds no list of 1 to {SAMPLES_AT_MOST} samples.", mend)
    return tuple(_sample(one, mend) for one in listed)


def _sample(told: object, mend: str) -> Sample:
    if not isinstance(told, dict) or not isinstance(told.get("at"), str):
        raise Refused(400, "A sample has no time `at`.", mend)
    try:
        at = datetime.fromisoformat(told.pop("at"))
    except ValueError:
        raise Refused(400, "A sample's time `at` is no time.", mend) from None
    if at.utcoffset() is None or not 2000 < at.year < 2200:
        raise Refused(400, "A sample's time has no offset, or no such year.", mend)
    return Sample(at, told)


async def _respond(send: Send, status: int, told: dict[str, object]) -> None:
    body = json.dumps(told).encode()
    headers = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]
    headers.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
