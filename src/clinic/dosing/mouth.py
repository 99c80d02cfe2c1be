"""What is held under the tongue and then spat out or swallowed. Source: protocol 4.2, DOS-SL.

It changes how much a person took, and nobody knows by how much: no figure is made of it.
"""

from collections.abc import Iterable

from clinic.dosing.kinds import MOUTH, Chart
from clinic.dosing.models import DosingSession, SessionEvent
from clinic.dosing.words import WENT, clock
from kapstone.errors import InvalidInput

HELD_IN_MOUTH = "SL"


def check(session: DosingSession, chart: Chart) -> None:
    """Refuse it on another route, and what is none of the three. Raises InvalidInput."""
    if chart.kind != MOUTH:
        return
    if session.route != HELD_IN_MOUTH:
        raise InvalidInput("route", "is not under the tongue.", "Nothing is held in the mouth.")
    if chart.body.get("went") not in WENT:
        raise InvalidInput("went", "is missing.", "Say spat out, swallowed, or some of each.")


def words(session: DosingSession, rows: Iterable[SessionEvent]) -> str:
    """What the console says of it once a dose is in; nothing on another route."""
    if session.route != HELD_IN_MOUTH:
        return ""
    told = [row for row in rows if row.kind == MOUTH]
    if not told:
        return "Spat out or swallowed? Not charted yet."
    went = "; ".join(_went(row) for row in told)
    return f"{went}. The mg are those put into the mouth; how much was taken in is not known."


def _went(row: SessionEvent) -> str:
    return f"{WENT[str(row.body['went'])].capitalize()} at {clock(row.observed_at)}"
