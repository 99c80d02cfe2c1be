"""Today must miss nobody whose series waits or is held, and ask only for whom its reader treats."""

from random import Random

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinic.episodes import actions as episodes
from clinic.episodes.models import Episode, EpisodeStep, Series, SeriesDecision
from clinic.intake.models import Clearance, ClearanceEvent, Override
from clinic.measures import actions as measures
from clinic.people.models import Patient
from clinic.people.roles import Role
from clinic.planning import course, renewal, waiting
from clinic.planning.models import Plan
from clinic.planning.some import first
from kapstone import series
from kapstone.findings import Severity
from kapstone.pathway import Episode as Stage
from tests.clinic import cast
from tests.clinic.planning import ground
from tests.clinic.planning.series_ground import day, decide, dosed

pytestmark = pytest.mark.django_db

KEYS = [row.key for row in series.content().evaluations]


def keys(now, of=None, most=None) -> dict[str, list[str]]:
    """By family name, what waits and what holds."""
    found = waiting.everywhere(Patient.objects.all() if of is None else of, now, most).found
    return {
        each.patient.family_name: [
            *(one.row.key for one in each.standings),
            *(one.key for one in each.holds),
        ]
        for each in found
    }


def _in_series(person: Patient) -> Episode:
    episode = episodes.open_episode(patient=person, by=None, at=day(-20))
    episode.stage = str(Stage.IN_SERIES)
    episode.save()
    return episode


def _history(number: int, chance: Random, by) -> Patient:
    """Somebody in a series or in maintenance, decided on or not, some in a second series."""
    person = cast.patient(family=f"Person {number:02}")
    maintained = chance.random() < 0.4
    episode = _in_series(person)
    begun = chance.uniform(0, 30)
    for at in [0.5, begun] if chance.random() < 0.3 else [begun]:
        Series.objects.create(
            episode=episode, status="under way", planned_doses=6, opened_at=day(at)
        )
    dosed(person, *sorted(chance.uniform(0, 60) for _ in range(chance.randint(0, 9))))
    for _ in range(chance.randint(0, 3)):
        SeriesDecision.objects.create(
            episode=episode,
            choice="continue",
            keys=chance.sample(KEYS, chance.randint(1, 4)),
            told=[],
            rationale="Said.",
            at=day(chance.uniform(0, 90)),
            by=by.user,
        )
    if maintained:
        episode.stage = str(Stage.MAINTENANCE)
        episode.save()
        for _ in range(chance.randint(1, 2)):
            EpisodeStep.objects.create(
                episode=episode, after=str(Stage.MAINTENANCE), at=day(chance.uniform(0, 60))
            )
    return person


@pytest.mark.hazard(3)
def test_what_waits_for_one_is_what_waits_on_today(prescriber) -> None:
    """The database leaves out whom it may: never somebody of whom the core says that they wait."""
    chance = Random(20261122)
    people = [_history(number, chance, prescriber) for number in range(24)]
    for at in (20, 61, 95, 300):
        one_by_one = {
            each.family_name: [one.row.key for one in course.waits(each, day(at))]
            for each in people
        }
        assert keys(day(at)) == {name: found for name, found in one_by_one.items() if found}


def _lapsed(person: Patient, by, severity: Severity, rule: str, cleared_at=None) -> None:
    episode = person.episodes.get()
    known = {"facts": {}, "facts_digest": "0" * 64}
    cleared = Clearance.objects.create(
        patient=person,
        episode=episode,
        product="RACEMIC",
        route="IM",
        dose_ceiling_mg_per_kg=1,
        cleared_at=cleared_at or day(0),
        expires_at=day(80),
        by=by.user,
        screening={"findings": []},
        version="test",
        **known,
    )
    finding = {
        "rule": rule, "severity": str(severity), "message": "Said.", "band": "",
        "because": {"read": 0},
    }  # fmt: skip
    ClearanceEvent.objects.create(
        clearance=cleared, kind="lapsed", at=day(2), screening={"findings": [finding]}, **known
    )


