"""A real server and those who watch a session from it, for the tests of live streams."""

import http.client
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import uuid4

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from clinic.dosing import actions, listening
from clinic.dosing.kinds import Chart
from clinic.people.models import StaffMember
from clinic.site import asgi
from tests.clinic import cast
from tests.clinic.dosing.scene import Scene
from tests.served import served


@contextmanager
def serving() -> Iterator[int]:
    """The real server, on the tests' database, without its loop; its port."""
    with served(asgi.application) as port:
        yield port
    listening.stop()
    for thread in threading.enumerate():
        if thread.name == "dosing-listener":
            thread.join(5)


class Viewer:
    """One open stream."""

    def __init__(
        self,
        port: int,
        day: Scene,
        member: StaffMember,
        after: int | None = None,
        *,
        narrow: bool = False,
    ) -> None:
        cookie = cast.signed_in(member).cookies[settings.SESSION_COOKIE_NAME].value
        self.link = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        if narrow:
            self.link.sock = socket.socket()
            self.link.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            self.link.sock.connect(("127.0.0.1", port))
        headers = {"Host": "localhost", "Cookie": f"{settings.SESSION_COOKIE_NAME}={cookie}"}
        if after is not None:
            headers["Last-Event-ID"] = str(after)
        url = reverse("dosing:live", args=[day.patient.pk, day.session.pk])
        self.link.request("GET", url, headers=headers)
        self.answer = self.link.getresponse()
        self.seen: list[int] = []
        self.panel = ""

    def read_until(self, number: int, of: str = "panel") -> None:
        """Follow until a message of this kind, a panel if nothing else, tells this number."""
        event = ""
        while True:
            if not (read := self.answer.readline()):
                raise EOFError
            line = read.decode().strip()
            kind, _, told = line.partition(": ")
            if kind == "event":
                event = told
            elif kind == "data" and event == "line":
                self.seen.append(json.loads(told)["number"])
            elif kind == "data" and event in ("panel", "failed"):
                self.panel = json.loads(told).get("html", "")
                if event == of and json.loads(told)["number"] >= number:
                    return
            elif kind == "data" and event == "closed":
                raise EOFError
            assert line or not self.answer.closed

    def close(self) -> None:
        """Leave."""
        self.answer.close()
        self.link.close()


def chart(day: Scene, pulse: int) -> int:
    """Chart a pulse; the number of its line."""
    told = Chart(uuid4(), "vitals", timezone.now(), {"hr": pulse})
    row = actions.record(session=day.session, chart=told, by=day.nurse.user, at=timezone.now())
    return row.number


def within(seconds: float, holds: Callable[[], bool]) -> bool:
    """Whether it holds before so long."""
    until = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


Watch = Callable[..., Viewer]
