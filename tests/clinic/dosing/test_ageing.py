"""Nobody charts anything: then a number must not look alive, and somebody must be told."""

import itertools
from datetime import timedelta
from uuid import uuid4

import pytest

from clinic.alerts.models import Alert
from clinic.dosing import actions, alarms, answers, escalation, lines, queries, screen
from clinic.dosing.kinds import Chart
from clinic.dosing.models import AlarmStep, RaisedAlarm
from clinic.dosing.models.alarms import PAUSE_AT_MOST_S
from kapstone.monitoring.alarms import alarm_rows
from kapstone.monitoring.calling import pause_at_most
from tests.clinic.dosing.scene import Scene, after

DOSED = 15  # minutes after noon at which `start` gives the drug


def _standing(im: Scene) -> set[tuple[str, str]]:
    return {(row.rule, row.band) for row in queries.open_alarms(im.session)}


@pytest.mark.hazard(6)
def test_a_value_past_its_limit_blanks_and_the_loop_raises_its_alarm(im: Scene) -> None:
    im.start()
    im.chart("vitals", after(DOSED), sbp=120, dbp=80, hr=70)
    limit = after(DOSED + 10)
    escalation.watch(limit)
    assert ("ALM-OLD", "bp_hr") not in _standing(im)
    escalation.watch(limit + timedelta(seconds=1))
    escalation.watch(limit + timedelta(seconds=2))
    raised = RaisedAlarm.objects.get(rule="ALM-OLD", band="bp_hr")
    assert (raised.tier, raised.alert, raised.raised_at) == (
        "A1",
        None,
        limit + timedelta(seconds=1),
    )
    pressure = screen.build(im.session, limit + timedelta(seconds=1)).vitals[0]
    assert (pressure.words, pressure.is_stale) == ("", True)


@pytest.mark.hazard(7)
def test_an_old_value_that_nobody_looks_after_calls_whoever_is_on_call(im: Scene) -> None:
    im.start()
    escalation.watch(after(DOSED + 30))
    assert _standing(im) == {("ALM-OLD", name) for name in ("bp_hr", "spo2", "rr_moaas")}
    escalation.watch(after(DOSED + 32))
    assert Alert.objects.filter(code="ALM-OLD.unanswered").count() == 3


def test_a_new_reading_ends_it_and_the_next_time_is_another_alarm(im: Scene) -> None:
    im.start()
    escalation.watch(after(DOSED + 30))
    im.chart("vitals", after(DOSED + 31), sbp=120, dbp=80, hr=70)
    assert _standing(im) == {("ALM-OLD", "spo2"), ("ALM-OLD", "rr_moaas")}
    escalation.watch(after(DOSED + 90))
    assert RaisedAlarm.objects.filter(rule="ALM-OLD", band="bp_hr").count() == 2


def test_a_reading_of_a_fast_clock_that_then_grows_old_does_not_stop_the_loop(im: Scene) -> None:
    """It is not yet true, then true, then too old, and not one line is charted in between."""
    im.start()
    at = after(DOSED + 30)
    told = Chart(uuid4(), "vitals", at + timedelta(seconds=30), {"sbp": 120, "dbp": 80, "hr": 70})
    actions.record(session=im.session, chart=told, by=im.nurse.user, at=at)
    for minute in (30, 31, 95, 96):
        escalation.watch(after(DOSED + minute))
    assert RaisedAlarm.objects.filter(rule="ALM-OLD", band="bp_hr").count() == 2


def test_before_the_drug_and_once_the_person_has_gone_no_age_calls(im: Scene) -> None:
    im.prepare()
    escalation.watch(after(300))
    assert not RaisedAlarm.objects.exists()
    im.start_ready()
    escalation.watch(after(DOSED + 30))
    assert _standing(im)
    im.chart("phase", after(DOSED + 31), phase="transferred")
    assert not _standing(im)


def test_where_each_line_raised_it_before_nothing_breaks(im: Scene) -> None:
    """An alarm names the line it was raised at, once each; with none left the loop goes on."""
    im.start()
    found = {alarms.key_of(one) for one in lines.read(im.session).folded.alarms(after(DOSED + 30))}
    assert alarms.keep_up(session=im.session, at=after(DOSED + 30))
    assert not alarms.keep_up(session=im.session, at=after(DOSED + 30))
    for event, (rule, band, tier) in itertools.product(im.session.events.all(), found):
        told = {"title": "-", "action": "-", "latching": False, "raised_at": after(DOSED + 30)}
        row, _ = RaisedAlarm.objects.get_or_create(
            session=im.session, event=event, rule=rule, band=band, tier=tier, defaults=told
        )
        AlarmStep.objects.create(alarm=row, kind="ended", at=after(DOSED + 31))
    assert not alarms.keep_up(session=im.session, at=after(DOSED + 32))


