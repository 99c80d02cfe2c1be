"""Whether somebody real may be added. Rooms above say why not."""

from collections.abc import Callable

from clinic.people.models import Patient
from kapstone.errors import InvalidInput

Ask = Callable[[], str]
_asked: list[Ask] = []


class NotAdmitted(InvalidInput):
    """A real person, while this clinic may take in none."""

    def __init__(self, why: str) -> None:
        super().__init__("The person", "was not added.", why)


def asks(ask: Ask) -> None:
    """Called once by a room's `AppConfig.ready`, with what says why nobody real may come in."""
    if ask not in _asked:
        _asked.append(ask)


def why_not() -> str:
    """Why nobody real may be added now; nothing where they may."""
    return next(filter(None, (ask() for ask in _asked)), "")


def check(patient: Patient) -> None:
    """Raises `NotAdmitted` for somebody real while a room says why not."""
    if not patient.synthetic and (why := why_not()):
        raise NotAdmitted(why)
