"""A real clinic with one open session, which a test kills while vital signs are charted.

`make` fills the directory and prints where to send what; `serve` runs it.
"""

import json
import os
import sys
from datetime import timedelta
from typing import Any


def ready() -> None:
    """Django with this directory's own secret and database."""
    from clinic.site import home

    home.prepare("serve", os.environ)
    os.environ["DJANGO_SETTINGS_MODULE"] = "clinic.site.settings"
    import django

    django.setup()


def make() -> dict[str, Any]:
    """A nurse, a person and a session; the nurse's session cookie."""
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
    nurse, person = cast.staff(Role.NURSE), cast.patient()
    cast.on_call(nurse)
    cast.treats(nurse, person)
    episodes.open_episode(patient=person, by=None, at=now - timedelta(hours=1))
    session = stages.open_session(
        patient=person, product="RACEMIC", route="IM", by=nurse.user, at=now
    )
    client = cast.signed_in(nurse)
    return {
        "path": f"/patients/{person.pk}/sessions/{session.pk}/chart/",
        "session": str(session.pk),
        "name": settings.SESSION_COOKIE_NAME,
        "cookie": client.cookies[settings.SESSION_COOKIE_NAME].value,
        "csrf": settings.CSRF_COOKIE_NAME,
    }


if __name__ == "__main__":
    ready()
    if sys.argv[1] == "make":
        print(json.dumps(make()))  # noqa: T201 - the test reads it
    else:
        from django.core.management import call_command

        call_command("serve", port=0)
