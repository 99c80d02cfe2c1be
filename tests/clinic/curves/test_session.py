"""At the chair a curve that hides what was measured, or draws what nobody charted, would harm."""

import re
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from clinic.curves.seen import Seen, of_session
from clinic.dosing import actions, giving, stages
from clinic.dosing.kinds import Chart
from clinic.dosing.models import DosingSession
from clinic.people.roles import Role
from clinic.planning import queries as planning
from kapstone.dose import SaltOrBase
from kapstone.pharmacology import Way
from tests.clinic import cast
from tests.clinic.dosing import scene
from tests.clinic.dosing.scene import Scene, after

pytestmark = pytest.mark.django_db


def running(iv: Scene) -> Scene:
    """30 mL/h of 2 mg/mL, 1 mg a minute, from 12:20 on."""
    iv.prepare()
    stages.make_ready(session=iv.session, by=iv.nurse.user, at=after(15))
    iv.enter(after(15), scene.MG_35, scene.MG_35)
    told = Chart(uuid4(), "dose_start", after(20), {"rate_ml_per_h": 30, "mg_per_ml": 2})
    giving.start_dose(session=iv.session, chart=told, by=iv.nurse.user, at=after(20))
    return iv


def seen(day: Scene, minute: float) -> Seen:
    return of_session(day.reload(), after(minute))


def at_minute(found: Seen, minute: int) -> float:
    assert found.predicted.shown is not None
    return float(found.predicted.shown.curve.conc_ng_per_ml[minute])


def test_charted_rates_and_pauses_make_the_curve(iv: Scene) -> None:
    running(iv)
    iv.part("dose_pause", 30)
    iv.part("dose_resume", 40)
    iv.part("dose_rate", 50, rate_ml_per_h=15)
    iv.part("dose_stop", 60, dose_mg=25)
    found = seen(iv, 61)
    given = [(one.at_min, one.infusion_min, one.amount_mg) for one in found.charted.doses]
    assert given == [(0, 10, 10), (20, 10, 10), (30, 10, 5)]
    assert found.charted.still == ((10, 20),)
    assert at_minute(found, 20) < at_minute(found, 10)
    assert not found.predicted.lacks and not found.charted.notes


@pytest.mark.hazard(15)
def test_while_it_runs_nothing_after_now_is_drawn(iv: Scene) -> None:
    """A rate goes on only as long as somebody lets it: the next minute is not charted yet."""
    found = seen(running(iv), 42)
    assert found.charted.runs
    assert found.predicted.shown is not None
    assert found.predicted.shown.curve.times_min[-1] == 22
    iv.part("dose_stop", 50, dose_mg=30)
    assert seen(iv, 50).predicted.shown.curve.times_min[-1] == 90  # type: ignore[union-attr]


@pytest.mark.hazard(15)
def test_a_rate_that_nobody_charted_is_named_and_no_curve_is_drawn(iv: Scene) -> None:
    iv.start()
    found = seen(iv, 40)
    assert found.predicted.shown is None and found.curve is None
    assert found.predicted.lacks == ("The pump's rate and mg/mL from minute 0 on.",)
    assert [panel.name for panel in found.panels] == []
    iv.part("dose_rate", 45, rate_ml_per_h=30, mg_per_ml=2)
    iv.part("dose_stop", 55, dose_mg=35)  # partly charted rates leave what ran before unknown
    assert seen(iv, 56).predicted.lacks == found.predicted.lacks


def test_without_any_rate_the_mg_of_the_stop_are_taken_as_even_and_that_is_said(iv: Scene) -> None:
    iv.start()
    iv.part("dose_pause", 25)
    iv.part("dose_resume", 35)
    iv.part("dose_stop", 55, dose_mg=30)
    found = seen(iv, 60)
    assert [one.amount_mg for one in found.charted.doses] == [Decimal(10), Decimal(20)]
    assert found.charted.still == ((10, 20),)
    assert "taken as even" in found.charted.notes[0]


