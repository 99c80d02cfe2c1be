"""Lets this process read one file of the core as a mutant has it. Nothing on disk is changed."""

import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from types import ModuleType

from scripts.changes import Mutant
from scripts.parts import ROOT


class Changed(SourceFileLoader):
    """Loads a module as the mutant has it."""

    text: str

    def get_code(self, fullname: str) -> object:  # type: ignore[override]  # a code object
        return compile(self.text, self.path, "exec")


class Finder:
    """Finds the one module that is changed; everything else is found as ever."""

    def __init__(self, mutant: Mutant) -> None:
        self.mutant = mutant
        self.name = ".".join(mutant.path.relative_to(ROOT / "src").with_suffix("").parts)

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name != self.name.removesuffix(".__init__"):
            return None
        loader = Changed(name, str(self.mutant.path))
        loader.text = self.mutant.text
        return spec_from_file_location(name, loader.path, loader=loader)


def change(mutant: Mutant) -> None:
    """Let this process read the file as the mutant has it."""
    if mutant.path.suffix == ".py":
        sys.meta_path.insert(0, Finder(mutant))  # type: ignore[arg-type]  # has what is called
        return
    read = Path.read_text

    def read_text(path: Path, *arguments: str | None, **named: str | None) -> str:
        return mutant.text if path == mutant.path else read(path, *arguments, **named)

    Path.read_text = read_text  # type: ignore[assignment, method-assign]  # takes what it took
