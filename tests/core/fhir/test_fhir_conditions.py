"""A code may only ever make a danger known. It may never make one unknown to the screening."""

import pytest

from kapstone.fhir import read_bundle
from kapstone.fhir.codemap import look_up
from tests.core.fhir.bundles import ICD, SCT, bundle, concept, condition


@pytest.mark.parametrize(
    ("system", "code", "status", "keys"),
    [
        (ICD, "I67.1", "active", {"dx.aneurysm.current"}),
        (ICD, "i671", "recurrence", {"dx.aneurysm.current"}),
        (ICD, "I71.40", "resolved", {"dx.aneurysm.history"}),
        (ICD, "I69.10", "active", {"dx.ich.history"}),
        (ICD, "I61.9", "inactive", {"dx.ich.history"}),
        (
            ICD,
            "F31.2",
            "active",
            {"dx.bipolar.current", "dx.mania.current", "dx.psychosis.current"},
        ),
        (ICD, "F31.81", "active", {"dx.bipolar.current"}),
        (ICD, "F10.20", "active", {"dx.alcohol_use.current"}),
        (ICD, "F10.21", "active", {"dx.alcohol_use.history"}),
        (ICD, "F16.20", "active", {"dx.sud.current"}),
        (ICD, "Z33.1", "active", {"pregnant"}),
        (ICD, "Z33.1", "resolved", set()),
        (ICD, "I1", "active", set()),
        (SCT, "128609009", "remission", {"dx.aneurysm.history"}),
        (SCT, "59621000", "active", {"dx.hypertension.current"}),
        (SCT, "72892002", "active", {"pregnant"}),
        (SCT, "I67.1", "active", set()),
        ("urn:other", "I67.1", "active", set()),
    ],
)
def test_a_code_sets_only_what_the_map_says(
    system: str, code: str, status: str, keys: set[str]
) -> None:
    read = read_bundle(bundle(condition(concept(system, code), status)))
    assert {fact.key for fact in read.facts} == keys
    assert all(fact.value is True for fact in read.facts)
    assert bool(read.questions) == (code == "F16.20" or not look_up(system, code))


@pytest.mark.parametrize("said", ["refuted", "entered-in-error"])
def test_a_refuted_condition_makes_nothing_true_or_false(said: str) -> None:
    refuted = condition(concept(ICD, "I67.1"), verificationStatus=concept("", said))
    read = read_bundle(bundle(refuted))
    assert (read.facts, read.questions) == ((), ())
    assert said in read.not_understood[0].reason


def test_a_suspected_condition_is_asked_about() -> None:
    doubt = condition(concept(ICD, "I67.1"), verificationStatus=concept("", "provisional"))
    read = read_bundle(bundle(doubt))
    assert read.facts == ()
    assert "provisional" in read.questions[0].reason


def test_a_condition_without_status_was_there_and_may_still_be() -> None:
    read = read_bundle(bundle(condition(concept(ICD, "I67.1"), None)))
    assert [fact.key for fact in read.facts] == ["dx.aneurysm.history"]
    assert "still present" in read.questions[0].reason


def test_an_active_condition_with_an_end_is_history_and_asked_about() -> None:
    ended = condition(concept(ICD, "Z33.1"), abatementDateTime="2020")
    read = read_bundle(bundle(ended))
    assert read.facts == ()
    assert "gives its end" in read.questions[0].reason


def test_the_onset_stands_beside_the_fact_and_an_impossible_one_does_not() -> None:
    known = condition(concept(ICD, "I67.1"), onsetDateTime="2011-03")
    when = read_bundle(bundle(known)).facts[0].origin.when
    assert when is not None
    assert when.text == "2011-03"
    absurd = condition(concept(ICD, "I67.1"), onsetDateTime="0199-03-01")
    assert read_bundle(bundle(absurd)).facts[0].origin.when is None


def test_unmapped_codes_are_asked_about_once() -> None:
    unknown = concept(SCT, "37796009", "Migraine")
    text = {"text": "something old"}
    read = read_bundle(bundle(*(condition(unknown),) * 2, condition(text), condition({})))
    assert [question.coded.display for question in read.questions] == [
        "Migraine",
        "something old",
        "(no code and no text)",
    ]
