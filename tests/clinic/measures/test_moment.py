"""Our own check-in: a silence or a word about safety that nobody hears is a life."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse

from clinic.alerts.models import Alert
from clinic.episodes.models import Episode
from clinic.intake import actions as intake
from clinic.intake.models import Source
from clinic.measures import actions, follow_up, sending, worrying
from clinic.measures.models import DueItem, QuestionnaireResponse
from clinic.people.models import Patient, StaffMember
from kapstone.schedule import State
from tests.clinic.cast import NOON
from tests.clinic.measures import follow
from tests.clinic.measures.follow import DAY, HOUR, states

pytestmark = pytest.mark.django_db
CALM = {"mood": 6, "anxiety": 3, "thoughts": 0, "danger": 0, "sleep": 7, "driven": 0,
        "bother": 1, "urinary": 0}  # fmt: skip


def _send(person: Patient, answers: dict[str, int | None], at: datetime = NOON) -> None:
    assignment, _ = actions.ask(
        patient=person, instrument="moment", closes_at=at + DAY, by=None, at=at
    )
    for item, value in answers.items():
        actions.save_answer(assignment=assignment, item=item, value=value, at=at)
    actions.submit_answers(assignment=assignment, at=at)


def _low(person: Patient, nurse: StaffMember, at: datetime = NOON - DAY) -> None:
    """A screener by number that comes to LOW."""
    actions.enter_answers(
        patient=person, instrument="cssrs_screener", answers={"q1": 1, "q2": 0, "q6": 0},
        observed_at=at, by=nurse.user, at=at,
    )  # fmt: skip


def _codes() -> dict[str, str]:
    return dict(Alert.objects.filter(code__startswith="moment").values_list("code", "level"))


@pytest.mark.hazard(10)
@pytest.mark.parametrize(
    ("told", "codes"),
    [
        ({}, {}),
        ({"thoughts": 1}, {"moment.thoughts": "urgent"}),
        ({"danger": 1}, {"moment.danger": "immediate"}),
        ({"thoughts": None}, {"moment.thoughts_unanswered": "review"}),
        ({"danger": None}, {"moment.danger_unanswered": "review"}),
        ({"driven": 1}, {"moment.driven": "urgent"}),
        ({"bother": 5}, {"moment.bother_some": "review"}),
        ({"bother": 8}, {"moment.bother_much": "urgent"}),
        ({"urinary": 1}, {"moment.urinary": "review"}),
        ({"mood": None, "sleep": None}, {}),
    ],
)
def test_each_answer_calls_whom_it_must(
    robin: Patient, told: dict[str, int | None], codes: dict[str, str]
) -> None:
    _send(robin, CALM | told)
    assert _codes() == codes


@pytest.mark.hazard(10)
def test_a_word_about_safety_is_heard_before_anything_is_sent(robin: Patient) -> None:
    assignment, _ = actions.ask(
        patient=robin, instrument="moment", closes_at=NOON + DAY, by=None, at=NOON
    )
    actions.save_answer(assignment=assignment, item="danger", value=1, at=NOON)
    assert _codes() == {"moment.danger": "immediate"}


def test_no_total_poses_as_a_scale(robin: Patient) -> None:
    _send(robin, CALM | {"mood": None})
    row = QuestionnaireResponse.objects.get()
    assert row.scores == {"mood": None, "anxiety": 3, "sleep": 7, "bother": 1}
    assert row.bands == {}


@pytest.mark.parametrize(("language", "word"), [("en-US", "mood"), ("es-MX", "ánimo")])
@time_machine.travel(NOON, tick=False)
def test_it_is_asked_in_our_words_of_their_language(
    robin: Patient, language: str, word: str
) -> None:
    Patient.objects.filter(pk=robin.pk).update(language=language)
    robin.refresh_from_db()
    _, secret = actions.ask(
        patient=robin, instrument="moment", closes_at=NOON + DAY, by=None, at=NOON
    )
    phone = Client()
    phone.post(reverse("measures:link", args=[secret]), {"birth_date": robin.birth_date})
    page = phone.get(reverse("measures:answer", args=[secret])).content.decode()
    assert word in page


def test_it_is_asked_at_4_24_and_72_hours(episode: Episode, robin: Patient) -> None:
    for hours, row in ((4, "MOM-4H"), (24, "MOM-24H"), (72, "MOM-72H")):
        at = NOON + hours * HOUR
        assert states(robin, at - HOUR, row) == {"moment": State.AHEAD}
        assert sending.send(at) == 1
        assert states(robin, at, row) == {"moment": State.SENT}
        _open = DueItem.objects.get(row=row)
        assert states(robin, _open.closes_at, row) == {"moment": State.MISSED}
    assert len(mail.outbox) == 3


def test_a_new_dose_takes_the_place_of_what_was_not_yet_due(episode: Episode) -> None:
    follow.dose(episode, NOON + 50 * HOUR)
    told = dict(DueItem.objects.filter(row="MOM-72H").values_list("due_at", "voided_at"))
    assert told == {NOON + 72 * HOUR: NOON + 50 * HOUR, NOON + 122 * HOUR: None}


@pytest.mark.hazard(10)
def test_a_silence_of_somebody_at_risk_is_an_urgent_alert_and_told_once(
    episode: Episode, robin: Patient, nurse: StaffMember
) -> None:
    _low(robin, nurse)
    assert sending.tell_missed(NOON + 11 * HOUR) == 0
    assert sending.tell_missed(NOON + 12 * HOUR) == 1
    assert sending.tell_missed(NOON + 12 * HOUR) == 0
    assert _codes() == {"moment.missed_at_risk": "urgent"}
    assert sending.tell_missed(NOON + 36 * HOUR) == 1


@pytest.mark.hazard(10)
def test_a_missed_phq9_of_somebody_at_risk_is_told_as_well(
    episode: Episode, robin: Patient, nurse: StaffMember
) -> None:
    _low(robin, nurse)
    sending.tell_missed(NOON + 20 * DAY)
    codes = list(Alert.objects.values_list("code", flat=True))
    assert codes.count("phq9.missed_at_risk") == 2  # the integration visit, and day 7
    assert "gad7.missed_at_risk" not in codes


def test_the_same_silence_of_anybody_else_is_no_alert(
    episode: Episode, robin: Patient, nurse: StaffMember
) -> None:
    _low(robin, nurse, NOON - 40 * DAY)  # an episode before this one
    _low(robin, nurse, NOON + 13 * HOUR)  # after the evening's window had closed
    sending.tell_missed(NOON + 14 * HOUR)
    assert not _codes()
    _send(robin, CALM, NOON + 25 * HOUR)
    sending.tell_missed(NOON + 37 * HOUR)
    assert not _codes()


@pytest.mark.hazard(10)
def test_a_tier_that_intake_found_counts(
    episode: Episode, robin: Patient, nurse: StaffMember
) -> None:
    assert not worrying.is_at_risk(robin, NOON + HOUR)
    how = intake.How(NOON, Source.ASKED)
    intake.record_fact(patient=robin, key="cssrs.q1", value=True, how=how, by=nurse.user, at=NOON)
    assert worrying.is_at_risk(robin, NOON + HOUR)
    assert sending.tell_missed(NOON + 12 * HOUR) == 1


@pytest.mark.hazard(10)
@pytest.mark.parametrize(("instrument", "left_out"), [("moment", "danger"), ("phq9", "q9")])
def test_a_safety_question_left_out_by_somebody_at_risk_is_urgent(
    episode: Episode, robin: Patient, nurse: StaffMember, instrument: str, left_out: str
) -> None:
    _low(robin, nurse)
    answers = CALM if instrument == "moment" else {f"q{n}": 0 for n in range(1, 10)}
    for gone in ({left_out}, set()):  # each entry has alerts of its own
        actions.enter_answers(
            patient=robin, instrument=instrument,
            answers={item: value for item, value in answers.items() if item not in gone},
            observed_at=NOON, by=nurse.user, at=NOON,
        )  # fmt: skip
    found = Alert.objects.filter(code=f"{instrument}.safety_left_out")
    assert [alert.level for alert in found] == ["urgent"]


def test_nobody_without_an_episode_is_taken_to_be_at_risk(
    robin: Patient, nurse: StaffMember
) -> None:
    _low(robin, nurse)
    assert not worrying.is_at_risk(robin, NOON)


def test_a_missed_one_leaves_today_and_a_questionnaire_stays(
    episode: Episode, robin: Patient
) -> None:
    now = NOON + 5 * DAY + timedelta(minutes=1)
    groups = follow.waiting_for_staff(Patient.objects.all(), now)
    asked = {line.item.row for group in groups for line in group.lines}
    assert "OUT-72" in asked
    assert not {row for row in asked if row.startswith("MOM")}
    assert follow_up.zone_of(robin).key == "America/New_York"
