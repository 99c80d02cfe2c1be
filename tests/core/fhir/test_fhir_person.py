"""Two people must never become one, and one must never become two."""

import pytest

from kapstone.fhir import identity_key, read_bundle
from kapstone.fhir.values import Person
from tests.core.fhir.bundles import Json, bundle, patient


def person(**changes: object) -> Person:
    return read_bundle(bundle(who=patient(**changes))).person


def test_everything_a_person_needs_is_read() -> None:
    read = person(
        telecom=[
            {"system": "phone", "value": "+1 202 555 0100"},
            {"system": "phone", "value": "+1 202 555 0101", "use": "old"},
            {"system": "email", "value": "ada@example.org"},
            {"system": "phone"},
        ],
        communication=[
            {"language": {"coding": [{"code": "en-US"}, {"display": "English"}]}},
            {},
        ],
        extension=[
            {"url": "urn:else", "valueCode": "x"},
            {
                "url": "http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex",
                "valueCode": "F",
            },
        ],
        identifier=[{"system": "urn:mrn", "value": "17"}, {"system": "urn:empty"}],
        name=[
            {"family": "Testerman", "given": ["Ada", None, " "]},
            {"text": "Ada T"},
            {"use": "old"},
        ],
    )
    assert (read.phones, read.emails) == (("+1 202 555 0100",), ("ada@example.org",))
    assert (read.languages, read.birth_sex, read.gender) == (("en-US",), "F", "female")
    assert [name.given for name in read.names] == [("Ada",), ()]
    assert read.names[1].family == "Ada T"
    assert (read.birth_date and read.birth_date.isoformat(), read.deceased) == ("1980-02-29", False)
    assert len(read.identifiers) == 1


@pytest.mark.parametrize("said", [{"deceasedBoolean": True}, {"deceasedDateTime": "2020-01-01"}])
def test_a_death_is_never_overlooked(said: Json) -> None:
    assert person(**said).deceased


@pytest.mark.parametrize(
    ("birth", "reason"),
    [("1085-02-28", "before 1900"), ("1980", "gives no day"), (None, "no birth date")],
)
def test_a_birth_date_that_cannot_serve_is_asked_for(birth: str | None, reason: str) -> None:
    who = patient(birthDate=birth)
    if birth is None:
        del who["birthDate"]
    read = read_bundle(bundle(who=who))
    assert read.person.birth_date is None
    assert reason in read.not_understood[0].reason


def test_the_same_person_sent_again_has_the_same_key() -> None:
    again = patient(name=[{"given": ["ADÁ"], "family": "testerman"}])
    first, second = bundle(), bundle(who=again)
    assert identity_key(read_bundle(first).person) == identity_key(read_bundle(second).person)
    assert read_bundle(first).digest == read_bundle(bundle()).digest != read_bundle(second).digest


@pytest.mark.parametrize(
    "twin",
    [
        {"name": [{"given": ["Bea"], "family": "Testerman"}]},
        {"identifier": [{"system": "urn:mrn", "value": "18"}]},
        {"birthDate": "1980-03-01"},
        {"birthDate": "1800-03-01"},
    ],
)
def test_twins_and_namesakes_have_keys_of_their_own(twin: Json) -> None:
    assert identity_key(person()) != identity_key(person(**twin))
