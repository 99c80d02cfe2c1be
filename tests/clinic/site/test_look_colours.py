"""Somebody with tired eyes in a dim room must be able to read every ink on its ground."""

import re
from importlib.resources import files

import pytest

TEXT, SHAPE = 4.5, 3.0  # WCAG 2.2: 1.4.3 for words, 1.4.11 for edges and rings
TONES = ("stop", "warn", "care", "note", "good", "quiet")
GROUNDS = ("page", "surface", "raised")

PAIRS = [
    *((ink, ground, TEXT) for ink in ("ink", "ink-soft", "link") for ground in GROUNDS),
    ("on-accent", "accent", TEXT),
    ("on-accent", "accent-strong", TEXT),
    *((f"{tone}-ink", f"{tone}-ground", TEXT) for tone in TONES),
    *((f"{tone}-ink", ground, TEXT) for tone in ("stop",) for ground in GROUNDS),
    *(("on-solid", f"{tone}-solid", TEXT) for tone in ("stop", "warn")),
    *((f"{tone}-solid", f"{tone}-ground", SHAPE) for tone in TONES),
    ("on-red-line", "red-line", TEXT),
    *(("on-solid", f"band-{number}", TEXT) for number in range(8)),
    *(("edge", ground, SHAPE) for ground in GROUNDS),
    *(("focus", ground, SHAPE) for ground in (*GROUNDS, *(f"{tone}-ground" for tone in TONES))),
]


def _tokens() -> dict[str, dict[str, str]]:
    css = files("clinic.site").joinpath("static/site/tokens.css").read_text(encoding="utf-8")
    light, dark = css.split("@media", 1)
    pattern = r"--([\w-]+):\s*(#[0-9a-f]{6})"
    shared = dict(re.findall(pattern, light))
    return {"light": shared, "dark": shared | dict(re.findall(pattern, dark))}


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG's contrast ratio of two colours."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_the_measure_itself() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground", "least"), PAIRS)
def test_ink_stands_out_from_its_ground(scheme: str, ink: str, ground: str, least: float) -> None:
    tokens = _tokens()[scheme]
    assert contrast(tokens[ink], tokens[ground]) >= least
