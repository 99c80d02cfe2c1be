"""A real clinic with people under an infusion, for tests that do it harm.

`make SESSIONS NURSES` fills the database and prints who and where; `serve` runs it. Plain http, as
browsers need it here, but with a real clinic's jobs and mark.
"""

import json
import os
import sys
from datetime import timedelta
from typing import Any

STARTED_MIN = 20


def ready() -> None:
    """Django with this directory's own secret and database."""
    from clinic.site import home

    home.prepare("serve", os.environ)
    os.environ["DJANGO_SETTINGS_MODULE"] = "clinic.site.settings"
    import django

    django.setup()


def make(sessions: int, nurses: int) -> dict[str, Any]:
    """Nurses with their cookies, and infusions that began some minutes ago."""
    import pytest
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.utils import timezone

    from clinic.people.roles import Role
    from clinic.site.storage import mark
    from tests.clinic import cast
    from tests.clinic.dosing import scene

    call_command("migrate", verbosity=0)
    mark.claim(connection, mark.Kind.CLINIC)
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    began = timezone.now() - timedelta(minutes=STARTED_MIN)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cast, "NOON", began)
        patch.setattr(scene, "NOON", began)
        scene.earlier_rooms(patch, scene.ordered("IV", signed_at=began - timedelta(hours=1)))
        team = [cast.staff(Role.NURSE, f"Nurse {number:02}") for number in range(max(nurses, 2))]
        leads = [cast.staff(role) for role in (Role.PRESCRIBER, Role.THERAPIST)]
        for step, member in enumerate((team[0], team[1], leads[0]), start=1):
            cast.on_call(member, step)
        running = [_under_infusion(number, team, leads) for number in range(sessions)]
    name = settings.SESSION_COOKIE_NAME
    keys = [cast.signed_in(one).cookies[name].value for one in team]
    told = {"names": [one.name for one in team], "cookies": keys, "sessions": running}
    return {"name": name, "csrf": settings.CSRF_COOKIE_NAME, **told}


def _under_infusion(number: int, team: list[Any], leads: list[Any]) -> dict[str, str]:
    from clinic.calendar import actions as calendar
    from clinic.dosing import stages
    from clinic.episodes import actions as episodes
    from tests.clinic import cast
    from tests.clinic.dosing import scene

    person, began = cast.patient("Robin", "Example"), scene.NOON
    for member in (*team, *leads):
        cast.treats(member, person)
        until = began + timedelta(hours=12)
        if number == 0:
            calendar.put_on_shift(staff=member, starts_at=began, ends_at=until, by=None, at=began)
    episodes.open_episode(patient=person, by=None, at=began)
    session = stages.open_session(
        patient=person, product="RACEMIC", route="IV", by=team[0].user, at=began
    )
    scene.Scene(person, team[0], team[1], leads[0], leads[1], session).start()
    return {"id": str(session.pk), "path": f"/patients/{person.pk}/sessions/{session.pk}/"}


def serve() -> None:
    """Run it, without the demo's one job more: this database is marked as a clinic's."""
    from django.conf import settings
    from django.core.management import call_command

    from clinic.site import ticker

    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"  # messages go out
    ticker.jobs = lambda: ticker.JOBS
    if os.environ.get("UNSAFE"):
        _never_wait_for_the_disk()
    call_command("serve", port=0)


def _never_wait_for_the_disk() -> None:
    """For a control, which a power cut must harm: what a real clinic refuses to start with."""
    from django.db import connection

    from clinic.site import startup

    startup.database_problems = lambda connection: []
    if connection.vendor == "sqlite":
        options = connection.settings_dict["OPTIONS"]
        options["init_command"] = options["init_command"].replace("=FULL", "=OFF")


if __name__ == "__main__":
    ready()
    if sys.argv[1] == "make":
        print(json.dumps(make(*map(int, sys.argv[2:]))))  # noqa: T201 - the test reads it
    else:
        serve()
