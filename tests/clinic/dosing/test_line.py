"""An event twice, late, out of order or half written would make the record of a dose wrong."""

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connections, transaction

from clinic.dosing import actions, alarms, forms, late, queries
from clinic.dosing.kinds import Chart
from clinic.dosing.models import RaisedAlarm, SessionEvent
from clinic.people import audit
from clinic.people.models import AuditEntry
from kapstone.errors import InvalidInput
from tests.clinic.dosing.scene import Scene, after


def _vitals(**body: object) -> Chart:
    return Chart(uuid4(), "vitals", after(1), {"sbp": 120, "dbp": 80} | body)


@pytest.mark.hazard(5)
@pytest.mark.parametrize("times", [1, 2, 50])
def test_an_event_sent_again_is_the_same_event(im: Scene, times: int) -> None:
    told = _vitals()
    rows = [
        actions.record(session=im.session, chart=told, by=im.nurse.user, at=after(1, n))
        for n in range(times)
    ]
    assert {(row.pk, row.number, row.recorded_at) for row in rows} == {(told.id, 1, after(1))}
    assert im.session.events.count() == 1
    assert AuditEntry.objects.filter(action="session vitals").count() == 1


@pytest.mark.hazard(5)
@pytest.mark.parametrize("copies", [2, 50])
def test_copies_sent_at_once_are_charted_once(committed: Scene, copies: int) -> None:
    day = committed
    told = _vitals(sbp=205)

    def send(_: int) -> int:
        try:
            row = actions.record(session=day.session, chart=told, by=day.nurse.user, at=after(1))
            return row.number
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(send, range(copies))) == {1}
    assert SessionEvent.objects.count() == 1
    assert RaisedAlarm.objects.filter(rule="ALM-BP2").count() == 1
    assert list(audit.faults()) == []


def test_many_at_once_are_numbered_without_a_gap(committed: Scene) -> None:
    day = committed

    def send(_: int) -> int:
        try:
            return actions.record(
                session=day.session, chart=_vitals(), by=day.nurse.user, at=after(1)
            ).number
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(send, range(40))) == list(range(1, 41))
    assert day.reload().last_number == 40


@pytest.mark.hazard(18)
@pytest.mark.parametrize("minutes_ago", ["", "10"])
def test_a_form_sent_again_later_is_the_same_reading(im: Scene, minutes_ago: str) -> None:
    typed = {"kind": "vitals", "event_id": str(uuid4()), "hr": "71", "minutes_ago": minutes_ago}
    rows = [
        actions.record(session=im.session, chart=forms.charted(typed, at), by=im.nurse.user, at=at)
        for at in (after(1), after(2))
    ]
    assert rows[0] == rows[1]
    assert im.session.events.count() == 1
    typed["minutes_ago"] = "3"
    with pytest.raises(actions.EventConflict):
        actions.record(
            session=im.session,
            chart=forms.charted(typed, after(3)),
            by=im.nurse.user,
            at=after(3),
        )


@pytest.mark.parametrize(
    "changed",
    [
        {"body": {"sbp": 121, "dbp": 80}},
        {"observed_at": after(0)},
        {"note": "x"},
        {"kind": "sample"},
    ],
)
def test_the_same_id_with_other_content_is_refused(im: Scene, changed: dict[str, object]) -> None:
    told = _vitals()
    actions.record(session=im.session, chart=told, by=im.nurse.user, at=after(1))
    known = {name: getattr(told, name) for name in Chart.__slots__}
    with pytest.raises(actions.EventConflict):
        actions.record(
            session=im.session, chart=Chart(**{**known, **changed}), by=im.nurse.user, at=after(1)
        )
    assert im.session.events.count() == 1


def _lines(rng: random.Random) -> Iterator[Chart]:
    for minute in range(2, 40, 4):
        yield Chart(
            uuid4(),
            "vitals",
            after(minute),
            {
                "sbp": rng.randint(95, 210),
                "dbp": rng.randint(50, 94),
                "hr": rng.randint(40, 160),
                "spo2": rng.randint(84, 100),
            },
        )
        yield Chart(uuid4(), "moaas", after(minute, 30), {"moaas": rng.randint(0, 5)})


@pytest.mark.hazard(5)
@pytest.mark.parametrize("seed", range(3))
def test_any_order_of_arrival_ends_in_one_state(im: Scene, seed: int) -> None:
    rng = random.Random(seed)
    im.start()
    charts = list(_lines(rng))
    told = []
    for _ in range(2):
        rng.shuffle(charts)
        with transaction.atomic():
            for chart in charts:
                actions.record(session=im.session, chart=chart, by=im.nurse.user, at=after(60))
            state = queries.state(im.session, after(60))
            calling = {alarms.key_of(one) for one in state.alarms}
            # What came late and is over stands until it is answered, by the order of arrival.
            open_now = {
                key
                for row in queries.open_alarms(im.session)
                if (key := alarms.key_of_row(row)) in calling or not late.came_late(row)
            }
            told.append((state, open_now))
            transaction.set_rollback(True)
    assert told[0] == told[1]
    assert told[0][1] == {(a.rule, a.band or "", str(a.tier)) for a in told[0][0].alarms}


