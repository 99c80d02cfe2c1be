"""A private note of the demo's therapist, who is to hold the two recovery sheets, and what a
person in care wrote on their own page.
"""

from datetime import datetime, timedelta

from django.utils import timezone

from clinic.own import actions, writings
from clinic.own.models import Kind
from clinic.people.models import Patient
from clinic.people.roles import Role
from clinic.site.seeds.person import Team
from clinic.site.seeds.staff import member
from clinic.therapy import actions as therapy
from clinic.therapy import private, recovery
from kapstone.pathway import Session

WORDS = (
    "Quiet for a long time, then the garden of the grandmother. I felt how much I wanted to help, "
    "and stayed with the silence instead. Talk about that in supervision."
)
SHARED = "Afraid of today, and glad of it. I told nobody but Sam."
ALONE = "I do not want to be asked how I feel one more time."
VALUES = "Be there for the children.\nBe outside every day.\nSay what is true."
STORY = (
    "You lay still for a long time. Then you said that there was a door, and that it stood open. "
    "You wept a little and asked for the blanket. Before you left you said: it was light."
)
LETTER = "If you read this you went on. Go down to the lake."
INTENTION = "To look at the winter of that year without running away."


def fill(patient: Patient, team: Team, now: datetime) -> None:
    """The two are named and have not printed: the demo shows what is asked of them."""
    private.write(patient=patient, text=WORDS, by=team.therapist.user, at=now)
    director, prescriber = member(Role.MEDICAL_DIRECTOR).user, member(Role.PRESCRIBER).user
    recovery.name_two(first=director, second=prescriber, by=director, at=now)
    _write_own(patient, now)
    _tell(patient, team, now)


def _tell(patient: Patient, team: Team, now: datetime) -> None:
    """The therapist offers the story of the last session that was held."""
    held = patient.sessions.filter(phase=str(Session.DISCHARGED)).order_by("opened_at").last()
    if held is not None:
        actions.offer_story(session=held, text=STORY, by=team.therapist.user, at=now)


def _write_own(patient: Patient, now: datetime) -> None:
    """A page of a journal that is shared, another that is not, values, and a letter that waits."""
    patient.refresh_from_db()  # their account was made beside this copy of the row
    by, at = patient.user, now
    if by is None:
        return
    for text in (SHARED, ALONE):
        kept = writings.keep(kind=Kind.JOURNAL, text=text, by=by, at=at)
    writings.keep(kind=Kind.VALUES, text=VALUES, by=by, at=at)
    today = timezone.localdate(now)
    opens_on = today + timedelta(days=30)
    writings.keep(kind=Kind.LETTER, text=LETTER, opens_on=opens_on, by=by, at=at)
    held = writings.every(by, today, Kind.JOURNAL)
    shared = next(own for own in held if own.id != kept)
    actions.share(patient=patient, own=shared, by=by, at=at)
    therapy.intend(patient=patient, text=INTENTION, by=by, at=at)