@pytest.mark.hazard(3)
def test_what_the_rules_find_holds_a_series_on_today_with_its_owner(
    robin_in_series, prescriber
) -> None:
    cast.treats(cast.staff(Role.NURSE, "Nina Nurse"), robin_in_series)
    dosed(robin_in_series, 1)
    _lapsed(robin_in_series, prescriber, Severity.RELATIVE, "TOX-LFT")
    assert keys(day(3)) == {"Example": ["SER-10 liver"]}
    with time_machine.travel(day(3), tick=False):
        page = cast.signed_in(prescriber).get("/today/").content.decode()
    assert "Held: Liver values (TOX-LFT). (SER-10 liver)" in page
    assert "Owner: Pat Prescriber" in page
    cover = Override.objects.create(
        patient=robin_in_series,
        rule="TOX-LFT",
        because={"read": 0},
        rationale="Looked at with the hepatologist.",
        mitigation="Weekly values.",
        made_at=day(3),
        expires_at=day(5),
        by=prescriber.user,
        version="test",
    )
    assert keys(day(4)) == {}
    assert keys(cover.expires_at) == {"Example": ["SER-10 liver"]}


def test_a_newer_clearance_or_no_dose_yet_holds_nothing(robin_in_series, prescriber) -> None:
    _lapsed(robin_in_series, prescriber, Severity.ABSOLUTE, "SCR-001")
    assert keys(day(3)) == {}
    dosed(robin_in_series, 1)
    assert keys(day(3)) == {"Example": ["SER-10 a screening finding that stops"]}
    _lapsed(robin_in_series, prescriber, Severity.CAUTION, "SCR-042", cleared_at=day(3))
    assert keys(day(4)) == {}


def test_answers_hold_a_series_on_today(robin_in_series, prescriber) -> None:
    dosed(robin_in_series, 1)
    ground.tell(robin_in_series, "urinary_symptoms", ["urgency"], day(1))
    assert keys(day(3)) == {}
    ground.tell(robin_in_series, "urinary_symptoms", ["urgency"], day(2))
    assert keys(day(3)) == {"Example": ["SER-10 bladder"]}
    decide(robin_in_series, prescriber, SeriesDecision.Choice.CONTINUE, day(3))
    assert keys(day(3)) == {}
    ground.tell(robin_in_series, "urinary_symptoms", [], day(4))
    dosed(robin_in_series, 5)
    assert keys(day(6)) == {}


def test_a_worse_screener_holds_a_series_on_today(robin_in_series, prescriber) -> None:
    for at, said in ((0.5, 0), (2, 1)):
        answers = {"q1": said, "q2": said, "q6": 0}
        measures.enter_answers(
            patient=robin_in_series,
            instrument="cssrs_slc",
            answers=answers | ({"q3": 0, "q4": 0, "q5": 0} if said else {}),
            observed_at=day(at),
            by=prescriber.user,
            at=day(at),
        )
        dosed(robin_in_series, at + 0.1)
    assert keys(day(4)) == {"Example": ["SER-10 suicide screener worse"]}


def test_today_asks_only_for_whom_its_reader_reaches(robin_in_series, prescriber) -> None:
    dosed(robin_in_series, 1)
    assert keys(day(40)) == {"Example": ["SER-04"]}
    assert keys(day(40), Patient.objects.exclude(pk=robin_in_series.pk)) == {}
    nobody = Patient.objects.none()
    assert renewal.everywhere(nobody, day(400)).found == []
    assert renewal.everywhere(Patient.objects.all(), day(400)).found


def _asked(of) -> int:
    with CaptureQueriesContext(connection) as queries:
        waiting.everywhere(of, day(60), 50)
        renewal.everywhere(of, day(400), 50)
    return len(queries)


def test_forty_people_take_as_many_queries_as_four(prescriber) -> None:
    for number in range(40):
        person = cast.patient(family=f"Person {number:02}")
        _in_series(person)
        Plan.objects.create(
            patient=person, episode=person.episodes.get(), indication_id="IND-01", goals="Sleep.",
            product="RACEMIC", route="IM", dose_model_id="THX-02", sessions=6, spacing_days=3,
            costs="600", content_version="0", recorded_at=day(0), by=prescriber.user,
        )  # fmt: skip
        dosed(person, 1)
    few = Patient.objects.filter(family_name__lt="Person 04")
    assert _asked(few) == _asked(Patient.objects.all()) <= 20
    shown = waiting.everywhere(Patient.objects.all(), day(60), 10)
    assert [each.patient.family_name for each in shown.found] == [
        f"Person {number:02}" for number in range(10)
    ]
    assert shown.more_count == 30
    none = first(10, Patient.objects.none().values("pk"), lambda _: [])  # type: ignore[arg-type]
    assert (none.found, none.more_count) == ([], 0)
