"""The real server around an application, in a thread of the test: what no test client shows."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn


@contextmanager
def served(application: Any) -> Iterator[int]:
    """Its port, on this machine; without the loop that runs beside a clinic."""
    with socket.create_server(("127.0.0.1", 0)) as sock:
        config = uvicorn.Config(
            application,
            lifespan="off",
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=1,
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]}, daemon=True)
        thread.start()
        yield int(sock.getsockname()[1])
        server.should_exit = True
        thread.join(10)
