"""The sheets that go home, as a PDF and as a page."""

import builtins
import io
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings
from django.urls import reverse
from pypdf import PdfReader

from clinic.dosing import discharge
from tests.clinic import cast
from tests.clinic.dosing.scene import Scene, after
from tests.clinic.dosing.test_discharge import recover

SAYS = {"patient": "After your session today", "escort": "For the person who takes Robin home"}


def _url(im: Scene, reader: str, name: str = "sheet_pdf") -> str:
    return reverse(f"dosing:{name}", args=[im.patient.pk, im.session.pk, reader])


@pytest.mark.parametrize("reader", ["patient", "escort"])
@time_machine.travel(after(120), tick=False)
def test_a_sheet_is_one_page_of_paper_with_whom_to_call(
    im: Scene, reader: str, settings: LazySettings
) -> None:
    """Somebody on a bad night must find the number without turning the page."""
    settings.CLINIC_PHONE = "555-0100"
    answer = cast.signed_in(im.nurse).get(_url(im, reader))
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith(f'inline; filename="sheet-{reader}-')
    pages = PdfReader(io.BytesIO(answer.content)).pages
    assert len(pages) == 1
    text = " ".join(pages[0].extract_text().split())
    for words in (
        SAYS[reader],
        "Wednesday, March 4",
        "988",
        "911",
        "555-0100",
        "no clinician",
        "Synthetic person",
    ):
        assert words in text


@pytest.mark.parametrize("reader", ["patient", "escort"])
def test_without_its_libraries_the_sheet_is_a_page_that_says_so(
    im: Scene, reader: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real: Callable[..., Any] = builtins.__import__

    def without(name: str, *rest: Any, **named: Any) -> Any:
        if name == "weasyprint":
            raise OSError("cannot load library")
        return real(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", without)
    page = cast.signed_in(im.nurse).get(_url(im, reader)).content.decode()
    assert "The PDF could not be made" in page
    assert SAYS[reader] in page


def test_the_page_leads_to_its_paper_and_another_reader_has_none(im: Scene) -> None:
    nurse = cast.signed_in(im.nurse)
    page = nurse.get(_url(im, "patient", "sheet")).content.decode()
    assert _url(im, "patient") in page
    assert "The PDF could not be made" not in page
    assert nurse.get(_url(im, "press")).status_code == 404
    assert cast.signed_in(im.therapist).get(_url(im, "patient")).status_code == 404


@pytest.mark.parametrize("reader", ["patient", "escort"])
def test_a_sheet_printed_again_days_later_speaks_of_the_day_they_left(
    im: Scene, reader: str
) -> None:
    """Its *until tomorrow* would else begin anew with each print."""
    im.start()
    recover(im, 140)
    discharge.propose(session=im.reload(), by=im.nurse.user, at=after(141))
    discharge.sign(session=im.reload(), by=im.prescriber.user, at=after(142))
    with time_machine.travel(after(3 * 24 * 60), tick=False):
        page = cast.signed_in(im.nurse).get(_url(im, reader, "sheet")).content.decode()
    assert "Wednesday, March 4, 2026" in page
    assert "March 7" not in page
