"""An infusion whose mg stand twice, or whose pause nobody ends: more or less than is told."""

from uuid import uuid4

import pytest

from clinic.alerts.models import Alert
from clinic.dosing import (
    escalation,
    giving,
    screen,
    stages,
)
from clinic.dosing.kinds import Chart
from kapstone.errors import ForbiddenStep, InvalidInput
from tests.clinic.dosing import scene
from tests.clinic.dosing.scene import Scene, after

# --- an infusion ---------------------------------------------------------------------------------


def running(iv: Scene) -> Scene:
    iv.prepare()
    stages.make_ready(session=iv.session, by=iv.nurse.user, at=after(15))
    iv.enter(after(15), scene.MG_35, scene.MG_35)
    told = Chart(uuid4(), "dose_start", after(20), {"rate_ml_per_h": 60, "mg_per_ml": 0.5})
    giving.start_dose(session=iv.session, chart=told, by=iv.nurse.user, at=after(20))
    return iv


@pytest.mark.hazard(5)
@pytest.mark.hazard(2)
def test_while_it_runs_the_sum_is_told_as_computed_in_mg_and_per_kilogram(iv: Scene) -> None:
    running(iv)
    shown = screen.panel(iv.session, after(48))
    assert "<strong>about 14\u00a0mg</strong>" in shown
    assert "Computed from the charted rates" in shown
    assert "About 0.2 mg/kg by 70 kg" in shown
    assert ">Running<" in shown and "60 mL/h, 0.5 mg/mL" in shown
    iv.part("dose_stop", 48, dose_mg=20)
    shown = screen.panel(iv.session, after(49))
    assert "<strong>20 mg</strong>" in shown and "0.29 mg/kg by 70 kg" in shown
    assert "20 mg were charted at the stop, and the charted rates give 14 mg" in shown


def test_what_nobody_charted_gives_no_sum_and_says_so(iv: Scene) -> None:
    iv.start()
    shown = screen.panel(iv.session, after(40))
    assert "No sum from the rates" in shown and "mg/kg" not in shown
    assert "Running<" in shown


@pytest.mark.hazard(5)
def test_two_consoles_stop_one_infusion_once(iv: Scene) -> None:
    """35 mg charted by each of two nurses would stand as 70 mg."""
    running(iv)
    iv.part("dose_stop", 60, dose_mg=35)
    for kind, body in (("dose_stop", {"dose_mg": 35}), ("dose_pause", {}), ("dose_resume", {})):
        with pytest.raises(ForbiddenStep, match="stopped at 13:00"):
            iv.part(kind, 60, **body)
    assert iv.given_mg() == 35


def test_the_mg_of_an_infusion_stand_once(iv: Scene) -> None:
    told = Chart(uuid4(), "dose_start", after(20), {"dose_mg": 35}, note="Already")
    with pytest.raises(InvalidInput, match="stands with its end"):
        giving.chart_given_dose(session=iv.session, chart=told, by=iv.nurse.user, at=after(20))
    assert not iv.reload().deviation


@pytest.mark.parametrize("kind", ["dose_rate", "dose_pause", "dose_resume"])
def test_only_an_infusion_has_a_pump(im: Scene, kind: str) -> None:
    im.start()
    body = {"rate_ml_per_h": 5} if kind == "dose_rate" else {}
    with pytest.raises(ForbiddenStep, match="Only an infusion"):
        im.part(kind, 20, **body)
    with pytest.raises(ForbiddenStep, match="Only esketamine"):
        im.part("device", 20)


@pytest.mark.hazard(5)
def test_a_pause_that_nobody_ends_calls_a_person_once(iv: Scene) -> None:
    running(iv)

    def calls() -> int:
        return Alert.objects.filter(code__startswith="still.").count()

    iv.part("dose_pause", 30)
    assert "Paused since 12:30" in screen.panel(iv.session, after(39))
    escalation.watch(after(39, 59))
    assert calls() == 0
    for _ in range(2):
        escalation.watch(after(40))
    assert calls() == 1
    assert "stands still for 12 min" in screen.panel(iv.session, after(42))
    iv.part("dose_resume", 43)
    iv.part("dose_rate", 50, rate_ml_per_h=0)
    escalation.watch(after(59))
    assert calls() == 1
    escalation.watch(after(60))
    assert calls() == 2
