"""`make test`: the core alone, the rest on SQLite, the clinic on PostgreSQL, browser, faults.

Each part notes what it reaches of src; two gates read it all at the end.
"""

import shutil
import sys

from scripts.covered import NOTED
from scripts.parts import ROOT, WAITING, Part, python, run_all

GATES = {"kapstone": 100, "clinic": 95}
ALONE = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
PLUGINS = ("-p", "scripts.without_django", "-p", "xdist")
CORE = ("tests/core", "tests/spec")
BOTH_CORES = ("-n", "2", "-p", "scripts.covering")
# A module stays with one worker, which sets it up once; in the order that tests/conftest.py gives.
BY_MODULE = ("--dist=loadfile", "--no-loadscope-reorder")


def there(*folders: str) -> list[str]:
    """Those of the test folders that exist."""
    return [folder for folder in folders if any((ROOT / folder).glob("**/test_*.py"))]


def tests(*arguments: str) -> list[str]:
    return python("-m", "pytest", "-q", "--tb=short", *arguments)


def core_parts() -> list[Part]:
    folders = there(*CORE)
    chosen = tests("-c", "scripts/core.ini", "--rootdir", ".", *PLUGINS, *BOTH_CORES, *folders)
    return [Part("The core with Django absent", chosen, ALONE)] if folders else []


def sqlite_parts() -> list[Part]:
    others = [f"--ignore={folder}" for folder in CORE]
    chosen = tests("-m", "not e2e and not fault", *BOTH_CORES, *BY_MODULE, *others)
    return [Part("The rest on SQLite", chosen)]


def postgres_parts() -> list[Part]:
    """The demo, too, is filled on the database it comes with; what it calls is tried on both."""
    folders = there("tests/clinic")
    marked = "not e2e and not fault and not one_database"
    chosen = tests("-m", marked, *BOTH_CORES, *BY_MODULE, *folders)
    on_postgres = python("-m", "scripts.postgres", *chosen)
    return [Part("The clinic on PostgreSQL", on_postgres)] if folders else []


def browser_parts() -> list[Part]:
    """Three workers, since these wait for pages; nothing beside them, since pages have seconds."""
    folders = there("tests/e2e")
    chosen = tests("-m", "e2e", *WAITING, "--dist=worksteal", *folders)
    return [Part("Browser", chosen)] if folders else []


def fault_parts() -> list[Part]:
    """Alone, since they have bounds in seconds. A module's tests share what was started for it."""
    folders = there("tests/faults")
    beside = tests("-m", "fault and not alone", *WAITING, "--dist=loadfile", *folders)
    alone = tests("-m", "fault and alone", *folders)
    parts = [Part("Faults, small count", beside), Part("Faults that take the whole machine", alone)]
    return parts if folders else []


def gates() -> list[Part]:
    """Branch coverage, read for each package on its own."""
    return [
        Part(
            f"Branch coverage of {package}, at least {least} %",
            python("-m", "scripts.covered", package, str(least)),
        )
        for package, least in GATES.items()
        if any((ROOT / "src" / package).glob("*/*.py")) or package == "kapstone"
    ]


if __name__ == "__main__":
    shutil.rmtree(NOTED, ignore_errors=True)
    needs = [Part("What the tests need", python("-m", "scripts.needs"))]
    databases = (*sqlite_parts(), *postgres_parts())
    slow = (*browser_parts(), *fault_parts())
    sys.exit(run_all([*needs, *core_parts(), *databases, *slow, *gates()]))
