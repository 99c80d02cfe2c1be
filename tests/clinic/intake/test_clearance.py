"""A contraindication must never hide behind an old clearance."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from clinic.alerts import queries as alerts
from clinic.episodes import actions as episodes
from clinic.episodes.queries import open_episode
from clinic.intake import actions, deciding, entries, known, queries, screening
from clinic.intake.actions import How
from clinic.intake.ceilings import Ceiling
from clinic.intake.deciding import NotClearable, NotOverridable, OverrideTerms
from clinic.intake.models import (
    AllergyEntry,
    Clearance,
    ClearanceEvent,
    FactAnswer,
    Source,
)
from clinic.people import actions as people
from clinic.people.models import Patient, StaffMember
from kapstone import pathway
from tests.clinic import cast
from tests.clinic.intake import screened
from tests.clinic.intake.screened import clear

LATER = cast.NOON + timedelta(hours=1)
TERMS = OverrideTerms(
    "Well controlled, a cardiologist agrees", "Readings each visit", cast.NOON + timedelta(days=30)
)


def test_a_person_of_whom_all_is_known_is_cleared_by_a_prescriber(
    well: Patient, prescriber: StaffMember
) -> None:
    episode = open_episode(well)
    assert episode is not None
    assert episode.stage == pathway.Episode.SCREENING
    made = clear(well, prescriber)
    assert queries.clearance(well, LATER) == made
    assert (made.product, made.route) == ("RACEMIC", "IV")
    assert made.expires_at - made.cleared_at == timedelta(days=90)
    episode.refresh_from_db()
    assert episode.stage == pathway.Episode.ELIGIBLE


@pytest.mark.hazard(12)
def test_it_ends_after_90_days(well: Patient, prescriber: StaffMember) -> None:
    made = clear(well, prescriber)
    assert queries.clearance(well, made.expires_at - timedelta(seconds=1)) == made
    assert queries.clearance(well, made.expires_at) is None


@pytest.mark.hazard(12)
@pytest.mark.parametrize("missing", sorted(screened.WELL.keys() - {"childbearing_potential"}))
@pytest.mark.parametrize("blank", [None, actions.DECLINED])
def test_nobody_is_cleared_while_a_needed_fact_is_unknown(
    robin: Patient, nurse: StaffMember, prescriber: StaffMember, missing: str, blank: object
) -> None:
    screened.well(robin, nurse, **{missing: blank})
    with pytest.raises(NotClearable, match="Not known yet"):
        clear(robin, prescriber)
    assert not Clearance.objects.exists()


@pytest.mark.hazard(12)
@pytest.mark.parametrize(
    ("fact", "value", "why"),
    [
        ("dx.psychosis.current", True, "SCR-010 is new"),
        ("dx.bipolar.history", True, "SCR-013 is new"),
        ("cssrs.q1", True, "SCR-061 is new"),
        ("capacity", None, "Not known any more: capacity"),
        ("dx.ich.history", actions.DECLINED, "Not known any more: dx.ich.history"),
    ],
)
def test_a_new_fact_that_matters_makes_it_lapse(
    well: Patient, nurse: StaffMember, prescriber: StaffMember, fact: str, value: object, why: str
) -> None:
    made = clear(well, prescriber)
    screened.tell(well, nurse, LATER, **{fact: value})
    assert queries.clearance(well, LATER) is None
    event = made.events.get()
    assert event.kind == "lapsed"
    assert any(reason.startswith(why) for reason in event.reasons)
    episode = open_episode(well)
    assert episode is not None
    assert episode.stage == pathway.Episode.SCREENING
    assert "clearance.lapsed" in {item.alert.code for item in alerts.inbox(LATER, well)}


@pytest.mark.hazard(12)
def test_it_does_not_come_back_when_the_fact_goes_away(
    well: Patient, nurse: StaffMember, prescriber: StaffMember
) -> None:
    clear(well, prescriber)
    screened.tell(well, nurse, LATER, **{"dx.psychosis.current": True})
    after = LATER + timedelta(hours=1)
    screened.tell(well, nurse, after, **{"dx.psychosis.current": False})
    assert queries.clearance(well, after) is None


def _pressure_rises(person: Patient, nurse: StaffMember) -> None:
    screened.pressure(person, nurse, 165, 80, LATER)


def _maoi(person: Patient, nurse: StaffMember) -> None:
    screened.takes(person, nurse, "Nardil", LATER)


def _unknown_medicine(person: Patient, nurse: StaffMember) -> None:
    screened.takes(person, nurse, "zorgletine", LATER)


def _allergy(person: Patient, nurse: StaffMember) -> None:
    row = AllergyEntry(patient=person, substance="Ketamine hydrochloride")
    entries.add(row, how=How(LATER, Source.ASKED), by=nurse.user, at=LATER)


@pytest.mark.hazard(12)
@pytest.mark.parametrize("change", [_pressure_rises, _maoi, _unknown_medicine, _allergy])
def test_pressure_medicine_and_allergy_make_it_lapse(
    well: Patient,
    nurse: StaffMember,
    prescriber: StaffMember,
    change: Callable[[Patient, StaffMember], None],
) -> None:
    clear(well, prescriber)
    change(well, nurse)
    assert queries.clearance(well, LATER) is None
    assert ClearanceEvent.objects.get().kind == "lapsed"


def test_a_change_that_does_not_matter_is_stamped_and_named(
    well: Patient, nurse: StaffMember, prescriber: StaffMember
) -> None:
    made = clear(well, prescriber)
    screened.tell(well, nurse, LATER, height_cm=170)
    assert queries.clearance(well, LATER) == made
    event = made.events.get()
    assert (event.kind, event.reasons) == ("restamped", ["height_cm"])
    screened.tell(well, nurse, LATER, height_cm=170)
    assert made.events.count() == 1


@pytest.mark.hazard(12)
def test_what_another_room_corrects_is_seen_at_the_next_reading(
    well: Patient, prescriber: StaffMember
) -> None:
    clear(well, prescriber)
    well.birth_date = (cast.NOON - timedelta(days=17 * 365)).date()
    people.correct_identity(patient=well, changed=["birth_date"], by=prescriber.user, at=LATER)
    assert queries.clearance(well, LATER) is None


@pytest.mark.hazard(12)
def test_absolute_has_no_way_round(
    robin: Patient, nurse: StaffMember, prescriber: StaffMember
) -> None:
    screened.well(robin, nurse, **{"dx.psychosis.current": True})
    with pytest.raises(NotOverridable):
        deciding.override(
            patient=robin, rule="SCR-010", terms=TERMS, by=prescriber.user, at=cast.NOON
        )
    with pytest.raises(NotClearable, match="SCR-010 is absolute"):
        clear(robin, prescriber)


@pytest.mark.parametrize(
    ("ceiling", "why"),
    [
        (Ceiling(), "one highest dose"),
        (Ceiling(Decimal(1), Decimal(50)), "one highest dose"),
        (Ceiling(Decimal(0)), "one highest dose"),
        (Ceiling(Decimal("1.501")), "hard limit of DOS-IV: 1.5 mg/kg"),
        (Ceiling(None, Decimal("150.01")), "hard limit of DOS-IV: 150 mg"),
    ],
)
def test_the_highest_dose_is_one_and_below_the_hard_limit(
    well: Patient, prescriber: StaffMember, ceiling: Ceiling, why: str
) -> None:
    with pytest.raises(NotClearable, match=why):
        deciding.clear(patient=well, ceiling=ceiling, note="", by=prescriber.user, at=cast.NOON)


def test_nobody_is_cleared_without_an_episode(well: Patient, prescriber: StaffMember) -> None:
    episode = open_episode(well)
    assert episode is not None
    episodes.advance(
        episode=episode, to=pathway.Episode.DECLINED, have=set(), by=prescriber.user, at=cast.NOON
    )
    with pytest.raises(NotClearable, match="No episode"):
        clear(well, prescriber)


def test_a_newer_clearance_ends_the_one_before_and_a_word_ends_it(
    well: Patient, prescriber: StaffMember
) -> None:
    first = clear(well, prescriber)
    second = clear(well, prescriber, LATER)
    assert first.events.get().kind == "ended"
    assert queries.clearance(well, LATER) == second
    why = ["Care: referred on."]
    deciding.end_clearance(patient=well, reasons=why, by=prescriber.user, at=LATER)
    assert queries.clearance(well, LATER) is None
    assert second.events.get().reasons == why


def test_an_expired_clearance_is_not_looked_at_again(
    well: Patient, nurse: StaffMember, prescriber: StaffMember
) -> None:
    made = clear(well, prescriber)
    screened.tell(well, nurse, made.expires_at, **{"dx.psychosis.current": True})
    assert not made.events.exists()


@pytest.mark.hazard(12)
def test_an_allergy_told_by_a_record_counts_while_the_list_is_not_whole(
    robin: Patient, nurse: StaffMember
) -> None:
    screened.tell(robin, nurse, **screened.WELL)
    row = AllergyEntry(patient=robin, substance="Ketamine")
    entries.add(row, how=How(LATER, Source.REFERRAL), by=None, at=LATER)
    found = screening.run(robin, LATER).screening
    assert "SCR-001" in {finding.code for finding in found.findings}
    assert "allergies" in {unknown.key for unknown in found.unknown}


@pytest.mark.hazard(12)
def test_a_list_nobody_called_whole_leaves_medicines_unknown_and_still_warns(
    robin: Patient, nurse: StaffMember
) -> None:
    screened.tell(robin, nurse, **(screened.WELL | {"dx.bipolar.current": True}))
    screened.takes(robin, nurse, "Nardil")
    found = screening.run(robin, LATER).screening
    codes = {finding.code for finding in found.findings}
    assert "DDI-16" in codes or any(code.startswith("DDI") for code in codes)
    assert "SCR-013" not in codes  # whether a mood stabiliser is taken is not known
    assert "medications" in {unknown.key for unknown in found.unknown}
    assert known.REST_OF_LIST not in str(found.as_json())


def test_rows_are_never_changed(well: Patient, prescriber: StaffMember) -> None:
    made = clear(well, prescriber)
    for row, field in ((FactAnswer.objects.first(), "key"), (made, "product")):
        assert row is not None
        setattr(row, field, "X")
        with pytest.raises(DatabaseError), transaction.atomic():
            row.save()
