"""`make test`: the core alone, the rest on SQLite, the clinic on PostgreSQL, browser, faults.

One coverage file grows over the parts; two gates read it at the end.
"""

import sys
from pathlib import Path

from scripts.parts import ROOT, WAITING, Part, program, python, run_all

GATES = {"kapstone": 100, "clinic": 95}
ALONE = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
PLUGINS = ("-p", "scripts.without_django", "-p", "xdist", "-p", "pytest_cov")
CORE = ("tests/core", "tests/spec")
BOTH_CORES = ("-n", "2")
COVERED = (*BOTH_CORES, "--dist=loadgroup", "--cov", "--cov-report=")


def there(*folders: str) -> list[str]:
    """Those of the test folders that exist."""
    return [folder for folder in folders if any((ROOT / folder).glob("**/test_*.py"))]


def tests(*arguments: str) -> list[str]:
    return python("-m", "pytest", "-q", "--tb=short", *arguments)


def core_parts() -> list[Part]:
    folders = there(*CORE)
    chosen = tests("-c", "scripts/core.ini", "--rootdir", ".", *PLUGINS, *COVERED, *folders)
    return [Part("The core with Django absent", chosen, ALONE)] if folders else []


def database_parts() -> list[Part]:
    """On PostgreSQL without coverage: what SQLite's run alone reaches must be enough."""
    others = [f"--ignore={folder}" for folder in CORE]
    chosen = tests("-m", "not e2e and not fault", *COVERED, "--cov-append", *others)
    parts = [Part("The rest on SQLite", chosen)]
    if folders := there("tests/clinic"):
        # The demo, too, is filled on the database it comes with; what it calls is tried on both.
        marked = "not e2e and not fault and not one_database"
        chosen = tests("-m", marked, *BOTH_CORES, *folders)
        on_postgres = python("-m", "scripts.postgres", *chosen)
        parts.append(Part("The clinic on PostgreSQL", on_postgres))
    return parts


def slow_parts() -> list[Part]:
    """Three workers, since these wait: for a page, for a clinic to start or to be missed.

    A module of faults stays with one worker: its tests share what was started for them.
    """
    parts = []
    if folders := there("tests/e2e"):
        chosen = tests("-m", "e2e", *WAITING, "--dist=worksteal", *folders)
        parts.append(Part("Browser", chosen))
    if folders := there("tests/faults"):
        chosen = tests("-m", "fault", *WAITING, "--dist=loadfile", *folders)
        parts.append(Part("Faults, small count", chosen))
    return parts


def gates() -> list[Part]:
    """Branch coverage, read for each package on its own."""
    return [
        Part(
            f"Branch coverage of {package}, at least {least} %",
            program("coverage", "report", f"--include=src/{package}/*", f"--fail-under={least}"),
        )
        for package, least in GATES.items()
        if any((ROOT / "src" / package).glob("*/*.py")) or package == "kapstone"
    ]


if __name__ == "__main__":
    Path(ROOT / ".coverage").unlink(missing_ok=True)
    needs = [Part("What the tests need", python("-m", "scripts.needs"))]
    sys.exit(run_all([*needs, *core_parts(), *database_parts(), *slow_parts(), *gates()]))
