"""The hours around a dose as SVG: mood as a line with dots, anxiety dashed with squares."""

from itertools import chain

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from clinic.chart.momentary import ASKED, REACHES, Said, Span, stretches

WIDTH, HEIGHT = 720, 230
LEFT, RIGHT, TOP, BOTTOM, FOOT = 90, 700, 30, 190, 218
BEFORE_X, HIGHEST = 60, 10  # where the answer before the dose stands, left of it
HOURS = (4, 24, 48, 72)
_TEXT = '<text class="{}" x="{}" y="{}" text-anchor="{}">{}</text>'
_GRID = '<line class="grid" x1="{}" x2="{}" y1="{}" y2="{}"></line>'
_DOSE = '<line class="dose" x1="{0}" x2="{0}" y1="{1}" y2="{2}"></line>'
_LINE = '<polyline class="line {}" points="{}"></polyline>'
_DOT = '<circle class="dot" cx="{}" cy="{}" r="5"></circle>'
_SQUARE = '<rect class="dot" x="{}" y="{}" width="9" height="9"></rect>'


def svg(span: Span) -> SafeString:
    """The inside of the drawing."""
    parts = chain(_grid(), _lines(span), _points(span))
    return format_html_join("\n", "{}", ((part,) for part in parts))


def _x(said: Said) -> float:
    if said.hours < 0:
        return BEFORE_X
    share = said.after / REACHES
    return round(LEFT + (RIGHT - LEFT) * share, 1)


def _y(value: int) -> float:
    return round(TOP + (BOTTOM - TOP) * (1 - value / HIGHEST), 1)


def _text(name: str, x: float, y: float, words: object, anchor: str = "middle") -> SafeString:
    return format_html(_TEXT, name, x, y, anchor, words)


def _grid() -> list[SafeString]:
    found = [format_html(_GRID, BEFORE_X - 20, RIGHT, _y(value), _y(value)) for value in (0, 5, 10)]
    found += [_text("axis", BEFORE_X - 28, _y(value) + 5, value, "end") for value in (0, 5, 10)]
    found.append(format_html(_DOSE, LEFT, TOP - 6, BOTTOM))
    found.append(_text("axis", LEFT, TOP - 12, "dose"))
    found.append(_text("axis", BEFORE_X - 4, FOOT, "before", "end"))
    per_hour = (RIGHT - LEFT) / (REACHES.total_seconds() / 3600)
    return found + [_text("axis", LEFT + per_hour * hour, FOOT, f"{hour} h") for hour in HOURS]


def _lines(span: Span) -> list[SafeString]:
    return [
        format_html(_LINE, name, " ".join(f"{_x(each)},{_y(each.scores[name])}" for each in joined))
        for name in ASKED
        for joined in stretches(span, name)
    ]


def _points(span: Span) -> list[SafeString]:
    found = []
    for said in (*([span.before] if span.before else []), *span.said):
        if said.row is None:
            found.append(_text("gap", _x(said), BOTTOM, "×"))
        for name in ASKED:
            if name in said.scores:
                found.append(_point(said, name))
    return found


def _point(said: Said, name: str) -> SafeString:
    """The figure stands on the side away from the other: above where it is the higher one."""
    x, value = _x(said), said.scores[name]
    y = _y(value)
    other = max((v for n, v in said.scores.items() if n != name), default=-1)
    above = value > other or (value == other and name == ASKED[0])
    figure = _text("value", x, y - 10 if above else y + 20, value)
    dot = format_html(_DOT, x, y) if name == "mood" else format_html(_SQUARE, x - 4.5, y - 4.5)
    return dot + figure
