"""`make test`: the core alone, everything on SQLite, the clinic on PostgreSQL, browser, faults.

One coverage file grows over the parts; two gates read it at the end.
"""

import sys
from pathlib import Path

from scripts.parts import ROOT, Part, program, python, run_all

GATES = {"kapstone": 100, "clinic": 95}
ALONE = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}


def there(*folders: str) -> list[str]:
    """Those of the test folders that exist."""
    return [folder for folder in folders if any((ROOT / folder).glob("**/test_*.py"))]


def tests(*arguments: str) -> list[str]:
    return python("-m", "pytest", "-q", "--tb=short", *arguments)


def core_parts() -> list[Part]:
    folders = there("tests/core", "tests/spec")
    alone = python("-m", "scripts.without_django", "-c", "scripts/core.ini", "--rootdir", ".", "-q")
    return [Part("The core with Django absent", [*alone, *folders], ALONE)] if folders else []


def database_parts() -> list[Part]:
    covered = ("-n", "2", "--cov", "--cov-report=")
    parts = [Part("Everything on SQLite", tests("-m", "not e2e and not fault", *covered))]
    if folders := there("tests/clinic"):
        chosen = tests("-m", "not e2e and not fault", *covered, "--cov-append", *folders)
        on_postgres = python("-m", "scripts.postgres", *chosen)
        parts.append(Part("The clinic on PostgreSQL", on_postgres))
    return parts


def slow_parts() -> list[Part]:
    parts = []
    if folders := there("tests/e2e"):
        parts.append(Part("Browser", tests("-m", "e2e", *folders)))
    if folders := there("tests/faults"):
        parts.append(Part("Faults, small count", tests("-m", "fault", *folders)))
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
