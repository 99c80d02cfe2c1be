"""Mistakes that circulate in print and in other programs; each would tell of somebody else.

Those of files of wording stand in tests/core/wording/test_matching.py: PHQ-9 without item 9 and
with 44256-6 for the difficulty (HL7 R4 core), AUDIT-C's first item coded 68517-2 (US Core), the
altered lowest answer of GAD-7 (Zorowitz 2021), difficulty answers whose codes are not in order.
Those of records in tests/core/fhir/test_fhir_observations.py: survey scores filed under laboratory,
a score sent as words.
"""

import pytest

from kapstone import instruments, wording
from kapstone.instruments import score
from kapstone.outcome import Shift, compare
from tests.core.wording import made_up

SDC = "http://hl7.org/fhir/uv/sdc/StructureDefinition"


@pytest.mark.parametrize(("each", "index"), [(0, 0), (1, 20), (3, 60), (5, 100)])
def test_the_index_of_who_5_is_four_times_the_sum(each: int, index: int) -> None:
    """A calculator on the web takes (raw - 5) x 4."""
    found = score(instruments.load("who5"), {f"q{n}": each for n in range(1, 6)})
    assert found.scores["index"] == index


def test_a_phq_9_is_a_case_from_10() -> None:
    """One page gives 9; NHS Talking Therapies gives 10."""
    least = instruments.load("phq9").change.caseness_min
    assert least is not None
    assert least.value == 10


def test_a_change_of_pcl_5_is_reliable_from_15_points_and_not_from_5() -> None:
    """5 reliable and 10 meaningful are of the list for DSM-IV. Source: Marx 2022."""
    pcl5 = instruments.load("pcl5")
    assert compare(pcl5, 50, 40).reliable is Shift.UNCHANGED
    assert compare(pcl5, 50, 35).reliable is Shift.IMPROVED
    assert (compare(pcl5, 50, 28).remission, compare(pcl5, 50, 29).remission) == (True, False)


def test_qids_counts_nine_domains_and_ends_at_27() -> None:
    """Summed over sixteen items it would end at 48."""
    found = score(instruments.load("qids_sr16"), {f"q{n}": 3 for n in range(1, 17)})
    assert found.scores["total"] == 27
    asleep = score(instruments.load("qids_sr16"), {f"q{n}": 3 * (n <= 4) for n in range(1, 17)})
    assert asleep.scores["total"] == 3


# By the numbers of the order as published; lists sorted by factor circulate too. Checked against
# four independent code bases.
MEQ30 = {
    "mystical": (4, 5, 6, 9, 14, 15, 16, 18, 20, 21, 23, 24, 25, 26, 28),
    "positive_mood": (2, 8, 12, 17, 27, 30),
    "transcendence": (1, 7, 11, 13, 19, 22),
    "ineffability": (3, 10, 29),
}


@pytest.mark.parametrize("factor", MEQ30)
def test_the_factors_of_meq_30_go_by_the_order_printed(factor: str) -> None:
    answers = {f"q{n}": 5 * (n in MEQ30[factor]) for n in range(1, 31)}
    found = score(instruments.load("meq30"), answers).scores
    assert {name: found[name] for name in MEQ30} == {
        name: 5 * len(MEQ30[name]) * (name == factor) for name in MEQ30
    }


def test_a_form_that_sums_nothing_and_answers_in_example_codes_brings_words_to_confirm() -> None:
    """The PHQ-9 of SDC 4.0.0-ballot: a total of type quantity that reaches no answer."""
    held = made_up.phq9()
    items = [made_up.fhir_item(item) for item in held.items]
    for item in items:
        for option in item["answerOption"]:
            option["valueCoding"] |= {"system": "http://example.org/anchors"}
    computed = {
        "url": f"{SDC}/sdc-questionnaire-calculatedExpression",
        "valueExpression": {"language": "text/fhirpath", "expression": "%resource.item.answer"},
    }
    total = {"linkId": "sum", "type": "quantity", "text": "Sum", "extension": [computed]}
    found = wording.match(wording.read(made_up.fhir([*items, total])), held)
    assert found.refused == ()
    assert found.to_confirm == {item.id for item in held.items}
    assert {line.values_how for line in found.lines} == {wording.How.ORDER}
    assert found.items["q9"] == made_up.words(held.items[8])
