"""A session of nasal esketamine, taken as far as a test needs."""

from decimal import Decimal
from uuid import uuid4

from clinic.adverse.models import AdverseEvent
from clinic.dosing import giving, stages
from clinic.dosing.kinds import Chart
from clinic.dosing.models import SessionEvent
from kapstone.dose import Entry
from tests.clinic.dosing.scene import Scene, after

MG_56 = Entry(Decimal(56), Decimal(70))


def give(day: Scene, **body: object) -> list[SessionEvent]:
    """Two devices, at 12:17 and 12:22."""
    day.prepare()
    stages.make_ready(session=day.session, by=day.nurse.user, at=after(15))
    day.enter(after(16), MG_56, MG_56)
    return [
        act(
            session=day.session,
            chart=Chart(uuid4(), "device", after(minute), body),
            by=day.nurse.user,
            at=after(minute),
        )
        for minute, act in ((17, giving.start_dose), (22, giving.record_part))
    ]


def event(day: Scene, **told: object) -> AdverseEvent:
    """An event at 13:00, known at once, as the nurse would write it."""
    known: dict[str, object] = {
        "patient": day.patient,
        "session": day.session,
        "product": day.session.product,
        "term": "Nausea",
        "onset_at": after(60),
        "aware_at": after(60),
    }
    return AdverseEvent(**known | told)