def test_rates_decide_over_the_mg_of_the_stop_and_that_is_said(iv: Scene) -> None:
    running(iv)
    iv.part("dose_stop", 50, dose_mg=20)
    found = seen(iv, 51)
    assert sum(one.amount_mg for one in found.charted.doses) == 30
    assert "rates give 30.0 mg, and 20 mg were charted" in found.charted.notes[0]


@pytest.mark.hazard(15)
def test_a_dose_that_began_and_ended_at_once_is_a_bolus(iv: Scene) -> None:
    """Taken for nothing, the largest peak there is would not be drawn."""
    iv.start()
    iv.part("dose_stop", 15, dose_mg=35)
    found = seen(iv, 40)
    (given,) = found.charted.doses
    assert (given.amount_mg, given.infusion_min) == (35, 0)
    assert found.predicted.shown is not None
    assert [run.start for run in found.predicted.shown.runs] == [2]


def test_a_pump_that_stands_still_from_the_start_gave_nothing(iv: Scene) -> None:
    running(iv)
    iv.part("dose_rate", 20, rate_ml_per_h=0)
    assert seen(iv, 30).predicted.lacks == ("Nothing has been infused yet.",)


def test_each_device_is_a_dose_and_the_second_gives_less(devices: Scene) -> None:
    devices.prepare()
    stages.make_ready(session=devices.session, by=devices.nurse.user, at=after(15))
    fifty_six = scene.Entry(Decimal(56), Decimal(70))
    devices.enter(after(15), fifty_six, fifty_six)
    told = Chart(uuid4(), "device", after(15), {"lot": "L1"})
    giving.start_dose(session=devices.session, chart=told, by=devices.nurse.user, at=after(15))
    devices.part("device", 20, lot="L2")
    found = seen(devices, 30)
    assert [(one.at_min, one.earlier_devices) for one in found.charted.doses] == [(0, 0), (5, 1)]
    assert {one.salt_or_base for one in found.charted.doses} == {SaltOrBase.BASE}
    assert found.predicted.shown is not None
    assert found.predicted.shown.curve.question.model.id == "perezruixo2021"


def test_before_the_drug_there_is_no_curve(im: Scene) -> None:
    found = seen(im, 0)
    assert found.start is None and found.predicted.lacks == ("No drug is charted yet.",)


def test_what_was_measured_stands_over_the_prediction(im: Scene) -> None:
    im.start()
    im.chart("vitals", after(25), sbp=150, dbp=90, hr=88, spo2=98, rr=14, seated=True)
    im.chart("nrs", after(30), dissoc_nrs=7)
    found = seen(im, 31)
    assert found.charted.doses[0].way is Way.IM
    dots = {panel.name: [(dot.at_min, dot.words) for dot in panel.dots] for panel in found.panels}
    assert dots["Systolic pressure"] == [(10, "150")]
    assert dots["Dissociation, said by the person"] == [(15, "7")]
    assert all(panel.shape for panel in found.panels)


def test_a_stream_is_thinned_and_an_artefact_is_drawn_as_one(im: Scene) -> None:
    im.start()
    for second in range(0, 90, 10):
        told = Chart(uuid4(), "sample", after(16, second), {"hr": 70})
        actions.record(session=im.session, chart=told, by=None, at=after(16, second))
    row = im.chart("vitals", after(20), sbp=210, dbp=90, hr=88, spo2=98, rr=14, seated=True)
    told = Chart(uuid4(), "artefact", after(20), {"marks": row.number}, reason="Cuff slipped")
    actions.record(session=im.session, chart=told, by=im.nurse.user, at=after(20))
    panels = {panel.name: panel for panel in seen(im, 22).panels}
    assert [dot.at_min for dot in panels["Pulse"].dots] == [1, 2, 5]
    assert [dot.artefact for dot in panels["Systolic pressure"].dots] == [True]


def held_in_mouth(day: Scene) -> Scene:
    day.start()
    DosingSession.objects.filter(pk=day.session.pk).update(route="SL")
    day.reload()
    return day


