"""The screen of a demo nurse at a chair."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import uuid4

from clinic.dosing import consoles
from clinic.dosing.models import DosingSession, Sound
from clinic.people.models import User


@contextmanager
def heard(session: DosingSession, nurse: User, at: datetime) -> Iterator[None]:
    """It is open, and the tone of the alarm was heard at it; closed again after the block."""
    said = consoles.Said(uuid4(), session.last_number, Sound.ON)
    consoles.beat(session=session, said=said, by=nurse, at=at)
    consoles.heard(session=session, console_id=said.console_id, by=nurse, at=at)
    yield
    consoles.leave(session=session, console_id=said.console_id, by=nurse, at=at)
