"""Who prescribes from afar, and who is given ketamine elsewhere too."""

from datetime import UTC, datetime, timedelta

import pytest

from clinic.intake import screening
from kapstone.eligibility.rules import TELE_ALLOWED_UNTIL
from tests.clinic.cast import NOON
from tests.clinic.intake import screened

pytestmark = pytest.mark.django_db

LAST_DAY = datetime(
    TELE_ALLOWED_UNTIL.year, TELE_ALLOWED_UNTIL.month, TELE_ALLOWED_UNTIL.day, 17, tzinfo=UTC
)


def _found(person, at: datetime) -> list[str]:
    found = screening.run(person, at).screening.findings
    return [each.code for each in found if each.code.startswith("GRD")]


@pytest.mark.parametrize(
    ("seen", "at", "found"),
    [
        (False, LAST_DAY, []),
        (False, LAST_DAY + timedelta(days=1), ["GRD-04"]),
        (True, LAST_DAY + timedelta(days=1), []),
        (None, LAST_DAY + timedelta(days=1), []),
    ],
)
def test_without_a_visit_in_person_a_prescriber_decides_once_the_exception_is_over(
    robin, nurse, seen, at, found
) -> None:
    screened.well(robin, nurse, evaluated_in_person=seen)
    assert _found(robin, at) == found


def test_another_prescriber_of_ketamine_is_a_prescribers_decision(robin, nurse) -> None:
    """Else two clinics dose one person, and neither counts the other's doses."""
    screened.well(robin, nurse, pdmp_other_ketamine=True)
    assert _found(robin, NOON) == ["GRD-05"]
