"""A plug-in of pytest, `-p scripts.covering`: notes which lines and branches of src are reached.

It works in every worker, before anything of src is read, and each leaves a file in `NOTED`.
"""

import json
import uuid

import pytest
from slipcover import FileMatcher, ImportManager, Slipcover

from scripts.covered import NOTED
from scripts.parts import ROOT

SOURCE = [str(ROOT / "src")]
# What is compiled to machine code runs no line of its own, and takes no probe in one.
OMITTED = ["*/migrations/*", "*/pharmacology/compiled.py"]
# What no test in a worker reaches: read by the type checker alone, or run as a command.
EXCLUDED = ["if TYPE_CHECKING:", "@overload", "if __name__ == .__main__.:"]

_noted = Slipcover(branch=True, source=SOURCE, omit=OMITTED, exclude_also=EXCLUDED)
_imports = ImportManager(_noted, FileMatcher(sources=SOURCE, omit=OMITTED))
_imports.__enter__()


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish() -> None:
    """Leave what was reached, before a worker says that it is done: then it is ended."""
    NOTED.mkdir(exist_ok=True)
    (NOTED / f"{uuid.uuid4()}.json").write_text(json.dumps(_noted.get_coverage()))
