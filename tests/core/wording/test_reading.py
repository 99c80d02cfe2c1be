"""A file read otherwise than it was written would put other words before a patient."""

import json

import pytest

from kapstone.errors import InvalidInput
from kapstone.wording import LARGEST_BYTES, read
from tests.core.wording import made_up
from tests.core.wording.made_up import field, phq9

Q1 = phq9().items[0]


def _fhir(**more: object) -> bytes:
    return made_up.fhir([made_up.fhir_item(Q1) | more])


@pytest.mark.parametrize(
    "data",
    [
        made_up.fhir_of(phq9()),
        made_up.lhc(made_up.lhc_item(item) for item in phq9().items),
        made_up.redcap(
            made_up.redcap_item(item, section="Think of balloons." if item is Q1 else "")
            for item in phq9().items
        ),
    ],
)
def test_each_format_gives_the_same_words_in_the_same_order(data: bytes) -> None:
    draft = read(data)
    assert [each.text for each in draft.items] == [made_up.words(item) for item in phq9().items]
    assert draft.stem == "Think of balloons."
    first = [choice.text.removesuffix(", or so") for choice in draft.items[0].choices]
    assert first == [made_up.answer(Q1, value) for value in range(4)]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "neither a FHIR"),
        (b"hello", "neither a FHIR"),
        (b"\xff\xfea\x00", "Save it as UTF-8"),
        (b"a\x00b", "NUL"),
        (b"{" + b" " * LARGEST_BYTES, "larger than 1 MB"),
        (b"[" * 500_000, "nested"),
        (b'{"a": 1, "a": 2}', "twice"),
        (b"[]", "not an object"),
        (b'{"resourceType": "Patient"}', "is not Questionnaire"),
        (b'{"items": []}', "asks no question"),
        (made_up.fhir([]), "asks no question"),
        (_fhir(type=7), "is not text"),
        (_fhir(linkId="g"), "stands twice"),
        (_fhir(repeats=True), "several answers"),
        (_fhir(text="b" * 2001), "longer than 2000"),
        (_fhir(code=[{"system": "http://loinc.org", "code": c} for c in "ab"]), "several LOINC"),
        (made_up.fhir([made_up.fhir_item(Q1) | {"linkId": f"{n}"} for n in range(201)]), "200"),
        (_fhir(answerOption=[{"valueInteger": n} for n in range(102)]), "more than 101 answers"),
        (_fhir(answerOption=[{"valueInteger": True}]), "not a number"),
        (_fhir(answerOption=[{"valueInteger": 10**9}]), "not a whole number"),
    ],
)
def test_what_is_broken_or_hostile_is_refused_by_name(data: bytes, said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        read(data)


def test_markup_and_hidden_characters_are_taken_out_and_said() -> None:
    text = "<b>How</b> blue<script>alert(1)</script>&nbsp;\u202ewas\u200b it?"
    draft = read(_fhir(text=text))
    assert draft.items[0].text == "How blue was it?"
    said = [problem.words for problem in draft.problems]
    assert any("markup" in words for words in said)
    assert any("cannot be seen" in words for words in said)
    stray = read(_fhir(text="</script>2 < 3 and <template>no</template> yes"))
    assert stray.items[0].text == "2 < 3 and yes"


def test_what_is_hidden_or_computed_is_left_out_and_said() -> None:
    hidden = {"url": "http://hl7.org/fhir/StructureDefinition/questionnaire-hidden"}
    sdc = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression"
    more = [
        {"linkId": "h", "type": "choice", "extension": [hidden | {"valueBoolean": True}]},
        {"linkId": "r", "type": "decimal", "readOnly": True},
        {"linkId": "t", "type": "quantity", "text": "Total", "extension": [{"url": sdc}]},
        {"linkId": "d", "type": "display", "text": "Thank you."},
    ]
    shown = made_up.fhir_item(Q1) | {"extension": [hidden | {"valueBoolean": False}]}
    draft = read(made_up.fhir([shown, *more]))
    assert [each.text for each in draft.items] == [made_up.words(Q1)]
    assert [each.words for each in draft.problems] == [
        "Left out: it is hidden.",
        "Left out: it is computed.",
        "Left out: it is computed.",
    ]
    assert draft.stem == "Think of balloons."


def test_a_question_inside_a_question_and_a_condition_are_seen() -> None:
    inner = made_up.fhir_item(phq9().items[1]) | {"enableWhen": [{"question": "/q1"}]}
    draft = read(_fhir(item=[inner]))
    assert len(draft.items) == 2
    assert "always asked" in draft.problems[0].words


def test_a_code_under_another_system_is_not_taken_for_loinc() -> None:
    draft = read(_fhir(code=[{"system": "http://example.org", "code": Q1.loinc}]))
    assert draft.items[0].loinc == ""
    assert "not LOINC" in draft.problems[0].words


def test_a_json_file_with_a_mark_of_byte_order_and_a_panel_is_read() -> None:
    panel = [{"system": "http://loinc.org/", "code": "44249-1"}]
    draft = read(b"\xef\xbb\xbf" + made_up.fhir([made_up.fhir_item(Q1)], code=panel))
    assert (draft.loinc_panel, draft.language, draft.copyright) == (
        "44249-1", "en-US", "Invented.",
    )  # fmt: skip


def _values(draft_of: bytes) -> list[tuple[int | None, str]]:
    return [(choice.value, choice.text) for choice in read(draft_of).items[0].choices]


def test_a_value_is_found_in_each_of_the_places_files_keep_it() -> None:
    def said(url: str, value: object) -> list[object]:
        return [{"url": "http://example.org/other"}, {"url": url, "valueDecimal": value}]

    weight = "http://hl7.org/fhir/StructureDefinition/itemWeight"
    options = [
        {"valueCoding": {"display": "a"}, "extension": said(made_up.ORDINAL, 0)},
        {"valueCoding": {"display": "b", "extension": said(made_up.ORDINAL, 1.0)}},
        {"valueCoding": {"display": "c", "extension": said(weight, 2)}},
        {"valueString": "d", "extension": said(weight, 3)},
        {"valueString": "e"},
        {"valueInteger": 5},
    ]
    assert _values(_fhir(answerOption=options)) == [
        (0, "a"), (1, "b"), (2, "c"), (3, "d"), (None, "e"), (5, "5"),
    ]  # fmt: skip
    torn = {"valueCoding": {"display": "b", "extension": said(weight, 1)}}
    with pytest.raises(InvalidInput, match="several values"):
        _values(_fhir(answerOption=[torn | {"extension": said(weight, 2)}]))
    half = {"valueString": "d", "extension": said(weight, 0.5)}
    with pytest.raises(InvalidInput, match="not a whole number"):
        _values(_fhir(answerOption=[half]))


def _with_set(contained: list[object], name: str = "#a") -> bytes:
    item = made_up.fhir_item(Q1) | {"answerValueSet": name}
    del item["answerOption"]
    return made_up.fhir([item], contained=contained)


def test_answers_are_found_in_what_the_file_contains() -> None:
    weight = {"url": made_up.ORDINAL, "valueDecimal": 3}
    system = {
        "resourceType": "CodeSystem", "url": "urn:b",
        "concept": [{"code": "x", "display": "very", "extension": [weight]}],
    }  # fmt: skip
    include = {"system": "urn:b", "concept": [{"code": "x"}]}
    whole = {"resourceType": "ValueSet", "id": "a", "compose": {"include": [{"system": "urn:b"}]}}
    some = {"resourceType": "ValueSet", "id": "a", "compose": {"include": [include]}}
    expanded = {
        "resourceType": "ValueSet", "id": "a",
        "expansion": {"contains": [{"system": "urn:b", "code": "x", "display": "very"}]},
    }  # fmt: skip
    other = {"resourceType": "Organization"}
    for value_set in (whole, some, expanded):
        assert _values(_with_set([other, system, value_set])) == [(3, "very")]
    assert _values(_with_set([{"resourceType": "ValueSet", "id": "a"}])) == []
    for name in ("#b", "http://example.org/set"):
        draft = read(_with_set([system], name))
        assert draft.problems[0].words == "Its answers stand in another file."


def test_a_scale_of_numbers_is_asked_in_numbers() -> None:
    ends = [
        {"url": f"http://hl7.org/fhir/StructureDefinition/{end}Value", "valueInteger": value}
        for end, value in (("min", 0), ("max", 10))
    ]
    item = {"linkId": "n", "type": "integer", "text": "How blue?", "extension": ends}
    assert _values(made_up.fhir([item]))[-1] == (10, "10")
    assert _values(made_up.fhir([item | {"extension": ends[:1]}])) == []
    limits = {"minInclusive": "0", "maxInclusive": 10}
    lhc = {"question": "How blue?", "dataType": "INT", "restrictions": limits}
    assert _values(made_up.lhc([lhc]))[0] == (0, "0")
    assert _values(made_up.lhc([{"question": "How blue?"}])) == []
    assert _values(made_up.lhc([lhc | {"restrictions": {}}])) == []
    slim = field("n", "text", "How blue?", check="integer", low="0", high="10")
    assert len(_values(made_up.redcap([slim]))) == 11
    with pytest.raises(InvalidInput, match="from 10 to 0"):
        read(made_up.redcap([field("n", "text", "?", check="integer", low="10", high="0")]))


def test_an_lhc_form_says_null_hidden_computed_and_whose_code_it_is() -> None:
    ask = made_up.lhc_item(Q1, scores=False)
    second = made_up.lhc_item(phq9().items[1])
    extra = [
        {"question": "a", "linkId": "a", "displayControl": {"isHidden": True}},
        {"question": "b", "linkId": "b", "isHidden": True},
        {"question": "c", "linkId": "c", "calculationMethod": {"name": "TOTALSCORE"}},
        {"question": "d", "linkId": "d", "editable": "0"},
        {"question": "e", "header": True, "items": [second]},
    ]
    free = {
        "question": "f", "linkId": "f", "questionCode": "x", "answers": "LIST",
        "displayControl": {}, "skipLogic": {"action": "show"}, "answerCardinality": {"max": "1"},
    }  # fmt: skip
    draft = read(made_up.lhc([ask, *extra, free], title="Red balloons"))
    assert draft.title == "Red balloons"
    assert [each.loinc for each in draft.items] == [Q1.loinc, second["questionCode"], ""]
    assert [choice.value for choice in draft.items[0].choices] == [None] * 4
    said = [each.words for each in draft.problems]
    assert said.count("Left out: it is hidden.") == said.count("Left out: it is computed.") == 2
    assert any("not LOINC" in words for words in said)
    assert "Its answers stand in another file." in said


def test_an_lhc_form_of_loinc_brings_its_panel_and_is_refused_where_it_is_broken() -> None:
    item = {"questionCode": "1-8", "question": "a", "linkId": "a", "answers": [{"text": "b"}]}
    draft = read(made_up.lhc([item], code="44249-1", codeSystem="LOINC"))
    assert (draft.loinc_panel, draft.items[0].loinc) == ("44249-1", "1-8")
    with pytest.raises(InvalidInput, match="stands twice"):
        read(made_up.lhc([item, item]))
    with pytest.raises(InvalidInput, match="several answers"):
        read(made_up.lhc([item | {"answerCardinality": {"max": "*"}}]))


def test_a_dictionary_says_what_it_left_out() -> None:
    rows = [
        field("record_id", "text", "Record"),
        field("hello", "descriptive", "Think of balloons."),
        made_up.redcap_item(Q1, branching="[record_id] > 1"),
        field("again", "yesno", "1. Again?", section="Later"),
        field("truly", "truefalse", "Truly?", annotation="@READONLY"),
        field("sum", "calc", "Sum", "[balloon_q1]"),
        field("words", "text", "@", annotation="@CALCTEXT(1)"),
        field("secret", "radio", "Secret?", "0, a | 1, b", annotation="@HIDDEN"),
    ]
    draft = read(made_up.redcap(rows))
    assert (draft.title, draft.stem) == ("balloons", "Think of balloons.")
    assert [each.text for each in draft.items] == [made_up.words(Q1), "Again?", "Truly?"]
    assert draft.items[0].choices[3].text == f"{made_up.answer(Q1, 3)}, or so"
    assert [(c.value, c.text) for c in draft.items[1].choices] == [(1, "Yes"), (0, "No")]
    said = [each.words for each in draft.problems]
    assert [words.rpartition(" ")[2] for words in said] == [
        "answers.", "asked.", "computed.", "computed.", "hidden.",
    ]  # fmt: skip


def test_one_form_of_several_is_named() -> None:
    other = made_up.redcap_item(phq9().items[1], form="kites")
    both = made_up.redcap([made_up.redcap_item(Q1), other])
    assert read(both, "kites").items[0].text == made_up.words(phq9().items[1])
    for form, said in (("", "Say which: balloons, kites"), ("boats", "no such form")):
        with pytest.raises(InvalidInput, match=said):
            read(both, form)


def test_a_dictionary_of_the_interface_is_read_by_its_own_names() -> None:
    head = [
        "field_name",
        "form_name",
        "field_type",
        "field_label",
        "select_choices_or_calculations",
    ]
    row = ["b", "balloons", "dropdown", "How blue?", "A, not | 1, very"]
    api = made_up.redcap([row], head)
    assert read(api).items[0].choices[0].value is None
    with pytest.raises(InvalidInput, match="Field Type"):
        read(made_up.redcap([row], [*head[:2], "kind", *head[3:]]))


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([], "has no fields"),
        ([["b"]], "has 1 cells, the head 13"),
        ([made_up.redcap_item(Q1), made_up.redcap_item(Q1)], "stands twice"),
        ([field("b", "checkbox", "Which?", "0, a | 1, b")], "several answers"),
        ([field("b", "radio", "Which?", "0 a | 1, b")], "is no answer"),
        ([field("b", "text", "Which?")], "asks no question"),
    ],
)
def test_a_broken_dictionary_is_refused_by_name(rows: list[list[str]], said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        read(made_up.redcap(rows))


def test_a_dictionary_with_a_torn_quote_is_refused_with_its_line() -> None:
    with pytest.raises(InvalidInput, match=r"line \d"):
        read(made_up.redcap([made_up.redcap_item(Q1)]) + b'"open')


def test_a_document_of_json_is_not_changed_by_reading_it_twice() -> None:
    data = made_up.lhc([made_up.lhc_item(Q1, scores=False)])
    assert json.loads(data)["items"][1]["answers"][0]["score"] is None
    assert read(data) == read(data)
