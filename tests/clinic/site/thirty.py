"""The demo's thirty by number and place, and what a day of theirs must hold."""

from datetime import datetime, timedelta

from clinic.adverse import duties, monitoring
from clinic.adverse.models import Duty
from clinic.dosing.models import DosingSession
from clinic.episodes.models import Episode
from clinic.people.models import Patient
from clinic.site.seeds.places import STANDS, Place

MINUTE = timedelta(minutes=1)


def people() -> dict[int, Patient]:
    """The thirty by their number, which ends their invented address."""
    by_number = {
        int(each.email.split("@")[0].split(".")[-1]): each
        for each in Patient.objects.exclude(email="")
    }
    return by_number | {4: Patient.objects.get(email="")}


def at(place: Place) -> list[Patient]:
    """Everybody who stands at a place."""
    found = people()
    return [found[number] for number, held in STANDS.items() if held is place]


def stage(patient: Patient) -> str:
    """Where their episode stands."""
    return Episode.objects.get(patient=patient).stage


def is_whole_spray_day(whole: DosingSession, now: datetime) -> None:
    """Two devices and the rest between them, 40 minutes, two hours, and a form to be sent."""
    rows = list(whole.events.order_by("number"))
    first, second = (row for row in rows if row.kind == "device")
    assert first.body["lot"] != second.body["lot"]
    assert second.observed_at - first.observed_at >= 5 * MINUTE
    gone = [row.observed_at - first.observed_at for row in rows if row.kind == "vitals"]
    assert 40 * MINUTE in gone
    assert rows[-1].observed_at - second.observed_at >= 120 * MINUTE
    duty = Duty.objects.get(session=whole, row=duties.FORM)
    assert duty.is_open and duty.due_at is not None
    assert duty.due_at.date() == first.observed_at.date() + timedelta(days=7)
    said = {line.field.id: line.words for line in monitoring.sheet(whole, now).lines}
    assert said["pressure_40"] and said["lots"] and said["breathing"] == "no"


def is_hard_and_eased(session: DosingSession) -> None:
    """Its steps opened and closed, with music and a touch as agreed; what called was resolved."""
    rows = list(session.events.order_by("observed_at", "number"))
    kinds = [row.kind for row in rows]
    assert kinds.index("steps_opened") < kinds.index("steps_closed")
    told = [str(row.body["word"]) for row in rows if row.kind == "note"]
    assert {"music_plays", "music_softer", "music_off"} <= set(told)
    [touch] = (row for row in rows if row.kind == "touch")
    assert touch.body["agreed"] == "yes"
    assert session.alarms.filter(rule="ALM-ANX", steps__kind="resolved").exists()
