"""What an integration visit keeps: lost or mixed up, the next therapist begins anew."""

from datetime import datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from clinic.people.models import Patient
from clinic.people.roles import Role
from clinic.therapy import actions, queries
from clinic.therapy.models import DrugActs, IntegrationVisit, WornOff
from kapstone.errors import InvalidInput
from tests.clinic import cast
from tests.clinic.therapy.cases import dosed

pytestmark = pytest.mark.django_db
NEW_YORK = ZoneInfo("America/New_York")

WHOLE = {
    "outcome": "attended",
    "contact": "video",
    "minutes": "50",
    "focus": "The garden",
    "insight": "It was there all along",
    "emotion": "Grief, then calm",
    "behaviour": "Gets up at eight",
    "next_step": "Call the friend",
    "homework": "Ten minutes outside",
    "structures": ["act", "mindfulness"],
    "together_score": "7",
    "observations": "Sat upright",
}


@pytest.fixture
def person() -> Patient:
    return cast.patient()


@pytest.fixture
def ana(person):
    return cast.signed_in(cast.treats(cast.staff(Role.THERAPIST), person))


def _url(name: str, person: Patient, *ids: object) -> str:
    return reverse(f"therapy:{name}", args=[person.pk, *ids])


def _typed(at: datetime, **changed: object) -> dict[str, object]:
    return WHOLE | {"held_at": timezone.localtime(at).strftime("%Y-%m-%dT%H:%M")} | changed


def test_all_that_was_typed_stands_on_the_page_and_in_the_correction(ana, person) -> None:
    dose = dosed(person, timezone.now() - timedelta(days=4))
    ana.post(_url("integrate", person, dose.session_id), _typed(timezone.now()))
    page = ana.get(_url("therapy", person))
    shown = ("By video link", "50 minutes", "Acceptance and commitment (ACT)", "Mindfulness",
             "The garden", "It was there all along", "Grief, then calm", "Gets up at eight",
             "Call the friend", "Ten minutes outside", "Sat upright")  # fmt: skip
    for words in shown:
        assertContains(page, words)
    first = queries.integration_visits(person).get()
    url = _url("correct_integration", person, first.pk)
    assertContains(ana.get(url), "Grief, then calm")
    ana.post(url, _typed(timezone.now(), together_score="8", reason="They said eight"))
    now = queries.integration_visits(person).get()
    assert (now.together_score, now.structures, now.replaces) == (8, ["act", "mindfulness"], first)


