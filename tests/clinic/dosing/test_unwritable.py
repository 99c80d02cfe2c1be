"""A full disk must not blind a console; and who read what meanwhile must come onto the trail."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from clinic.dosing import consoles
from clinic.people import audit, idle, owed
from clinic.people.models import AuditEntry
from clinic.people.sessions import SessionStore
from clinic.site import errors
from tests.clinic import cast
from tests.clinic.dosing import chair
from tests.clinic.dosing.scene import Scene


def _full(*_: object, **__: object) -> None:
    raise OperationalError("database or disk is full")


@pytest.mark.hazard(7)
def test_a_console_is_read_while_nothing_can_be_written(
    im: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = cast.signed_in(im.nurse)
    with monkeypatch.context() as patch:
        patch.setattr(audit, "record", _full)
        assert client.get(chair.url(im, "console")).status_code == 200
    assert owed.pay(timezone.now()) == 1
    entry = AuditEntry.objects.get(action="read dosing:console")
    assert (entry.actor, entry.patient) == (im.nurse.user, im.patient)
    assert entry.detail == {"written_late": True}
    assert owed.pay(timezone.now()) == 0


def test_any_other_page_waits_until_its_reading_can_be_written(
    im: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = cast.signed_in(im.nurse)
    client.raise_request_exception = False
    monkeypatch.setattr(audit, "record", _full)
    address = reverse("dosing:sessions", args=[im.patient.pk])
    answer = client.get(address, headers={"accept": "text/html"})
    assert answer.status_code == 503
    assert errors.FULL in answer.content.decode().replace("&#x27;", "'")
    assert answer["Retry-After"] == "2"
    told = client.get(address, headers={"accept": "application/json"})
    assert (told.status_code, told.json()) == (503, {"error": errors.FULL})


def test_a_sign_in_is_kept_where_its_clock_cannot_be_written(
    im: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast.signed_in(im.nurse)
    stands = SessionStore()
    stands.create()
    held = SessionStore(stands.session_key)
    held[idle.ACTED_AT] = 1.0
    with monkeypatch.context() as patch:
        patch.setattr("django.db.models.Model.save", _full)
        held.save()
        with pytest.raises(OperationalError):
            SessionStore().create()
    stands.delete()
    with pytest.raises(UpdateError):
        held.save()  # ended elsewhere: no word of a disk


@pytest.mark.hazard(6)
def test_a_console_whose_beat_cannot_be_written_is_not_lost(
    im: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, page = timezone.now(), uuid4()
    said = consoles.Said(page, 0)
    consoles.beat(session=im.session, said=said, by=im.nurse.user, at=now - timedelta(minutes=1))
    assert consoles.lost(im.session, now)
    client: Client = cast.signed_in(im.nurse)
    with monkeypatch.context() as patch:
        patch.setattr(consoles, "beat", _full)
        answer = chair.post(client, im, "beat", {"console": str(page), "number": "0"})
    assert (answer.status_code, answer.content) == (503, b'{"unwritten": true}')
    assert not consoles.lost(im.session, timezone.now())
    assert consoles.lost(im.session, timezone.now() + consoles.SILENT_AFTER * 2)
