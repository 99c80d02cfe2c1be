"""A real mail server and a small gateway on loopback, which take, refuse, hang or die."""

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as MessageHandler


class Post(MessageHandler):
    """Keeps what arrives; `answer` is what it says after DATA."""

    def __init__(self) -> None:
        super().__init__()
        self.came: list[Message] = []
        self.tries = 0
        self.mood = "takes"

    def handle_message(self, message: Message) -> None:
        self.came.append(message)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.tries += 1
        if self.mood == "refuses":
            return "554 Not wanted"
        if self.mood == "hangs":
            await asyncio.sleep(3)
        if self.mood == "dies":  # after the message came whole, before it was acknowledged
            server.transport.abort()
            await asyncio.sleep(0.2)
        if self.mood == "takes and dies":
            await super().handle_DATA(server, session, envelope)
            server.transport.abort()
            return "250 OK"
        return str(await super().handle_DATA(server, session, envelope))


@contextlib.contextmanager
def mail_server() -> Iterator[tuple[Post, int]]:
    """A mail server and its port."""
    post = Post()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(post, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield post, port
    finally:
        controller.stop()


@dataclass
class Gateway:
    """What a gateway was handed: the path, which carries the number, and the body."""

    port: int
    status: int = 200
    answer: str = ""
    waits_s: float = 0
    came: list[tuple[str, str]] = field(default_factory=list)

    @property
    def address(self) -> str:
        """As a setting names it."""
        return f"json://127.0.0.1:{self.port}/{{to}}"


@contextlib.contextmanager
def text_gateway() -> Iterator[Gateway]:
    """A gateway for text messages that speaks JSON over HTTP."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            gateway.came.append((self.path, self.rfile.read(length).decode()))
            time.sleep(gateway.waits_s)
            self.send_response(gateway.status)
            self.end_headers()
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                self.wfile.write(gateway.answer.encode())

        def log_message(self, *args: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    gateway = Gateway(server.server_port)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield gateway
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
