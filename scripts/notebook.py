"""Runs a notebook's cells, and gives it back with what they print: `make docs` writes it so.

The cells are plain Python. What they print is kept in the notebook; a picture is drawn by whoever
opens it, since its bytes differ from one version of Matplotlib to the next.
"""

import io
import json
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

TUTORIAL = "docs/tutorial/curves.ipynb"


def executed(root: Path) -> str:
    """The tutorial, every code cell run in order in one namespace. What a cell raises is raised."""
    notebook = json.loads((root / TUTORIAL).read_text(encoding="utf-8"))
    names: dict[str, Any] = {}
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    for number, cell in enumerate(cells, 1):
        printed = io.StringIO()
        with redirect_stdout(printed):
            exec(compile("".join(cell["source"]), f"cell {number}", "exec"), names)  # noqa: S102
        lines = printed.getvalue().splitlines(keepends=True)
        stream = {"name": "stdout", "output_type": "stream", "text": lines}
        cell |= {"execution_count": number, "outputs": [stream] if lines else []}
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"
