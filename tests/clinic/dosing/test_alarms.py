"""An alarm that nobody is told of, or that is silenced and forgotten, costs a life."""

from datetime import timedelta
from itertools import product
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from clinic.alerts import queries as alerts
from clinic.alerts.models import Alert, Delivery, StepKind
from clinic.dosing import actions, alarms, answers, escalation, queries
from clinic.dosing.kinds import Chart
from clinic.dosing.models import AlarmStep, AlarmStepKind, RaisedAlarm
from tests.clinic.dosing.scene import Scene, after


def _raised(im: Scene, rule: str) -> RaisedAlarm:
    return RaisedAlarm.objects.get(session=im.session, rule=rule)


@pytest.mark.hazard(7)
@pytest.mark.parametrize(
    ("kind", "body", "rule", "tier", "calls"),
    [
        ("vitals", {"sbp": 160, "dbp": 80}, "ALM-BP1", "A1", False),
        ("vitals", {"sbp": 200, "dbp": 80}, "ALM-BP2", "A2", True),
        ("vitals", {"spo2": 89}, "ALM-O1", "A3", True),
        ("moaas", {"moaas": 1}, "ALM-SED", "A3", True),
        ("symptom", {"symptom": "chest_pain"}, "ALM-CP", "A3", True),
    ],
)
def test_the_first_reading_raises_and_reaches_a_person(
    im: Scene, kind: str, body: dict[str, object], rule: str, tier: str, calls: bool
) -> None:
    im.chart(kind, after(1), **body)
    raised = _raised(im, rule)
    assert raised.tier == tier
    assert (raised.alert is not None) == calls
    if raised.alert is not None:
        assert raised.alert.level == "immediate"
        assert Delivery.objects.filter(alert=raised.alert, recipient=im.prescriber).exists()


@pytest.mark.parametrize("value", [159, 160])
def test_below_its_threshold_nothing_calls(im: Scene, value: int) -> None:
    im.chart("vitals", after(1), sbp=value, dbp=80)
    assert RaisedAlarm.objects.exists() == (value == 160)


def test_an_alarm_that_stands_is_not_raised_again_and_a_worse_one_is(im: Scene) -> None:
    for minute in (1, 2, 3):
        im.chart("vitals", after(minute), spo2=93)
    assert RaisedAlarm.objects.count() == 1
    im.chart("vitals", after(4), spo2=91)
    im.chart("vitals", after(5), spo2=97)
    assert list(RaisedAlarm.objects.order_by("raised_at").values_list("tier", flat=True)) == [
        "A1",
        "A2",
    ]
    assert not queries.open_alarms(im.session).exists()
    im.chart("vitals", after(6), spo2=93)
    assert RaisedAlarm.objects.count() == 3


@pytest.mark.hazard(7)
def test_a_writer_or_a_loop_with_an_older_clock_ends_no_alarm(im: Scene) -> None:
    """Whoever waited for their turn would else silence what was charted meanwhile."""
    im.chart("vitals", after(2), spo2=84)
    im.chart("note", after(1, 59), word="note")
    assert not alarms.keep_up(session=im.session, at=after(1, 58))
    escalation.watch(after(1, 58))
    raised = _raised(im, "ALM-O1")
    assert not raised.steps.exists()


@pytest.mark.hazard(9)
def test_an_emergency_latches_until_a_person_resolves_it(im: Scene) -> None:
    im.chart("vitals", after(1), spo2=84)
    im.chart("vitals", after(2), spo2=98)
    raised = _raised(im, "ALM-O1")
    assert list(queries.open_alarms(im.session)) == [raised]
    answers.answer(alarm=raised, by=im.nurse, at=after(3))
    assert list(queries.open_alarms(im.session)) == [raised]
    answers.resolve(alarm=raised, words="Probe had slipped", by=im.nurse, at=after(4))
    assert not queries.open_alarms(im.session).exists()
    assert raised.alert is not None
    assert [s.kind for s in raised.alert.steps.order_by("pk")] == [
        StepKind.ACKNOWLEDGED,
        StepKind.DISPOSED,
    ]


