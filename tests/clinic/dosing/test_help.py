"""Help at the chair: one press, whatever is locked or ran out."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from clinic.alerts.models import Alert, Rung
from clinic.dosing import escalation
from clinic.people import audit
from clinic.people.models import AuditEntry, StaffMember
from clinic.people.roles import Role
from tests.clinic import cast
from tests.clinic.dosing.chair import HTML, post, url
from tests.clinic.dosing.scene import Scene, after

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


@pytest.mark.hazard(20)
def test_help_is_called_from_a_locked_console_at_once(im: Scene, locked: Client) -> None:
    called = post(locked, im, "help", {})
    assert called.status_code == 200
    assert "One person is told. Stay with the person." in called.json()["told"]
    alert = Alert.objects.get(code__startswith="help.")
    assert (alert.level, alert.owner, alert.patient) == ("immediate", im.prescriber, im.patient)
    assert "help is wanted at the chair. Go there now." in alert.message
    assert AuditEntry.objects.filter(action="help_called", actor=im.nurse.user).exists()
    assert list(audit.faults()) == []
    # Calling is no unlocking.
    assert post(locked, im, "chart", {"kind": "vitals", "hr": "71"}).status_code == 403


def test_a_burst_of_presses_on_two_consoles_is_one_call(
    im: Scene, clock: time_machine.Traveller
) -> None:
    nurse, therapist = cast.signed_in(im.nurse), cast.signed_in(im.therapist)
    for client in (nurse, therapist, nurse):
        assert post(client, im, "help", {}).status_code == 200
    clock.shift(timedelta(seconds=59))
    post(nurse, im, "help", {})
    assert Alert.objects.filter(code__startswith="help.").count() == 1
    clock.shift(SECOND)
    post(nurse, im, "help", {})
    assert Alert.objects.filter(code__startswith="help.").count() == 2


def test_help_by_a_plain_form_says_so_and_of_a_stranger_is_refused(
    im: Scene, clock: time_machine.Traveller
) -> None:
    client = cast.signed_in(im.therapist)
    done = post(client, im, "help", {}, **HTML)
    assert done["Location"] == url(im, "console")
    assert "Help was called at 12:20" in client.get(done["Location"]).content.decode()
    assert post(cast.signed_in(cast.staff(Role.NURSE)), im, "help", {}).status_code == 404
    assert Client().post(url(im, "help")).status_code == 401
    assert Alert.objects.filter(code__startswith="help.").count() == 1


def test_with_nobody_on_call_help_goes_to_the_whole_clinic(
    im: Scene, clock: time_machine.Traveller
) -> None:
    im.prescriber.duties.all().delete()
    told = post(cast.signed_in(im.nurse), im, "help", {})
    assert "Nobody is on call: the whole clinic is told" in told.json()["told"]


def test_who_is_on_call_and_calls_reaches_somebody_else(
    im: Scene, clock: time_machine.Traveller
) -> None:
    """The one on call beside the chair would otherwise call themselves."""
    im.prescriber.duties.all().delete()
    cast.on_call(im.nurse)
    called = post(cast.signed_in(im.nurse), im, "help", {}).json()["told"]
    assert called.endswith("and 2 more are told. Stay with the person.")
    assert im.nurse.name not in called
    cast.on_call(im.other, 2)
    clock.shift(timedelta(minutes=2))
    again = post(cast.signed_in(im.nurse), im, "help", {}).json()["told"]
    assert again.endswith(f"{im.other.name} is told. Stay with the person.")
    StaffMember.objects.exclude(pk=im.nurse.pk).update(left_at=timezone.now())
    clock.shift(timedelta(minutes=2))
    alone = post(cast.signed_in(im.nurse), im, "help", {}).json()["told"]
    assert alone.endswith("Nobody else is there to be told: shout, and phone.")


def test_a_call_that_nobody_answers_climbs_as_fast_as_an_alarm(
    im: Scene, clock: time_machine.Traveller
) -> None:
    post(cast.signed_in(im.nurse), im, "help", {})
    alert = Alert.objects.get(code__startswith="help.")
    for seconds, rung in ((30, Rung.BACKUP), (120, Rung.EVERYONE), (600, Rung.OVERDUE)):
        escalation.watch(after(20, seconds - 1))
        assert not alert.deliveries.filter(rung=rung).exists()
        escalation.watch(after(20, seconds))
        assert alert.deliveries.filter(rung=rung).exists()


def test_a_revoked_nurse_still_calls(im: Scene, clock: time_machine.Traveller) -> None:
    im.chart("vitals", after(20), hr=70)
    im.nurse.licences.update(revoked_at=after(20))
    client = cast.signed_in(im.nurse)
    assert post(client, im, "help", {}).status_code == 200
    assert post(client, im, "chart", {"kind": "vitals", "hr": "71"}).status_code == 404
    assert "call for help, no more" in client.get(url(im, "console")).content.decode()
