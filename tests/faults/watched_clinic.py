"""A real clinic that dies at a named commit while staff enter sheets and people answer: PORT.

ROUNDS people are there, each with a PHQ-9 that waits. Who they are and the nurse's cookie stand in
the directory's rounds.json.
"""

import json
import os
from datetime import timedelta

from tests.faults import dying_clinic


def fill(command: object) -> None:
    """A nurse on call who is signed in, and people to be asked."""
    from django.conf import settings
    from django.utils import timezone

    from clinic.measures import actions
    from clinic.people.models import Patient
    from clinic.people.roles import Role
    from tests.clinic import cast

    if Patient.objects.exists():
        return
    nurse, now = cast.staff(Role.NURSE), timezone.now()
    cast.on_call(nurse)
    cookie = cast.signed_in(nurse).cookies[settings.SESSION_COOKIE_NAME].value
    people = []
    for number in range(int(os.environ["ROUNDS"])):
        person = cast.patient(f"Robin {number}")
        _, secret = actions.ask(
            patient=person,
            instrument="phq9",
            closes_at=now + timedelta(days=1),
            by=None,
            at=now,
        )
        people.append({"patient": str(person.pk), "secret": secret})
    told = {"name": settings.SESSION_COOKIE_NAME, "cookie": cookie, "people": people}
    (settings.HOME / "rounds.json").write_text(json.dumps(told))


if __name__ == "__main__":
    dying_clinic.serve(fill)
