"""A person says no, before the drug or under it: all at the chair know, and no more is given."""

from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from clinic.alerts.models import Alert
from clinic.dosing import before, giving, screen, stages, withdrawal
from clinic.dosing.kinds import Chart
from clinic.people.roles import Role
from clinic.planning.models import ConsentWithdrawal
from kapstone.errors import ForbiddenStep
from tests.clinic import cast
from tests.clinic.dosing.scene import Scene, after


def _withdraw(of: Scene, minute: float) -> None:
    withdrawal.withdraw(patient=of.patient, words="Stop", by=of.therapist.user, at=after(minute))


def _part(of: Scene, kind: str, minute: float, **body: object) -> None:
    told = Chart(uuid4(), kind, after(minute), body, note="Asked to stop")
    giving.record_part(session=of.session, chart=told, by=of.nurse.user, at=after(minute))


@pytest.mark.hazard(13)
def test_under_the_drug_the_console_shows_it_and_the_team_is_called(iv: Scene) -> None:
    iv.start()
    assert "Consent was withdrawn" not in screen.panel(iv.session, after(16))
    _withdraw(iv, 20)
    panel = screen.panel(iv.reload(), after(20))
    assert "Consent was withdrawn" in panel
    assert "No more of the drug" in panel
    assert [row.kind for row in iv.events()][-1] == "consent_withdrawn"
    assert "Consent withdrawn" in panel
    alert = Alert.objects.get(code="consent.withdrawn")
    assert alert.level == "immediate"
    assert "Stop" not in alert.message


@pytest.mark.hazard(13)
@pytest.mark.parametrize(
    ("kind", "body", "is_taken"),
    [
        ("dose_rate", {"rate_ml_per_h": 20}, False),
        ("dose_rate", {"rate_ml_per_h": 0}, True),
        ("dose_resume", {}, False),
        ("dose_pause", {}, True),
        ("dose_stop", {"dose_mg": 12, "early": True}, True),
    ],
)
def test_after_it_the_infusion_may_only_be_stopped(
    iv: Scene, kind: str, body: dict[str, object], *, is_taken: bool
) -> None:
    iv.start()
    _withdraw(iv, 20)
    iv.reload()
    if is_taken:
        _part(iv, kind, 21, **body)
        assert iv.events()[-1].kind in (kind, "phase")
    else:
        with pytest.raises(ForbiddenStep, match="no more of the drug"):
            _part(iv, kind, 21, **body)


def test_no_further_device_after_it_and_one_that_was_given_is_charted(devices: Scene) -> None:
    devices.prepare()
    stages.make_ready(session=devices.session, by=devices.nurse.user, at=after(15))
    told = Chart(uuid4(), "device", after(16), {}, note="Given")
    giving.chart_given_dose(
        session=devices.session, chart=told, by=devices.nurse.user, at=after(16)
    )
    _withdraw(devices, 18)
    with pytest.raises(ForbiddenStep):
        _part(devices, "device", 21)
    again = Chart(uuid4(), "device", after(21), {}, note="Was in the hand already")
    giving.chart_given_dose(
        session=devices.session, chart=again, by=devices.nurse.user, at=after(22)
    )
    assert devices.events()[-1].kind == "device"


@pytest.mark.hazard(13)
def test_before_the_drug_no_dose_starts(im: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    im.prepare()
    stages.make_ready(session=im.session, by=im.nurse.user, at=after(15))
    _withdraw(im, 16)
    monkeypatch.setattr(before, "has_consent", lambda patient, at: False)  # as planning says then
    told = Chart(uuid4(), "dose_start", after(17), {"dose_mg": 35})
    with pytest.raises(stages.Lacking, match="Consent, asked again"):
        giving.start_dose(session=im.session, chart=told, by=im.nurse.user, at=after(17))


def test_while_the_session_is_only_planned_the_alert_is_urgent(im: Scene) -> None:
    _withdraw(im, 1)
    assert Alert.objects.get(code="consent.withdrawn").level == "urgent"
    assert im.events()[-1].kind == "consent_withdrawn"


@time_machine.travel(after(20), tick=False)
def test_the_page_is_reached_from_the_console_and_leads_back_to_it(im: Scene) -> None:
    im.start()
    console = reverse("dosing:console", args=[im.patient.pk, im.session.pk])
    page = reverse("dosing:withdraw", args=[im.patient.pk])
    trainee = cast.signed_in(cast.treats(cast.staff(Role.TRAINEE), im.patient))
    for client in (cast.signed_in(im.nurse), trainee):
        assert page in client.get(console).content.decode()
        assert console in client.get(page).content.decode()
    assert trainee.post(page, {"words": ""})["Location"] == console
    assert "Consent was withdrawn" in trainee.get(console).content.decode()


@time_machine.travel(after(20), tick=False)
def test_who_may_not_watch_the_session_is_led_to_the_plan(im: Scene) -> None:
    pharmacist = cast.signed_in(cast.treats(cast.staff(Role.PHARMACIST), im.patient))
    page = reverse("dosing:withdraw", args=[im.patient.pk])
    assert "/plan/" in pharmacist.get(page).content.decode()
    assert pharmacist.post(page, {"words": "On the telephone"})["Location"].endswith("/plan/")
    assert ConsentWithdrawal.objects.get().words == "On the telephone"


@time_machine.travel(after(20), tick=False)
def test_without_a_session_it_is_recorded_and_alerts(im: Scene) -> None:
    other = cast.patient("Olive", "Other")
    cast.treats(im.nurse, other)
    page = reverse("dosing:withdraw", args=[other.pk])
    assert cast.signed_in(im.nurse).post(page).status_code == 302
    assert Alert.objects.get(patient=other).level == "urgent"
