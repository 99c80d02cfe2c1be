"""Which tests of the core reach which function, and one file of them run in this process.

Each test is asked once with nothing changed; a mutant is then shown to those tests alone that
reach the function it stands in, and to all of its room where it stands outside or was run while
modules and tests were read.
"""

import ast
import os
import resource
import signal
import sys
from collections import defaultdict
from collections.abc import Callable, Collection, Generator, Sequence
from contextlib import redirect_stdout
from functools import cache
from io import StringIO
from pathlib import Path
from types import FrameType
from unittest.mock import patch

import hypothesis
import pytest

from scripts.changes import Mutant
from scripts.parts import ROOT

CORE = f"{ROOT}/src/kapstone/"
# The tables a clinician can read come first.
TESTS = {
    "eligibility": (
        *("tests/spec/test_eligibility*.py", "tests/spec/test_fact_ranges.py"),
        *("tests/core/eligibility/test_*.py", "tests/spec/test_medicine_names.py"),
        *("tests/core/test_content.py", "tests/core/test_generated.py"),
    ),
    "dose": (
        *("tests/spec/test_dose*.py", "tests/spec/test_fact_ranges.py"),
        *("tests/core/test_dose*.py", "tests/core/test_treatment.py", "tests/core/test_content.py"),
        "tests/core/test_generated.py",
    ),
    "instruments": (
        *("tests/spec/test_instrument*.py", "tests/core/instruments/test_*.py"),
        *("tests/core/test_outcome.py", "tests/core/test_content.py"),
        "tests/core/test_generated.py",
    ),
    "monitoring": (
        *(
            "tests/spec/test_monitoring*.py",
            "tests/spec/test_alarms.py",
            "tests/spec/test_presence.py",
            "tests/spec/test_pathway_rows.py",
        ),
        *("tests/spec/test_ageing.py", "tests/spec/test_discharge.py"),
        *("tests/core/test_monitoring*.py", "tests/core/test_calling.py"),
        *("tests/core/test_content.py", "tests/core/test_generated.py"),
        "tests/spec/test_follow_nights.py",
    ),
    "adverse": (
        *("tests/spec/test_adverse*.py", "tests/core/test_adverse*.py"),
        *("tests/core/test_content.py", "tests/core/test_generated.py"),
    ),
}
# These hold a table or its page against a committed copy of itself: they notice whatever is
# changed and know nothing of its meaning. They count for the modules that write the pages alone.
COPIES = {
    "test_a_published_version_never_changes",
    "test_a_published_version_keeps_its_content",
    "test_any_change_of_content_alters_its_hash",
    "test_the_page_is_the_one_the_rows_make",
    "test_the_page_of_the_tables_is_up_to_date",
    "test_a_page_is_what_its_data_makes",
}
PYTEST = ("-c", "scripts/core.ini", "--rootdir", ".", "-p", "scripts.without_django", "-x", "-q",
          "--no-header", "--tb=no", "-p", "no:randomly", "-p", "no:cacheprovider")  # fmt: skip
MOST_BYTES = 4 * 2**30  # a mutant that grows for ever is ended
PASSED = (0, 5)  # 5: none of the file was chosen


def files(room: str) -> list[str]:
    """The files of a room's tests, in the order in which they are asked."""
    found = (sorted(ROOT.glob(pattern)) for pattern in TESTS[room])
    return [path.relative_to(ROOT).as_posix() for listed in found for path in listed]


@cache
def _functions(path: Path) -> list[tuple[int, int]]:
    """The first and the last line of each function of a module."""
    tree = ast.parse(path.read_text(encoding="utf-8")) if path.suffix == ".py" else ast.parse("")
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.Lambda):
            begins = min(line.lineno for line in [node, *getattr(node, "decorator_list", [])])
            found.append((begins, node.end_lineno or begins))
    return found


def function_of(path: Path, line: int) -> tuple[str, int]:
    """The innermost function that a line stands in, as `Noting` names it; line 0 for none."""
    around = [(end - begin, begin) for begin, end in _functions(path) if begin <= line <= end]
    return str(path), min(around, default=(0, 0))[1]


