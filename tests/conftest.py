"""What every test shares: the browser's flags, fault counts, and hazards that may not be skipped.

Django is not imported here: the core's tests run where it does not exist.
"""

from collections.abc import Generator

import hypothesis
import pytest

from scripts.needs import chromium

# A slow moment of a busy machine is no fault of the rule under test.
hypothesis.settings.register_profile("kapstone", deadline=None)
hypothesis.settings.load_profile("kapstone")

pytest_plugins = ("tests.fault_counts",)

# Headless Chromium as root, in a container, without a network of its own.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    """How pytest-playwright starts the browser that the machine has."""
    return {"executable_path": chromium(), "args": list(FLAGS), "timeout": 15_000}


LONG = ("test_walk.py", "test_demo_people.py", "test_access_matrix.py", "test_private_notes.py")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest modules first: begun last, one would run on alone while the others wait."""
    items.sort(key=lambda item: item.path.name not in LONG)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test that holds down a hazard runs or fails: skipping it would leave the hazard open."""
    report = yield
    if report.skipped and item.get_closest_marker("hazard"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} holds a hazard of SAFETY.md and may not be skipped."
    return report
