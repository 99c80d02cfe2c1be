"""What the tests beside a chair share: the addresses of a session, and a form sent to one."""

from typing import Any
from uuid import uuid4

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.clinic.dosing.scene import Scene

PIN = "482915"
HTML, JSON = ({"headers": {"accept": kind}} for kind in ("text/html", "application/json"))


def url(day: Scene, name: str, *more: object) -> str:
    return reverse(f"dosing:{name}", args=[day.patient.pk, day.session.pk, *more])


def post(client: Client, day: Scene, name: str, told: dict[str, str], **more: Any) -> HttpResponse:
    posted = {"shown_for": str(day.session.pk), "event_id": str(uuid4()), **told}
    return client.post(url(day, name), posted, **(JSON | more))