class Chosen:
    """Leaves of the collected tests those that are to be asked. named: part of their names."""

    def __init__(self, chosen: Collection[str] | None, *, copies: bool, named: str = "") -> None:
        self.chosen, self.copies, self.named = chosen, copies, named

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = [
            item
            for item in items
            if (self.copies or not of_copy(item))
            and (self.chosen is None or item.nodeid in self.chosen)
            and self.named in item.name
        ]


def of_copy(item: pytest.Item) -> bool:
    return item.name.partition("[")[0] in COPIES


class Noting:
    """Notes which tests call which function; "" stands for what runs while they are read."""

    def __init__(self) -> None:
        self.tests: dict[tuple[str, int], set[str]] = defaultdict(set)
        self.now = ""

    @pytest.hookimpl(wrapper=True)
    def pytest_collection(self) -> Generator[None, object, object]:
        self.now = ""
        sys.settrace(self.called)
        return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        self.now = item.nodeid
        sys.settrace(self.called)
        return (yield)

    def called(self, frame: FrameType, event: str, argument: object) -> None:
        code = frame.f_code
        if code.co_filename.startswith(CORE):
            self.tests[code.co_filename, code.co_firstlineno].add(self.now)


class Asking:
    """Asks the collected tests about each mutant of a table in a fork of the session.

    For tests whose own rows come from elsewhere. A table that was read while they were collected is
    read again by the fork, with the core and the modules of the tests. missed: the places of those
    mutants that no test noticed.
    """

    def __init__(self, tried: Sequence[Mutant], change: Callable[[Mutant], None]) -> None:
        self.tried, self.change = tried, change
        self.read: set[Path] = set()
        self.missed: list[int] = []

    @pytest.hookimpl(wrapper=True)
    def pytest_collection(self) -> Generator[None, object, object]:
        read = Path.read_text

        def read_text(path: Path, *arguments: str | None, **named: str | None) -> str:
            self.read.add(path)
            return read(path, *arguments, **named)

        with patch.object(Path, "read_text", read_text):
            return (yield)

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        for place, mutant in enumerate(self.tried):
            child = os.fork()
            if not child:
                signal.setitimer(signal.ITIMER_PROF, 60)
                self.change(mutant)
                os._exit(int(self.one_fails(session, mutant)))
            if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0:
                self.missed.append(place)
        return True

    def one_fails(self, session: pytest.Session, mutant: Mutant) -> bool:
        """Whether a test fails, those asked first that name the row."""
        items = [item for item in session.items if isinstance(item, pytest.Function)]
        if mutant.path in self.read:
            forget("kapstone")
            for module in {item.module for item in items}:
                module.__spec__.loader.exec_module(module)
        for item in sorted(items, key=lambda item: mutant.row not in item.name):
            if not of_copy(item):
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
            if session.testsfailed:
                return True
        return False


def fails(asked: Sequence[str], plugins: Collection[object], most_s: float) -> bool:
    """Whether a test of some files fails; the process is ended after `most_s` of its own time."""
    few = {"max_examples": 20, "derandomize": True, "database": None}  # the same at every run
    hypothesis.settings.register_profile("few", **few)
    hypothesis.settings.load_profile("few")
    signal.setitimer(signal.ITIMER_PROF, most_s)
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    with patch("importlib.metadata.distributions", return_value=()):  # reading them all takes long
        return int(pytest.main([*PYTEST, *asked], [*plugins])) not in PASSED


def warm_up(listed: Collection[str]) -> None:
    """Import what the tests need besides the core and themselves, once for every child."""
    with redirect_stdout(StringIO()):
        pytest.main([*PYTEST, "--collect-only", *listed])
    forget("kapstone", "tests")


def forget(*packages: str) -> None:
    """Let the next import read these packages anew."""
    for name in list(sys.modules):
        if name.partition(".")[0] in packages:
            del sys.modules[name]


def silence() -> None:
    """Nothing this process says is heard."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
