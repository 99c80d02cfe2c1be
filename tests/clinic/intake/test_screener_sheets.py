"""A screener on paper that finds a plan must hold the dose as one asked at intake does."""

from datetime import timedelta

import pytest

from clinic.intake import actions, holding, known, screening
from clinic.measures import actions as measures
from clinic.people.models import Patient, StaffMember
from tests.clinic.cast import NOON
from tests.clinic.intake import screened

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
CALM = {"q1": 0, "q2": 0, "q6": 0}
PLAN = {"q1": 1, "q2": 1, "q3": 1, "q4": 1, "q5": 0, "q6": 0}


def _sheet(
    person: Patient, nurse: StaffMember, hours: int, instrument: str = "cssrs_screener", **told: int
) -> None:
    measures.enter_answers(
        patient=person, instrument=instrument, answers=told, observed_at=NOON + hours * HOUR,
        by=nurse.user, at=NOON + hours * HOUR,
    )  # fmt: skip


def _found(person: Patient) -> set[str]:
    found = screening.run(person, NOON + 9 * HOUR).screening.findings
    return {each.code for each in found if each.code in ("SCR-060", "SCR-061")}


@pytest.mark.hazard(10)
@pytest.mark.parametrize("instrument", ["cssrs_screener", "cssrs_slc"])
def test_a_plan_on_a_sheet_holds_eligibility_and_the_dosing_day(
    well: Patient, nurse: StaffMember, instrument: str
) -> None:
    assert _found(well) == set()
    _sheet(well, nurse, 1, instrument, **PLAN)
    assert _found(well) == {"SCR-060"}
    today = known.facts(well, NOON + 2 * HOUR, today_only=True)
    assert today["cssrs.q4"] is True, "the dosing day reads it as well"
    told = holding.held_back(well)["cssrs.q1"]
    assert "since the sheet of Mar 4, 2026" in told and holding.ONLY in told


def test_behaviour_since_the_last_contact_is_recent(well: Patient, nurse: StaffMember) -> None:
    _sheet(well, nurse, 1, "cssrs_slc", **CALM | {"q6": 1})
    assert _found(well) == {"SCR-060"}


def test_only_a_whole_screener_takes_it_back(well: Patient, nurse: StaffMember) -> None:
    """Feeling better, or asked half, lowers no tier (SUI-R1)."""
    _sheet(well, nurse, 1, **PLAN)
    _sheet(well, nurse, 2, q1=0)
    _sheet(well, nurse, 3, "cssrs_slc", **CALM)
    assert _found(well) == {"SCR-060"}
    _sheet(well, nurse, 4, **CALM)
    assert _found(well) == set()


def test_a_whole_screener_asked_here_takes_it_back_and_a_later_sheet_brings_it_again(
    well: Patient, nurse: StaffMember
) -> None:
    _sheet(well, nurse, -1, **PLAN)
    assert _found(well) == {"SCR-060"}, "what was asked at noon was not finished"
    actions.finish_screener(patient=well, by=nurse.user, at=NOON)
    assert _found(well) == set()
    _sheet(well, nurse, 1, **PLAN)
    screened.tell(well, nurse, at=NOON + 2 * HOUR, **{f"cssrs.{each}": False for each in CALM})
    actions.finish_screener(patient=well, by=nurse.user, at=NOON + 2 * HOUR)
    assert _found(well) == set()
    _sheet(well, nurse, 3, **PLAN)
    assert _found(well) == {"SCR-060"}


def test_a_wish_to_be_dead_is_a_caution(well: Patient, nurse: StaffMember) -> None:
    _sheet(well, nurse, 1, **CALM | {"q1": 1})
    assert _found(well) == {"SCR-061"}


def test_whoever_was_asked_nothing_here_is_held_by_the_sheet_alone(
    robin: Patient, nurse: StaffMember
) -> None:
    _sheet(robin, nurse, 1, **PLAN)
    assert "SCR-060" in _found(robin)
