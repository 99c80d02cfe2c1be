"""The language of `when`: a misread rule is a wrong gate."""

import pytest

from kapstone.eligibility import Facts, Medicine
from kapstone.eligibility.evaluate import Run, both, either, truth
from kapstone.eligibility.grammar import GrammarError, parse

FACTS = Facts(
    {
        "product": "RACEMIC",
        "capacity": True,
        "pregnant": False,
        "age_y": 40,
        "weight_kg": 80,
        "height_cm": 200,
        "dose_mg": 40,
        "sbp": (100, 120, 141),
        "craving_nrs": (),
        "urinary_symptoms": ("urgency", "nocturia"),
        "grapefruit_hours_ago": "none",
        "dx.mi.current": False,
        "dx.mi.history": False,
        "dx.tia.current": False,
        "lab.alt": 0.1,
    },
    (
        Medicine("lorazepam", amounts={"daily_dose_mg": 2}),
        Medicine("diazepam"),
        Medicine("semaglutide", planned=True),
    ),
)


@pytest.mark.parametrize(
    ("when", "told"),
    [
        ("capacity", True),
        ("pregnant", False),
        ("lactating", None),
        ("NOT lactating", None),
        ("NOT NOT capacity", True),
        ("capacity OR lactating", True),
        ("lactating OR capacity", True),
        ("pregnant OR lactating", None),
        ("pregnant AND lactating", False),
        ("lactating AND pregnant", False),
        ("capacity AND lactating", None),
        ("pregnant AND pregnant OR capacity", True),
        ("pregnant AND (pregnant OR capacity)", False),
        ("NOT pregnant AND pregnant", False),
        ("NOT (pregnant AND pregnant)", True),
        ("lactating is UNKNOWN", True),
        ("age_y is UNKNOWN", False),
        ("age_y is not UNKNOWN", True),
        ("lactating is not FALSE", True),
        ("pregnant is not FALSE", False),
        ("lactating is not TRUE", True),
        ("capacity is TRUE", True),
        ("NOT lactating is UNKNOWN", False),
        ("(pregnant OR lactating) is UNKNOWN", True),
        ("age_y == 40", True),
        ("age_y != 40", False),
        ("age_y > 39.9", True),
        ("age_y >= 40", True),
        ("age_y < 40", False),
        ("age_y <= 40", True),
        ("age_y == many", False),
        ("age_y > many", False),
        ("stopbang >= 5", None),
        ("lab.alt == 0.1", True),
        ("product == RACEMIC", True),
        ("product != RACEMIC", False),
        ("product in [ESKETAMINE, RACEMIC]", True),
        ("route in [IV]", None),
        ("age_y in [39, 40]", True),
        ("grapefruit_hours_ago < 72", False),
        ("grapefruit_hours_ago >= 0", False),
        ("grapefruit_hours_ago == none", True),
        ("count(sbp) == 3", True),
        ("count(dbp) == 3", None),
        ("level(sbp) == 130.5", True),
        ("any(sbp >= 141)", True),
        ("all(sbp >= 100)", True),
        ("all(sbp >= 101)", False),
        ("any(pair(sbp) == 100)", False),
        ("all(pair(sbp) >= 120)", True),
        ("any(dbp > 0)", None),
        ("any(urinary_symptoms in [urgency])", True),
        ("all(urinary_symptoms in [urgency])", False),
        ("any(craving_nrs > 0)", False),
        ("all(craving_nrs > 0)", False),
        ("count(craving_nrs) == 0", True),
        ("level(craving_nrs) > 0", None),
        ("any(pair(craving_nrs) > 0)", None),
        ("dx.mi.days_ago <= 90", False),
        ("dx.tia.days_ago <= 90", None),
        ("dx.mi.severity == mild", False),
        ("med.benzodiazepine", True),
        ("med.maoi", False),
        ("med.glp1", False),
        ("any(med.benzodiazepine where daily_dose_mg >= 2)", True),
        ("any(med.benzodiazepine where daily_dose_mg >= 3)", None),
        ("any(med.benzodiazepine where daily_dose_mg >= 3) is not FALSE", True),
        ("any(med.maoi where daily_dose_mg >= 2)", False),
        ("lorazepam_eq_mg > 3", None),
        ("dose_mg_per_kg == 0.5", True),
        ("bmi == 20", True),
        ("fired(SCR-005)", True),
        ("NOT fired(SCR-006)", True),
    ],
)
def test_a_when_is_read_as_written(when: str, told: bool | None) -> None:
    assert truth(parse(when), Run(FACTS, frozenset({"SCR-005"}))) is told


@pytest.mark.parametrize(
    "when", ["med.maoi", "lorazepam_eq_mg > 3", "bmi > 30", "dose_mg_per_kg > 0", "any(sbp > 1)"]
)
def test_with_nothing_known_everything_is_unknown(when: str) -> None:
    assert truth(parse(when), Run(Facts())) is None


def test_a_name_not_known_hides_a_class_but_never_a_known_member() -> None:
    run = Run(Facts(medicines=(Medicine("xyzzy"), Medicine("phenelzine"))))
    assert truth(parse("med.maoi"), run) is True
    assert truth(parse("med.glp1"), run) is None
    assert truth(parse("any(med.glp1 where last_taken_h < 2)"), run) is None


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({"allergies": ("latex",)}, None),
        ({"allergies": ("latex",), "product": "RACEMIC"}, False),
        ({"allergies": ()}, False),
        ({"product": "RACEMIC"}, None),
    ],
)
def test_an_allergy_is_not_ruled_out_against_a_product_that_nobody_chose(
    facts: dict[str, str | tuple[str, ...]], told: bool | None
) -> None:
    assert truth(parse("any(allergies in excipients)"), Run(Facts(facts))) is told


def test_kleene_tables() -> None:
    order = {False: 0, None: 1, True: 2}
    for a in order:
        for b in order:
            assert both([a, b]) is min(a, b, key=order.__getitem__)
            assert either([a, b]) is max(a, b, key=order.__getitem__)


@pytest.mark.parametrize(
    "when",
    [
        "",
        "capacity AND",
        "(capacity",
        "capacity)",
        "capacity pregnant",
        "age_y >",
        "age_y > >",
        "age_y in 3",
        "age_y in [3",
        "age_y is 3",
        "any(sbp)",
        "count(sbp)",
        "fired()",
        "tier(LOW)",
        "tier()",
        "any(med.maoi)",
        "all(allergies in excipients)",
        "all(med.maoi where daily_dose_mg > 1)",
        "age_y = 3",
        "capacity; DROP",
        "3 < age_y",
    ],
)
def test_a_malformed_when_is_refused(when: str) -> None:
    with pytest.raises(GrammarError):
        parse(when)


def test_a_rule_whose_when_was_left_empty_says_that_nothing_stands_there() -> None:
    with pytest.raises(GrammarError, match="a word expected before 'the end'"):
        parse("")
