"""A plan names only what the committed rows hold, and each row says where it comes from."""

import pytest

from kapstone.dose import Product, Route
from kapstone.dose.treatment import Ask, treatment
from kapstone.errors import UnknownContent


def test_every_row_has_its_sources_explained() -> None:
    held = treatment()
    named = {
        code
        for row in (*held.indications.values(), *held.dose_models.values())
        for code in row.source
    }
    assert named == set(held.sources)


def test_only_indications_for_care_here_have_a_baseline() -> None:
    for row in treatment().indications.values():
        assert bool(row.baseline) is (row.ask is not Ask.OUTSIDE), row.id


@pytest.mark.parametrize(
    ("indication_id", "ask"),
    [
        ("IND-01", Ask.NOTHING),
        ("IND-08", Ask.OUTSIDE),
        ("IND-10", Ask.RATIONALE),
        ("IND-11", Ask.RATIONALE),
        ("IND-12", Ask.RATIONALE),
    ],
)
def test_weak_indications_ask_for_a_written_reason(indication_id: str, ask: Ask) -> None:
    assert treatment().indication(indication_id).ask is ask


def test_dose_models_name_products_and_routes_the_core_knows() -> None:
    for row in treatment().dose_models.values():
        assert {Product(each) for each in row.products} and {Route(each) for each in row.routes}
    assert treatment().dose_model("THX-03").routes == (Route.IV,)


def test_an_unknown_id_is_named() -> None:
    with pytest.raises(UnknownContent, match="IND-99"):
        treatment().indication("IND-99")
    with pytest.raises(UnknownContent, match="THX-99"):
        treatment().dose_model("THX-99")
