"""What is asked at the door: the core's criteria, and what rooms above this one ask as well."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from clinic.dosing import queries
from clinic.dosing.models import DosingSession
from kapstone.monitoring.criteria import criteria
from kapstone.monitoring.recovery import Judged, Readiness


@dataclass(frozen=True, slots=True)
class Asked:
    """One criterion of another room, judged now, and what it says."""

    judged: Judged
    criterion: str


_asked: list[Callable[[DosingSession], Asked | None]] = []


def also_asked(lookup: Callable[[DosingSession], Asked | None]) -> None:
    """A room above says how to ask whether its own criterion is met; None where it has none."""
    if lookup not in _asked:
        _asked.append(lookup)


def readiness(session: DosingSession, now: datetime) -> Readiness:
    """Every criterion that this session is judged by."""
    return Readiness((*queries.state(session, now).readiness.rows, *map(_judged, _more(session))))


def wording(session: DosingSession) -> dict[str, str]:
    """What each criterion of this session says, by its id."""
    own = {row.id: row.criterion for row in criteria() if row.product in (None, session.product)}
    return own | {each.judged.id: each.criterion for each in _more(session)}


def _judged(asked: Asked) -> Judged:
    return asked.judged


def _more(session: DosingSession) -> list[Asked]:
    return [found for lookup in _asked if (found := lookup(session))]
