"""Nobody is cleared for more than the rules were asked about, whatever the route is dosed in."""

from decimal import Decimal

import pytest
import time_machine

from clinic.intake import deciding, known, screening
from clinic.intake.ceilings import Ceiling
from clinic.intake.deciding import NotClearable
from kapstone.eligibility.facts import read_facts
from kapstone.eligibility.questions import QUESTIONS
from tests.clinic import cast
from tests.clinic.cast import NOON
from tests.clinic.intake import screened
from tests.clinic.intake.pages import url

pytestmark = pytest.mark.django_db

PER_KG, MG = "dose_mg_per_kg", "dose_mg"


@pytest.mark.parametrize(
    ("route", "asked"),
    [("IV", PER_KG), ("IM", PER_KG), ("SC", PER_KG), ("PO", PER_KG), ("SL", MG), ("IN", MG)],
)
def test_each_route_asks_for_its_highest_dose_in_its_own_unit(route: str, asked: str) -> None:
    facts = read_facts({"route": route})
    found = {each.key.name for each in QUESTIONS if each.is_asked(facts)}
    assert found & {PER_KG, MG} == {asked}
    assert not {each.key.name for each in QUESTIONS if each.is_asked(read_facts({}))} & {PER_KG, MG}


ESKETAMINE = {
    "product": "ESKETAMINE", "clinic_rems_certified": True, "patient_rems_enrolled": True,
}  # fmt: skip


@pytest.mark.hazard(2)
@pytest.mark.parametrize(
    ("told", "most", "above"),
    [
        ({"route": "IV", PER_KG: 0.5}, Ceiling(dose_mg_per_kg=Decimal("0.5")), False),
        ({"route": "IV", PER_KG: 0.5}, Ceiling(dose_mg_per_kg=Decimal("0.51")), True),
        ({"route": "SC", PER_KG: 0.5}, Ceiling(dose_mg_per_kg=Decimal("0.51")), True),
        ({"route": "PO", PER_KG: 2}, Ceiling(dose_mg_per_kg=Decimal(2)), False),
        ({"route": "PO", PER_KG: 2}, Ceiling(dose_mg=Decimal(141)), True),
        ({"route": "SL", MG: 100}, Ceiling(dose_mg=Decimal(100)), False),
        ({"route": "SL", MG: 100}, Ceiling(dose_mg=Decimal(101)), True),
        ({"route": "SL", MG: 100}, Ceiling(dose_mg_per_kg=Decimal(2)), True),
        ({"route": "SL"}, Ceiling(dose_mg=Decimal(101)), False),
        (ESKETAMINE | {"route": "IN", MG: 56}, Ceiling(dose_mg=Decimal(56)), False),
        (ESKETAMINE | {"route": "IN", MG: 56}, Ceiling(dose_mg=Decimal(84)), True),
    ],
)
def test_nobody_is_cleared_for_more_than_was_asked(
    robin, nurse, prescriber, told, most: Ceiling, above: bool
) -> None:
    """Else a rule that a higher dose would meet was never asked of it."""
    shown = {"swallowed": False, "dose_level": "psycholytic"} if told["route"] == "SL" else {}
    screened.well(robin, nurse, **({PER_KG: None} | told | shown))
    try:
        deciding.clear(patient=robin, ceiling=most, note="", by=prescriber.user, at=NOON)
    except NotClearable as error:
        assert above, str(error)
        assert "The rules were asked up to" in str(error)
    else:
        assert not above


def test_the_dose_of_another_route_does_not_contradict_the_one_that_counts(robin, nurse) -> None:
    """Else a change of route makes every run of the rules an error, and nobody is screened."""
    screened.well(robin, nurse, dose_mg_per_kg=0.5)
    screened.tell(robin, nurse, route="SL", dose_mg=100)
    assert screening.run(robin, NOON).facts.keys() & {PER_KG, MG} == {MG}
    back = screening.run(robin, NOON, {"route": "IM", "dose_mg_per_kg": 0.4})
    assert back.facts[PER_KG] == 0.4
    assert MG not in back.facts
    assert known.read(robin, NOON).is_known(MG)
    assert known.of_route({"dose_mg": 5}) == {"dose_mg": 5}


@pytest.mark.hazard(2)
@pytest.mark.parametrize(
    ("facts", "most", "asked"),
    [
        ({"route": "IM", PER_KG: 0.5, MG: 80}, Ceiling(dose_mg=Decimal(36)), "0.5 mg/kg"),
        ({"route": "IM", PER_KG: 0.5, MG: 10}, Ceiling(dose_mg=Decimal(35)), ""),
        ({"route": "SL", PER_KG: 5, MG: 100}, Ceiling(dose_mg=Decimal(101)), "100 mg"),
        ({"route": "SL", PER_KG: 0.1, MG: 100}, Ceiling(dose_mg=Decimal(100)), ""),
        ({PER_KG: 0.1, MG: 7}, Ceiling(dose_mg=Decimal(8)), ""),
    ],
)
def test_of_two_doses_told_the_one_of_the_route_is_what_the_rules_were_asked(
    facts: dict[str, object], most: Ceiling, asked: str
) -> None:
    """The other one is left out of the rules, so it must neither stop nor allow a clearance."""
    told = most.problems(facts | {"weight_kg": 70})
    assert told == ([f"The rules were asked up to {asked}: ask them for the higher dose first."]
                    if asked else [])  # fmt: skip


@time_machine.travel(NOON, tick=False)
def test_the_page_asks_for_milligrams_of_a_spray(robin, nurse) -> None:
    screened.well(robin, nurse, **ESKETAMINE, route="IN")
    page = cast.signed_in(nurse).get(url("form", robin)).content.decode()
    assert "Up to which dose, in mg, is it meant?" in page
    assert "28 mg each" in page
    assert "in mg per kg of weight" not in page
