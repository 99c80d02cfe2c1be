"""A real clinic for a browser that loses it: two nurses, one session, an infusion that runs.

`make` fills the directory and prints where to go; `serve` runs it.
"""

import json
import sys
from datetime import timedelta
from typing import Any

from tests.faults.ward_clinic import ready


def make() -> dict[str, Any]:
    """Two nurses with their cookies, and a session of one person."""
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.utils import timezone

    from clinic.dosing import stages
    from clinic.episodes import actions as episodes
    from clinic.people.roles import Role
    from clinic.site.storage import mark
    from tests.clinic import cast

    call_command("migrate", verbosity=0)
    mark.claim(connection, mark.Kind.CLINIC)
    now = timezone.now()
    nurses, person = [cast.staff(Role.NURSE), cast.staff(Role.NURSE, "Nora Next")], cast.patient()
    for nurse in nurses:
        cast.on_call(nurse)
        cast.treats(nurse, person)
    episodes.open_episode(patient=person, by=None, at=now - timedelta(hours=1))
    session = stages.open_session(
        patient=person, product="RACEMIC", route="IM", by=nurses[0].user, at=now
    )
    name = settings.SESSION_COOKIE_NAME
    return {
        "path": f"/patients/{person.pk}/sessions/{session.pk}/",
        "name": name,
        "cookies": [cast.signed_in(nurse).cookies[name].value for nurse in nurses],
        "password": cast.PASSWORD,
        "users": [nurse.user.pk for nurse in nurses],
    }


if __name__ == "__main__":
    ready()
    if sys.argv[1] == "make":
        print(json.dumps(make()))  # noqa: T201 - the test reads it
    else:
        from django.core.management import call_command

        call_command("serve", port=0)
