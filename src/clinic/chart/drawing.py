"""A plot as SVG: bands, doses, lines and points, in the order in which they cover each other."""

from datetime import datetime
from itertools import chain

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from clinic.chart.scores import FRAME, BandStripe, Plot, Point
from clinic.measures.templatetags.measures import beside

_RECT = '<rect class="{}" x="{}" y="{}" width="{}" height="{}"></rect>'
_TEXT = '<text class="{}" x="{}" y="{}" text-anchor="{}">{}</text>'
_DOT = '<circle class="{}" cx="{}" cy="{}" r="5"></circle>'
_DOSE = '<line class="dose" x1="{0}" x2="{0}" y1="{1}" y2="{2}"></line>'


def svg(plot: Plot) -> SafeString:
    """The inside of the drawing."""
    parts = chain(_bands(plot), _doses(plot), _lines(plot), _points(plot), _ends(plot))
    return format_html_join("\n", "{}", ((part,) for part in parts))


def _bands(plot: Plot) -> list[SafeString]:
    found = []
    for number, stripe in enumerate(plot.stripes, 1):
        found.append(_rect(f"stripe stripe-{number}", stripe))
        found.append(_text("axis", FRAME.label_x, stripe.text_y, "end", stripe.words))
    aims = (("response", plot.response), ("remission", plot.remission))
    return found + [_rect(name, stripe) for name, stripe in aims if stripe]


def _rect(name: str, stripe: BandStripe) -> SafeString:
    return format_html(_RECT, name, FRAME.left, stripe.y, FRAME.inner_width, stripe.height)


def _text(name: str, x: float, y: float, anchor: str, words: str) -> SafeString:
    return format_html(_TEXT, name, x, y, anchor, words)


def _doses(plot: Plot) -> list[SafeString]:
    found = []
    for number, mark in enumerate(plot.marks, 1):
        found.append(format_html(_DOSE, mark.x, FRAME.top, FRAME.bottom))
        words = f"dose {number}" if len(plot.marks) == 1 else str(number)
        found.append(_text("axis", mark.x, FRAME.dose_y, "middle", words))
    return found


def _lines(plot: Plot) -> list[SafeString]:
    line = '<polyline class="line" points="{}"></polyline>'
    return [format_html(line, points) for points in plot.lines]


def _points(plot: Plot) -> list[SafeString]:
    """Each score; its figure beside it unless a later one stands there. The table has them all."""
    found, taken_from = [], float("inf")
    for point in reversed(plot.points):
        named = taken_from - point.x >= FRAME.figure_px
        taken_from = point.x if named else taken_from
        found.append(_point(point, named=named))
    return found[::-1]


def _point(point: Point, *, named: bool) -> SafeString:
    entry, x = point.entry, point.x
    if entry.row is None or entry.total is None:
        words = "no score" if entry.row else "×"
        return _text("gap", x, FRAME.bottom, "middle", words)
    dot = format_html(_DOT, "dot hollow" if entry.reaches else "dot", x, point.y)
    words = f"{entry.total}*" if beside(entry.row) else str(entry.total)
    return dot + _text("value", x, point.label_y, "middle", words) if named else dot


def _ends(plot: Plot) -> list[SafeString]:
    """The first and the last day drawn."""
    first, *later = plot.moments
    found = [_text("axis", FRAME.left, FRAME.foot, "start", _day(first))]
    return found + [_text("axis", FRAME.right, FRAME.foot, "end", _day(at)) for at in later[-1:]]


def _day(at: datetime) -> str:
    return date_format(timezone.localtime(at), "M j, Y")