@pytest.mark.parametrize(
    ("kind", "body", "word"),
    [
        ("vitals", {"sbp": 700, "dbp": 80}, "30 to 300"),
        ("vitals", {"spo2": 101}, "0 to 100"),
        ("vitals", {"sbp": 80, "dbp": 120}, "not below the systolic"),
        ("vitals", {}, "charts nothing"),
        ("vitals", {"pulse": 60}, "not a known key"),
        ("moaas", {"moaas": 6}, "0 to 5"),
        ("weight", {"weight_kg": 700}, "20 to 350"),
        ("weight", {}, "missing"),
        ("weight", {"weight_lb": 150}, "not a known key"),
        ("checked", {"item": "DAY-01", "result": "MAYBE"}, "PASS or FAIL"),
        ("dose_rate", {"rate_ml_per_h": "fast"}, "not a number"),
        ("poem", {}, "console offers"),
    ],
)
def test_what_is_not_possible_is_refused_by_name_and_leaves_nothing(
    im: Scene, kind: str, body: dict[str, object], word: str
) -> None:
    with pytest.raises(InvalidInput, match=word):
        im.chart(kind, after(1), **body)
    assert im.session.events.count() == 0
    assert im.reload().last_number == 0


@pytest.mark.parametrize(
    ("observed", "taken"),
    [
        (after(1, 60), True),
        (after(1, 61), False),
        (after(1) - timedelta(hours=24), True),
        (after(1) - timedelta(hours=24, seconds=1), False),
    ],
)
def test_a_time_ahead_or_a_day_ago_is_a_slip(im: Scene, observed: datetime, taken: bool) -> None:
    if taken:
        im.chart("note", after(1), observed=observed, word="note")
    else:
        with pytest.raises(InvalidInput, match="time"):
            im.chart("note", after(1), observed=observed, word="note")


def _correct(
    im: Scene, row: SessionEvent, reason: str = "a slip", **changed: object
) -> SessionEvent:
    told = Chart(
        uuid4(),
        str(changed.pop("kind", row.kind)),
        row.observed_at,
        changed,
        replaces=row.pk,
        reason=reason,
    )
    return actions.record(session=im.session, chart=told, by=im.nurse.user, at=after(6))


def test_a_correction_takes_the_place_and_keeps_the_slip(im: Scene) -> None:
    slip = im.chart("vitals", after(5), sbp=210, dbp=90)
    assert queries.open_alarms(im.session).exists()
    _correct(im, slip, sbp=120, dbp=80)
    assert queries.state(im.session, after(6)).latest["systolic_mmhg"].value == 120
    assert not queries.open_alarms(im.session).exists()
    assert [row.number for row in im.events()] == [1, 2]
    assert [row.number for row in queries.standing_rows(im.session)] == [2]


def test_what_a_correction_may_not_do(im: Scene) -> None:
    slip = im.chart("vitals", after(5), sbp=210, dbp=90)
    with pytest.raises(InvalidInput, match="reason"):
        _correct(im, slip, reason=" ", sbp=120, dbp=80)
    with pytest.raises(InvalidInput, match="differs"):
        _correct(im, slip, kind="weight", weight_kg=70)
    _correct(im, slip, kind="withdrawn")
    with pytest.raises(InvalidInput, match="corrected already"):
        _correct(im, slip, sbp=120, dbp=80)
    with pytest.raises(InvalidInput, match="missing"):
        im.chart("withdrawn", after(6))
    told = Chart(uuid4(), "withdrawn", after(5), {}, replaces=uuid4(), reason="x")
    with pytest.raises(InvalidInput, match="no event of this session"):
        actions.record(session=im.session, chart=told, by=im.nurse.user, at=after(6))


def test_the_database_keeps_every_line(im: Scene) -> None:
    row = im.chart("vitals", after(1), sbp=120, dbp=80)
    for harm in (row.delete, lambda: SessionEvent.objects.update(body={})):
        with pytest.raises(DatabaseError), transaction.atomic():
            harm()


@pytest.mark.parametrize(
    "night",
    [
        datetime(2026, 3, 8, 4, 30, tzinfo=UTC),  # 23:30 in New York, the clocks go forward at 2
        datetime(2026, 11, 1, 3, 30, tzinfo=UTC),  # 23:30 in New York, the clocks go back at 2
    ],
)
def test_a_session_over_a_night_when_clocks_change_counts_true_minutes(
    iv: Scene, night: datetime
) -> None:
    for kind, minutes, body in (
        ("dose_start", 0, {}),
        ("dose_stop", 200, {"dose_mg": 35}),
        ("vitals", 220, {"sbp": 120, "dbp": 80}),
    ):
        at = night + timedelta(minutes=minutes)
        iv.chart(kind, at, **body)
    state = queries.state(iv.session, night + timedelta(minutes=250))
    assert state.latest["systolic_mmhg"].age == timedelta(minutes=30)
    row = next(row for row in state.readiness.rows if row.id == "DIS-01")
    assert row.because["since_last_part_min"] == 50
    assert row.because["since_start_min"] == 250
    given = queries.given(iv.session)
    assert given is not None and given.ended_at is not None
    assert given.ended_at - given.started_at == timedelta(minutes=200)


@pytest.mark.hazard(18)
def test_an_event_whose_alarm_cannot_be_kept_is_not_kept_either(
    im: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(**_: object) -> None:
        raise DatabaseError("disk full")

    monkeypatch.setattr(alarms, "follow", breaks)
    with pytest.raises(DatabaseError):
        im.chart("vitals", after(1), sbp=210, dbp=90)
    assert im.session.events.count() == 0
    assert im.reload().last_number == 0
