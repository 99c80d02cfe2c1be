"""A stretch that nobody can mark, or that its mark hides, shows a person who is not there."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from clinic.adverse import session_record
from clinic.dosing import actions, forms, lines, quarantine, screen, stretches, words
from clinic.dosing.kinds import Chart
from clinic.dosing.models import RaisedAlarm, SessionEvent
from kapstone.errors import InvalidInput
from tests.clinic import cast
from tests.clinic.dosing.scene import Scene, after


def _stream(im: Scene, spo2: int, first_s: int, last_s: int, **beside: str) -> None:
    for second in range(first_s, last_s + 1):
        at = after(0, second)
        told = {"spo2": str(spo2), **beside}
        chart = Chart(uuid4(), "sample", at, told)
        quarantine.take(session=im.session, chart=chart, by=None, at=at)


def _posted(began: datetime, ends: datetime, **changed: str) -> dict[str, str]:
    def clock(moment: datetime) -> str:
        return f"{timezone.localtime(moment):%H:%M:%S}"

    return {
        "event_id": str(uuid4()),
        "marks_key": "spo2",
        "from": clock(began),
        "until": clock(ends),
        "reason": "Probe on the floor",
    } | changed


def _mark(im: Scene, first_s: int, last_s: int, at: datetime, **changed: str) -> SessionEvent:
    chart = stretches.told(_posted(after(0, first_s), after(0, last_s), **changed), at)
    return actions.record(session=im.session, chart=chart, by=im.nurse.user, at=at)


@pytest.mark.hazard(9)
def test_a_marked_stretch_stays_is_drawn_counted_and_silences_nothing(im: Scene) -> None:
    _stream(im, 97, 0, 0, hr="70")
    _stream(im, 88, 1, 10, hr="70")
    _mark(im, 1, 10, after(0, 11))
    seen = screen.build(im.session, after(0, 11))
    vitals = {one.name: one for one in seen.vitals}
    assert (vitals["spo2_percent"].words, vitals["spo2_percent"].artefact) == ("88", True)
    assert (vitals["heart_rate_bpm"].words, vitals["heart_rate_bpm"].artefact) == ("70", False)
    assert [(one.alarm.rule, one.alarm.tier, one.sounding) for one in seen.calling] == [
        ("ALM-O1", "A3", True)
    ]
    assert seen.marked_count == 10
    panel = screen.panel(im.session, after(0, 11))
    assert "10 device samples marked as artefacts" in panel
    assert "Oxygen saturation of the stream, 12:00:01 to 12:00:10" in panel
    assert "Probe on the floor" in panel
    record = session_record.of(im.session, after(0, 12))
    assert (record["streamed"], record["marked"]) == (11, 10)


@pytest.mark.hazard(9)
def test_a_latched_alarm_stands_after_the_mark_until_a_person_resolves_it(im: Scene) -> None:
    _stream(im, 88, 0, 10)
    _stream(im, 97, 11, 20)
    _mark(im, 0, 10, after(0, 21))
    latched = RaisedAlarm.objects.get(rule="ALM-O1")
    assert not latched.steps.filter(kind="ended").exists()


@pytest.mark.hazard(6)
def test_a_mark_makes_no_silent_device_look_fresh(im: Scene) -> None:
    im.start(after(15))
    at = after(16)
    for second in range(3):
        chart = Chart(uuid4(), "sample", at + timedelta(seconds=second), {"spo2": "97"})
        quarantine.take(session=im.session, chart=chart, by=None, at=chart.observed_at)
    later = at + timedelta(seconds=20)
    posted = _posted(at, at + timedelta(seconds=2))
    actions.record(
        session=im.session, chart=stretches.told(posted, later), by=im.nurse.user, at=later
    )
    lost = RaisedAlarm.objects.get(rule="ALM-LOST")
    assert (lost.band, lost.steps.filter(kind="ended").exists()) == ("spo2", False)
    shown = next(v for v in screen.build(im.session, later).vitals if v.name == "spo2_percent")
    assert shown.is_stale


def test_it_is_taken_back_by_another_line(im: Scene) -> None:
    _stream(im, 97, 0, 3)
    mark = _mark(im, 1, 2, after(0, 4))
    assert [(one.count, one.row) for one in stretches.stretches(lines.read(im.session))] == [
        (2, mark)
    ]
    posted = {"event_id": str(uuid4()), "reason": "It was the right probe"}
    chart = forms.corrected(posted, mark, after(0, 5))
    actions.record(session=im.session, chart=chart, by=im.nurse.user, at=after(0, 5))
    known = lines.read(im.session)
    assert (stretches.count(known), stretches.stretches(known)) == (0, ())
    assert [row.kind for row in known.rows[-2:]] == ["artefact", "withdrawn"]


def test_two_marks_of_one_sample_count_it_once_and_a_late_one_is_not_marked(im: Scene) -> None:
    _stream(im, 97, 0, 5)
    _mark(im, 0, 3, after(0, 6))
    _mark(im, 2, 5, after(0, 6))
    assert stretches.count(lines.read(im.session)) == 6
    late = Chart(uuid4(), "sample", after(0, 2.5), {"spo2": "97"})
    quarantine.take(session=im.session, chart=late, by=None, at=after(0, 7))
    stream = stretches.stream(lines.read(im.session))
    assert stretches.count(lines.read(im.session)) == 6
    assert [one.cells[0].artefact for one in stream.samples] == [True] * 3 + [False] + [True] * 3


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"marks_key": ""}, "what: is missing"),
        ({"marks_key": "moaas"}, "what: is missing"),
        ({"from": ""}, "from: is no time. Give it as 14:03:20"),
        ({"until": "25:00"}, "until: is no time"),
        ({"from": "12:00:09", "until": "12:00:08"}, "from: lies more than 2 hours before"),
        ({"from": "11:00:00", "until": "11:59:59"}, "from, to: hold no sample of that"),
        ({"marks_key": "hr"}, "from, to: hold no sample of that"),
        ({"reason": " "}, "reason: is missing"),
    ],
)
def test_what_marks_nothing_is_refused_and_says_how_to_mend_it(
    im: Scene, changed: dict[str, str], says: str
) -> None:
    _stream(im, 97, 0, 9)
    with pytest.raises(InvalidInput, match=says):
        _mark(im, 0, 9, after(0, 30), **changed)
    assert not SessionEvent.objects.filter(kind="artefact").exists()


NEW_YORK = ZoneInfo("America/New_York")
TYPED = [
    # now in UTC, from, to, the stretch in UTC
    ("2026-03-08T05:00:10", "23:59:50", "00:00:05", "04:59:50", "05:00:05.999999"),
    ("2026-11-01T06:30:00", "01:29:00", "01:29:30", "06:29:00", "06:29:30.999999"),
    ("2026-11-01T06:10:00", "01:50:00", "01:05:00", "05:50:00", "06:05:00.999999"),
    ("2026-11-01T06:10:00", "01:50:00", "01:55:00", "05:50:00", "05:55:00.999999"),
    ("2026-03-08T07:05:00", "01:59:50", "03:00:10", "06:59:50", "07:00:10.999999"),
    ("2026-03-04T17:03:20", "12:02", "12:03", "17:02:00", "17:03:20"),  # never ahead
    ("2026-03-04T17:09:00", "120200", "120303", "17:02:00", "17:03:03.999999"),
    ("2026-03-04T17:09:00", "12:02", "12:03", "17:02:00", "17:03:59.999999"),
]


@pytest.mark.hazard(16)
@pytest.mark.parametrize(("now", "began", "until", "first", "last"), TYPED)
def test_a_time_is_the_last_one_at_which_the_clock_showed_it(
    now: str, began: str, until: str, first: str, last: str
) -> None:
    at = datetime.fromisoformat(now).replace(tzinfo=UTC)
    posted = {"event_id": str(uuid4()), "marks_key": "spo2", "from": began, "until": until}
    with timezone.override(NEW_YORK):
        chart = stretches.told(posted, at)
    ends = chart.observed_at.astimezone(UTC)
    lasted = timedelta(seconds=float(str(chart.body["lasted_s"])))
    assert ends.time().isoformat() == last
    assert (ends - lasted).time().isoformat() == first


@pytest.fixture
def nurse(im: Scene) -> Iterator[Client]:
    """The nurse at the console, a moment later."""
    with time_machine.travel(after(1), tick=False):
        yield cast.signed_in(im.nurse)


def test_the_page_lists_the_samples_marks_a_stretch_and_says_when_there_is_none(
    im: Scene, nurse: Client
) -> None:
    page = reverse("dosing:stretch", args=(im.patient.pk, im.session.pk))
    assert "No device has sent a sample" in nurse.get(page).content.decode()
    _stream(im, 97, 0, 70, sbp="120", dbp="80")
    shown = nurse.get(page).content.decode()
    assert "Oxygen saturation, %" in shown
    assert shown.count("120/80") == 60
    posted = _posted(after(0, 2), after(0, 4)) | {"shown_for": str(im.session.pk)}
    refused = nurse.post(page, posted | {"reason": "", "event_id": str(uuid4())})
    assert refused.status_code == 422
    assert 'value="12:00:02"' in refused.content.decode(), "what was typed stays"
    assert nurse.post(page, posted | {"shown_for": str(uuid4())}).status_code == 409
    assert [nurse.post(page, posted).status_code for _ in range(2)] == [302, 302]
    (mark,) = SessionEvent.objects.filter(kind="artefact")
    assert (mark.by, mark.reason) == (im.nurse.user, "Probe on the floor")
    assert words.of(mark).startswith("Marked as an artefact: Oxygen saturation of the stream")
    assert "Take it back" in nurse.get(page).content.decode()
    console = nurse.get(reverse("dosing:console", args=(im.patient.pk, im.session.pk)))
    assert "3 device samples marked as artefacts" in console.content.decode()


def test_a_flag_of_a_device_is_shown_in_words(im: Scene) -> None:
    _stream(im, 97, 0, 0, rhythm_irregular="yes")
    (sample,) = stretches.stream(lines.read(im.session)).samples
    assert {cell.words for cell in sample.cells} == {"97", "yes"}
