"""`make check`: everything that can be said of the code without running the system."""

import sys
from secrets import token_hex

from scripts.parts import ROOT, Part, program, python, run_all

CODE = ("src", "tests", "scripts", "bench")


# What a real clinic is given; nothing is started and nothing is sent.
ENVIRONMENT = {"CLINIC_SECRET": token_hex(32), "CLINIC_SMTP": "smtp://localhost"}


def parts() -> list[Part]:
    folders = [folder for folder in CODE if (ROOT / folder).is_dir()]
    found = [
        Part("Lint", program("ruff", "check", *folders)),
        Part("Format", program("ruff", "format", "--check", *folders)),
        Part("Types of both packages", program("mypy")),
        Part("Import contracts", program("lint-imports")),
        Part("Laws of the tree", python("-m", "pytest", "tests/repo", "-q")),
        Part("Generated pages are up to date", python("-m", "scripts.generate", "--check")),
        Part(
            "Patients' pages are translated", python("-m", "scripts.words", "--check"), ENVIRONMENT
        ),
    ]
    if any(ROOT.glob("src/**/*.html")):
        found.append(Part("Templates", program("djlint", "src", "--lint")))
    if (ROOT / "src/clinic/site/manage.py").is_file():
        missing = python("-m", "clinic.site.manage", "makemigrations", "--check", "--dry-run")
        found.append(Part("No migration missing", missing, ENVIRONMENT))
    return found


if __name__ == "__main__":
    sys.exit(run_all(parts()))
