"""A clinic to measure: one server process, one person, four nurses signed in."""

import http.client
import os
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import randint
from urllib.parse import urlencode
from uuid import uuid4

CLIENTS = 4
Ask = Callable[[http.client.HTTPConnection, str, int], None]


@dataclass(frozen=True)
class Measured:
    """What the clients need: a cookie each, and the person."""

    cookies: list[str]
    patient_id: str
    consoles: list[str]
    session_ids: list[str]


def prepare(home: Path) -> Measured:
    """Make the database, the staff, and a person with twelve scores."""
    os.environ |= {"CLINIC_HOME": str(home), "CLINIC_DEMO": "1"}
    os.environ["DJANGO_SETTINGS_MODULE"] = "clinic.site.settings"
    from clinic.site import home as clinic_home

    clinic_home.prepare("demo", os.environ)
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection, connections

    from clinic.people.roles import Role
    from clinic.site.storage import mark, shape
    from tests.clinic import cast

    mark.claim(connection, mark.Kind.DEMO)
    call_command("migrate", verbosity=0)
    mark.note_seeded(connection)
    shape.keep(home)
    person = cast.patient()
    nurses = [cast.treats(cast.staff(Role.NURSE), person) for _ in range(CLIENTS)]
    _scores(person, nurses[0])
    cookies = [_cookie(nurse) for nurse in nurses]
    sessions = [_session(nurse, number) for number, nurse in enumerate(nurses)]
    connections.close_all()
    consoles = [f"/patients/{each.patient_id}/sessions/{each.pk}/chart/" for each in sessions]
    return Measured(cookies, str(person.pk), consoles, [str(each.pk) for each in sessions])


def _session(nurse: object, number: int) -> object:
    """A dosing session of one more person, whom this nurse treats."""
    from django.utils import timezone

    from clinic.dosing import stages
    from clinic.episodes import actions as episodes
    from tests.clinic import cast

    now, person = timezone.now(), cast.patient(f"Chair {number}")
    cast.treats(nurse, person)
    episodes.open_episode(patient=person, by=None, at=now)
    return stages.open_session(patient=person, product="RACEMIC", route="IM", by=nurse.user, at=now)


def _scores(person: object, nurse: object) -> None:
    from clinic.measures import actions
    from tests.clinic import cast

    for week in range(12):
        at = cast.NOON + timedelta(weeks=week)
        answers = {f"q{n}": (n + week) % 3 if n < 9 else 0 for n in range(1, 10)}
        actions.enter_answers(
            patient=person,
            instrument="phq9",
            answers=answers,
            observed_at=at,
            by=nurse.user,
            at=at,
        )


def _cookie(nurse: object) -> str:
    from django.conf import settings

    from tests.clinic import cast

    name = settings.SESSION_COOKIE_NAME
    return f"{name}={cast.signed_in(nurse).cookies[name].value}"


def rate(ports: Sequence[int], cookies: list[str], ask: Ask, seconds_s: float) -> float:
    """Requests a second over all clients, spread over the ports; a wrong answer ends the run."""
    done: list[int] = []
    failed: list[BaseException] = []
    until = time.monotonic() + seconds_s

    def client(number: int, cookie: str) -> None:
        port = ports[number % len(ports)]
        link, count = http.client.HTTPConnection("127.0.0.1", port, timeout=30), 0
        try:
            while time.monotonic() < until:
                ask(link, cookie, number)
                count += 1
        except (OSError, AssertionError, http.client.HTTPException) as error:
            failed.append(error)
        done.append(count)

    threads = [threading.Thread(target=client, args=each) for each in enumerate(cookies)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]
    return sum(done) / seconds_s


def get(path: str) -> Ask:
    """Open one page."""

    def ask(link: http.client.HTTPConnection, cookie: str, number: int) -> None:
        link.request("GET", path, headers={"Host": "localhost", "Cookie": cookie})
        answer = link.getresponse()
        body = answer.read()
        assert answer.status == 200, (answer.status, body[:200])

    return ask


def chart_pulse(measured: Measured) -> Ask:
    """Chart one heart rate in the client's own session."""
    token = "t" * 32

    def ask(link: http.client.HTTPConnection, cookie: str, number: int) -> None:
        typed = {
            "csrfmiddlewaretoken": token,
            "shown_for": measured.session_ids[number],
            "event_id": str(uuid4()),
            "kind": "vitals",
            "hr": str(randint(60, 90)),
        }
        head = {
            "Host": "localhost",
            "Cookie": f"{cookie}; csrf-demo={token}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        link.request("POST", measured.consoles[number], urlencode(typed), head)
        answer = link.getresponse()
        body = answer.read()
        assert answer.status == 302, (answer.status, body[:500])

    return ask
