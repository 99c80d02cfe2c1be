"""The call on the day after a dose: made for most, and for one person by nobody."""

from datetime import datetime, timedelta

from clinic.measures import follow_up
from clinic.measures.models import CheckIn, DueItem
from clinic.site.seeds.person import Person
from clinic.therapy import queries as therapy
from clinic.therapy import touching
from clinic.therapy.models import TouchAsked

CALLED_AFTER = timedelta(hours=25)
NOBODY_CALLED = (3,)  # after the last dose: it stands on Today as missed
SAID = (
    "Slept long. Quiet, and a little tired.",
    "Back at work for half a day. It felt lighter than last time.",
    "Cried in the evening, with her sister beside her. Better this morning.",
    "Nothing special, says he; cooked for the first time in weeks.",
)
QUEASY = "Queasy until the evening, gone by the morning."


def call(person: Person, at: datetime) -> None:
    """Ring, ask what is asked, and write it down."""
    open_now = DueItem.objects.filter(
        patient=person.patient, ask="check_in", voided_at=None, opens_at__lte=at, closes_at__gt=at
    )
    for item in open_now:
        earlier = CheckIn.objects.filter(item__patient=person.patient).count()
        queasy = (person.number + earlier) % 4 == 0
        made = CheckIn(
            item=item, reached=True, said=SAID[(person.number + earlier) % len(SAID)],
            unwell="yes" if queasy else "no", unwell_words=QUEASY if queasy else "",
            thoughts="no", driven="no", called_at=at,
        )  # fmt: skip
        follow_up.record_check_in(call=made, by=person.team.nurse.user, at=at)
    asked_of = therapy.dose_to_ask(person.patient, at)
    if asked_of is not None:
        asked = TouchAsked(
            patient=person.patient, session_id=asked_of.session_id, concern=False, words=""
        )
        touching.record_asked(asked=asked, by=person.team.nurse.user, at=at)
