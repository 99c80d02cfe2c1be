"""The second person at the console of the first: a page of their own, no way round the proof."""

import re
from uuid import uuid4

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from clinic.dosing import dose_entry
from clinic.dosing import second as second_person
from tests.clinic import cast
from tests.clinic.dosing import scene
from tests.clinic.dosing.scene import Scene, after


@pytest.fixture(autouse=True)
def _nobody_has_tried_yet() -> None:
    cache.clear()


@pytest.fixture
def nurse(im: Scene) -> Client:
    return cast.signed_in(im.nurse)


def _url(im: Scene) -> str:
    return reverse("dosing:second_here", args=[im.patient.pk, im.session.pk])


def _first(im: Scene) -> None:
    im.chart("weight", after(0), weight_kg=70)
    dose_entry.enter_first(
        session=im.session,
        entry=scene.MG_35,
        identity=scene.ROBIN,
        by=im.nurse.user,
        at=after(1),
    )


@time_machine.travel(after(1), tick=False)
def test_page_is_for_one_person_and_shows_no_figure(im: Scene, nurse: Client) -> None:
    _first(im)
    page = nurse.get(_url(im), {"person": im.other.pk})
    assert page.status_code == 200
    told = page.content.decode()
    assert "Second entry by Otto Other" in told
    assert "Nina Nurse stays signed in" in told
    assert "has added no passkey" in told
    figures = re.sub(r'name="person" value="\d+"', "", told)  # whose page it is may be the 70th
    assert not re.search(r'value="(35|70)(\.0+)?"', figures)  # of the first entry's two figures


@time_machine.travel(after(1), tick=False)
def test_nobody_waits_without_a_first_entry(im: Scene, nurse: Client) -> None:
    assert "No entry waits" in nurse.get(_url(im), {"person": im.other.pk}).content.decode()


@time_machine.travel(after(1), tick=False)
def test_those_who_may_not_be_second_have_no_page(im: Scene, nurse: Client) -> None:
    for person in (str(im.therapist.pk), str(im.nurse.pk), "0", "x", ""):
        assert nurse.get(_url(im), {"person": person}).status_code == 404


@pytest.mark.hazard(13)
@pytest.mark.parametrize(
    "answer", ["{}", "x", "[]", '{"id": "a", "rawId": "a", "response": {}, "type": "public-key"}']
)
@time_machine.travel(after(1), tick=False)
def test_a_passkey_made_by_hand_proves_nothing(im: Scene, nurse: Client, answer: str) -> None:
    """Else one person alone could check their own dose."""
    _first(im)
    sent = {"shown_for": str(im.session.pk), "event_id": str(uuid4()), "person": str(im.other.pk)}
    figures = {"dose_mg": "35", "weight_kg": "70"}
    refused = nurse.post(_url(im), sent | figures | {"passkey": answer})
    assert refused.status_code == 422
    assert "passkey, PIN or password" in refused.content.decode()
    assert not re.search(r'name="dose_mg"[^>]* value="[^"]', refused.content.decode())
    assert not im.session.checks.exists()
    assert dose_entry.waiting_first(im.session) is not None


@time_machine.travel(after(1), tick=False)
def test_console_names_those_who_have_a_passkey(im: Scene) -> None:
    key = {"type": Authenticator.Type.WEBAUTHN, "data": {}}
    Authenticator.objects.create(user=im.other.user, **key)
    seconds = second_person.candidates(im.patient, im.nurse.user, after(1))
    assert second_person.with_passkey(seconds) == [im.other]
    assert len(seconds) > 1