@pytest.mark.hazard(15)
@pytest.mark.parametrize(
    ("went", "lacks"),
    [
        (None, ("Whether it was spat out or swallowed.",)),
        ("both", ("How much was swallowed: some of each was charted.",)),
        ("spat", ()),
        ("swallowed", ()),
    ],
)
def test_what_was_held_in_the_mouth_is_drawn_once_it_is_known_where_it_went(
    im: Scene, went: str | None, lacks: tuple[str, ...]
) -> None:
    held_in_mouth(im)
    if went:
        im.chart("mouth", after(25), went=went)
    found = seen(im, 30)
    assert found.predicted.lacks == lacks
    if not lacks:
        assert found.charted.doses[0].swallowed is (went == "swallowed")


def test_a_weight_that_nobody_knows_is_named(im: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    im.start()
    monkeypatch.setattr("clinic.dosing.queries.weight_of_day_kg", lambda rows, now: None)
    assert not seen(im, 20).predicted.lacks  # the newest on record
    monkeypatch.setattr("clinic.intake.queries.latest_weight", lambda patient: None)
    assert seen(im, 20).predicted.lacks == ("The weight: none is on record.",)


def test_a_part_without_its_mg_is_named(im: Scene) -> None:
    im.start()
    (part,) = (row for row in im.events() if row.kind == "dose_start")
    body = Chart(uuid4(), "dose_start", after(15), {}, replaces=part.pk, reason="The mg are wrong")
    giving.correct(session=im.session, chart=body, by=im.nurse.user, at=after(20))
    assert "The mg of a part of the dose." in seen(im, 21).predicted.lacks


def test_salt_and_form_come_from_the_order(im: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    class Orders:
        formulation, salt_or_base = "solution", "salt"

        def filter(self, **asked: object) -> "Orders":
            return self

        def first(self) -> "Orders":
            return self

    im.start()
    monkeypatch.setattr(planning, "orders", lambda patient: Orders())
    assert seen(im, 20).charted.doses[0].salt_or_base is SaltOrBase.SALT


# --- the page ------------------------------------------------------------------------------------


def url(day: Scene, name: str = "session") -> str:
    return reverse(f"curves:{name}", args=[day.patient.pk, day.session.pk])


@pytest.mark.hazard(15)
def test_the_page_has_no_control_and_the_console_no_curve(iv: Scene) -> None:
    with time_machine.travel(after(45), tick=False):
        client = cast.signed_in(running(iv).nurse)
        page = client.get(url(iv)).content.decode()
        body = page.split("<main")[1].split("</main")[0]
        assert '<svg class="drawing"' in body and "Predicted for a typical person" in body
        assert "<form" not in body and "<button" not in body
        again = client.get(url(iv, "session_again"))
        assert again.status_code == 200 and "<html" not in again.content.decode()
        console = client.get(reverse("dosing:console", args=[iv.patient.pk, iv.session.pk]))
        assert '<svg class="drawing"' not in console.content.decode()
        assert url(iv) in console.content.decode()


def test_an_ended_session_asks_for_no_new_drawing(im: Scene) -> None:
    with time_machine.travel(after(45), tick=False) as moved:
        client = cast.signed_in(im.nurse)
        empty = client.get(url(im)).content.decode()
        assert "No drug is charted yet" in empty and "every 30s" in empty
        im.start()
        DosingSession.objects.filter(pk=im.session.pk).update(phase="discharged")
        moved.shift(timedelta(hours=1))
        ended = client.get(url(im)).content.decode()
        assert "every 30s" not in ended
        assert not re.search(r'class="now"', ended)


def test_who_may_not_watch_the_session_sees_no_curve(im: Scene) -> None:
    stranger = cast.signed_in(cast.staff(Role.NURSE, "Another Nurse"))
    assert stranger.get(url(im)).status_code in (403, 404)
    wrong = reverse("curves:session", args=[im.patient.pk, uuid4()])
    assert cast.signed_in(im.nurse).get(wrong).status_code == 404
