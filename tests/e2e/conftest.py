"""How the browser is started."""

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
