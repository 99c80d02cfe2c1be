"""Nobody is locked out beside a patient, and nobody begins another session on what ran out."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from clinic.dosing import stages
from clinic.dosing.models import DosingSession
from clinic.people import access, beside, beside_words
from clinic.people.models import AtTheChair, CareTeamMember, StaffMember, User
from clinic.people.roles import Role
from kapstone.pathway import Session
from tests.clinic import cast
from tests.clinic.dosing.chair import post, url
from tests.clinic.dosing.scene import Scene, after

pytestmark = pytest.mark.django_db
MIDNIGHT = after(12 * 60)  # in New York
SECOND = timedelta(seconds=1)


def may(day: Scene, member: StaffMember, capability: str, at: datetime) -> bool:
    user = User.objects.select_related("staff").get(pk=member.user_id)
    return access.may(access.actor(user, at, day.session.pk), capability, day.patient)


def told(day: Scene, member: StaffMember, at: datetime) -> str:
    user = User.objects.select_related("staff").get(pk=member.user_id)
    return beside_words.words(access.actor(user, at, day.session.pk), day.patient)


def run_out(member: StaffMember) -> None:
    member.licences.update(expires_on=date(2026, 3, 4))


def demote(member: StaffMember) -> None:
    member.roles.update(ends_at=MIDNIGHT)


def leave_team(member: StaffMember) -> None:
    CareTeamMember.objects.filter(staff=member).update(ends_at=MIDNIGHT)


WAYS = {
    run_out: "Your licence ran out today",
    demote: "Your role as nurse ended",
    leave_team: "You left this person's care team",
}


@pytest.mark.hazard(20)
@pytest.mark.parametrize(("lose", "words"), WAYS.items())
def test_over_midnight_the_nurse_goes_on_with_this_session_and_begins_no_other(
    im: Scene, lose: Any, words: str
) -> None:
    lose(im.nurse)
    im.chart("vitals", after(11 * 60), hr=70)
    kept = ("see_session", "chart_session", "note_session", "run_session", "stop_dose")
    for at in (MIDNIGHT - SECOND, MIDNIGHT, MIDNIGHT + SECOND):
        assert [may(im, im.nurse, each, at) for each in kept] == [True] * 5
    never = ("give_dose", "sign_discharge", "withdraw_consent", "open_chart")
    assert not any(may(im, im.nurse, each, MIDNIGHT) for each in never)
    assert told(im, im.nurse, MIDNIGHT - SECOND) == ""
    assert told(im, im.nurse, MIDNIGHT).startswith(f"{words}: you may go on with this session, not")
    # The other nurse, who charted nothing in it, is out at midnight.
    lose(im.other)
    assert may(im, im.other, "chart_session", MIDNIGHT - SECOND)
    assert not may(im, im.other, "chart_session", MIDNIGHT)
    assert told(im, im.other, MIDNIGHT) == ""


def test_it_is_of_one_session_and_of_nothing_about_the_next(
    im: Scene, clock: time_machine.Traveller
) -> None:
    im.chart("vitals", after(20), hr=70)
    client = cast.signed_in(im.nurse)
    leave_team(im.nurse)
    clock.move_to(MIDNIGHT + timedelta(minutes=1))
    client = cast.signed_in(im.nurse)
    page = client.get(url(im, "console"))
    assert page.status_code == 200
    assert "you may go on with this session, not start another" in page.content.decode()
    for name in ("sessions", "open", "book"):
        where = reverse(f"dosing:{name}", args=[im.patient.pk])
        assert client.post(where).status_code == 404, name
    DosingSession.objects.filter(pk=im.session.pk).update(phase="cancelled")
    another = stages.open_session(
        patient=im.patient, product="RACEMIC", route="IM", by=im.other.user, at=timezone.now()
    )
    where = reverse("dosing:console", args=[im.patient.pk, another.pk])
    assert client.get(where).status_code == 404


@pytest.mark.hazard(20)
def test_who_may_no_longer_give_still_stops_and_pauses(
    iv: Scene, clock: time_machine.Traveller
) -> None:
    """Locked out of the stop, a nurse would watch the drug run in."""
    iv.start()
    demote(iv.nurse)
    clock.move_to(MIDNIGHT + SECOND)
    client = cast.signed_in(iv.nurse)
    more = ({"kind": "dose_resume"}, {"kind": "dose_rate", "rate_ml_per_h": "10"})
    for each in more:
        refused = post(client, iv, "part", each)
        assert refused.status_code == 409
        assert "A stop, a pause and a rate of nought are still taken" in refused.json()["error"]
    taken = (
        {"kind": "dose_rate", "rate_ml_per_h": "0"},
        {"kind": "dose_pause"},
        {"kind": "dose_stop", "dose_mg": "20", "early": "yes", "note": "Pressure."},
    )
    for each in taken:
        assert post(client, iv, "part", each).status_code == 200, each
    assert iv.reload().phase == "stopped early"
    page = client.get(url(iv, "console")).content.decode()
    assert "Resume</button>" not in page


def test_no_further_device_is_taken_from_who_may_no_longer_give(
    devices: Scene, clock: time_machine.Traveller
) -> None:
    devices.chart("vitals", after(20), hr=70)
    demote(devices.nurse)
    clock.move_to(MIDNIGHT)
    client = cast.signed_in(devices.nurse)
    assert post(client, devices, "part", {"kind": "device", "lot": "L1"}).status_code == 409
    assert post(client, devices, "start", {}).status_code == 404


def test_gone_at_once_is_whoever_left_or_was_deactivated(im: Scene) -> None:
    """Hazard F23: what stays beside the chair is no way round being dismissed."""
    im.chart("vitals", after(20), hr=70)
    demote(im.nurse)
    assert may(im, im.nurse, "see_session", MIDNIGHT)
    im.nurse.left_at = MIDNIGHT
    im.nurse.save()
    assert not may(im, im.nurse, "see_session", MIDNIGHT)
    im.nurse.left_at = None
    im.nurse.save()
    User.objects.filter(pk=im.nurse.user_id).update(is_active=False)
    assert not may(im, im.nurse, "see_session", MIDNIGHT)


def test_a_revoked_licence_leaves_reading_and_help(im: Scene) -> None:
    im.chart("vitals", after(20), hr=70)
    im.nurse.licences.update(revoked_at=after(30))
    for capability in ("chart_session", "run_session", "stop_dose"):
        assert not may(im, im.nurse, capability, after(31))
    assert may(im, im.nurse, "see_session", after(31))
    assert told(im, im.nurse, after(31)) == (
        "Your licence was revoked: you may read this session and call for help, no more."
    )


def test_what_was_held_ends_with_the_session_and_is_read_a_little_longer(im: Scene) -> None:
    im.start()
    demote(im.nurse)
    over = MIDNIGHT + timedelta(hours=1)
    stages.advance(
        session=im.session, to=Session.STOPPED_EARLY, have=(), by=im.nurse.user, at=over, reason="x"
    )
    assert may(im, im.nurse, "chart_session", over)
    stages.advance(
        session=im.session, to=Session.RECOVERY, have=(), by=im.nurse.user, at=over, reason="x"
    )
    beside.rise(session_id=im.session.pk, at=over)
    assert not may(im, im.nurse, "chart_session", over)
    assert "you may read it until 01:15" in told(im, im.nurse, over)
    assert may(im, im.nurse, "see_session", over + beside.READ_ON - SECOND)
    assert not may(im, im.nurse, "see_session", over + beside.READ_ON)


def test_a_cancelled_session_ends_it(im: Scene) -> None:
    im.chart("vitals", after(20), hr=70)
    assert AtTheChair.objects.get().ends_at == after(20) + beside.AT_MOST
    stages.advance(
        session=im.session,
        to=Session.CANCELLED,
        have=(),
        by=im.nurse.user,
        at=after(30),
        reason="x",
    )
    assert AtTheChair.objects.get().ends_at == after(30)
    demote(im.nurse)
    assert not may(im, im.nurse, "chart_session", MIDNIGHT)


@pytest.mark.parametrize(("early", "held"), [(SECOND, True), (timedelta(), False)])
def test_it_holds_a_day_at_most(im: Scene, early: timedelta, held: bool) -> None:
    im.chart("vitals", after(20), hr=70)
    demote(im.nurse)
    at = after(20) + timedelta(hours=24) - early
    assert may(im, im.nurse, "chart_session", at) == held


def test_only_who_treats_and_charts_with_a_licence_in_force_sits_down(im: Scene) -> None:
    stranger = cast.staff(Role.NURSE)
    im.nurse, nurse = stranger, im.nurse
    im.chart("note", after(20), word="seen")  # no address lets them: the action alone
    im.nurse = im.other
    im.other.licences.update(expires_on=date(2021, 1, 1))
    im.chart("note", after(21), word="seen")
    assert not AtTheChair.objects.exists()
    im.nurse = nurse
    for minute in (22, 23):
        im.chart("vitals", after(minute), hr=70)
    row = AtTheChair.objects.get()
    assert (row.staff, row.roles, row.starts_at) == (nurse, ["nurse"], after(22))


def test_nobody_keeps_a_chair_beside_themselves_and_a_chair_is_kept_once(im: Scene) -> None:
    im.chart("vitals", after(20), hr=70)
    row = AtTheChair.objects.get()
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()
    row.session_id, row.ends_at = uuid4(), row.starts_at - SECOND
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()
    im.patient.user = im.nurse.user
    im.patient.save()
    demote(im.nurse)
    assert not may(im, im.nurse, "chart_session", MIDNIGHT)
    assert told(im, im.nurse, MIDNIGHT) == ""


def test_words_name_the_day_a_licence_ran_out(im: Scene) -> None:
    im.chart("vitals", after(20), hr=70)
    im.nurse.licences.update(expires_on=date(2026, 3, 3))
    assert told(im, im.nurse, MIDNIGHT).startswith("Your licence ran out on 03 March 2026: you may")
    im.nurse.licences.all().delete()
    assert told(im, im.nurse, MIDNIGHT).startswith("Your licence is no longer on record: you may")


def test_a_therapist_who_watches_is_told_nothing(im: Scene) -> None:
    im.nurse = im.therapist
    im.chart("note", after(20), word="seen")
    assert told(im, im.therapist, after(21)) == ""
    assert not may(im, im.therapist, "chart_session", after(21))
