"""A Chromium of one's own, driven by its own protocol: the way to freeze a tab truly.

Under the usual test driver a hidden or "frozen" page goes on hearing everything, and a test of a
sleeping tab passes falsely.
"""

import itertools
import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

from scripts.needs import chromium
from tests.conftest import FLAGS

STARTS_WITHIN_S = 20


@dataclass
class Tab:
    """One tab."""

    browser: "RawBrowser"
    place: str
    target: str
    session: str

    def call(self, method: str, **params: object) -> dict[str, Any]:
        """One command of the protocol to this tab."""
        return self.browser.call(method, self.session, **params)

    def run(self, script: str) -> Any:
        """The value of an expression in the page; frozen pages answer too."""
        told = self.call(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True
        )
        assert "exceptionDetails" not in told, told
        return told["result"].get("value")

    def wait_for(self, script: str, within_s: float = 15) -> None:
        """Until the expression is true."""
        until = time.monotonic() + within_s
        while not self.run(script):
            assert time.monotonic() < until, f"never: {script}"
            time.sleep(0.1)

    def hide(self) -> None:
        """Another tab of the same window is what the person looks at."""
        other = self.browser.new_target(self.place)
        self.browser.call("Target.activateTarget", targetId=other)

    def freeze(self) -> None:
        """Stop every timer and task of the page, as a system does to a tab that nobody sees."""
        self.call("Page.setWebLifecycleState", state="frozen")

    def resume(self) -> None:
        """Let it go on."""
        self.call("Page.setWebLifecycleState", state="active")

    def close(self) -> None:
        """Go elsewhere, as a page that is left in order, and close the window."""
        self.call("Page.navigate", url="about:blank")
        self.wait_for("location.href === 'about:blank'")
        self.browser.call("Target.disposeBrowserContext", browserContextId=self.place)


@dataclass
class RawBrowser:
    """The browser's own connection."""

    link: ClientConnection
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def call(self, method: str, session: str = "", **params: object) -> dict[str, Any]:
        """One command; what it answers."""
        number = next(self.numbers)
        told = {"id": number, "method": method, "params": params}
        self.link.send(json.dumps(told | ({"sessionId": session} if session else {})))
        while True:
            answer = json.loads(self.link.recv(timeout=STARTS_WITHIN_S))
            if answer.get("id") == number:
                assert "error" not in answer, (method, answer["error"])
                found: dict[str, Any] = answer["result"]
                return found

    def new_target(self, place: str) -> str:
        """An empty tab in a profile."""
        told = self.call("Target.createTarget", url="about:blank", browserContextId=place)
        return str(told["targetId"])

    def open(self, address: str, cookie: dict[str, str]) -> Tab:
        """A new tab in a profile of its own, signed in by this cookie."""
        place = self.call("Target.createBrowserContext")["browserContextId"]
        target = self.new_target(place)
        told = self.call("Target.attachToTarget", targetId=target, flatten=True)
        tab = Tab(self, place, target, told["sessionId"])
        tab.call("Network.setCookie", **cookie)
        tab.call("Page.navigate", url=address)
        return tab


@contextmanager
def raw_browser(profile: Path) -> Iterator[RawBrowser]:
    """A running browser, ended with the block."""
    command = [str(chromium()), *FLAGS, "--headless=new", "--remote-debugging-port=0"]
    process = subprocess.Popen(
        [*command, f"--user-data-dir={profile}", "about:blank"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        note, until = profile / "DevToolsActivePort", time.monotonic() + STARTS_WITHIN_S
        while not (note.exists() and "\n" in note.read_text()):
            assert time.monotonic() < until, "the browser did not start"
            time.sleep(0.05)
        port, path = note.read_text().split()
        with connect(f"ws://127.0.0.1:{port}{path}", max_size=None) as link:
            yield RawBrowser(link)
    finally:
        process.terminate()
        process.wait(20)