def test_change_over_visits_stands_in_order_without_the_ones_not_asked(ana, person) -> None:
    dose = dosed(person, timezone.now() - timedelta(days=9))
    url = _url("integrate", person, dose.session_id)
    for days, together in ((6, "4"), (4, ""), (2, "9")):
        ana.post(url, _typed(timezone.now() - timedelta(days=days), together_score=together))
    found = [visit.together_score for visit in ana.get(_url("therapy", person)).context["change"]]
    assert found == [4, 9]


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("minutes", "0"),
        ("minutes", "481"),
        ("together_score", "11"),
        ("together_score", "-1"),
        ("contact", "letter"),
        ("structures", ["best"]),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_typed_is_lost(ana, person, field, wrong) -> None:
    dose = dosed(person, timezone.now() - timedelta(days=4))
    url = _url("integrate", person, dose.session_id)
    page = ana.post(url, _typed(timezone.now(), **{field: wrong}))
    assertContains(page, "1 problem to mend")
    assertContains(page, "It was there all along")
    assert not IntegrationVisit.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"minutes": 0},
        {"minutes": 481},
        {"together_score": 11},
        {"contact": "letter"},
    ],
)
def test_the_database_keeps_no_such_row(person, wrong) -> None:
    row = {"patient": person, "session_id": uuid4(), "outcome": "attended", "focus": "Sleep",
           "held_at": cast.NOON, "recorded_at": cast.NOON}  # fmt: skip
    IntegrationVisit.objects.create(**row)  # as one from before more was asked
    with pytest.raises(IntegrityError), transaction.atomic():
        IntegrationVisit.objects.create(**row | wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        IntegrationVisit.objects.update(focus="Other words")


@pytest.mark.parametrize("wrong", ["act", ["act", "act"], ["best"], {"act": 1}])
def test_ways_of_working_are_those_of_the_list(person, wrong) -> None:
    row = IntegrationVisit(
        patient=person, session_id=uuid4(), outcome="attended", focus="Sleep", held_at=cast.NOON
    )
    row.structures = wrong
    with pytest.raises(ValidationError, match="Choose from the list"):
        actions.record_integration(visit=row, by=cast.staff(Role.THERAPIST).user, at=cast.NOON)


def test_nobody_integrates_while_a_drug_acts(ana, person) -> None:
    """What is said in a session belongs to its record, and the window must not look served."""
    now = timezone.now()
    dose = dosed(person, now - timedelta(hours=1))
    acts = DrugActs.objects.create(
        session_id=dose.session_id, patient=person, since=now - timedelta(hours=1)
    )
    url = _url("integrate", person, dose.session_id)
    page = ana.post(url, _typed(now))
    assertContains(page, "during a session that the person has not left yet")
    assertContains(page, "It was there all along")
    assert not IntegrationVisit.objects.exists()
    assert ana.post(url, _typed(now, outcome="no_show")).status_code == 302
    assert ana.post(url, _typed(now - timedelta(hours=2))).status_code == 302
    WornOff.objects.create(acts=acts, at=now)
    assert ana.post(url, _typed(now)).status_code == 302


def test_great_decisions_wait_two_days(ana, person) -> None:
    dose = dosed(person, timezone.now() - timedelta(hours=47))
    words = "no great decisions are advised yet"
    assertContains(ana.get(_url("integrate", person, dose.session_id)), words)
    later = dosed(cast.patient("Ada"), timezone.now() - timedelta(hours=49))
    other = later.episode.patient
    cast.treats(ana_of(ana), other)
    assertNotContains(ana.get(_url("integrate", other, later.session_id)), words)


def ana_of(client):
    """The member of staff who is signed in."""
    return client.get(reverse("people:account")).wsgi_request.user.staff


def test_a_further_visit_can_be_recorded_once_the_first_was(ana, person) -> None:
    dose = dosed(person, timezone.now() - timedelta(days=4))
    url = _url("integrate", person, dose.session_id)
    ana.post(url, _typed(timezone.now() - timedelta(days=2)))
    assertContains(ana.get(_url("therapy", person)), url)
    ana.post(url, _typed(timezone.now(), focus="The second visit"))
    assert queries.integration_visits(person).count() == 2


def test_late_is_recorded_all_the_same(person) -> None:
    """Warned of and never refused: a visit after three weeks is a visit."""
    dosed(person, cast.NOON)
    row = IntegrationVisit(
        patient=person, session_id=uuid4(), outcome="attended", focus="Sleep",
        held_at=cast.NOON + timedelta(days=21),
    )  # fmt: skip
    therapist = cast.staff(Role.THERAPIST).user
    try:
        actions.record_integration(visit=row, by=therapist, at=cast.NOON + timedelta(days=21))
    except InvalidInput as refused:
        pytest.fail(str(refused))
    assert queries.integration_due(person) is None


@pytest.mark.parametrize(
    ("dosed_at", "opens", "closes"),
    [
        # the clocks go forward on March 8, back on November 1, each at 02:00
        (datetime(2026, 3, 7, 20, tzinfo=NEW_YORK), "Sun 21:00", "Tue 21:00"),
        (datetime(2026, 10, 31, 20, tzinfo=NEW_YORK), "Sun 19:00", "Tue 19:00"),
        (datetime(2026, 6, 6, 20, tzinfo=NEW_YORK), "Sun 20:00", "Tue 20:00"),
    ],
    ids=["forward", "back", "no change"],
)
def test_a_clock_change_moves_no_window(person, dosed_at, opens, closes) -> None:
    """24 to 72 hours are hours that passed, whatever the clock on the wall did."""
    dosed(person, dosed_at)
    due = queries.integration_due(person)
    assert timezone.localtime(due.from_at, NEW_YORK).strftime("%a %H:%M") == opens
    assert timezone.localtime(due.until_at, NEW_YORK).strftime("%a %H:%M") == closes


def test_a_second_dose_moves_the_window_to_it(person) -> None:
    first = timezone.now() - timedelta(hours=60)
    dosed(person, first)
    assert queries.integration_due(person).until_at == first + timedelta(hours=72)
    second = timezone.now() - timedelta(hours=2)
    dosed(person, second)
    assert queries.integration_due(person).from_at == second + timedelta(hours=24)