def test_resolved_twice_by_one_tap_it_is_told_once(im: Scene) -> None:
    """Two lines of one deed read like an emergency that came back."""
    im.chart("vitals", after(1), spo2=84)
    raised = _raised(im, "ALM-O1")
    for minute, words in ((2, "Oxygen given"), (2.1, "Oxygen given"), (3, "Moved the probe")):
        answers.resolve(alarm=raised, words=words, by=im.nurse, at=after(minute))
    told = im.session.events.filter(kind="alarm_resolved").values_list("note", flat=True)
    assert [*told.order_by("number")] == ["Oxygen given", "Moved the probe"]


def test_resolving_does_not_hide_what_the_last_reading_still_shows(im: Scene) -> None:
    im.chart("vitals", after(1), spo2=84)
    raised = _raised(im, "ALM-O1")
    answers.resolve(alarm=raised, words="Oxygen given", by=im.nurse, at=after(2))
    assert raised in queries.open_alarms(im.session)


@pytest.mark.parametrize(
    ("kind", "said"),
    [("symptom", {"symptom": "new_suicidal_ideation"}), ("screener", {"new_suicidality": True})],
)
@pytest.mark.hazard(10)
def test_a_suicidal_thought_keeps_its_alert(im: Scene, kind: str, said: dict[str, object]) -> None:
    """Told in words or found by the screener before they leave: somebody is called."""
    im.chart(kind, after(1), **said)
    raised = _raised(im, "ALM-SI")
    answers.resolve(alarm=raised, words="Talked with them", by=im.nurse, at=after(2))
    assert [item.alert for item in alerts.inbox(after(3), im.patient)] == [raised.alert]


@pytest.mark.hazard(9)
def test_every_path_of_an_alarms_sound() -> None:
    """Each set of steps at each moment: only an answer, an end or a running pause is silent."""
    for steps, seconds in product(range(16), (0, 119, 120, 121)):
        kinds = [kind for bit, kind in enumerate(AlarmStepKind) if steps & 1 << bit]
        alarm = RaisedAlarm(tier="A3")
        rows = [
            AlarmStep(
                alarm=alarm, kind=kind, at=after(1), pause_s=120 if kind == "paused" else None
            )
            for kind in kinds
        ]
        silent = bool({"seen", "resolved", "ended"} & set(kinds)) or (
            "paused" in kinds and seconds < 120
        )
        assert alarms.is_sounding(rows, after(1, seconds)) != silent


@pytest.mark.hazard(9)
def test_a_pause_is_short_and_something_new_sounds_at_once(im: Scene) -> None:
    im.chart("vitals", after(1), spo2=91)
    answers.pause_sound(session=im.session, by=im.nurse, at=after(1))
    im.chart("vitals", after(1, 10), spo2=89)
    rows = {row.tier: row for row in queries.open_alarms(im.session)}
    assert set(rows) == {"A3"}
    assert alarms.is_sounding(list(rows["A3"].steps.all()), after(1, 10))
    for pause_s in (0, 121, None):
        with pytest.raises(IntegrityError), transaction.atomic():
            AlarmStep.objects.create(
                alarm=rows["A3"], kind="paused", at=after(2), by=im.nurse.user, pause_s=pause_s
            )


def test_nothing_to_pause_is_no_pause(im: Scene) -> None:
    assert answers.pause_sound(session=im.session, by=im.nurse, at=after(1)) == []


def _rungs(alert: Alert | None) -> set[str]:
    return set(Delivery.objects.filter(alert=alert).values_list("rung", flat=True))


