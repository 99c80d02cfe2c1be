"""Going on in spite of a finding: by whom, why, and for how long."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from clinic.intake import deciding, queries
from clinic.intake.deciding import NotClearable, NotOverridable, OverrideTerms
from clinic.intake.models import (
    ClearanceEvent,
    Override,
)
from clinic.people.models import Patient, StaffMember
from tests.clinic import cast
from tests.clinic.intake import screened
from tests.clinic.intake.screened import clear

LATER = cast.NOON + timedelta(hours=1)
TERMS = OverrideTerms(
    "Well controlled, a cardiologist agrees", "Readings each visit", cast.NOON + timedelta(days=30)
)


def _hypertensive(robin: Patient, nurse: StaffMember) -> Patient:
    screened.well(robin, nurse)
    screened.pressure(robin, nurse, 165, 80)
    screened.pressure(robin, nurse, 165, 80)
    return robin


def _override(person: Patient, by: StaffMember, terms: OverrideTerms = TERMS) -> Override:
    return deciding.override(patient=person, rule="SCR-006", terms=terms, by=by.user, at=cast.NOON)


@pytest.mark.hazard(12)
def test_relative_needs_its_override_and_the_clearance_lives_no_longer(
    robin: Patient, nurse: StaffMember, prescriber: StaffMember
) -> None:
    _hypertensive(robin, nurse)
    with pytest.raises(NotClearable, match="SCR-006 needs an override"):
        clear(robin, prescriber)
    _override(robin, prescriber)
    made = clear(robin, prescriber)
    assert made.expires_at == TERMS.expires_at
    assert made.screening["overridden"] == ["SCR-006"]


@pytest.mark.hazard(12)
def test_an_override_lapses_with_its_input_even_when_the_finding_is_no_worse(
    robin: Patient, nurse: StaffMember, prescriber: StaffMember
) -> None:
    _hypertensive(robin, nurse)
    made = _override(robin, prescriber)
    clear(robin, prescriber)
    screened.pressure(robin, nurse, 164, 80, LATER)
    assert queries.clearance(robin, LATER) is None
    assert queries.overrides(robin, LATER) == []
    assert made.end.at == LATER
    assert "What SCR-006 was overridden on has changed" in ClearanceEvent.objects.get().reasons
    with pytest.raises(NotClearable, match="SCR-006 needs an override"):
        clear(robin, prescriber, LATER)


def test_an_override_that_another_fact_leaves_alone_stands(
    robin: Patient, nurse: StaffMember, prescriber: StaffMember
) -> None:
    _hypertensive(robin, nurse)
    made = _override(robin, prescriber)
    screened.tell(robin, nurse, LATER, height_cm=170)
    assert queries.overrides(robin, LATER) == [made]
    assert queries.overrides(robin, TERMS.expires_at) == []


@pytest.mark.parametrize(
    "terms",
    [
        OverrideTerms("too short", "plan", LATER),
        OverrideTerms("x" * 20, "", LATER),
    ],
)
def test_the_database_refuses_an_override_that_says_nothing(
    robin: Patient, nurse: StaffMember, prescriber: StaffMember, terms: OverrideTerms
) -> None:
    _hypertensive(robin, nurse)
    with pytest.raises(DatabaseError), transaction.atomic():
        _override(robin, prescriber, terms)


def test_an_override_must_expire_later(
    robin: Patient, nurse: StaffMember, prescriber: StaffMember
) -> None:
    _hypertensive(robin, nurse)
    with pytest.raises(NotOverridable, match="later"):
        _override(robin, prescriber, OverrideTerms("x" * 20, "plan", cast.NOON))
