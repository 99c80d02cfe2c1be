"""What was charted of a session is told before the next order; a spray is counted in devices."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from clinic.dosing import actions, forms, past
from clinic.planning import past as beside_the_order
from clinic.planning.past import Pressure
from kapstone.dose import Entry, Outcome
from kapstone.errors import InvalidInput
from tests.clinic import cast
from tests.clinic.dosing.scene import Scene, after


def test_the_course_of_a_session_is_told(im: Scene) -> None:
    im.start()
    for minute, (sbp, dbp) in ((20, (150, 92)), (35, (162, 99)), (60, (128, 84))):
        im.chart("vitals", after(minute), sbp=sbp, dbp=dbp)
    im.chart("vitals", after(65), hr=72)
    for minute, score in ((30, 4), (40, 7), (70, 1)):
        im.chart("nrs", after(minute), dissoc_nrs=score)
    im.chart("symptom", after(41), symptom="vomiting")
    told = past.charted(im.patient, im.session.pk)
    assert told is not None
    assert told.weight_kg == 70
    assert told.before == Pressure(Decimal(120), Decimal(80))
    assert told.highest == Pressure(Decimal(162), Decimal(99))
    assert told.highest_after == timedelta(minutes=20)
    assert told.last == Pressure(Decimal(128), Decimal(84))
    assert told.peaks == (("Dissociation", Decimal(7)),)
    assert told.symptoms == ("vomiting",)
    [shown] = beside_the_order.sessions(im.patient)
    assert shown.dose_mg_per_kg == Decimal("0.5")
    assert shown.charted == told


def test_what_was_marked_as_an_artefact_is_no_highest_pressure(im: Scene) -> None:
    im.start()
    im.chart("vitals", after(20), sbp=150, dbp=92)
    slipped = im.chart("vitals", after(35), sbp=260, dbp=180)
    posted = {"event_id": str(uuid4()), "reason": "Cuff slipped"}
    chart = forms.marked(posted, slipped, after(36))
    actions.record(session=im.session, chart=chart, by=im.nurse.user, at=after(36))
    told = past.charted(im.patient, im.session.pk)
    assert told is not None
    assert told.highest == told.last == Pressure(Decimal(150), Decimal(92))


def test_of_a_session_without_a_dose_or_of_somebody_else_nothing_is_told(im: Scene) -> None:
    assert past.charted(im.patient, im.session.pk) is None
    assert past.charted(im.patient, uuid4()) is None
    im.start()
    assert past.charted(im.patient, im.session.pk) is not None
    assert past.charted(cast.patient("Sam", "Other"), im.session.pk) is None


def test_without_readings_after_the_dose_the_pressure_is_not_told(im: Scene) -> None:
    im.start()
    told = past.charted(im.patient, im.session.pk)
    assert told is not None
    assert (told.highest, told.highest_after, told.last, told.peaks) == (None, None, None, ())


@pytest.mark.hazard(4)
@pytest.mark.parametrize(("count", "outcome"), [("2", Outcome.AGREE), ("3", Outcome.DIFFER)])
def test_a_spray_is_typed_in_devices(devices: Scene, count: str, outcome: Outcome) -> None:
    """Nobody at the chair works out that two devices are 56 mg."""
    devices.chart("weight", after(2), weight_kg=70)
    typed = forms.entry_from({"devices": count, "weight_kg": "70"})
    assert devices.enter(after(3), typed, typed) is outcome


def test_devices_are_whole_and_no_more_than_three() -> None:
    assert forms.entry_from({"devices": "3", "weight_kg": "70"}) == Entry(Decimal(84), Decimal(70))
    for wrong in ("0", "1.5", "4", "28", "", "two"):
        with pytest.raises(InvalidInput, match="devices"):
            forms.entry_from({"devices": wrong, "weight_kg": "70"})


def test_the_console_asks_for_devices_of_a_spray_alone(devices: Scene) -> None:
    desk = cast.signed_in(devices.nurse)
    page = desk.get(f"/patients/{devices.patient.pk}/sessions/{devices.session.pk}/")
    words = page.content.decode()
    assert 'name="devices"' in words
    assert 'name="dose_mg"' not in words
