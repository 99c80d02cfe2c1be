"""STOP by text message: everybody with that number gets no more reminders.

Nothing else of an answer is kept: nobody reads answers, and the message says so.
"""

from datetime import datetime

from clinic.people.models import Patient
from clinic.reach import actions
from clinic.reach.forms import dialable
from clinic.reach.models import StopWay

STOP = frozenset(("stop", "stopall", "unsubscribe", "cancel", "end", "quit", "alto", "parar"))
START = frozenset(("start", "unstop", "empezar"))


def take_in(number: str, words: str, *, at: datetime) -> int:
    """Obey a stop or start word; returns how many people it was for."""
    word, written = words.strip().strip(".!").lower(), dialable(number)
    if not written or word not in STOP | START:
        return 0
    people = list(Patient.objects.filter(phone=written))
    for person in people:
        if word in STOP:
            actions.stop_reminders(patient=person, how=StopWay.TEXT, by=None, at=at)
        else:
            actions.resume_reminders(patient=person, by=None, at=at)
    return len(people)
