"""Predicted over observed as an SVG, drawn here so that the same data give the same file."""

import math
from collections.abc import Iterable, Sequence
from html import escape

from kapstone.pharmacology.accuracy import Row

_WIDTH, _HEIGHT = 640.0, 360.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 64.0, 620.0, 20.0, 300.0
_FARTHEST_RATIO = 4.0
_MISS_RATIO = 1.25
_RATIOS = (0.25, 0.5, 0.8, 1.0, 1.25, 2.0, 4.0)
_STYLE = (
    "text{font:13px sans-serif;fill:#333}"
    ".grid{stroke:#bbb;stroke-width:1}.even{stroke:#333;stroke-width:1.5}"
    ".within{fill:#0b5a63;opacity:.12}.dot{fill:#0b5a63;stroke:#0b5a63;stroke-width:1.5}"
    ".kept{fill:#fff}"
)


def scatter(title: str, rows: Sequence[Row]) -> str:
    """One dot a row: observed along, predicted over observed up, both on logarithmic axes.

    Hollow dots are the rows kept for acceptance. A miss carries the number of its row.
    """
    decades = range(
        math.floor(math.log10(min(row.observed_value for row in rows))),
        math.ceil(math.log10(max(row.observed_value for row in rows))) + 1,
    )
    lowest, highest = 10.0 ** decades[0], 10.0 ** decades[-1]

    def across(observed: float) -> float:
        share = math.log(observed / lowest) / math.log(highest / lowest)
        return _LEFT + (_RIGHT - _LEFT) * share

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH:g} {_HEIGHT:g}">',
        f"<title>{escape(title)}</title><style>{_STYLE}</style>",
        '<rect width="100%" height="100%" fill="#fff"/>',
        f'<rect class="within" x="{_LEFT:g}" y="{_up(_MISS_RATIO):.1f}" '
        f'width="{_RIGHT - _LEFT:g}" height="{_up(1 / _MISS_RATIO) - _up(_MISS_RATIO):.1f}"/>',
        *_levels(),
        *(_decade(across(10.0**power), 10.0**power) for power in decades),
        *(_dot(across(row.observed_value), row) for row in rows),
        f'<text x="{(_LEFT + _RIGHT) / 2:g}" y="346" text-anchor="middle">'
        "observed, ng/mL or ng·h/mL</text>",
        f'<text x="{_LEFT:g}" y="14">predicted over observed; shaded: within 1.25</text>',
        "</svg>\n",
    ]
    return "\n".join(parts)


def _up(ratio: float) -> float:
    shown = min(max(ratio, 1 / _FARTHEST_RATIO), _FARTHEST_RATIO)
    share = (math.log(shown) / math.log(_FARTHEST_RATIO) + 1) / 2
    return _BOTTOM - (_BOTTOM - _TOP) * share


def _levels() -> Iterable[str]:
    for ratio in _RATIOS:
        y, name = _up(ratio), "even" if ratio == 1 else "grid"
        yield f'<line class="{name}" x1="{_LEFT:g}" x2="{_RIGHT:g}" y1="{y:.1f}" y2="{y:.1f}"/>'
        yield f'<text x="{_LEFT - 8:g}" y="{y + 4:.1f}" text-anchor="end">{ratio:g}</text>'


def _decade(x: float, value: float) -> str:
    return (
        f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{_TOP:g}" y2="{_BOTTOM:g}"/>'
        f'<text x="{x:.1f}" y="{_BOTTOM + 20:g}" text-anchor="middle">{value:g}</text>'
    )


def _dot(x: float, row: Row) -> str:
    y, kept = _up(row.ratio), " kept" if row.role == "acceptance" else ""
    missed = not 1 / _MISS_RATIO <= row.ratio <= _MISS_RATIO
    words = f'<text x="{x + 7:.1f}" y="{y + 4:.1f}">{escape(row.row_id)}</text>' if missed else ""
    told = f"<title>row {escape(row.row_id)}: {escape(row.what)}, {row.ratio:.2f}</title>"
    return f'<circle class="dot{kept}" cx="{x:.1f}" cy="{y:.1f}" r="4">{told}</circle>{words}'
