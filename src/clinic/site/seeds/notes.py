"""A private note of the demo's therapist, and who is to hold the two recovery sheets."""

from datetime import datetime

from clinic.people.models import Patient
from clinic.people.roles import Role
from clinic.site.seeds.person import Team
from clinic.site.seeds.staff import member
from clinic.therapy import private, recovery

WORDS = (
    "Quiet for a long time, then the garden of the grandmother. I felt how much I wanted to help, "
    "and stayed with the silence instead. Talk about that in supervision."
)


def fill(patient: Patient, team: Team, now: datetime) -> None:
    """The two are named and have not printed: the demo shows what is asked of them."""
    private.write(patient=patient, text=WORDS, by=team.therapist.user, at=now)
    director, prescriber = member(Role.MEDICAL_DIRECTOR).user, member(Role.PRESCRIBER).user
    recovery.name_two(first=director, second=prescriber, by=director, at=now)
