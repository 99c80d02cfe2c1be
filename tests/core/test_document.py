"""A broken file must be refused whole: half a record read is a history with holes."""

from datetime import UTC, datetime

import pytest

from kapstone.document import parse
from kapstone.errors import InvalidInput
from kapstone.fhir import read_bundle
from kapstone.fhir.dates import Precision, read_when
from kapstone.fhir.reader import Node
from tests.core.fhir.bundles import bundle, patient


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"\xff\xfe", "byte 0 is not UTF-8"),
        (b"{", "line 1, column 2"),
        (b'{"a": 1, "a": 2}', "$..a: stands twice"),
        (b"[" * 100_000, "nested too deeply"),
        (b"1" * 5000, "a number too long"),
    ],
)
def test_bytes_that_are_no_document_are_refused(data: bytes, says: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse(data)
    assert says in str(refused.value)


def test_a_byte_order_mark_is_no_obstacle() -> None:
    assert parse(b'\xef\xbb\xbf{"a": 1}') == {"a": 1}


def deep(levels: int) -> object:
    document: object = 1
    for _ in range(levels):
        document = [document]
    return document


@pytest.mark.parametrize(
    ("document", "place"),
    [
        ({"a": deep(100)}, "$.a[0]"),
        ({"a": [float("inf")]}, "$.a[0]"),
        (parse(b'{"a": NaN}'), "$.a"),
        ({"a": "\ud800"}, "$.a"),
        ({"a": "b\x00"}, "$.a"),
        ({"a\x00": 1}, r"$.'a\x00'"),
        ({1: 1}, "$"),
        ({"a": {1, 2}}, "$.a"),
        ({"a": "ä", "b": 1.5, "c": None, "d": True}, "$.resourceType"),
        ([], "$"),
        ({"resourceType": "Patient"}, "$.resourceType"),
        ({"resourceType": "Bundle"}, "$.type"),
        ({"resourceType": "Bundle", "type": "history"}, "$.type"),
        ({"resourceType": "Bundle", "type": "collection"}, "$.entry"),
        ({"resourceType": "Bundle", "type": "collection", "entry": {}}, "$.entry"),
        ({"resourceType": "Bundle", "type": "collection", "entry": [3]}, "$.entry[0]"),
        (bundle({"id": "x"}), "$.entry[1].resource.resourceType"),
        (bundle(patient(id="p2")), "$.entry[1].resource"),
        (bundle(who=patient(birthDate="1980-02-30")), "$.entry[0].resource.birthDate"),
        (bundle(who=patient(birthDate="29.2.1980")), "$.entry[0].resource.birthDate"),
        (bundle(who=patient(birthDate=1980)), "$.entry[0].resource.birthDate"),
        (bundle(who=patient(gender="woman")), "$.entry[0].resource.gender"),
        (bundle(who=patient(deceasedBoolean="no")), "$.entry[0].resource.deceasedBoolean"),
        (bundle(who=patient(name=[{"given": [1]}])), "$.entry[0].resource.name[0].given[0]"),
        (bundle(who=patient(modifierExtension=[])), "$.entry[0].resource"),
    ],
)
def test_a_broken_bundle_names_the_place(document: object, place: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_bundle(document)
    assert refused.value.key.startswith(place)


@pytest.mark.parametrize("stated", [10**13, 1e300, True, "3", None])
def test_what_is_no_measurable_number_is_refused(stated: object) -> None:
    with pytest.raises(InvalidInput):
        Node("$", {"value": stated}).number("value")


@pytest.mark.parametrize(
    ("text", "precision", "earliest"),
    [
        ("1980", Precision.YEAR, datetime(1980, 1, 1, tzinfo=UTC)),
        ("1980-05", Precision.MONTH, datetime(1980, 5, 1, tzinfo=UTC)),
        ("1980-05-06", Precision.DAY, datetime(1980, 5, 6, tzinfo=UTC)),
        ("2020-01-01T00:30:00+02:00", Precision.TIME, datetime(2019, 12, 31, 22, 30, tzinfo=UTC)),
        (
            "2020-01-01T00:30:60.5-01:00",
            Precision.TIME,
            datetime(2020, 1, 1, 1, 30, 59, tzinfo=UTC),
        ),
        ("2020-01-01T00:30Z", Precision.TIME, datetime(2020, 1, 1, 0, 30, tzinfo=UTC)),
    ],
)
def test_a_date_keeps_how_exact_it_was(text: str, precision: Precision, earliest: datetime) -> None:
    read = read_when("$", text)
    assert (read.precision, read.earliest) == (precision, earliest)
    assert (read.day is None) == (precision in (Precision.YEAR, Precision.MONTH))


def test_a_moment_outside_the_calendar_is_refused() -> None:
    with pytest.raises(InvalidInput):
        read_when("$", "0001-01-01T00:00:00+14:00")
