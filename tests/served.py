"""The real server around an application, in a thread of the test: what no test client shows."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

from clinic.site import server


@contextmanager
def served(application: Any) -> Iterator[int]:
    """Its port, on this machine; without the loop that runs beside a clinic."""
    with server.free_socket("127.0.0.1", 0, print) as sock:
        config = uvicorn.Config(
            application,
            lifespan="off",
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=1,
        )
        running = uvicorn.Server(config)
        thread = threading.Thread(target=running.run, kwargs={"sockets": [sock]}, daemon=True)
        thread.start()
        yield int(sock.getsockname()[1])
        running.should_exit = True
        thread.join(10)
