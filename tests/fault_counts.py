"""How often a fault test repeats, and the dated record that `make soak` leaves.

A fault test says its numbers: `@pytest.mark.counts(small=20, middle=50, full=200)`, and takes
`fault_count`. At `--fault-count=full` each module of fault tests writes docs/evidence/NAME.md, with
what a test shows by `record_property("shown", TEXT)` below.
"""

from collections import defaultdict
from pathlib import Path

import pytest

from scripts.parts import stamp

LEVELS = ("small", "middle", "full")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--fault-count", choices=LEVELS, default="small", help="how often fault tests repeat"
    )


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--fault-count") == "full":
        config.pluginmanager.register(Evidence(config.rootpath), "evidence")


def count_of(item: pytest.Item) -> int:
    marker = item.get_closest_marker("counts")
    if marker is None:
        raise pytest.UsageError(f"{item.nodeid} needs @pytest.mark.counts(small=, middle=, full=).")
    return int(marker.kwargs[item.config.getoption("--fault-count")])


@pytest.fixture
def fault_count(request: pytest.FixtureRequest) -> int:
    """How often this test repeats its fault."""
    assert isinstance(request.node, pytest.Item)
    return count_of(request.node)


class Evidence:
    """Collects the results of the fault tests and writes one page for each module of them."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.lines: dict[str, list[str]] = defaultdict(list)
        self.shown: dict[str, list[str]] = defaultdict(list)

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" and "fault" in report.keywords:
            path, _, name = report.nodeid.partition("::")
            told = dict(report.user_properties)
            count, module = told.get("fault_count", "once"), Path(path).stem.removeprefix("test_")
            line = f"| {name} | {count} | {report.outcome} | {report.duration:.0f} s |"
            self.lines[module].append(line)
            self.shown[module] += ["", str(told["shown"])] if "shown" in told else []

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        if item.get_closest_marker("counts"):
            item.user_properties.append(("fault_count", count_of(item)))

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if hasattr(session.config, "workerinput"):
            return  # of several workers the one that hears of every result writes
        folder = self.root / "docs" / "evidence"
        for name, lines in self.lines.items():
            folder.mkdir(parents=True, exist_ok=True)
            head = ["", "| test | repeated | outcome | took |", "| --- | --- | --- | --- |"]
            told = [f"# {name}", "", stamp(self.root), *head, *sorted(lines), *self.shown[name]]
            (folder / f"{name}.md").write_text("\n".join(told) + "\n", encoding="utf-8")
