"""A dose that starts without checks, or is charted wrongly, harms the person in the chair."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from clinic.alerts.models import Alert
from clinic.calendar.models import Shift
from clinic.dosing import before, giving, queries, readiness, screen, stages
from clinic.dosing.kinds import Chart
from clinic.dosing.models import DosingSession, SessionStep
from clinic.therapy import queries as therapy
from kapstone import pathway
from kapstone.dose import Entry
from kapstone.errors import ForbiddenStep
from kapstone.pathway import Need, Session
from tests.clinic.dosing.scene import MG_35, Scene, after


def _entry(dose_mg: object, weight_kg: object) -> Entry:
    return Entry(Decimal(str(dose_mg)), Decimal(str(weight_kg)))


def test_everything_in_place_lets_a_dose_start(im: Scene) -> None:
    im.start()
    assert im.reload().phase == Session.DOSING
    given = queries.given(im.session)
    assert given is not None
    assert (given.dose_mg, given.started_at) == (35, after(15))
    assert not im.session.deviation


def _start(im: Scene, **body: object) -> None:
    told = Chart(uuid4(), "dose_start", after(20), {"dose_mg": 35} | body)
    giving.start_dose(session=im.session, chart=told, by=im.nurse.user, at=after(20))


@pytest.mark.hazard(13)
@pytest.mark.parametrize(
    ("room", "answer", "title"),
    [
        ("order", None, "Order"),
        ("is_cleared", False, "Clearance"),
        ("has_consent", False, "Consent, asked again"),
        ("screening_today", None, "Screening rules"),
    ],
)
def test_what_an_earlier_room_takes_back_stops_the_start(
    im: Scene, monkeypatch: pytest.MonkeyPatch, room: str, answer: object, title: str
) -> None:
    im.prepare()
    stages.make_ready(session=im.session, by=im.nurse.user, at=after(15))
    im.enter(after(16), MG_35, MG_35)
    monkeypatch.setattr(before, room, lambda *_: answer)
    with pytest.raises(stages.Lacking, match=title):
        _start(im)
    assert im.reload().phase == Session.READY
    assert queries.given(im.session) is None


@pytest.mark.hazard(13)
@pytest.mark.parametrize("item", ["DAY-01", "DAY-02", "DAY-04", "DAY-13", "CONSENT"])
def test_a_check_that_fails_later_stops_the_start(im: Scene, item: str) -> None:
    im.prepare()
    stages.make_ready(session=im.session, by=im.nurse.user, at=after(15))
    im.enter(after(16), MG_35, MG_35)
    im.chart("checked", after(17), item=item, result="FAIL")
    with pytest.raises(stages.Lacking):
        _start(im)


def test_without_two_entries_or_a_second_licensed_person_no_dose_starts(im: Scene) -> None:
    im.prepare()
    stages.make_ready(session=im.session, by=im.nurse.user, at=after(15))
    with pytest.raises(stages.Lacking, match="two people's dose entries"):
        _start(im)
    im.enter(after(16), MG_35, MG_35)
    Shift.objects.exclude(staff=im.nurse).delete()
    with pytest.raises(stages.Lacking, match="Second licensed person"):
        _start(im)


@pytest.mark.hazard(13)
def test_the_database_takes_only_the_steps_of_the_pathway(im: Scene) -> None:
    steps = {(str(a), str(b)) for a, row in pathway.SESSION.items() for b in row}
    for before_, after_ in ((str(a), str(b)) for a in Session for b in Session):
        row = SessionStep(session=im.session, before=before_, after=after_, at=after(1), by=None)
        if (before_, after_) in steps:
            row.save()
        else:
            with pytest.raises(IntegrityError), transaction.atomic():
                row.save()


@pytest.mark.hazard(13)
def test_the_database_holds_no_dose_without_two_people_or_a_deviation(im: Scene) -> None:
    for phase in ("dosing", "peak", "recovery", "discharged"):
        with pytest.raises(IntegrityError), transaction.atomic():
            DosingSession.objects.filter(pk=im.session.pk).update(phase=phase)


@pytest.mark.parametrize("prepared", [False, True])
def test_a_dose_already_given_is_charted_whatever_lacks(im: Scene, prepared: bool) -> None:
    if prepared:
        im.prepare()
        stages.make_ready(session=im.session, by=im.nurse.user, at=after(15))
    told = Chart(uuid4(), "dose_start", after(16), {"dose_mg": 50}, note="Given in the corridor")
    for _ in range(2):
        giving.chart_given_dose(session=im.session, chart=told, by=im.nurse.user, at=after(20))
    assert im.reload().deviation
    assert im.session.phase == Session.DOSING
    given = queries.given(im.session)
    assert given is not None and (given.dose_mg, given.started_at) == (50, after(16))
    assert Alert.objects.filter(code="dose.deviation").count() == 1


def test_more_than_two_people_checked_is_a_deviation(im: Scene) -> None:
    im.prepare()
    stages.make_ready(session=im.session, by=im.nurse.user, at=after(15))
    im.enter(after(16), MG_35, MG_35)
    _start(im, dose_mg=40)
    assert im.reload().deviation
    assert Alert.objects.filter(code="dose.deviation").exists()


def test_while_an_infusion_runs_no_amount_stands_as_given(iv: Scene) -> None:
    """0 mg on the screen, twenty minutes into an infusion, reads as though nothing had gone in."""
    iv.start()
    shown = screen.panel(iv.reload(), after(40))
    assert "not charted while it runs" in shown and "0 mg" not in shown
    told = Chart(uuid4(), "dose_stop", after(45), {"dose_mg": 35, "early": False})
    giving.record_part(session=iv.session, chart=told, by=iv.nurse.user, at=after(45))
    assert "35 mg" in screen.panel(iv.reload(), after(46))


def test_an_infusion_is_set_paused_and_stopped_early(iv: Scene) -> None:
    iv.start()

    def part(kind: str, minute: float, note: str = "", **body: object) -> None:
        told = Chart(uuid4(), kind, after(minute), body, note=note)
        for _ in range(2):
            giving.record_part(session=iv.session, chart=told, by=iv.nurse.user, at=after(minute))

    part("dose_rate", 16, rate_ml_per_h=60)
    part("dose_pause", 20)
    part("dose_resume", 22)
    part("dose_stop", 30, note="Asked to stop", dose_mg=12, early=True)
    given = queries.given(iv.session)
    assert given is not None
    assert (given.dose_mg, given.stopped_early) == (12, True)
    assert iv.reload().phase == Session.STOPPED_EARLY


def test_devices_count_as_the_line_says(devices: Scene) -> None:
    devices.prepare()
    stages.make_ready(session=devices.session, by=devices.nurse.user, at=after(15))
    devices.enter(after(16), _entry(56, 70), _entry(56, 70))
    for minute, act in ((17, giving.start_dose), (22, giving.record_part)):
        told = Chart(uuid4(), "device", after(minute), {})
        act(session=devices.session, chart=told, by=devices.nurse.user, at=after(minute))
    given = queries.given(devices.session)
    assert given is not None and given.dose_mg == 56
    assert (given.started_at, given.ended_at) == (after(17), after(22))


def test_no_part_before_a_start(iv: Scene) -> None:
    told = Chart(uuid4(), "dose_stop", after(1), {"dose_mg": 5})
    with pytest.raises(ForbiddenStep, match="No dose runs"):
        giving.record_part(session=iv.session, chart=told, by=iv.nurse.user, at=after(1))


def test_readiness_names_what_lacks_and_a_new_day_begins_again(im: Scene) -> None:
    lacking = {item.id for item in readiness.judge(im.session, after(0)).lacking}
    assert {"DAY-01", "DAY-02", "DAY-08", "DOS-W2", "CONSENT"} <= lacking
    assert "DAY-03" not in {item.id for item in readiness.judge(im.session, after(0)).items}
    im.prepare()
    assert readiness.judge(im.session, after(15)).ready
    assert not readiness.judge(im.session, after(24 * 60)).ready


def test_touch_knows_that_the_drug_may_have_agreed(im: Scene) -> None:
    """Nothing wider is agreed from the dose until the person leaves: therapy must hear of it."""
    assert not therapy.drug_acts(im.patient)
    im.start()
    assert therapy.drug_acts(im.patient)
    to, have = Session.TRANSFERRED, (Need.HANDOVER,)
    stages.advance(session=im.session, to=to, have=have, by=None, at=after(60))
    assert not therapy.drug_acts(im.patient)
