"""One slip in one typed value of a sound order: which ones check-dose stops by itself.

Stopped means: an error, REFUSED, INCOMPLETE, or a stop that asks for a rationale. What it lets
through stands here too, since the blind second entry and the weight of the day must catch it.
"""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapstone import dose
from kapstone.errors import InvalidInput

FULL = {
    "product": "RACEMIC",
    "route": "IV",
    "dose_mg": 35,
    "dose_mg_per_kg": 0.5,
    "weight_kg": 70,
    "previous_weight_kg": 70.4,
    "weight_days_ago": 0,
    "height_cm": 175,
    "age_y": 40,
    "first_exposure": False,
    "infusion_min": 40,
    "concentration_mg_per_ml": 50,
    "volume_ml": 0.7,
}
BARE = FULL | {"dose_mg_per_kg": None, "volume_ml": None, "previous_weight_kg": None}
BY_WEIGHT = BARE | {"dose_mg": None, "dose_mg_per_kg": 0.5}


def outcome(order: dict[str, object]) -> str:
    try:
        return dose.check(dose.read_order(order)).state
    except InvalidInput as error:
        return f"error: {error.key}"


SLIPS = [
    (2, FULL, {"dose_mg": 0.5}, "error: dose_mg, dose_mg_per_kg"),
    (2, FULL, {"dose_mg_per_kg": 35}, "error: dose_mg_per_kg"),
    (2, BARE, {"dose_mg": 0.5}, "NEEDS_RATIONALE"),
    (2, BY_WEIGHT, {"dose_mg_per_kg": 35}, "error: dose_mg_per_kg"),
    (2, BY_WEIGHT, {"dose_mg_per_kg": 15}, "REFUSED"),
    (2, FULL, {"dose_mg": 0.7}, "error: dose_mg, dose_mg_per_kg"),
    (2, FULL, {"volume_ml": 35}, "error: dose_mg, volume_ml"),
    (2, BARE, {"dose_mg": 0.7}, "NEEDS_RATIONALE"),
    (2, BY_WEIGHT | {"volume_ml": 0.7}, {"volume_ml": 35}, "error: dose_mg_per_kg, volume_ml"),
    (3, FULL, {"weight_kg": 154.3}, "error: dose_mg, dose_mg_per_kg"),
    (3, BY_WEIGHT, {"weight_kg": 154.3}, "INCOMPLETE"),  # BMI 50 asks for a basis
    (3, BY_WEIGHT | {"previous_weight_kg": 70.4}, {"weight_kg": 154.3}, "INCOMPLETE"),
    (3, BY_WEIGHT | {"previous_weight_kg": 154.3}, {}, "INCOMPLETE"),  # the last was in lb
    (3, BARE | {"height_cm": None, "weight_basis": "actual"}, {"weight_kg": 154.3}, "WITHIN"),
    (3, BY_WEIGHT | {"weight_basis": "actual"}, {"weight_kg": 154.3}, "WITHIN"),  # not stopped
    (4, FULL, {"dose_mg": 350}, "error: dose_mg, dose_mg_per_kg"),
    (4, FULL, {"dose_mg": 3.5}, "error: dose_mg, dose_mg_per_kg"),
    (4, FULL, {"volume_ml": 7}, "error: dose_mg, volume_ml"),
    (4, FULL, {"concentration_mg_per_ml": 5}, "error: dose_mg, volume_ml"),
    (4, BARE, {"dose_mg": 350}, "REFUSED"),
    (4, BARE, {"dose_mg": 3.5}, "NEEDS_RATIONALE"),
    (4, BY_WEIGHT, {"dose_mg_per_kg": 5}, "REFUSED"),
    (4, BY_WEIGHT, {"dose_mg_per_kg": 0.05}, "NEEDS_RATIONALE"),
    (4, BARE, {"dose_mg": 175}, "REFUSED"),  # times five
    (4, BARE, {"dose_mg": 70}, "WITHIN"),  # twice: not stopped
    (4, BARE, {"dose_mg": 17.5}, "WITHIN"),  # half: not stopped
    (4, BARE, {"dose_mg": 53}, "WITHIN"),  # digits swapped: not stopped
]


@pytest.mark.parametrize(
    ("sound", "slip", "found"),
    [pytest.param(*row[1:], marks=pytest.mark.hazard(row[0])) for row in SLIPS],
)
def test_what_becomes_of_a_slip(
    sound: dict[str, object], slip: dict[str, object], found: str
) -> None:
    assert outcome(sound | slip) == found


@pytest.mark.parametrize("order", [FULL, BARE, BY_WEIGHT])
def test_the_sound_orders_pass(order: dict[str, object]) -> None:
    assert outcome(order) == "WITHIN"


ROUTES = st.sampled_from(["IV", "IM"])
WEIGHTS = st.decimals(35, 160, places=1)
SHARES = st.decimals(Decimal("0.25"), Decimal("1"), places=3)


def bare(route: str, weight_kg: Decimal, dose_mg: Decimal) -> dose.DoseCheck:
    order = dose.Order(
        product=dose.Product.RACEMIC,
        route=dose.Route(route),
        dose_mg=dose_mg,
        weight_kg=weight_kg,
        weight_days_ago=Decimal(0),
        weight_basis=dose.WeightBasis.ACTUAL,
        first_exposure=False,
        infusion_min=Decimal(40),
    )
    return dose.check(order)


@pytest.mark.hazard(4)
@given(ROUTES, WEIGHTS, SHARES)
def test_no_tenfold_slip_of_a_sound_dose_is_within(
    route: str, weight_kg: Decimal, mg_per_kg: Decimal
) -> None:
    sound_mg = min(mg_per_kg * weight_kg, Decimal(99))
    assert bare(route, weight_kg, sound_mg).state in ("WITHIN", "NEEDS_SECOND_SIGNATURE")
    assert bare(route, weight_kg, sound_mg * 10).state == "REFUSED"
    assert bare(route, weight_kg, sound_mg / 10).state == "NEEDS_RATIONALE"


@pytest.mark.hazard(2)
@given(ROUTES, WEIGHTS, SHARES)
def test_no_mg_per_kg_read_as_mg_is_within(
    route: str, weight_kg: Decimal, mg_per_kg: Decimal
) -> None:
    assert bare(route, weight_kg, mg_per_kg).state == "NEEDS_RATIONALE"


@given(ROUTES, WEIGHTS, SHARES)
def test_more_drug_is_never_judged_more_mildly_above_the_start(
    route: str, weight_kg: Decimal, mg_per_kg: Decimal
) -> None:
    low = bare(route, weight_kg, mg_per_kg * weight_kg)
    assert bare(route, weight_kg, mg_per_kg * weight_kg * 2).state.rank >= low.state.rank


@given(ROUTES, WEIGHTS, SHARES)
def test_a_dose_not_refused_is_stored_at_or_below_its_stored_limit(
    route: str, weight_kg: Decimal, mg_per_kg: Decimal
) -> None:
    found = bare(route, weight_kg, mg_per_kg * weight_kg * Decimal(2))
    assert found.limits is not None
    assert found.dose_mg is not None
    assert found.state == "REFUSED" or found.dose_mg <= found.limits.ceiling_mg
