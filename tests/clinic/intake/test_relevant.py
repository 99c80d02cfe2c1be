"""What is asked follows from what is known; what is not sent is not taken back."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.test import Client

from clinic.episodes import actions as episodes
from clinic.episodes.models import Episode, GivenDose
from clinic.intake import deciding, known, queries, screening
from clinic.intake.actions import DECLINED
from clinic.intake.deciding import NotClearable, OverrideTerms
from clinic.intake.forms import OF_THE_DAY, AnswersForm
from clinic.intake.models import FactAnswer
from clinic.people.models import Patient, StaffMember
from kapstone.eligibility import read_facts
from tests.clinic import cast
from tests.clinic.cast import NOON
from tests.clinic.intake import screened
from tests.clinic.intake.pages import HTMX, page, url

pytestmark = pytest.mark.usefixtures("at_noon")
LATER = NOON + timedelta(days=10)


def _post(client: Client, robin: Patient, section: str, **told: object) -> str:
    sent = {key.replace("__", "."): value for key, value in told.items()}
    return client.post(url("section", robin, section), sent, **HTMX).content.decode()


def test_only_what_matters_is_asked(at_nurse: Client, robin: Patient, nurse: StaffMember) -> None:
    shown = page(at_nurse, "form", robin)
    assert 'name="pregnant"' in shown
    assert 'name="dx.mi.days_ago"' not in shown
    screened.tell(robin, nurse, childbearing_potential=False, dx__mi__history=True)
    shown = page(at_nurse, "form", robin)
    assert 'name="pregnant"' not in shown
    assert 'name="dx.mi.days_ago"' in shown


def test_an_answer_that_leads_to_more_says_so(at_nurse: Client, robin: Patient) -> None:
    said = _post(at_nurse, robin, "airway", dx__osa__current="yes")
    assert "1 more to ask here" in said
    assert "more to ask" not in _post(at_nurse, robin, "airway", dx__osa__current="yes")
    said = _post(at_nurse, robin, "airway", dx__osa__current="yes", cpap="no")
    assert queries.facts(robin, NOON)["cpap"] is False


@pytest.mark.hazard(12)
def test_what_a_page_did_not_send_stays_as_it_was(
    at_nurse: Client, robin: Patient, nurse: StaffMember
) -> None:
    """A page that was opened before a question was worth asking must not take its answer back."""
    screened.tell(robin, nurse, dx__mi__history=True, dx__mi__days_ago=40, dx__cad__current=True)
    _post(at_nurse, robin, "heart", dx__mi__history="yes")
    facts = queries.facts(robin, NOON)
    assert (facts["dx.mi.days_ago"], facts["dx.cad.current"]) == (40, True)


def test_symptoms_are_ticked_and_none_is_an_answer(at_nurse: Client, robin: Patient) -> None:
    answers = (
        (["urgency", "haematuria"], ["urgency", "haematuria"]),
        (["none"], []),
        ([], []),
        (["declined"], None),
    )
    for second, (ticked, kept) in enumerate(answers):  # of two at one moment neither is the last
        now = NOON + timedelta(seconds=second)
        with time_machine.travel(now, tick=False):
            _post(at_nurse, robin, "visit", urinary_symptoms=ticked)
            assert queries.facts(robin, now).get("urinary_symptoms") == kept
    shown = page(at_nurse, "form", robin)
    assert 'value="declined"' in shown
    assert shown.count(" checked") == 1


def test_none_is_no_substance(at_nurse: Client, robin: Patient) -> None:
    _post(at_nurse, robin, "habits", uds_unexplained="None")
    assert queries.facts(robin, NOON)["uds_unexplained"] == []
    assert 'value="none"' in page(at_nurse, "form", robin)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("none", "none"), ("20", 20), ("20,5", 20.5), ("declined", DECLINED), ("long ago", None)],
)
def test_a_number_or_a_word_that_stands_for_none(typed: str, kept: object) -> None:
    asked = OF_THE_DAY.asked(read_facts({"route": "SL"}))
    form = AnswersForm(asked, {}, {"grapefruit_hours_ago": typed})
    assert form.is_valid() is (kept is not None)
    if kept is not None:
        assert form.answers() == {"grapefruit_hours_ago": kept}


@pytest.mark.hazard(12)
def test_craving_at_two_visits_running_is_found(
    robin: Patient, nurse: StaffMember, at_nurse: Client
) -> None:
    screened.well(robin, nurse, lifetime_doses=3)
    for day, figure in ((0, 4), (3, 6), (3, 7), (7, 6)):
        when = NOON + timedelta(days=day, minutes=figure)
        screened.tell(robin, nurse, when, craving_nrs=[figure])
    told = known.facts(robin, LATER, today_only=True)["craving_nrs"]
    assert told == [4, 7, 6], "the last of each day"
    shown = page(at_nurse, "eligibility", robin)
    assert "TOX-SUD" in shown
    assert "Saved" in _post(at_nurse, robin, "visit", craving_nrs="5")
    assert "Not saved" in _post(at_nurse, robin, "visit", craving_nrs="11")


@pytest.mark.hazard(12)
def test_days_ago_grow_with_the_calendar(
    robin: Patient, nurse: StaffMember, at_nurse: Client
) -> None:
    """Else a check of the monitoring programme never grows old."""
    screened.well(robin, nurse)
    with time_machine.travel(LATER, tick=False):
        assert queries.facts(robin, LATER)["pdmp_days_ago"] == 10
        again = cast.signed_in(nurse)
        assert 'value="10"' in page(again, "form", robin)
        before = FactAnswer.objects.filter(key="pdmp_days_ago").count()
        _post(again, robin, "habits", pdmp_days_ago="10")
        assert FactAnswer.objects.filter(key="pdmp_days_ago").count() == before
        _post(again, robin, "habits", pdmp_days_ago="0")
        assert queries.facts(robin, LATER)["pdmp_days_ago"] == 0
        assert "Asked, Noor Nurse" in page(again, "eligibility", robin)


def test_days_that_are_corrected_count_from_today(robin: Patient, nurse: StaffMember) -> None:
    screened.tell(robin, nurse, dx__mi__history=True, dx__mi__days_ago=80)
    row = FactAnswer.objects.get(key="dx.mi.days_ago")
    with time_machine.travel(LATER, tick=False):
        sent = {"dx.mi.days_ago": "95", "reason": "The letter gives the day."}
        cast.signed_in(nurse).post(url("correct", robin, row.pk), sent)
        assert queries.facts(robin, LATER)["dx.mi.days_ago"] == 95


@pytest.mark.hazard(12)
def test_an_override_outlives_the_days_but_not_a_correction(
    robin: Patient, nurse: StaffMember, prescriber: StaffMember
) -> None:
    injured = {"dx.head_injury.history": True, "dx.head_injury.days_ago": 3}
    screened.well(robin, nurse, **injured)
    terms = OverrideTerms(
        "A light knock, seen by neurology", "Watched longer", NOON + timedelta(days=9)
    )
    deciding.override(patient=robin, rule="SCR-076", terms=terms, by=prescriber.user, at=NOON)
    made = screened.clear(robin, prescriber)
    later = NOON + timedelta(days=5)
    screened.tell(robin, nurse, later, height_cm=171)
    assert queries.clearance(robin, later) == made
    screened.tell(robin, nurse, later, **{"dx.head_injury.days_ago": 1})
    assert queries.clearance(robin, later) is None


def _given(robin: Patient, days_ago: int) -> None:
    when = LATER - timedelta(days=days_ago)
    dose = GivenDose(
        episode=Episode.objects.get(patient=robin),
        session_id=uuid4(),
        product="RACEMIC",
        route="IM",
        dose_mg=35,
        started_at=when,
    )
    episodes.record_given_dose(dose=dose, by=None, at=when)


@pytest.mark.hazard(4)
def test_doses_given_here_are_counted(robin: Patient, nurse: StaffMember) -> None:
    """Else a fourth dose in a week is nobody's finding."""
    screened.well(robin, nurse, lifetime_doses=2)
    for days_ago in (7, 6, 3, 1, 0):
        _given(robin, days_ago)
    facts = queries.facts(robin, LATER)
    assert (facts["doses_last_7_days"], facts["lifetime_doses"]) == (3, 7)


