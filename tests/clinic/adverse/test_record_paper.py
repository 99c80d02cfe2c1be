"""A record that is read years later, one page at a time, by somebody who was not there."""

import io
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from pypdf import PdfReader

from clinic.adverse.templatetags.adverse import timed
from clinic.dosing import actions as dosing
from clinic.dosing import discharge
from clinic.dosing.kinds import Chart
from tests.clinic import cast
from tests.clinic.adverse.pages import text_of, url_of
from tests.clinic.dosing.scene import Scene, after
from tests.clinic.dosing.test_discharge import recover

MIDNIGHT_MIN = 12 * 60


def test_a_time_past_midnight_or_when_clocks_change_says_its_day() -> None:
    assert timed(after(15), after(0)) == "12:15:00"
    assert timed(after(MIDNIGHT_MIN + 3), after(0)) == "Mar\u00a05, 00:03:00"
    spring = after(0) + timedelta(days=3, hours=12, minutes=30)  # the night of March 8
    assert timed(spring, spring) == "00:30:00"
    assert timed(spring + timedelta(hours=2), spring) == "03:30:00"


@pytest.mark.hazard(22)
def test_each_page_says_whose_it_is_and_every_correction_stands_beside_its_line(im: Scene) -> None:
    im.start()
    slip = im.chart("vitals", after(20), spo2=83)
    body = {"marks": slip.number}
    told = Chart(uuid4(), "artefact", after(21), body, "", None, "Probe on the floor")
    dosing.record(session=im.session, chart=told, by=im.other.user, at=after(21))
    for minute in range(30, 60, 2):
        im.chart("vitals", after(minute), sbp=120, dbp=80, hr=70)
    recover(im, MIDNIGHT_MIN + 3)
    at = after(MIDNIGHT_MIN + 4)
    discharge.propose(session=im.reload(), by=im.nurse.user, at=at)
    with time_machine.travel(at, tick=False):
        nurse = cast.signed_in(im.nurse)
        page, paper = text_of(nurse, url_of(im, "record")), nurse.get(url_of(im, "record_paper"))
    beside = page.split("Oxygen saturation 83 %")[1].split("</tr>")[0]
    assert f"Marked as an artefact by line {slip.number + 1}" in beside
    assert "Otto Other" in beside and "Probe on the floor" in beside
    assert "DIS-07 Gait" in page and "Mar\u00a05, 00:04:00" in page
    pages = [" ".join(one.extract_text().split()) for one in PdfReader(_file(paper)).pages]
    assert len(pages) > 1
    for number, text in enumerate(pages, 1):
        assert "Robin Example, born May 17, 1980, record K000001, synthetic person" in text
        assert f"Page {number} of {len(pages)}" in text
        assert "No clinician has reviewed" in text


def _file(paper: object) -> io.BytesIO:
    return io.BytesIO(paper.content)  # type: ignore[attr-defined]  # an answer of Django's


def test_what_a_generated_monitor_said_is_told_as_its_own(im: Scene) -> None:
    im.session.simulated = True
    im.session.save()
    told = Chart(uuid4(), "vitals", after(5), {"hr": 70, "source": "simulated monitor"})
    dosing.record(session=im.session, chart=told, by=None, at=after(5))
    with time_machine.travel(after(6), tick=False):
        page = text_of(cast.signed_in(im.nurse), url_of(im, "record"))
    assert '<td data-label="By">simulated monitor</td>' in page
