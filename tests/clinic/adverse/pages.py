"""Addresses and forms of this room's pages, for its tests."""

from datetime import datetime
from uuid import uuid4

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.clinic.dosing.scene import Scene, after

LATER = after(120)


def url_of(day: Scene, name: str, *more: object) -> str:
    of_session = ("tap", "ask", "form", "save_form", "form_paper", "left", "record", "record_paper")
    about = [day.session.pk] if name in of_session else []
    return reverse(f"adverse:{name}", args=[day.patient.pk, *about, *more])


def local(at: datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m-%dT%H:%M}"


def told_of(**told: object) -> dict[str, object]:
    known = {
        "term": "Nausea",
        "onset_at": local(after(60)),
        "aware_at": local(after(90)),
        "reporter": "patient",
    }
    return known | told


def shown_for(day: Scene, **told: object) -> dict[str, object]:
    return {"shown_for": str(day.session.pk), "event_id": str(uuid4())} | told


def text_of(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return answer.content.decode()
