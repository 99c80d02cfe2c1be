"""Where a person's dosing session stands. Dosing, which this room may not import, says so."""

from collections.abc import Callable
from datetime import datetime

from clinic.people.models import Patient
from kapstone.pathway import Session

Source = Callable[[Patient, datetime], Session | None]

# From the dose until the person leaves: what is agreed now, the drug may have agreed to.
UNDER_EFFECT = frozenset(
    {Session.DOSING, Session.PEAK, Session.RETURN, Session.STOPPED_EARLY, Session.RECOVERY}
)
_sources: list[Source] = []


def told_by(source: Source) -> None:
    """Called once by dosing's `AppConfig.ready`, with its query for the phase of a session."""
    if source not in _sources:
        _sources.append(source)


def current(patient: Patient, at: datetime) -> Session | None:
    """The phase of the session under way now, or None."""
    phases = (source(patient, at) for source in _sources)
    return next((phase for phase in phases if phase is not None), None)