@pytest.mark.hazard(7)
@pytest.mark.parametrize(
    ("waited_s", "rungs"),
    [
        (0, {"owner"}),
        (29, {"owner"}),
        (30, {"owner", "backup"}),
        (119, {"owner", "backup"}),
        (120, {"owner", "backup", "everyone"}),
        (599, {"owner", "backup", "everyone"}),
        (600, {"owner", "backup", "everyone", "overdue"}),
    ],
)
def test_an_unanswered_alarm_climbs(im: Scene, waited_s: int, rungs: set[str]) -> None:
    im.chart("vitals", after(1), spo2=84)
    escalation.watch(after(1, waited_s))
    escalation.watch(after(1, waited_s))
    assert _rungs(_raised(im, "ALM-O1").alert) == rungs


def test_an_answered_alarm_does_not_climb(im: Scene) -> None:
    im.chart("vitals", after(1), spo2=84)
    answers.answer(alarm=_raised(im, "ALM-O1"), by=im.nurse, at=after(1, 10))
    escalation.watch(after(30))
    assert _rungs(_raised(im, "ALM-O1").alert) == {"owner"}


@pytest.mark.parametrize(("waited_s", "told"), [(119, 0), (120, 1)])
def test_the_least_alarm_calls_the_clinic_when_nobody_answers(
    im: Scene, waited_s: int, told: int
) -> None:
    im.chart("vitals", after(1), sbp=165, dbp=80)
    for _ in range(2):
        escalation.watch(after(1, waited_s))
    assert Alert.objects.filter(code="ALM-BP1.unanswered").count() == told


def test_a_missed_reading_is_told_once(im: Scene) -> None:
    im.start()
    for _ in range(2):
        escalation.watch(after(15 + 16))
    codes = Alert.objects.filter(code__startswith="missed.bp_hr.")
    assert codes.count() == len({alert.code for alert in codes}) > 0
    assert {one.message for one in codes} == {"Session: a reading was missed (pressure and pulse)."}


def test_a_late_reading_that_was_bad_then_still_calls(im: Scene) -> None:
    im.chart("vitals", after(10), spo2=97)
    told = Chart(uuid4(), "vitals", after(5), {"spo2": 84})
    actions.record(session=im.session, chart=told, by=im.nurse.user, at=after(11))
    assert _raised(im, "ALM-O1").raised_at - after(11) == timedelta()


_SCREENED = {f"cssrs_q{number}": False for number in range(1, 7)}


@pytest.mark.hazard(10)
@pytest.mark.parametrize(
    ("said", "code", "rule"),
    [
        ({"cssrs_q4": True}, "cssrs.SUI-H", "ALM-SI"),
        ({"cssrs_q3": True}, "cssrs.SUI-M", None),
        ({"cssrs_q1": True}, "cssrs.SUI-L", None),
        ({}, None, None),
    ],
)
def test_the_screener_asked_before_leaving_calls_by_its_tier(
    im: Scene, said: dict[str, bool], code: str | None, rule: str | None
) -> None:
    """A method in mind, told as they leave, must reach somebody although it holds no discharge."""
    im.chart("screener", after(1), **(_SCREENED | said))
    im.chart("vitals", after(2), spo2=98)
    told = [item.alert for item in alerts.inbox(after(3), im.patient)]
    assert [alert.code for alert in told] == ([code] if code else [])
    open_rows = list(queries.open_alarms(im.session))
    assert [row.rule for row in open_rows] == ([rule] if rule else [])
    assert [row.alert for row in open_rows] == (told if rule else [])


@pytest.mark.hazard(10)
def test_a_corrected_screener_tells_nobody_twice_of_one_answer(im: Scene) -> None:
    first = im.chart("screener", after(1), **(_SCREENED | {"cssrs_q1": True}))
    body = _SCREENED | {"cssrs_q1": True, "cssrs_q2": True}
    mended = Chart(uuid4(), "screener", after(1), body, replaces=first.pk, reason="Item 2 too")
    actions.record(session=im.session, chart=mended, by=im.nurse.user, at=after(2))
    assert len(alerts.inbox(after(3), im.patient)) == 1
