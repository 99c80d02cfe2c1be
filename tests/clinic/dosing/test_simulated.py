"""A made-up reading that could pass for a measured one would be acted on."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.conf import LazySettings

from clinic.dosing import actions, simulated
from clinic.dosing.kinds import MONITOR, SOURCE, Chart
from clinic.dosing.models import SessionEvent
from kapstone.errors import InvalidInput
from tests.clinic import cast
from tests.clinic.dosing.scene import Scene, after

READ = {"sbp": 150, "dbp": 90, "hr": 80, "spo2": 97, "rr": 14}


def told(source: str = MONITOR) -> Chart:
    return Chart(uuid4(), "vitals", after(1), READ | {SOURCE: source})


def test_a_real_clinic_declares_no_session_simulated(im: Scene, settings: LazySettings) -> None:
    settings.DEMO = False
    with pytest.raises(simulated.NotTheDemo):
        simulated.declare(session=im.session, by=im.nurse.user, at=after(0))
    assert not im.reload().simulated


def test_a_real_clinic_refuses_a_made_up_reading(im: Scene, settings: LazySettings) -> None:
    simulated.declare(session=im.session, by=im.nurse.user, at=after(0))
    settings.DEMO = False
    with pytest.raises(InvalidInput, match="demo's generated monitor alone"):
        actions.record(session=im.session, chart=told(), by=None, at=after(1))
    assert not SessionEvent.objects.filter(kind="vitals").exists()


def test_a_session_that_was_not_declared_refuses_it(im: Scene) -> None:
    with pytest.raises(InvalidInput, match="demo's generated monitor alone"):
        actions.record(session=im.session, chart=told(), by=None, at=after(1))


def test_nobody_who_is_signed_in_can_send_one(im: Scene) -> None:
    simulated.declare(session=im.session, by=im.nurse.user, at=after(0))
    with pytest.raises(InvalidInput, match="demo's generated monitor alone"):
        actions.record(session=im.session, chart=told(), by=im.nurse.user, at=after(1))
    with pytest.raises(InvalidInput, match="is 'a cuff'"):
        actions.record(session=im.session, chart=told("a cuff"), by=None, at=after(1))


def test_every_page_of_a_simulated_session_says_so(im: Scene) -> None:
    simulated.declare(session=im.session, by=im.nurse.user, at=after(0))
    actions.record(session=im.session, chart=told(), by=None, at=after(1))
    client = cast.signed_in(im.nurse)
    place = f"/patients/{im.patient.pk}/sessions/"
    session = f"{place}{im.session.pk}/"
    pages = (place, session, f"{session}discharge/", "/today/")
    sheets = (f"{session}sheet/patient/", f"{session}sheet/escort/")
    for url in (*pages, *sheets):
        answer = client.get(url)
        assert answer.status_code == 200, url
        assert "Simulated" in answer.content.decode(), url
    line = SessionEvent.objects.get(kind="vitals")
    assert line.recorded_at - line.observed_at < timedelta(minutes=1)
    assert client.get(session).content.decode().count(MONITOR) >= 5
