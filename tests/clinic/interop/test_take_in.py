"""A referral must come in whole or not at all, to the right person, and hide nothing."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from clinic.content import actions as content
from clinic.content.models import Signature
from clinic.episodes.queries import open_episode
from clinic.intake import known, queries, screening
from clinic.intake.models import FactAnswer, MedicineEntry, PressureReading
from clinic.interop import actions
from clinic.interop.actions import TakenAs, TakenIn, Whose
from clinic.interop.models import LeftOver, Referral, WaitingBundle
from clinic.people.models import AuditEntry, Patient
from clinic.people.roles import Role
from kapstone.errors import InvalidInput
from tests.clinic import cast
from tests.clinic.interop import bundles

pytestmark = pytest.mark.django_db


def take(text: str = bundles.WHOLE, whose: Whose | None = None) -> TakenIn:
    return actions.take_in(text, by=None, at=cast.NOON, whose=whose)


def someone(**changes: object) -> dict[str, object]:
    return {**bundles.PATIENT, **changes}


def test_a_bundle_becomes_a_person_an_episode_and_facts_with_their_resource() -> None:
    taken = take()
    assert taken.taken_as is TakenAs.NEW_PERSON
    person = taken.patient
    assert person is not None
    assert (person.given_name, person.family_name, person.sex) == ("Kim", "Vogel", "female")
    assert (person.phone, person.email) == ("555-0100", "")
    assert open_episode(person) is not None
    facts = queries.facts(person, cast.NOON)
    assert facts["dx.aneurysm.current"] is True
    assert facts["weight_kg"] == 81.5
    told = queries.fact(person, "dx.aneurysm.current")
    assert told is not None
    assert told.origin == "Condition/c-I71-4"
    assert FactAnswer.objects.filter(key="weight_kg").count() == 2


@pytest.mark.hazard(21)
def test_nothing_in_a_record_sets_a_fact_false_and_no_list_is_whole() -> None:
    person = take().patient
    assert person is not None
    assert not FactAnswer.objects.filter(value=False).exists()
    facts = queries.facts(person, cast.NOON)
    assert "allergies" not in facts
    assert facts["medications"] == [{"name": "sertraline"}, {"name": known.REST_OF_LIST}]
    assert [entry.substance for entry in known.current_allergies(person)] == ["Penicillin"]
    assert MedicineEntry.objects.filter(taken=False).get().name == "phenelzine"


@pytest.mark.hazard(21)
def test_what_is_not_understood_is_kept_with_its_place() -> None:
    take()
    left = LeftOver.objects.all()
    assert any("Z99.9" in row.code for row in left)
    assert any(row.resource_type == "Encounter" for row in left)
    assert any("20 to 400" in row.reason for row in left)  # a newborn's weight


def test_a_record_s_pressure_is_history_and_no_sign_of_today() -> None:
    person = take().patient
    assert person is not None
    assert PressureReading.objects.get().systolic_mmhg == 185
    assert "sbp" not in queries.facts(person, cast.NOON)
    assert "SCR-005" not in {f.code for f in screening.run(person, cast.NOON).screening.findings}


def test_the_same_bundle_twice_changes_nothing() -> None:
    first = take()
    rows = FactAnswer.objects.count()
    again = take(json.dumps(json.loads(bundles.WHOLE), indent=2))
    assert again.taken_as is TakenAs.SEEN_BEFORE
    assert again.patient == first.patient
    assert (Patient.objects.count(), FactAnswer.objects.count()) == (1, rows)


def test_the_same_number_and_birth_date_is_the_same_person() -> None:
    first = take()
    again = take(bundles.bundle(bundles.medicine("lithium")))
    assert again.taken_as is TakenAs.KNOWN_PERSON
    assert again.patient == first.patient
    assert Referral.objects.count() == 2


@pytest.mark.hazard(21)
@pytest.mark.parametrize(
    "patient",
    [
        someone(identifier=[]),
        someone(identifier=[{"system": "urn:else", "value": "Z"}]),
        someone(birthDate="1999-01-01"),
    ],
)
def test_somebody_who_might_be_here_waits_for_a_person_to_say(patient: dict[str, object]) -> None:
    first = take().patient
    text = bundles.bundle(bundles.medicine("lithium"), patient=patient)
    taken = take(text)
    assert taken.taken_as is TakenAs.WAITING
    assert (Patient.objects.count(), Referral.objects.count()) == (1, 1)
    assert take(text).waiting == taken.waiting
    assert take(text, Whose(first)).taken_as is TakenAs.KNOWN_PERSON
    assert not WaitingBundle.objects.exists()


def test_a_twin_becomes_a_person_when_somebody_says_so() -> None:
    take()
    taken = take(bundles.bundle(patient=someone(identifier=[])), Whose(None))
    assert taken.taken_as is TakenAs.NEW_PERSON
    assert Patient.objects.count() == 2


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("{", "line 1, column 2"),
        ('{"resourceType": "Bundle", "resourceType": "Bundle"}', "resourceType"),
        (bundles.bundle(patient=someone(birthDate="12 April")), "birthDate"),
        (bundles.bundle(patient=someone(birthDate="1985")), "birthDate"),
        (bundles.bundle(patient=someone(name=[])), "name"),
        (bundles.bundle(patient=someone(name=[{"family": "x" * 101, "given": ["y"]}])), "family"),
        (bundles.bundle({**bundles.condition("F20.9"), "code": 7}), "code"),
        (" " * 5_000_001, "5 MB"),
    ],
)
def test_a_broken_bundle_imports_nothing_and_names_the_place(text: str, place: str) -> None:
    with pytest.raises(InvalidInput, match=place):
        take(text)
    assert not Patient.objects.exists()
    assert not AuditEntry.objects.exclude(action="sign_content").exists()


def test_a_record_without_a_birth_day_goes_to_the_person_somebody_names() -> None:
    person = cast.patient()
    taken = take(bundles.bundle(patient=someone(birthDate="1985")), Whose(person))
    assert taken.patient == person


def test_a_record_of_somebody_dead_says_so() -> None:
    take(bundles.bundle(patient=someone(deceasedBoolean=True)))
    assert LeftOver.objects.filter(path="Patient.deceased").exists()


@pytest.mark.hazard(10)
@pytest.mark.parametrize(
    ("when", "item_9", "alerted"),
    [
        ("2026-03-01T10:00:00Z", 2, True),
        ("2026-03-01T10:00:00Z", 0, False),
        ("2025-03-01T10:00:00Z", 3, False),
    ],
)
def test_a_recent_suicidal_answer_in_a_referral_alerts(
    when: str, item_9: int, alerted: bool
) -> None:
    person = take(bundles.bundle(*bundles.phq9(18, item_9, when))).patient
    assert person is not None
    assert queries.facts(person, cast.NOON)["phq9_item9"] == item_9
    assert person.alerts.filter(code="referral.item_9").exists() is alerted


@pytest.mark.parametrize("demo", [True, False])
def test_only_the_demo_calls_its_people_synthetic(settings: object, demo: bool) -> None:
    settings.DEMO = demo  # type: ignore[attr-defined]  # pytest-django's own
    person = take().patient
    assert person is not None
    assert person.synthetic is demo


def _import(tmp_path: Path, text: str, *extra: str) -> str:
    file, out = tmp_path / "bundle.json", StringIO()
    file.write_text(text, encoding="utf-8")
    call_command("import", str(file), *extra, stdout=out)
    return out.getvalue()


def test_the_command_goes_through_the_same_door(tmp_path: Path) -> None:
    nurse = cast.staff(Role.NURSE)
    assert _import(tmp_path, bundles.WHOLE, "--by", nurse.user.email) == (
        "a new person: record K000001\n"
    )
    assert Referral.objects.get().by == nurse.user
    assert "came in before" in _import(tmp_path, bundles.WHOLE)
    twin = bundles.bundle(patient=someone(identifier=[]))
    assert "might be somebody" in _import(tmp_path, twin)


@pytest.mark.parametrize(
    ("text", "extra", "says"),
    [
        ("{", (), "Nothing was imported"),
        (" " * 5_000_001, (), "larger than 5 MB"),
        (bundles.WHOLE, ("--by", "nobody@clinic.example"), "nobody who works here"),
    ],
)
def test_the_command_says_why_not(
    tmp_path: Path, text: str, extra: tuple[str, ...], says: str
) -> None:
    with pytest.raises(CommandError, match=says):
        _import(tmp_path, text, *extra)
    assert not Patient.objects.exists()


@pytest.mark.hazard(27)
def test_in_demonstration_mode_no_record_makes_a_person(tmp_path: Path) -> None:
    """A clinic that answers for none of its rules has no real patient, whichever door is used."""
    given = Signature.objects.first()
    assert given is not None
    content.withdraw(signature=given, reason="Not ours.", by=given.by, at=cast.NOON)
    with pytest.raises(CommandError, match="1 row of the clinical content not signed"):
        _import(tmp_path, bundles.WHOLE)
    browser = cast.signed_in(cast.staff(Role.FRONT_DESK))
    assert b"nobody new can be taken in" in browser.get("/referrals/new/").content
    file = SimpleUploadedFile("bundle.json", bundles.WHOLE.encode())
    page = browser.post("/referrals/new/", {"bundle": file}).content.decode()
    assert "Nothing was imported" in page and "signs it under Clinical content" in page
    assert not Patient.objects.exists()
