"""Feeling better after a dose must lower no suicide tier: only a whole new screener does."""

import html
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse

import clinic
import kapstone
from clinic.alerts import queries as alerts
from clinic.intake import actions, holding, known, screening
from clinic.intake.models import SuicideScreen
from clinic.measures import actions as measures
from clinic.people.models import Patient, StaffMember
from kapstone.risk import Screener, suicide_tier
from tests.clinic import cast
from tests.clinic.intake import screened

pytestmark = [pytest.mark.django_db, pytest.mark.hazard(10)]
DAY = timedelta(days=1)
LATER = cast.NOON + DAY
CLEAR = {f"cssrs.{item}": False for item in ("q1", "q2", "q6")}


def _rules(person: Patient) -> set[str]:
    return {finding.code for finding in screening.run(person, LATER + DAY).screening.findings}


@pytest.fixture
def in_danger(well: Patient, nurse: StaffMember) -> Patient:
    """Somebody whose whole screener came to HIGH."""
    answers = {"cssrs.q2": True, "cssrs.q3": False, "cssrs.q4": True, "cssrs.q5": False}
    screened.tell(well, nurse, **answers)
    actions.finish_screener(patient=well, by=nurse.user, at=cast.NOON)
    assert SuicideScreen.objects.filter(patient=well).latest("pk").tier == "HIGH"
    assert "SCR-060" in _rules(well)
    return well


def test_a_better_phq_9_lowers_nothing(in_danger: Patient, nurse: StaffMember) -> None:
    before = {item.alert.pk for item in alerts.inbox(LATER)}
    measures.enter_answers(
        patient=in_danger,
        instrument="phq9",
        answers={f"q{number}": 0 for number in range(1, 10)},
        observed_at=LATER,
        by=nurse.user,
        at=LATER,
    )
    assert SuicideScreen.objects.filter(patient=in_danger).latest("pk").tier == "HIGH"
    assert "SCR-060" in _rules(in_danger)
    assert {item.alert.pk for item in alerts.inbox(LATER)} == before, "nothing closes by itself"


def test_one_answer_taken_back_lowers_nothing_until_all_are_asked(
    in_danger: Patient, nurse: StaffMember
) -> None:
    screened.tell(in_danger, nurse, LATER, **{"cssrs.q4": False})
    assert known.facts(in_danger, LATER)["cssrs.q4"] is True
    assert "SCR-060" in _rules(in_danger)
    screened.tell(in_danger, nurse, LATER, **CLEAR)
    actions.finish_screener(patient=in_danger, by=nurse.user, at=LATER)
    assert known.facts(in_danger, LATER)["cssrs.q4"] is False
    assert "SCR-060" not in _rules(in_danger)


@pytest.mark.parametrize(("told", "said"), [(False, "is No"), (actions.DECLINED, "is declined")])
def test_the_page_says_why_a_tier_stands_and_what_would_lower_it(
    in_danger: Patient, nurse: StaffMember, told: object, said: str
) -> None:
    """Otherwise somebody takes the finding for a fault, and looks for a way around it."""
    where = reverse("intake:eligibility", args=[in_danger.pk])
    client = cast.signed_in(nurse)
    assert holding.ONLY not in html.unescape(client.get(where).content.decode())
    screened.tell(in_danger, nurse, LATER, **{"cssrs.q4": told})
    page = html.unescape(client.get(where).content.decode())
    assert page.count(holding.ONLY) == 2, "beside the fact and in the finding"
    assert "since the whole screener of Mar 4, 2026" in page
    assert f"the answer of Mar 5, 2026 {said}" in page
    screened.tell(in_danger, nurse, LATER, **CLEAR)
    actions.finish_screener(patient=in_danger, by=nurse.user, at=LATER)
    assert holding.ONLY not in html.unescape(client.get(where).content.decode())


def test_an_unfinished_screener_is_no_evaluation(in_danger: Patient, nurse: StaffMember) -> None:
    screened.tell(in_danger, nurse, LATER, **{"cssrs.q4": False, "cssrs.q2": actions.DECLINED})
    actions.finish_screener(patient=in_danger, by=nurse.user, at=LATER)
    assert "SCR-060" in _rules(in_danger)


def test_a_worse_answer_counts_at_once(well: Patient, nurse: StaffMember) -> None:
    actions.finish_screener(patient=well, by=nurse.user, at=cast.NOON)
    screened.tell(well, nurse, LATER, **{"cssrs.q2": True, "cssrs.q5": True})
    assert "SCR-060" in _rules(well)


@pytest.mark.one_database
def test_one_function_says_the_tier_everywhere() -> None:
    """Questionnaires, intake, the rules of readiness and the discharge ask it, and it alone."""
    roots = [Path(package.__path__[0]) for package in (clinic, kapstone)]
    calls = {
        path.relative_to(root).as_posix()
        for root in roots
        for path in root.rglob("*.py")
        if re.search(r"\b(suicide_tier|is_high)\(", path.read_text(encoding="utf-8"))
    }
    asked = {"intake/suicide.py", "measures/causes.py"}
    assert calls == asked | {"risk/tier.py", "eligibility/evaluate.py", "monitoring/screener.py"}
    assert suicide_tier(Screener(q4=True)).tier == "HIGH"