@pytest.mark.hazard(9)
def test_a_pause_ends_when_an_alarm_is_raised_or_ends(im: Scene) -> None:
    im.chart("vitals", after(1), spo2=91, sbp=165, dbp=80)
    answers.pause_sound(session=im.session, by=im.nurse, at=after(1, 1))

    def sounding(seconds: float) -> dict[str, bool]:
        calling = screen.build(im.session, after(1, seconds)).calling
        return {one.alarm.rule: one.sounding for one in calling}

    assert sounding(60) == {"ALM-O1": False, "ALM-BP1": False}
    im.chart("vitals", after(1, 60), sbp=120, dbp=80)
    assert sounding(61) == {"ALM-O1": True}
    answers.pause_sound(session=im.session, by=im.nurse, at=after(1, 62))
    assert sounding(63) == {"ALM-O1": False}
    im.chart("vitals", after(1, 70), hr=44)
    assert sounding(71) == {"ALM-O1": True, "ALM-HRL": True}
    answers.pause_sound(session=im.session, by=im.nurse, at=after(1, 72))
    assert sounding(191) == {"ALM-O1": False, "ALM-HRL": False}
    assert sounding(192) == {"ALM-O1": True, "ALM-HRL": True}


@pytest.mark.hazard(9)
def test_what_was_resolved_and_is_shown_again_calls_again(im: Scene) -> None:
    im.chart("vitals", after(1), spo2=84)
    first = RaisedAlarm.objects.get(rule="ALM-O1")
    answers.resolve(alarm=first, words="Oxygen given", by=im.nurse, at=after(2))
    assert not screen.build(im.session, after(2)).calling[0].sounding
    im.chart("vitals", after(3), spo2=83)
    (again,) = queries.open_alarms(im.session)
    assert (again.pk != first.pk, again.alert_id != first.alert_id) == (True, True)
    assert screen.build(im.session, after(3)).calling[0].sounding
    im.chart("nrs", after(4), nausea_nrs=0)
    assert list(queries.open_alarms(im.session)) == [again]
    answers.resolve(alarm=again, words="Airway opened", by=im.nurse, at=after(5))
    im.chart("vitals", after(6), spo2=98)
    assert not queries.open_alarms(im.session).exists()


def test_only_the_rows_of_the_table_raise_alarms_in_a_session(im: Scene) -> None:
    """A screening rule that this pressure meets holds a dose; at the chair it raises nothing."""
    im.start()
    im.chart("vitals", after(20), sbp=210, dbp=125, hr=151, spo2=84, rr=7, temp_c=40)
    im.chart("moaas", after(20), moaas=0, oriented_x4=False)
    im.chart("nrs", after(20), dissoc_nrs=10, anxiety_nrs=10, nausea_nrs=10, pain_nrs=10)
    im.chart("screener", after(20), new_suicidality=True, mania=True)
    for minute in range(20, 300, 20):
        escalation.watch(after(minute))
    known = {(row.rule, row.band or "", str(row.tier)) for row in alarm_rows()}
    raised = {(row.rule, row.band, row.tier) for row in RaisedAlarm.objects.all()}
    assert raised <= known
    assert len(raised) > 8
    codes = {alert.code.partition(".")[0] for alert in Alert.objects.all()}
    assert codes <= {row.rule for row in alarm_rows()} | {"missed", "console"}


def test_each_alarm_that_leads_to_steps_shows_them_and_no_medicine(im: Scene) -> None:
    im.chart("vitals", after(1), spo2=84, sbp=165, dbp=80)
    steps = {one.alarm.rule: one.pathway for one in screen.build(im.session, after(1)).calling}
    assert steps["ALM-O1"] is not None and steps["ALM-O1"].id == "PATH-AIR"
    assert steps["ALM-BP1"] is None
    assert "Prescriber order required" in screen.panel(im.session, after(1))


def test_the_database_allows_no_longer_pause_than_the_table(im: Scene) -> None:
    assert pause_at_most().total_seconds() == PAUSE_AT_MOST_S
    im.chart("vitals", after(1), spo2=84)
    answers.pause_sound(session=im.session, by=im.nurse, at=after(1))
    (step,) = AlarmStep.objects.filter(kind="paused")
    assert step.pause_s == PAUSE_AT_MOST_S
