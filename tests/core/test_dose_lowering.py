"""A clinic's own hard limit: whatever it sets, nothing passes that the published limits refuse."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapstone import dose
from kapstone.dose import Order, Product, Route, SaltOrBase, State
from kapstone.dose.rows import content
from kapstone.errors import InvalidInput, UnknownContent
from kapstone.limits import Bound

ROWS = {row.id: row for row in content().ranges}
figures = st.decimals("0.001", "1000", places=3)
bounds = st.builds(Bound, mg=figures, mg_per_kg=st.none() | figures) | st.builds(
    Bound, mg_per_kg=figures
)
settings_of_a_clinic = st.dictionaries(st.sampled_from(sorted(ROWS)), bounds)


@st.composite
def orders(draw: st.DrawFn) -> Order:
    product = draw(st.sampled_from(Product))
    known = st.none() | st.booleans()
    return Order(
        product=product,
        route=draw(st.sampled_from(Route)) if product is Product.RACEMIC else Route.IN,
        weight_kg=draw(st.none() | st.decimals(20, 400, places=1)),
        weight_days_ago=Decimal(0),
        age_y=draw(st.none() | st.decimals(18, 90, places=0)),
        first_exposure=draw(known),
        indication_id=draw(st.sampled_from([None, "IND-01", "IND-02"])),
        dose_mg=draw(st.sampled_from([Decimal(56), Decimal(84)]) | st.decimals(1, 600, places=1)),
        infusion_min=draw(st.none() | st.decimals(1, 200, places=0)),
        salt_or_base=SaltOrBase.BASE,
        course_days=draw(st.none() | st.decimals(0, 90, places=0)),
    )


@pytest.mark.hazard(4)
@given(order=orders(), own=settings_of_a_clinic)
def test_no_setting_of_a_clinic_lets_through_what_is_refused_as_published(
    order: Order, own: dict[str, Bound]
) -> None:
    try:
        published = dose.check(order)
    except UnknownContent:
        with pytest.raises(UnknownContent):
            dose.check(order, own)
        return
    here = dose.check(order, own)
    assert here.state.rank >= published.state.rank
    if published.limits is None or here.limits is None:
        assert here == published
        return
    assert here.limits.hard_max_mg <= published.limits.hard_max_mg
    if here.limits.hard_max_mg < published.limits.hard_max_mg:
        assert here.limits.published_hard_max_mg == published.limits.hard_max_mg
    limit = own.get(here.limits.rule)
    if limit and order.dose_mg and order.dose_mg > limit.in_mg(here.limits.weight_kg):
        assert here.state.rank >= State.INCOMPLETE.rank


@pytest.mark.hazard(4)
@pytest.mark.parametrize(
    ("row", "own", "said"),
    [
        ("DOS-IV", Bound(mg_per_kg=Decimal("1.499"), mg=Decimal("149.99")), ""),
        ("DOS-IV", Bound(mg=Decimal(100)), ""),
        ("DOS-IV", Bound(mg_per_kg=Decimal("1.5")), "mg_per_kg: 1.5 mg/kg is not below"),
        ("DOS-IV", Bound(mg_per_kg=Decimal(1), mg=Decimal(151)), "mg: 151 mg is not below"),
        ("DOS-IV", Bound(mg_per_kg=Decimal(15)), "published 1.5 mg/kg. A clinic may lower"),
        ("DOS-SC", Bound(mg_per_kg=Decimal("0.9")), ""),
        ("DOS-SC", Bound(mg=Decimal(50)), "mg: DOS-SC has no hard limit in mg."),
        ("DOS-SL", Bound(mg=Decimal(399)), ""),
        ("DOS-SL", Bound(mg_per_kg=Decimal(1)), "no hard limit in mg/kg. Leave it empty."),
        ("DOS-IN-E", Bound(mg=Decimal(84)), "84 mg is not below the published 84 mg"),
    ],
)
def test_a_figure_is_below_the_published_one_of_its_unit(row: str, own: Bound, said: str) -> None:
    """A raise, or milligrams put where milligrams per kilogram belong, is told by name."""
    if not said:
        dose.refuse_unless_lower(ROWS[row], own)
        return
    with pytest.raises(InvalidInput) as error:
        dose.refuse_unless_lower(ROWS[row], own)
    assert said in str(error.value)
