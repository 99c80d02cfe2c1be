"""How often the database is asked for what people wait for: a bound, so that it stays few."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.clinic import cast
from tests.clinic.dosing.scene import Scene, after

pytestmark = pytest.mark.django_db


def asked(request: Callable[[], HttpResponse], status: int) -> list[str]:
    """The queries of a request that was made once before."""
    request()
    with CaptureQueriesContext(connection) as found:
        assert request().status_code == status
    return [each["sql"] for each in found]


def test_a_vital_sign_takes_as_many_queries_after_a_hundred_as_after_one(im: Scene) -> None:
    client = cast.signed_in(im.nurse)
    where = reverse("dosing:chart", args=[im.patient.pk, im.session.pk])

    def chart() -> HttpResponse:
        told = {"shown_for": str(im.session.pk), "event_id": str(uuid4())}
        return client.post(where, {**told, "kind": "vitals", "hr": "72"})

    first = len(asked(chart, 302))
    assert first <= 18
    for _ in range(100):
        im.chart("vitals", after(1), hr=72)
    assert len(asked(chart, 302)) == first


def test_the_console_asks_few_questions_however_long_the_line(im: Scene) -> None:
    client = cast.signed_in(im.nurse)
    where = reverse("dosing:console", args=[im.patient.pk, im.session.pk])
    im.chart("vitals", after(1), hr=72)
    first = len(asked(lambda: client.get(where), 200))
    for minute in range(2, 60):
        im.chart("vitals", after(minute), hr=72)
    assert len(asked(lambda: client.get(where), 200)) == first <= 28


def test_after_the_dose_began_the_list_before_it_is_not_judged_anew(im: Scene) -> None:
    """A nurse beside somebody dissociated would read "Not ready", and wait for the page longer."""
    client = cast.signed_in(im.nurse)
    where = reverse("dosing:console", args=[im.patient.pk, im.session.pk])
    im.prepare()
    before = len(asked(lambda: client.get(where), 200))
    assert "Screening rules" in client.get(where).content.decode()
    im.start_ready()
    during = len(asked(lambda: client.get(where), 200))
    page = client.get(where).content.decode()
    assert "Dose began" in page
    assert "Pass<span" in page  # what people charted stands, and may still be charted
    assert not any(words in page for words in ("Screening rules", "Not ready", "Ready</span>"))
    assert during < before - 5
