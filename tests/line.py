"""The network between a browser and a clinic, which a test can cut, mend and make swallow all.

What is cut is cut: for pages, for their workers and for a browser that was started anew.
"""

import selectors
import socket
import threading
from typing import Self


class Line:
    """Carries every connection to `port` on this machine, until it is cut."""

    def __init__(self, port: int) -> None:
        self.to = port
        self.is_cut = self.swallows = self.is_deaf = False
        self._links: set[socket.socket] = set()
        self._door = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._thread = threading.Thread(target=self._open, daemon=True)

    @property
    def port(self) -> int:
        """Where a browser knocks."""
        return int(self._door.getsockname()[1])

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._door.close()
        self.cut()

    def cut(self) -> None:
        """Nobody gets through, and who was on the line is thrown off."""
        self.is_cut = True
        for link in list(self._links):
            self._end(link)

    def swallow(self) -> None:
        """Everything is taken and nothing answered, as by a network that is nearly gone."""
        self.swallows = True

    def deafen(self) -> None:
        """What is asked arrives, and nobody hears the answer."""
        self.is_deaf = True

    def mend(self) -> None:
        """As before; who was on a line that swallowed is thrown off."""
        if self.swallows or self.is_deaf:
            self.cut()
        self.is_cut = self.swallows = self.is_deaf = False

    def _open(self) -> None:
        while True:
            try:
                near, _ = self._door.accept()
            except OSError:
                return
            if self.is_cut:
                self._end(near)
            else:
                threading.Thread(target=self._carry, args=[near], daemon=True).start()

    def _carry(self, near: socket.socket) -> None:
        try:
            far = socket.create_connection(("127.0.0.1", self.to), timeout=5)
        except OSError:
            return self._end(near)
        self._links |= {near, far}
        try:
            with selectors.DefaultSelector() as ready:
                ready.register(near, selectors.EVENT_READ, far)
                ready.register(far, selectors.EVENT_READ, near)
                while not self.is_cut:
                    for key, _ in ready.select(0.5):
                        if not self._pass_on(key.fileobj, key.data, key.data is near):  # type: ignore[arg-type]  # sockets
                            return None
        except (OSError, ValueError):
            return None
        finally:
            self._end(near)
            self._end(far)

    def _pass_on(self, come: socket.socket, go: socket.socket, is_answer: bool) -> bool:
        got = come.recv(65_536)
        if got and not self.swallows and not (is_answer and self.is_deaf):
            go.sendall(got)
        return bool(got)

    def _end(self, link: socket.socket) -> None:
        self._links.discard(link)
        try:
            link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            link.close()
        except OSError:
            pass
