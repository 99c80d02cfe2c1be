"""Once a dose was given here the next is no first one, whatever was told at intake."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
import time_machine

from clinic.episodes import actions as episodes
from clinic.episodes.models import Episode, GivenDose
from clinic.intake import deciding, queries, screening
from clinic.intake.deciding import OverrideTerms
from clinic.people.models import Patient, StaffMember
from kapstone.findings import Severity
from tests.clinic import cast
from tests.clinic.cast import NOON
from tests.clinic.intake import screened
from tests.clinic.intake.pages import url

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def given(person: Patient, when: datetime, product: str) -> GivenDose:
    dose = GivenDose(
        episode=Episode.objects.get(patient=person), session_id=uuid4(), product=product,
        route="IN" if product == "ESKETAMINE" else "IM", dose_mg=35, started_at=when,
    )  # fmt: skip
    episodes.record_given_dose(dose=dose, by=None, at=when)
    return dose


@pytest.mark.hazard(12)
@pytest.mark.parametrize("product", ["RACEMIC", "ESKETAMINE"])
@pytest.mark.parametrize("told", [True, False, None])
def test_what_was_given_here_counts_more_than_what_was_told(
    robin: Patient, nurse: StaffMember, product: str, told: bool | None
) -> None:
    """Else the rules of a first dose are asked of the sixth, and those of a later one never."""
    screened.well(robin, nurse, first_exposure=told)
    assert queries.facts(robin, NOON).get("first_exposure") is told
    given(robin, NOON + DAY, product)
    assert queries.facts(robin, NOON + 2 * DAY)["first_exposure"] is False


@pytest.mark.hazard(12)
def test_a_raised_pressure_is_judged_as_of_a_later_dose(
    robin: Patient, nurse: StaffMember, prescriber: StaffMember
) -> None:
    """And an override that stood on a first dose stands no more: a prescriber looks again."""
    screened.well(robin, nurse)
    then, later = NOON + DAY, NOON + 3 * DAY
    screened.pressure(robin, nurse, 145, 80, then)
    terms = OverrideTerms("Long known, well treated.", "Every ten minutes.", NOON + 90 * DAY)
    deciding.override(patient=robin, rule="SCR-007", terms=terms, by=prescriber.user, at=then)
    made = screened.clear(robin, prescriber, then)
    assert queries.clearance(robin, later) == made
    given(robin, NOON + 2 * DAY, "RACEMIC")
    (finding,) = screening.run(robin, later).screening.findings
    assert (finding.code, finding.severity) == ("SCR-007", Severity.RELATIVE)
    assert finding.because["first_exposure"] is False
    assert queries.clearance(robin, later) is None
    screened.tell(robin, nurse, later, prior_doses_tolerated=True)
    (milder,) = screening.run(robin, later).screening.findings
    assert (milder.code, milder.severity) == ("SCR-007", Severity.CAUTION)


def test_what_was_told_stays_readable(
    robin: Patient, nurse: StaffMember, prescriber: StaffMember
) -> None:
    with time_machine.travel(NOON + 2 * DAY, tick=False):
        screened.well(robin, nurse)
        browser = cast.signed_in(prescriber)
        assert (
            "A dose was given here" not in browser.get(url("eligibility", robin)).content.decode()
        )
        given(robin, NOON + DAY, "RACEMIC")
        page = browser.get(url("eligibility", robin)).content.decode()
    told_on, given_on = f"{NOON:%b} {NOON.day}, {NOON.year}", NOON + DAY
    words = f"A dose was given here on {given_on:%b} {given_on.day}, {given_on.year}."
    assert f"{words} Told on {told_on}: Yes." in page
    assert "Ask the whole screener" not in page
