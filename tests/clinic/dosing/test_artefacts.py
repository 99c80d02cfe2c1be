"""A reading that is hidden, or garbage that is drawn as live, shows a person who is not there."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import permutations
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from clinic.dosing import actions, forms, quarantine, queries, screen
from clinic.dosing.kinds import Chart
from clinic.dosing.models import RaisedAlarm, SessionEvent
from kapstone.errors import InvalidInput
from tests.clinic import cast
from tests.clinic.dosing.scene import Scene, after


def _mark(im: Scene, row: SessionEvent, reason: str = "Probe on the floor") -> SessionEvent:
    posted = {"event_id": str(uuid4()), "reason": reason}
    chart = forms.marked(posted, row, after(3))
    return actions.record(session=im.session, chart=chart, by=im.nurse.user, at=after(3))


def _oxygen(im: Scene) -> screen.Vital:
    return next(v for v in screen.build(im.session, after(3)).vitals if v.name == "spo2_percent")


@pytest.mark.hazard(9)
def test_a_marked_reading_is_drawn_as_marked_and_its_alarm_stands(im: Scene) -> None:
    row = im.chart("vitals", after(1), spo2=84)
    _mark(im, row)
    seen = screen.build(im.session, after(3))
    assert (_oxygen(im).words, _oxygen(im).artefact) == ("84", True)
    assert [one.row.number for one in seen.line if one.artefact] == [row.number]
    assert [one.alarm.rule for one in seen.calling] == ["ALM-O1"]
    assert [one.sounding for one in seen.calling] == [True]
    assert "marked as an artefact" in screen.panel(im.session, after(3))


def test_a_mark_is_taken_back_with_a_reason(im: Scene) -> None:
    mark = _mark(im, im.chart("vitals", after(1), spo2=84))
    posted = {"event_id": str(uuid4()), "reason": "It was the right probe"}
    chart = forms.corrected(posted, mark, after(3))
    actions.record(session=im.session, chart=chart, by=im.nurse.user, at=after(3))
    assert not _oxygen(im).artefact
    assert not any(one.artefact for one in screen.build(im.session, after(3)).line)


def test_a_mark_needs_a_reason_and_a_reading(im: Scene) -> None:
    row = im.chart("vitals", after(1), spo2=84)
    with pytest.raises(InvalidInput, match="reason: is missing"):
        _mark(im, row, "  ")
    with pytest.raises(InvalidInput, match="marks: names no reading of this session"):
        _mark(im, im.chart("nrs", after(1), nausea_nrs=1))
    stray = Chart(uuid4(), "artefact", after(2), {"marks": "1"}, reason="x")
    with pytest.raises(InvalidInput, match="marks"):
        actions.record(session=im.session, chart=stray, by=im.nurse.user, at=after(2))


@pytest.fixture
def nurse(im: Scene) -> Iterator[Client]:
    """The nurse at the console, a moment later."""
    with time_machine.travel(after(3), tick=False):
        yield cast.signed_in(im.nurse)


def test_the_page_of_a_line_marks_a_reading_and_nothing_else(im: Scene, nurse: Client) -> None:
    reading = im.chart("vitals", after(1), spo2=84)
    score = im.chart("nrs", after(1), nausea_nrs=1)
    pages = [
        reverse("dosing:correct", args=(im.patient.pk, im.session.pk, row.pk))
        for row in (reading, score)
    ]
    assert [b"mark it as an artefact" in nurse.get(page).content for page in pages] == [
        True,
        False,
    ]
    posted = {
        "shown_for": str(im.session.pk),
        "event_id": str(uuid4()),
        "as": "artefact",
        "reason": "Cuff slipped",
    }
    assert nurse.post(pages[0], posted | {"reason": ""}).status_code == 422
    assert nurse.post(pages[0], posted).status_code == 302
    (mark,) = SessionEvent.objects.filter(kind="artefact")
    assert (mark.body, mark.reason, mark.by) == (
        {"marks": reading.number},
        "Cuff slipped",
        im.nurse.user,
    )


GARBAGE = [
    ({"hr": "NaN"}, "hr"),
    ({"hr": "-1"}, "hr"),
    ({"hr": "1000000000"}, "hr"),
    ({"spo2": "1e9"}, "spo2"),
    ({"spo2": "101"}, "spo2"),
    ({"spo2": "inf"}, "spo2"),
    ({"spo2": ""}, "spo2"),
    ({"spo2": "98 %"}, "spo2"),
    ({"sbp": "80", "dbp": "120"}, "sbp dbp"),  # the two swapped
    ({"sbp": "120", "dbp": "120"}, "sbp dbp"),
    ({"temp_c": "98.6"}, "temp_c"),  # °F
    ({"sbp": "16"}, "sbp"),  # kPa
    ({"moaas": "5"}, "moaas"),  # no device scores it
    ({"rhythm_irregular": "perhaps"}, "rhythm_irregular"),
    ({"hr": None}, "hr"),
    ({"hr": [70]}, "hr"),
    ({"hr": True}, "hr"),
]


@pytest.mark.hazard(6)
@pytest.mark.parametrize(("told", "keys"), GARBAGE)
def test_what_cannot_be_is_sifted_out_and_the_rest_is_kept(
    told: dict[str, object], keys: str
) -> None:
    good, bad = quarantine.sift({"rr": "14", **told})
    assert good == {"rr": 14}
    assert bad.keys() == set(keys.split())
    assert all(why.partition(":")[0] in ("dbp", *bad) for why in bad.values())


def test_what_can_be_is_kept_in_any_order() -> None:
    told = {"sbp": "120,5", "dbp": "80", "hr": 72, "rhythm_irregular": "no"}
    for keys in permutations(told):
        good, bad = quarantine.sift({key: told[key] for key in keys})
        assert (good, bad) == ({"sbp": 120.5, "dbp": 80, "hr": 72, "rhythm_irregular": False}, {})


def _sample(im: Scene, at_min: float, **told: object) -> SessionEvent:
    chart = Chart(uuid4(), "sample", after(at_min), told)
    return quarantine.take(session=im.session, chart=chart, by=None, at=after(3))


@pytest.mark.hazard(6)
def test_garbage_is_counted_shown_and_never_drawn_as_live(im: Scene) -> None:
    _sample(im, 1, spo2="97", hr="1000000000")
    _sample(im, 2, hr="NaN")
    seen = screen.build(im.session, after(3))
    shown = {one.name: one.words for one in seen.vitals}
    assert shown["heart_rate_bpm"] == ""
    assert [row.body["said"] for row in seen.apart] == ["hr 1000000000", "hr NaN"]
    panel = screen.panel(im.session, after(3))
    assert "2 device samples kept apart" in panel
    assert "hr NaN" in panel
    assert not any(one.row.kind == "quarantined" for one in seen.line)
    assert [row.kind for row in im.events()] == ["quarantined", "sample", "quarantined"]


def test_a_device_whose_clock_is_wrong_is_kept_apart_too(im: Scene) -> None:
    for at_min in (3 + 2, 3 - 1500):
        row = _sample(im, at_min, spo2="97")
        assert (row.kind, row.observed_at) == ("quarantined", after(3))
        assert row.body["why"].startswith("time: ")
    assert queries.state(im.session, after(3)).latest == {}


def test_an_empty_sample_and_an_endless_one_do_no_harm(im: Scene) -> None:
    assert _sample(im, 1).body == {"said": "-", "why": "It said nothing."}
    row = _sample(im, 1, **{"x" * 400: "y" * 4000})
    assert all(len(text) <= 200 for text in row.body.values())


def test_a_sample_sent_again_is_charted_once(im: Scene) -> None:
    chart = Chart(uuid4(), "sample", after(1), {"spo2": "97", "hr": "-1"})
    for _ in range(3):
        quarantine.take(session=im.session, chart=chart, by=None, at=after(3))
    assert [row.kind for row in im.events()] == ["quarantined", "sample"]


def test_a_wrong_value_of_a_device_wedges_no_form(im: Scene, nurse: Client) -> None:
    page = reverse("dosing:chart", args=(im.patient.pk, im.session.pk))
    for spo2, kind in (("NaN", "quarantined"), ("97", "sample")):
        posted = {
            "shown_for": str(im.session.pk),
            "event_id": str(uuid4()),
            "kind": "sample",
            "spo2": spo2,
        }
        answer = nurse.post(page, posted, headers={"accept": "application/json"})
        assert answer.status_code == 200
        assert SessionEvent.objects.get(number=answer.json()["number"]).kind == kind


@pytest.mark.hazard(6)
def test_a_stream_of_garbage_is_a_lost_device(im: Scene) -> None:
    im.start()
    quarantine.take(
        session=im.session,
        chart=Chart(uuid4(), "sample", after(16), {"spo2": "97"}),
        by=None,
        at=after(16),
    )
    for second in range(1, 12):
        at = after(16) + timedelta(seconds=second)
        chart = Chart(uuid4(), "sample", at, {"spo2": "NaN"})
        quarantine.take(session=im.session, chart=chart, by=None, at=at)
    lost = RaisedAlarm.objects.get(rule="ALM-LOST")
    assert (lost.band, lost.tier) == ("spo2", "A1")
