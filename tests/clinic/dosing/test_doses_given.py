"""The dose every other room knows: wrong here, it is wrong on the chart and in the register."""

from decimal import Decimal
from uuid import uuid4

import pytest

from clinic.dosing import actions, queries, stages
from clinic.dosing.kinds import Chart
from clinic.episodes import queries as episodes
from clinic.episodes.models import GivenDose
from kapstone.pathway import Need, Session
from tests.clinic.dosing.scene import Scene, after


@pytest.mark.hazard(5)
def test_a_dose_is_what_the_line_adds_up_to(iv: Scene) -> None:
    iv.start()
    assert queries.given(iv.session) is None
    stop = iv.chart("dose_stop", after(55), dose_mg=34.5)
    first = queries.given(iv.session)
    assert first is not None
    assert (first.dose_mg, first.started_at, first.ended_at) == (
        Decimal("34.50"),
        after(15),
        after(55),
    )
    told = Chart(uuid4(), "dose_stop", after(55), {"dose_mg": 33}, replaces=stop.pk, reason="slip")
    actions.record(session=iv.session, chart=told, by=iv.nurse.user, at=after(60))
    assert [d.dose_mg for d in episodes.given_doses(iv.patient)] == [33]
    assert GivenDose.objects.count() == 2


@pytest.mark.parametrize(("stopped", "called"), [(None, True), (35, False), (0, False)])
def test_a_dose_that_nobody_can_tell_calls_a_person(
    iv: Scene, stopped: int | None, called: bool
) -> None:
    """An infusion never stopped on the line is no dose on record: nobody would call next day."""
    iv.start()
    if stopped is not None:
        iv.chart("dose_stop", after(55), dose_mg=stopped)
    for phase in (Session.PEAK, Session.RETURN, Session.RECOVERY, Session.TRANSFERRED):
        step = {"session": iv.reload(), "to": phase, "have": set(Need), "reason": "Unwell."}
        stages.advance(**step, by=iv.nurse.user, at=after(90))
    assert iv.patient.alerts.filter(code="dose-unknown").exists() is called
