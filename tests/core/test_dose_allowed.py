"""What the rules allow next: facts a prescriber reads, and nowhere a dose."""

from decimal import Decimal

import pytest

from kapstone import dose
from kapstone.dose import PreviousDose, Product, Route, Situation
from kapstone.errors import InvalidInput, UnknownContent
from kapstone.limits import Bound


def last(days_ago: str, **told: object) -> PreviousDose:
    known = {"dose_mg": Decimal(56), "days_ago": Decimal(days_ago)} | told
    return PreviousDose(**known)  # type: ignore[arg-type]  # by name


def person(**facts: object) -> Situation:
    known: dict[str, object] = {
        "product": Product.RACEMIC, "route": Route.IM, "weight_kg": Decimal(70),
        "weight_days_ago": Decimal(0), "first_exposure": False,
    }  # fmt: skip
    return Situation(**(known | facts))  # type: ignore[arg-type]  # by name


def test_before_a_first_dose_its_own_limit_is_told_and_no_step() -> None:
    (found,) = dose.allowed(person(first_exposure=True))
    assert found.limits is not None
    assert found.limits.first_max_mg == Decimal("52.5")
    assert found.limits.hard_max_mg == Decimal(105)
    assert (found.step_max_mg, found.conditions, found.last_days_ago) == (None, {}, None)


def test_a_step_and_its_conditions_are_told_met_unmet_or_unknown() -> None:
    earlier = last("9", tolerated=False)
    newest = last("3", max_ae_grade=Decimal(1), bp_ok=False)
    (found,) = dose.allowed(person(previous=(earlier, newest)))
    assert found.step_max_mg == Decimal("17.5")
    assert found.conditions == {"max_ae_grade": True, "bp_ok": False, "tolerated": None}
    assert found.last_days_ago == Decimal(3)
    (by_clinic,) = dose.allowed(person(), {"DOS-IM": Bound(mg=Decimal(60))})
    assert by_clinic.limits is not None
    assert by_clinic.limits.hard_max_mg == Decimal(60)
    assert by_clinic.limits.published_hard_max_mg == Decimal(105)


def test_without_a_weight_nothing_is_told_in_mg() -> None:
    (found,) = dose.allowed(person(weight_kg=None, previous=(last("3"),)))
    assert found.limits is None
    assert found.step_max_mg is None
    (fixed,) = dose.allowed(person(route=Route.SC, previous=(last("3"),)))
    assert fixed.step_max_mg is None  # the row holds no figure for a step


@pytest.mark.parametrize(
    ("course_days", "week", "most"),
    [(None, None, None), ("0", 1, 2), ("27.9", 4, 2), ("28", 5, 1), ("55", 8, 1), ("56", 9, 1)],
)
def test_the_week_of_a_course_says_how_often(
    course_days: str | None, week: int | None, most: int | None
) -> None:
    days = None if course_days is None else Decimal(course_days)
    spray = {"product": Product.ESKETAMINE, "route": Route.IN, "course_days": days}
    (found,) = dose.allowed(person(indication_id="IND-01", previous=(last("2"),), **spray))
    assert (found.week, found.weeks and found.weeks.per_week_at_most) == (week, most)
    assert found.doses_this_week == 1


def test_while_the_indication_is_unknown_every_row_is_told() -> None:
    spray = person(product=Product.ESKETAMINE, route=Route.IN)
    assert [found.row.id for found in dose.allowed(spray)] == ["DOS-IN-E", "DOS-IN-S"]
    with pytest.raises(UnknownContent, match="IND-05"):
        dose.allowed(person(product=Product.ESKETAMINE, route=Route.IN, indication_id="IND-05"))


@pytest.mark.parametrize(
    ("doses", "course_days", "reached"),
    [
        (0, None, False),
        (0, "40", False),
        (5, "27", False),
        (5, "28", True),
        (6, "3", True),
        (6, None, True),
        (5, None, None),
    ],
)
def test_the_benefit_is_reassessed_before_dose_7_or_by_day_28(
    doses: int, course_days: str | None, reached: bool | None
) -> None:
    days = None if course_days is None else Decimal(course_days)
    assert dose.reassess_reached(doses, days) is reached


ORDER: dict[str, object] = {"product": "RACEMIC", "route": "SL", "dose_mg": 100, "weight_kg": 70}


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"formulation": "spray"}, "formulation"),
        ({"route": "SC", "formulation": "lozenge"}, "formulation"),
        ({"route": "IN", "formulation": "film"}, "formulation"),
        ({"formulation": "lozenge", "concentration_mg_per_ml": 50}, "concentration_mg_per_ml"),
        ({"formulation": "odt", "volume_ml": 2}, "volume_ml"),
        ({"course_days": -1}, "course_days"),
        ({"sedative_planned": "yes"}, "sedative_planned"),
    ],
)
def test_a_form_that_the_route_cannot_take_is_an_error(
    changes: dict[str, object], key: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        dose.check(dose.read_order(ORDER | changes))
    assert caught.value.key == key


@pytest.mark.parametrize(
    "form", [{"formulation": "lozenge"}, {"formulation": "solution", "volume_ml": 2}, {}]
)
def test_under_the_tongue_it_may_be_solid_or_liquid(form: dict[str, object]) -> None:
    liquid = {"concentration_mg_per_ml": 50} if "volume_ml" in form else {}
    found = dose.check(dose.read_order(ORDER | form | liquid))
    assert found.volume_ml == (Decimal(2) if liquid else None)