@pytest.mark.hazard(4)
def test_nobody_is_cleared_above_the_dose_that_the_rules_were_asked_about(
    robin: Patient, nurse: StaffMember, prescriber: StaffMember
) -> None:
    """Else sleep apnoea that matters above 0.5 mg/kg is judged at 0.5 and cleared for 1."""
    screened.well(robin, nurse, dose_mg_per_kg=0.5)
    with pytest.raises(NotClearable, match=r"asked up to 0\.5 mg/kg"):
        screened.clear(robin, prescriber)


@pytest.mark.hazard(12)
def test_a_glp1_medicine_in_its_first_month_is_found_and_grows_out_of_it(
    robin: Patient, nurse: StaffMember, prescriber: StaffMember, at_nurse: Client
) -> None:
    """Else a stomach that is not empty is met with a word of caution alone."""
    screened.well(robin, nurse, dx__gi_gastroparesis__current=False)
    told = {"name": "Wegovy", "started_on": "2026-02-12", "raised_on": "2026-02-14"}
    assert at_nurse.post(url("add", robin, "medicines"), told).status_code == 302
    shown = page(at_nurse, "form", robin)
    assert "since Feb 12, 2026, dose raised Feb 14, 2026" in shown
    severe = {each.code: each.severity for each in screening.run(robin, NOON).screening.findings}
    assert (severe["DDI-24"], severe["SCR-072"]) == ("RELATIVE", "RELATIVE")
    terms = OverrideTerms("Liquids alone since yesterday", "Watched longer", LATER)
    for rule in ("DDI-24", "SCR-072"):
        deciding.override(patient=robin, rule=rule, terms=terms, by=prescriber.user, at=NOON)
    made = screened.clear(robin, prescriber)
    next_day = NOON + timedelta(days=1)
    screened.tell(robin, nurse, next_day, height_cm=171)
    assert queries.clearance(robin, next_day) == made
    month = NOON + timedelta(days=11)
    severe = {each.code: each.severity for each in screening.run(robin, month).screening.findings}
    assert severe["DDI-24"] == "CAUTION"


def test_a_medicine_is_not_started_tomorrow(at_nurse: Client, robin: Patient) -> None:
    told = {"name": "Wegovy", "started_on": "2026-03-05"}
    sent = at_nurse.post(url("add", robin, "medicines"), told)
    assert "This day lies ahead." in sent.content.decode()
