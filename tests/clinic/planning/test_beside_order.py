"""What stands beside the order: facts of the last sessions and of the rules, and never a dose."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from django.urls import reverse

from clinic.episodes import actions as episodes
from clinic.episodes.models import GivenDose
from clinic.people.models import Patient, StaffMember
from clinic.planning import known, ordering, past, queries
from clinic.planning.models import Plan
from clinic.planning.past import Charted, Pressure
from tests.clinic import cast
from tests.clinic.planning import ground
from tests.clinic.planning.ground import NOW

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _now() -> Any:
    with time_machine.travel(NOW + timedelta(seconds=1), tick=False):
        yield


def dosed(person: Patient, days_ago: float, dose_mg: int = 35, route: str = "IM") -> GivenDose:
    """A dose given here so long ago."""
    episode = person.episodes.get(ended_at=None)
    at = NOW - days_ago * DAY
    dose = GivenDose(
        episode=episode, session_id=uuid4(), product="RACEMIC", route=route,
        dose_mg=Decimal(dose_mg), started_at=at, ended_at=at,
    )  # fmt: skip
    return episodes.record_given_dose(dose=dose, by=None, at=at)


def the_plan(person: Patient) -> Plan:
    found = queries.current_plan(person)
    assert found is not None
    return found


def words(person: Patient, by: StaffMember) -> str:
    page = cast.signed_in(by).get(reverse("planning:order", args=[person.pk]))
    return " ".join(page.content.decode().split())


def test_before_any_dose_it_says_so(ready: Patient, prescriber: StaffMember) -> None:
    page = words(ready, prescriber)
    assert "No dose has been given here." in page
    assert "No dose by this product and route to step up from" in page
    assert "nobody above 105 mg" in page
    assert "0 of 6 planned doses" in page
    assert 'name="dose_value"' in page
    assert not re.search(r'name="dose_value"[^>]* value="', page)


def test_how_the_last_dose_went_is_said_once_and_stands_beside_the_next_order(
    ready: Patient, prescriber: StaffMember
) -> None:
    dosed(ready, 9)
    last = dosed(ready, 3)
    page = words(ready, prescriber)
    assert page.count("Unknown") == 3
    went = {"last_ae_grade": 1, "last_bp_ok": False, "last_tolerated": True}
    signed = ground.order(ready, prescriber, "0.5", **went)
    assert signed.about_session == last.session_id
    (newest, before) = past.sessions(ready)
    assert newest.said == signed
    assert before.said is None
    facts = known.facts(the_plan(ready), NOW)
    told = facts.previous[-1]
    assert (told.max_ae_grade, told.bp_ok, told.tolerated) == (1, False, True)
    page = words(ready, prescriber)
    assert "Worst grade 1" in page
    assert "judged not well borne" in page
    assert page.count("Not met") == 1
    plan = the_plan(ready)
    (found,) = ordering.allowed(plan, known.facts(plan, NOW))
    assert found.conditions == {"max_ae_grade": True, "bp_ok": False, "tolerated": True}
    assert found.step_max_mg == Decimal("17.5")


def test_a_later_dose_is_not_what_was_said_of_an_earlier_one(
    ready: Patient, prescriber: StaffMember
) -> None:
    dosed(ready, 9)
    ground.order(ready, prescriber, "0.5", last_ae_grade=0, last_bp_ok=True, last_tolerated=True)
    dosed(ready, 1)
    told = known.facts(the_plan(ready), NOW).previous[-1]
    assert (told.max_ae_grade, told.bp_ok, told.tolerated) == (None, None, None)


def test_what_was_charted_of_a_session_is_told(
    ready: Patient, prescriber: StaffMember, monkeypatch: pytest.MonkeyPatch
) -> None:
    dose = dosed(ready, 3)
    told = Charted(
        weight_kg=Decimal(70), before=Pressure(Decimal(120), Decimal(78)),
        highest=Pressure(Decimal(158), Decimal(95)), highest_after=timedelta(minutes=20),
        last=Pressure(Decimal(124), Decimal(80)), peaks=(("Dissociation", Decimal(6)),),
        symptoms=("severe_headache",),
    )  # fmt: skip

    def source(patient: Patient, session_id: UUID) -> Charted | None:
        return told if session_id == dose.session_id else None

    monkeypatch.setattr(past, "_sources", [source])
    page = words(ready, prescriber)
    for said in (
        "(0.5 mg/kg)", "120/78 before, highest 158/95 after 20 min, last 124/80",
        "Dissociation 6", "severe headache",
    ):  # fmt: skip
        assert said in page


@pytest.mark.parametrize(
    ("days", "reached"), [((27, 20), False), ((28.5, 20), True), ((12, 10, 8, 6, 4, 2), True)]
)
def test_the_evaluation_point_is_told(
    ready: Patient, prescriber: StaffMember, days: tuple[float, ...], reached: bool
) -> None:
    for ago in days:
        dosed(ready, ago)
    plan = the_plan(ready)
    course = past.course(plan, known.facts(plan, NOW))
    assert (course.doses, course.reassess) == (len(days), reached)
    assert ("Due before dose 7 or by day 28" in words(ready, prescriber)) is reached


def test_the_score_before_and_since_is_told(ready: Patient, prescriber: StaffMember) -> None:
    dosed(ready, 3)
    ground.rated(ready, prescriber, NOW - 5 * DAY)
    plan = the_plan(ready)
    course = past.course(plan, known.facts(plan, NOW))
    assert course.change is not None
    assert (course.change.baseline_score, course.change.current_score) == (8, 8)
    assert "8 before the first dose, 8" in words(ready, prescriber)


def test_the_models_of_this_way_are_told_and_the_plans_own_marked(
    ready: Patient, prescriber: StaffMember
) -> None:
    assert [one.id for one in past.models(the_plan(ready))] == ["THX-01", "THX-02"]
    page = words(ready, prescriber)
    assert "Psychedelic, also called transformational</strong>, the plan's" in page
    assert "Psycholytic, with a change of plan" in page
