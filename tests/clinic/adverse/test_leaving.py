"""Somebody who wants to go is never held by a form; what nobody charted of it must not be lost."""

from datetime import timedelta
from uuid import uuid4

import pytest

from clinic.adverse import departures, duties, monitoring, queries
from clinic.adverse.models import Departure, Duty
from clinic.alerts.models import Alert
from kapstone.errors import ForbiddenStep
from tests.clinic.adverse import spray
from tests.clinic.dosing.scene import Scene, after

WHOLE = {
    "can_decide": "yes",
    "capacity_note": "Says back what may happen on the way",
    "prescriber": "Paula Prescriber",
    "prescriber_called_at": after(41),
    "risk": "explained",
    "with_whom": "escort",
    "escort_name": "Sam, brother",
    "comment": "Left after 25 minutes",
}


def _leave(day: Scene, minute: float = 42, **told: object) -> Departure:
    known: dict[str, object] = {"id": uuid4(), "session": day.session, "left_at": after(minute)}
    departure = Departure(**known | told)
    return departures.chart(departure=departure, by=day.nurse.user, at=after(minute))


def _open(day: Scene) -> set[str]:
    return {duty.row for duty in duties.waiting().filter(patient=day.patient)}


@pytest.mark.hazard(14)
def test_nothing_filled_in_holds_nobody_and_each_gap_is_somebodys_task(im: Scene) -> None:
    im.start()
    _leave(im)
    assert im.reload().phase == "left against advice"
    gaps = {f"DIS-13.{name}" for name in ("capacity", "prescriber", "risk", "escort")}
    assert _open(im) == gaps
    assert Duty.objects.get(row="DIS-13.escort").due_at == after(42) + timedelta(hours=1)
    assert Alert.objects.filter(code="session.left", level="immediate").count() == 1


def test_all_of_it_charted_leaves_nothing_due(im: Scene) -> None:
    im.start()
    _leave(im, **WHOLE)
    assert _open(im) == set()


def test_what_was_missing_is_added_and_what_stood_stays(im: Scene) -> None:
    im.start()
    first = _leave(im, can_decide="unclear")
    _leave(im, 60, left_at=after(42), reason="Added after the call", **WHOLE)
    assert _open(im) == set()
    assert Duty.objects.get(row="DIS-13.capacity").settled_at == after(60)
    assert im.session.departures.count() == 2
    assert Departure.objects.get(pk=first.pk).can_decide == "unclear"
    held = queries.departure(im.session)
    assert held is not None
    assert held.number == 2
    assert Alert.objects.filter(code="session.left").count() == 1, "they left once"


def test_the_same_form_sent_twice_is_charted_once(im: Scene) -> None:
    im.start()
    same = uuid4()
    assert _leave(im, id=same) == _leave(im, id=same)
    assert im.session.departures.count() == 1


def test_of_esketamine_the_form_is_opened_with_the_words_for_it(devices: Scene) -> None:
    spray.give(devices)
    _leave(devices, **WHOLE)
    sheet = monitoring.sheet(devices.reload(), after(50))
    assert sheet.saved is not None
    words = {line.field.id: line.words for line in sheet.lines}
    assert words["comment"] == "Left after 25 minutes"
    assert (words["total_min"], words["since_last_min"]) == ("25", "20")
    assert _open(devices) == {"AE-FORM"}


def test_before_a_dose_nobody_leaves_against_advice(im: Scene) -> None:
    with pytest.raises(ForbiddenStep):
        _leave(im)
    assert not Departure.objects.exists()
    assert departures.problems(im.session)


def test_of_esketamine_the_words_for_the_form_may_lack_too(devices: Scene) -> None:
    spray.give(devices)
    _leave(devices)
    assert "DIS-13.comment" in _open(devices)
    duty = Duty.objects.get(row="DIS-13.comment")
    assert duties.tell(after(42) + timedelta(hours=1)) == 2, "the call and the escort"
    assert duty.is_open
