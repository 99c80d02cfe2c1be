"""A second part, a device too soon, a pause nobody ends: more drug than anybody meant to give."""

from collections.abc import Callable
from decimal import Decimal
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from clinic.dosing import (
    before,
    forms,
    giving,
    parts,
    queries,
    screen,
    stages,
)
from clinic.dosing.dose_entry import EntryRefused
from clinic.dosing.kinds import Chart
from clinic.dosing.models import SessionEvent
from clinic.pharmacy import queries as register
from clinic.pharmacy.models import GivenReport
from kapstone.dose import Entry, Outcome
from kapstone.errors import ForbiddenStep, InvalidInput
from kapstone.pathway import Session
from tests.clinic import cast
from tests.clinic.dosing import scene
from tests.clinic.dosing.scene import Scene, after

MG_12 = Entry(Decimal(12), Decimal(70))
Part = Callable[..., SessionEvent]


def order_anew(monkeypatch: pytest.MonkeyPatch, minute: float, **changed: object) -> None:
    figures = {"dose_mg": Decimal(12), "order_id": uuid4(), "signed_at": after(minute)} | changed
    made = scene.ordered("IM", **figures)
    monkeypatch.setattr(before, "order", lambda *_: made)


# --- a second part -------------------------------------------------------------------------------


@pytest.mark.hazard(5)
def test_a_second_part_takes_an_order_and_two_people_of_its_own(
    im: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    im.start()
    with pytest.raises(ForbiddenStep, match="an order of its own"):
        im.part("dose_start", 30, dose_mg=12)
    with pytest.raises(EntryRefused, match="an order of its own"):
        im.enter(after(30), MG_12, MG_12)
    order_anew(monkeypatch, 31)
    with pytest.raises(ForbiddenStep, match="two people's dose entries"):
        im.part("dose_start", 32, dose_mg=12)
    assert im.enter(after(33), MG_12, MG_12) is Outcome.AGREE
    im.part("dose_start", 34, dose_mg=12)
    found = queries.given(im.session)
    assert found is not None
    assert (found.dose_mg, found.started_at, found.ended_at) == (47, after(15), after(34))
    assert not im.reload().deviation
    # The same order and the same check give no third part.
    with pytest.raises(ForbiddenStep, match="an order of its own"):
        im.part("dose_start", 50, dose_mg=12)
    assert GivenReport.objects.count() == 2
    assert register.reported_mg(im.session.pk) == 47


@pytest.mark.hazard(5)
def test_a_check_that_was_used_is_no_check_of_the_next_part(
    im: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Charted as of ten minutes ago, the part lies before its order; the check is used up."""
    im.start()
    order_anew(monkeypatch, 31)
    im.enter(after(33), MG_12, MG_12)
    told = Chart(uuid4(), "dose_start", after(30), {"dose_mg": 12})
    giving.record_part(session=im.session, chart=told, by=im.nurse.user, at=after(40))
    with pytest.raises(ForbiddenStep, match="two people's dose entries"):
        im.part("dose_start", 41, dose_mg=12)


@pytest.mark.hazard(4)
def test_both_parts_together_stay_within_the_hard_limit(
    im: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    im.start()
    order_anew(monkeypatch, 31, hard_max_mg=Decimal("46.99"))
    im.enter(after(33), MG_12, MG_12)
    with pytest.raises(ForbiddenStep, match=r"hard limit of 46\.99 mg"):
        im.part("dose_start", 34, dose_mg=12)
    order_anew(monkeypatch, 35, hard_max_mg=Decimal(47))
    im.enter(after(36), MG_12, MG_12)
    im.part("dose_start", 37, dose_mg=12)
    assert im.given_mg() == 47


@pytest.mark.parametrize(
    ("take_away", "says"),
    [
        (lambda im, patch: patch.setattr(before, "has_consent", lambda *_: False), "consent"),
        (lambda im, patch: patch.setattr(before, "screening_today", lambda *_: None), "rules"),
        (lambda im, patch: im.chart("vitals", after(34), sbp=205, dbp=90), "A2"),
        (lambda im, patch: im.part("dose_stop", 34, "Enough", early=True), "stopped early"),
    ],
)
def test_what_stops_a_start_stops_a_second_part(
    im: Scene,
    monkeypatch: pytest.MonkeyPatch,
    take_away: Callable[[Scene, pytest.MonkeyPatch], None],
    says: str,
) -> None:
    im.start()
    order_anew(monkeypatch, 31)
    im.enter(after(33), MG_12, MG_12)
    take_away(im, monkeypatch)
    with pytest.raises(ForbiddenStep, match=says):
        im.part("dose_start", 35, dose_mg=12)
    told = Chart(uuid4(), "dose_start", after(35), {"dose_mg": 12}, note="Given all the same")
    giving.chart_given_dose(session=im.session, chart=told, by=im.nurse.user, at=after(36))
    assert (im.given_mg(), im.reload().deviation) == (47, True)


def test_a_route_that_takes_no_second_part_says_why(iv: Scene) -> None:
    iv.start()
    iv.part("dose_stop", 55, dose_mg=35)
    with pytest.raises(ForbiddenStep, match="this route takes none"):
        iv.part("dose_start", 60)


# --- devices -------------------------------------------------------------------------------------


@pytest.fixture
def sprayed(devices: Scene) -> Scene:
    """Two devices are ordered and checked; the first was given at 12:17."""
    devices.prepare()
    stages.make_ready(session=devices.session, by=devices.nurse.user, at=after(15))
    ordered = Entry(Decimal(56), Decimal(70))
    assert devices.enter(after(16), ordered, ordered) is Outcome.AGREE
    told = Chart(uuid4(), "device", after(17), {"lot": "LOT-1", "serial": "A7"})
    giving.start_dose(session=devices.session, chart=told, by=devices.nurse.user, at=after(17))
    return devices


@pytest.mark.hazard(5)
@pytest.mark.parametrize(("seconds", "taken"), [(0, False), (299, False), (300, True), (301, True)])
def test_between_two_devices_lie_five_minutes(sprayed: Scene, seconds: int, taken: bool) -> None:
    minute = 17 + seconds / 60
    if taken:
        sprayed.part("device", minute, lot="LOT-1")
        assert sprayed.given_mg() == 56
        return
    with pytest.raises(ForbiddenStep, match=r"given at 12:17.*the next from 12:22"):
        sprayed.part("device", minute, lot="LOT-1")
    assert sprayed.given_mg() == 28
    told = Chart(uuid4(), "device", after(minute), {"lot": "LOT-1"}, note="Too soon")
    giving.chart_given_dose(
        session=sprayed.session, chart=told, by=sprayed.nurse.user, at=after(minute)
    )
    assert (sprayed.given_mg(), sprayed.reload().deviation) == (56, True)


def test_one_charted_as_of_before_another_keeps_the_rest_too(sprayed: Scene) -> None:
    told = Chart(uuid4(), "device", after(14), {"lot": "LOT-1"})
    with pytest.raises(ForbiddenStep, match="minutes rest"):
        giving.record_part(session=sprayed.session, chart=told, by=sprayed.nurse.user, at=after(40))


@pytest.mark.hazard(5)
def test_a_device_more_than_two_people_checked_is_refused(sprayed: Scene) -> None:
    sprayed.part("device", 22, lot="LOT-1")
    with pytest.raises(ForbiddenStep, match="checked 56 mg, 2 devices"):
        sprayed.part("device", 27, lot="LOT-1")
    assert sprayed.given_mg() == 56


def test_no_further_device_under_an_alarm_that_calls_the_prescriber(sprayed: Scene) -> None:
    sprayed.chart("vitals", after(20), sbp=205, dbp=90)
    with pytest.raises(ForbiddenStep, match=r"A2 .* no further drug"):
        sprayed.part("device", 22, lot="LOT-1")


def test_a_device_names_its_lot(sprayed: Scene) -> None:
    typed = {"kind": "device", "event_id": str(uuid4())}
    with pytest.raises(InvalidInput, match="lot: is missing"):
        forms.part(typed, after(22))
    told = forms.part(typed | {"lot": "LOT-2", "serial": "B1"}, after(22))
    row = giving.record_part(
        session=sprayed.session, chart=told, by=sprayed.nurse.user, at=after(22)
    )
    assert row.body == {"lot": "LOT-2", "serial": "B1"}
    assert "lot LOT-2, serial B1" in screen.panel(sprayed.session, after(23))
    with pytest.raises(InvalidInput, match="too long"):
        forms.part(typed | {"lot": "L" * 121}, after(22))


def test_no_further_part_of_a_spray_may_be_said_with_a_reason(sprayed: Scene) -> None:
    sprayed.part("dose_stop", 20, "Asked for no more", early=True)
    assert sprayed.reload().phase == Session.STOPPED_EARLY
    found = queries.given(sprayed.session)
    # The label's two hours count from the device, not from the word that no more comes.
    assert found is not None and (found.ended_at, found.stopped_early) == (after(17), True)
    with pytest.raises(ForbiddenStep, match="stopped early"):
        sprayed.part("device", 25, lot="LOT-1")
    with pytest.raises(ForbiddenStep, match="stopped before"):
        sprayed.part("dose_stop", 26, "Again", early=True)
    with pytest.raises(InvalidInput, match="stands with each part"):
        sprayed.part("dose_stop", 26, "Again", early=True, dose_mg=28)


# --- at the console ------------------------------------------------------------------------------


def _post(client: Client, of: Scene, name: str, **typed: str) -> tuple[int, str]:
    url = reverse(f"dosing:{name}", args=[of.patient.pk, of.session.pk])
    sent = {"shown_for": str(of.session.pk), "event_id": str(uuid4())} | typed
    answer = client.post(url, sent, follow=True)
    return answer.status_code, answer.content.decode()


@time_machine.travel(after(20), tick=False)
def test_a_nurse_gives_devices_from_the_console(sprayed: Scene) -> None:
    client = cast.signed_in(sprayed.nurse)
    status, page = _post(client, sprayed, "part", kind="device", lot="LOT-1")
    assert status == 409 and "the next from 12:22" in page and 'value="LOT-1"' in page
    status, page = _post(client, sprayed, "part", kind="device")
    assert status == 422 and "Type the lot from the device" in page
    with time_machine.travel(after(22), tick=False):
        status, page = _post(client, sprayed, "part", kind="device", lot="LOT-1")
        assert status == 200 and "2 devices<" in page and "A next one not before 12:27" in page


@time_machine.travel(after(30), tick=False)
def test_the_console_says_what_a_second_part_still_asks_for(
    im: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    im.start()
    client = cast.signed_in(im.nurse)
    where = reverse("dosing:console", args=[im.patient.pk, im.session.pk])
    assert "It still asks for: an order of its own" in client.get(where).content.decode()
    order_anew(monkeypatch, 29)
    page = client.get(where).content.decode()
    assert "asks for: two people" in page and "Take my entry" in page
    im.enter(after(30), MG_12, MG_12)
    assert "Second part given" in client.get(where).content.decode()
    status, page = _post(client, im, "part", kind="dose_start", dose_mg="12")
    assert status == 200 and "<strong>47 mg</strong>" in page


@time_machine.travel(after(30), tick=False)
def test_a_swallowed_dose_says_why_it_takes_no_second_part(
    im: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    im.start()
    type(im.session).objects.filter(pk=im.session.pk).update(route="PO")
    client = cast.signed_in(im.nurse)
    where = reverse("dosing:console", args=[im.patient.pk, im.session.pk])
    assert "This route takes none. A swallowed dose" in client.get(where).content.decode()


@pytest.mark.parametrize("mg", ["12.345", "0.001"])
def test_an_amount_has_at_most_two_decimals(mg: str) -> None:
    typed = {"kind": "dose_stop", "event_id": str(uuid4()), "dose_mg": mg}
    with pytest.raises(InvalidInput, match="two decimals"):
        forms.part(typed, after(0))


def test_nothing_is_offered_before_a_dose(im: Scene) -> None:
    state = queries.state(im.session, after(0))
    assert parts.offer(im.session, state, None, after(0)) is None
    assert list(parts.second_part_lacks(im.session, state, after(0))) == ["no dose began"]
