"""How the browser is started."""

import os
import shutil

import pytest

FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    """The browser of this machine, without a network of its own."""
    return {"executable_path": shutil.which("chromium"), "args": FLAGS.split(), "timeout": 15_000}


@pytest.fixture(scope="session", autouse=True)
def _orm_beside_the_browser() -> None:
    """Playwright runs an event loop in the test's thread; the ORM is used beside it, not in it."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="session")
def base_url() -> str:
    """None fits all: each test names its live server. (The plugin's own fixture warns.)"""
    return ""
