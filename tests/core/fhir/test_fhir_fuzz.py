"""Whatever a sender breaks, the reader refuses by name; and nothing ever becomes false."""

import copy
import json
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from kapstone.document import parse
from kapstone.errors import InvalidInput
from kapstone.fhir import read_bundle
from tests.core.fhir.bundles import (
    ICD,
    RXNORM,
    SCT,
    Json,
    bundle,
    concept,
    condition,
    observation,
    pressure,
    quantity,
    resource,
)

SOUND = bundle(
    condition(concept(ICD, "I67.1"), verificationStatus=concept("x", "confirmed")),
    condition(concept(SCT, "13746004"), "resolved", abatementDateTime="2011-03-04"),
    observation("29463-7", quantity(70, "kg"), effectiveDateTime="2024-01-02T03:04:05Z"),
    pressure(quantity(120, "mm[Hg]"), quantity(80, "mm[Hg]")),
    resource(
        "MedicationRequest",
        status="active",
        medicationReference={"reference": "#m"},
        contained=[
            {"resourceType": "Medication", "id": "m", "code": concept(RXNORM, "1", "a 1 MG")}
        ],
        dosageInstruction=[
            {
                "timing": {"repeat": {"frequency": 2, "period": 1, "periodUnit": "d"}},
                "doseAndRate": [{"doseQuantity": quantity(5, "mg")}],
                "route": concept(SCT, "26643006"),
            }
        ],
    ),
    resource("AllergyIntolerance", code=concept(SCT, "1", "Ketamine")),
    resource(
        "QuestionnaireResponse",
        status="completed",
        item=[{"linkId": "/44260-8", "answer": [{"valueInteger": 1}]}],
    ),
)

BREAKERS = (
    *("", "refuted", "Patient/p1", "#m", "#", "a\x00", "\ud800", 1e308),
    *("1899-01-01", "2020-02-31", "0001"),
)
words = st.text(alphabet="ab1é/#.|", max_size=6)  # a small alphabet: quick to draw
junk = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    words,
    st.sampled_from(BREAKERS),
    st.lists(st.integers() | words, max_size=2),
    st.dictionaries(words, st.integers(), max_size=2),
)


def places(value: object, path: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    found = []
    for key, inner in pairs:
        found.append((*path, key))
        if isinstance(inner, dict | list):
            found += places(inner, (*path, key))
    return found


PLACES = places(SOUND)


@st.composite
def mutated(draw: st.DrawFn) -> Json:
    document = copy.deepcopy(SOUND)
    for path in draw(st.lists(st.sampled_from(PLACES), min_size=1, max_size=4)):
        holder: object = document
        try:
            for key in path[:-1]:
                holder = holder[key]
            if draw(st.booleans()):
                holder[path[-1]] = draw(junk)
            else:
                del holder[path[-1]]
        except (KeyError, IndexError, TypeError):
            continue  # an earlier change has taken this place away
    return document


def check(document: object) -> None:
    try:
        read = read_bundle(document)
    except InvalidInput as refused:
        assert refused.key.startswith("$")
        return
    for fact in read.facts:
        assert fact.value is True or type(fact.value) is Decimal


@given(mutated())
def test_a_mutated_bundle_is_refused_by_name_or_makes_nothing_false(document: Json) -> None:
    check(document)


@given(st.recursive(junk, lambda inner: st.lists(inner, max_size=3), max_leaves=10))
def test_anything_at_all_is_refused_by_name(document: object) -> None:
    check(document)


@given(st.data())
def test_mutated_bytes_are_refused_by_name_or_read(data: st.DataObject) -> None:
    whole = json.dumps(SOUND).encode()
    at = data.draw(st.integers(0, len(whole) - 1))
    changed = whole[:at] + data.draw(st.binary(max_size=3)) + whole[at + 1 :]
    try:
        document = parse(changed)
    except InvalidInput as refused:
        assert refused.key.startswith("$")
        return
    check(document)


def test_the_bundle_the_fuzzer_starts_from_is_whole() -> None:
    read = read_bundle(SOUND)
    assert {fact.key for fact in read.facts} == {
        *("dx.aneurysm.current", "dx.bipolar.history", "weight_kg", "phq9_item9")
    }
    assert (len(read.medicines), len(read.allergies), len(read.blood_pressures)) == (1, 1, 1)
    assert read.medicines[0].daily_dose_mg == 10
