"""Names of medicines: a misread name hides an interaction."""

from fractions import Fraction

import pytest

from kapstone.eligibility import Facts, Medicine, tables
from kapstone.eligibility.evaluate import Run, truth
from kapstone.eligibility.grammar import parse
from kapstone.eligibility.medicines import (
    CLASSES,
    COMBINATIONS,
    INGREDIENTS,
    LORAZEPAM_EQUIVALENTS,
    lorazepam_eq_mg,
    resolve,
    spelled,
)


@pytest.mark.parametrize(
    ("name", "ingredients", "known"),
    [
        ("lithium", ["lithium"], True),
        ("  LITHIUM   carbonate ", ["lithium"], True),
        ("paracetamol", ["acetaminophen"], True),
        ("24 HR Bupropion Hydrochloride 150 MG Extended Release Oral Tablet", ["bupropion"], True),
        ("Sertraline 50 MG Oral Tablet [Zoloft]", ["sertraline"], True),
        ("theophylline 300mg", ["theophylline"], True),
        ("Fluoxetine (Prozac) 20 mg", ["fluoxetine"], True),
        ("insulin glargine 100 UNT/ML Injectable Solution", ["insulin glargine"], True),
        ("selegiline 6 MG/24HR transdermal patch", ["selegiline transdermal"], True),
        ("selegiline 6 MG/24HR patch", ["selegiline transdermal"], True),
        ("selegiline (patch)", ["selegiline"], False),
        ("potassium chloride 20 MEQ ER", ["potassium chloride"], True),
        ("Losartan Potassium 50 MG", ["losartan"], True),
        ("vitamin B12", ["vitamin b12"], True),
        ("amlodipine-benazepril", ["amlodipine", "benazepril"], True),
        ("bupropion (extended release)", ["bupropion"], True),
        ("Symbyax", ["olanzapine", "fluoxetine"], True),
        ("Acetaminophen 325 MG / Hydrocodone 7.5 MG", ["acetaminophen", "hydrocodone"], True),
        ("Tylenol with codeine", ["codeine", "acetaminophen"], True),
        ("calcium tablet xyzzy", [], False),
        ("lithium-xyzzy", ["lithium"], False),
        ("oral tablet 20 mg", [], False),
        ("lithiu", [], False),
    ],
)
def test_a_name_becomes_its_ingredients(name: str, ingredients: list[str], known: bool) -> None:
    assert resolve(name) == (tuple(ingredients), known)


def test_a_whole_letter_pasted_in_for_a_name_is_not_known_though_it_begins_with_one() -> None:
    """Else the rest of the letter, with what else is taken, counts as read and as harmless."""
    assert resolve("lithium".ljust(1000)) == (("lithium",), True)
    assert resolve("lithium".ljust(1001)) == ((), False)


def test_every_name_of_the_tables_is_known_in_any_case() -> None:
    for name, ingredient in INGREDIENTS.items():
        assert resolve(f" {name.upper()} ") == ((ingredient,), True)


def test_a_combination_holds_at_least_one_known_ingredient() -> None:
    for name, parts in COMBINATIONS.items():
        assert set(resolve(name)[0]) <= set(parts)
        assert resolve(name)[0], name


def test_every_benzodiazepine_and_z_drug_has_its_lorazepam_equivalent() -> None:
    counted = {n for n, held in CLASSES.items() if held & {"benzodiazepine", "z_drug"}}
    assert counted == set(LORAZEPAM_EQUIVALENTS)


def test_lorazepam_equivalents_add_up_exactly() -> None:
    listed = [
        Medicine("diazepam", amounts={"daily_dose_mg": 5}),
        Medicine("zolpidem", amounts={"daily_dose_mg": 10}),
        Medicine("alprazolam", amounts={"daily_dose_mg": 0.1}),
        Medicine("lithium"),
    ]
    assert lorazepam_eq_mg(listed) == Fraction(17, 10)
    assert lorazepam_eq_mg([]) == 0


def test_a_dose_that_is_not_the_benzodiazepines_own_leaves_the_sum_unknown() -> None:
    assert lorazepam_eq_mg([Medicine("Librax", amounts={"daily_dose_mg": 5})]) is None
    assert lorazepam_eq_mg([Medicine("lorazepam")]) is None


def test_a_rescue_drug_that_is_only_planned_is_not_taken() -> None:
    facts = Facts(medicines=(Medicine("midazolam", planned=True, amounts={"daily_dose_mg": 5}),))
    assert truth(parse("med.benzodiazepine"), Run(facts)) is False
    assert truth(parse("planned.benzodiazepine"), Run(facts)) is True
    assert truth(parse("planned.benzodiazepine"), Run(Facts())) is None
    assert lorazepam_eq_mg(facts.medicines or ()) == 0


def test_what_is_taken_by_the_nose_is_a_nasal_product() -> None:
    assert "nasal_product" in Medicine("budesonide", route=" Nasal ").classes
    assert "nasal_product" not in Medicine("budesonide", route="inhaled").classes
    assert Medicine("budesonide", route="nasal").known


def test_the_skin_patch_is_another_medicine_than_the_tablet() -> None:
    assert Medicine("selegiline", route=" Transdermal").classes == {"maoi"}
    assert Medicine("selegiline", route="PO").classes == {"selegiline_oral"}


def test_no_name_stands_for_two_medicines() -> None:
    table = tables.load("medicines")
    groups = tables.table(table, "classes")
    members = [tables.table(groups, group) for group in groups] + [tables.table(table, "unread")]
    for group in members:
        for ingredient in group:
            for name in (ingredient, *tables.texts(group, ingredient)):
                assert INGREDIENTS[spelled(name)] == ingredient, name
                assert spelled(name) not in COMBINATIONS, name
