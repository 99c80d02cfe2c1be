"""An inline style or handler is refused by the browser, so whatever hangs on it silently fails."""

import re
from importlib.resources import files
from pathlib import Path

import pytest

TEMPLATES = sorted(Path(str(files("clinic"))).glob("*/templates/**/*.html"))
FORBIDDEN = re.compile(r"\s(style|on[a-z]+|hx-on[^=\s]*)\s*=|<style|javascript:", re.IGNORECASE)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: "/".join(path.parts[-2:]))
def test_no_template_needs_an_inline_style_or_handler(path: Path) -> None:
    assert not FORBIDDEN.search(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("text", ['<p style="x">', '<a onclick="x">', '<i hx-on:click="x">'])
def test_the_check_on_templates_can_fail(text: str) -> None:
    assert FORBIDDEN.search(text)
