"""While an alarm calls the prescriber nothing more of the drug goes in; what went in is charted.

The alarms come from their table: a row that is added there is tried here.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import pytest
from django.db import transaction

from clinic.alerts.models import Alert
from clinic.dosing import answers, giving, queries, screen, stages
from clinic.dosing.kinds import Chart
from clinic.dosing.models import RaisedAlarm
from kapstone.errors import ForbiddenStep, InvalidInput
from kapstone.monitoring.alarms import AlarmRow, Tier, alarm_rows
from kapstone.pathway import Session
from tests.clinic import cast
from tests.clinic.dosing import chair, scene
from tests.clinic.dosing.scene import MG_35, Scene, after

CALLS = [row for row in alarm_rows() if row.tier is not Tier.A1]
QUIET = [row for row in alarm_rows() if row.tier is Tier.A1]


def raised(day: Scene, row: AlarmRow) -> None:
    """The alarm as the fold would raise it; how each comes about is tried elsewhere."""
    event = day.chart("note", after(25), word="note")
    alert = None
    if row.tier is not Tier.A1:
        alert = Alert.objects.create(
            patient=day.patient, code=f"{row.rule}.{row.tier}", level="immediate", message="x",
            raised_at=after(25), subject="x",
        )  # fmt: skip
    RaisedAlarm.objects.create(
        session=day.session, event=event, rule=row.rule, band=row.band or "", tier=str(row.tier),
        title=row.title, action=row.action, latching=row.latching, raised_at=after(25),
        alert=alert,
    )  # fmt: skip


@contextmanager
def undone(subtests: pytest.Subtests, name: str) -> Iterator[None]:
    """One case of many on one day: whatever it writes is taken back, and it fails by itself."""
    with subtests.test(name), transaction.atomic():
        yield
        transaction.set_rollback(True)


def ran(iv: Scene) -> Scene:
    """An infusion of 60 mL/h that was paused."""
    iv.prepare()
    stages.make_ready(session=iv.session, by=iv.nurse.user, at=after(15))
    iv.enter(after(15), MG_35, MG_35)
    told = Chart(uuid4(), "dose_start", after(20), {"rate_ml_per_h": 60, "mg_per_ml": 0.5})
    giving.start_dose(session=iv.session, chart=told, by=iv.nurse.user, at=after(20))
    iv.part("dose_pause", 24)
    return iv


def already(day: Scene, kind: str, **body: object) -> None:
    told = Chart(uuid4(), kind, after(26), body, note="Done before anybody looked.")
    giving.chart_given_dose(session=day.session, chart=told, by=day.nurse.user, at=after(27))
    assert day.reload().deviation
    assert Alert.objects.filter(code="dose.deviation").count() == 1


@pytest.mark.hazard(13)
def test_no_alarm_row_lets_an_infusion_go_on_or_run_faster(
    iv: Scene, subtests: pytest.Subtests
) -> None:
    ran(iv)
    for row in CALLS:
        with undone(subtests, f"{row.rule} {row.band or ''} {row.tier}"):
            raised(iv, row)
            for kind, body in (("dose_resume", {}), ("dose_rate", {"rate_ml_per_h": 61})):
                with pytest.raises(ForbiddenStep, match=f"{row.tier} .* calls: no further drug"):
                    iv.part(kind, 26, **body)
                assert queries.state(iv.session, after(27)).infusion.still_since == after(24)
            iv.part("dose_rate", 26, rate_ml_per_h=30)  # slower is always taken, and so is nought
            iv.part("dose_rate", 26, rate_ml_per_h=0)


@pytest.mark.hazard(5)
def test_an_infusion_that_went_on_all_the_same_is_charted(
    iv: Scene, subtests: pytest.Subtests
) -> None:
    """What ran into a vein and stands nowhere is missing from the sum."""
    ran(iv)
    for kind, body in (("dose_resume", {}), ("dose_rate", {"rate_ml_per_h": 90})):
        with undone(subtests, kind):
            iv.chart("symptom", after(25), symptom="chest_pain")
            with pytest.raises(ForbiddenStep, match="already given"), transaction.atomic():
                iv.part(kind, 26, **body)
            already(iv, kind, **body)
            infusion = queries.state(iv.session, after(27)).infusion
            went_on = kind == "dose_resume"
            assert (infusion.still_since is None) is went_on
            assert infusion.rate_ml_per_h == (60 if went_on else 90)


def test_an_alarm_of_the_nurse_alone_stops_nothing(iv: Scene, subtests: pytest.Subtests) -> None:
    ran(iv)
    for row in QUIET:
        with undone(subtests, f"{row.rule} {row.tier}"):
            raised(iv, row)
            iv.part("dose_rate", 26, rate_ml_per_h=61)
            iv.part("dose_resume", 26)


@pytest.mark.hazard(9)
def test_a_latched_alarm_holds_until_somebody_resolves_it(iv: Scene) -> None:
    """The reading is calm again and nobody has looked: the drug stays off."""
    ran(iv)
    iv.chart("vitals", after(25), sbp=120, dbp=80, hr=70, spo2=88, rr=14)
    iv.chart("vitals", after(26), sbp=120, dbp=80, hr=70, spo2=98, rr=14)
    with pytest.raises(ForbiddenStep, match="resolved in words"):
        iv.part("dose_resume", 27)
    (alarm,) = queries.alarms_now(iv.session)
    answers.resolve(alarm=alarm, words="Probe had slipped.", by=iv.nurse, at=after(28))
    iv.part("dose_resume", 29)


@pytest.mark.hazard(13)
def test_nothing_begins_under_an_alarm_and_what_began_is_charted(
    im: Scene, subtests: pytest.Subtests
) -> None:
    im.prepare()
    stages.make_ready(session=im.session, by=im.nurse.user, at=after(15))
    im.enter(after(16), MG_35, MG_35)
    for row in CALLS:
        with undone(subtests, f"{row.rule} {row.band or ''} {row.tier}"):
            raised(im, row)
            told = Chart(uuid4(), "dose_start", after(26), {"dose_mg": 35})
            with pytest.raises(stages.Lacking, match="no drug is begun"), transaction.atomic():
                giving.start_dose(session=im.session, chart=told, by=im.nurse.user, at=after(26))
            assert im.reload().phase == Session.READY
            already(im, "dose_start", dose_mg=35)
            assert im.given_mg() == 35


@pytest.mark.hazard(13)
def test_no_second_part_under_any_of_them(
    im: Scene, subtests: pytest.Subtests, monkeypatch: pytest.MonkeyPatch
) -> None:
    im.start()
    later = scene.ordered(order_id=uuid4(), signed_at=after(22), hard_max_mg=100)
    scene.earlier_rooms(monkeypatch, later)
    for row in CALLS:
        with undone(subtests, f"{row.rule} {row.band or ''} {row.tier}"):
            raised(im, row)
            with pytest.raises(ForbiddenStep, match=f"{row.tier} .* calls"), transaction.atomic():
                im.part("dose_start", 26, dose_mg=35)
            already(im, "dose_start", dose_mg=35)
            assert im.given_mg() == 70


@pytest.mark.parametrize(
    ("kind", "body"), [("dose_resume", {}), ("dose_rate", {"rate_ml_per_h": 9})]
)
def test_nothing_goes_on_that_never_began(iv: Scene, kind: str, body: dict[str, object]) -> None:
    told = Chart(uuid4(), kind, after(5), body, note="Slip")
    with pytest.raises(ForbiddenStep, match="No infusion was begun"):
        giving.chart_given_dose(session=iv.session, chart=told, by=iv.nurse.user, at=after(5))
    assert not iv.reload().deviation


def test_the_page_charts_a_resuming_that_was_done(iv: Scene, clock: object) -> None:
    ran(iv)
    iv.chart("symptom", after(25), symptom="chest_pain")
    client, told = cast.signed_in(iv.nurse), {"part": "resume", "why": "Pressed in passing"}
    answer = chair.post(client, iv, "already_given", told, **chair.HTML)
    assert answer.status_code == 302
    iv.reload()
    kinds = [row.kind for row in iv.events()]
    assert "dose_resume" in kinds and "deviation" in kinds


def test_what_of_an_infusion_was_done_is_asked_and_never_guessed(iv: Scene, clock: object) -> None:
    """Taken for a beginning, a resuming would stand as a second infusion."""
    ran(iv)
    client = cast.signed_in(iv.nurse)
    answer = chair.post(client, iv, "already_given", {"why": "Pressed"}, **chair.HTML)
    assert answer.status_code == 422 and "Say what was done." in answer.content.decode()
    assert "checked" not in client.get(chair.url(iv, "already_given")).content.decode()


# --- under the tongue ----------------------------------------------------------------------------


@pytest.fixture
def sl(db: None, monkeypatch: pytest.MonkeyPatch) -> Scene:
    scene.earlier_rooms(monkeypatch, scene.ordered("SL"))
    return scene.set_up("SL")


def _shown(day: Scene) -> str:
    return screen.panel(day.session, after(40))


def test_spat_out_or_swallowed_is_charted_with_its_time_and_no_figure(sl: Scene) -> None:
    """Who spat half of it out took less: the mg that stand say what was put into the mouth."""
    sl.start()
    assert "Spat out or swallowed? Not charted yet." in _shown(sl)
    sl.chart("mouth", after(35), observed=after(30), went="spat")
    assert "Spat out at 12:30. The mg are those put into the mouth" in _shown(sl)
    assert sl.given_mg() == 35


@pytest.mark.parametrize("went", ["", "eaten"])
def test_what_nobody_can_read_is_no_answer(sl: Scene, went: str) -> None:
    with pytest.raises(InvalidInput, match="went"):
        sl.chart("mouth", after(30), went=went)


def test_only_under_the_tongue(im: Scene) -> None:
    with pytest.raises(InvalidInput, match="not under the tongue"):
        im.chart("mouth", after(30), went="spat")
    assert "Held under the tongue" not in _shown(im)
