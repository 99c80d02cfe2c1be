"""The wish to be asked every day how one is: kept as said, the last word counts."""

from datetime import datetime

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery

from clinic.episodes import course
from clinic.episodes import queries as episodes
from clinic.measures.models import DailyWish
from clinic.people import audit
from clinic.people.models import Patient, User
from kapstone.schedule import Wish


@transaction.atomic
def wish(*, patient: Patient, wanted: bool, by: User, at: datetime) -> DailyWish | None:
    """Ask every day from now on, or no longer; None where that was so already."""
    Patient.objects.select_for_update().get(pk=patient.pk)  # two who say it at once take turns
    if is_wished(patient) == wanted:
        return None
    said = DailyWish.objects.create(patient=patient, wanted=wanted, at=at, by=by)
    if episode := episodes.open_episode(patient):
        course.changed(episode, by, at)
    audit.record("wish_daily", by=by, at=at, patient=patient, subject=said, wanted=wanted)
    return said


def is_wished(patient: Patient) -> bool:
    """Whether this person is to be asked every day."""
    last = patient.daily_wishes.order_by("-pk").first()
    return last is not None and last.wanted


def wishing() -> QuerySet[Patient]:
    """Everybody who is to be asked every day."""
    last = DailyWish.objects.filter(patient=OuterRef("pk")).order_by("-pk")
    return Patient.objects.annotate(wanted=Subquery(last.values("wanted")[:1])).filter(wanted=True)


def wishes(patient: Patient) -> tuple[Wish, ...]:
    """The times in which this was wished, oldest first."""
    found: list[Wish] = []
    for said in patient.daily_wishes.order_by("pk"):
        if said.wanted:
            found.append(Wish(said.at))
        else:
            found[-1] = Wish(found[-1].since, said.at)
    return tuple(found)
