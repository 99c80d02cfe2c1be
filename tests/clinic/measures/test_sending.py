"""A message to the wrong person, none at all, or one that says too much, is harm by post."""

import re
from datetime import timedelta
from smtplib import SMTPServerDisconnected

import pytest
import time_machine
from django.core import mail
from django.core.mail import EmailMessage
from django.test import Client

from clinic.alerts.models import Alert
from clinic.episodes.models import Episode
from clinic.measures import actions, offers, sending
from clinic.measures.models import Assignment, DueItem
from clinic.people.models import Patient, StaffMember
from clinic.people.roles import Role
from kapstone.pathway import Episode as Stage
from kapstone.schedule import State
from tests.clinic import cast
from tests.clinic.cast import NOON
from tests.clinic.measures import follow
from tests.clinic.measures.follow import DAY, DAY_7, HOUR, states

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def nurse() -> StaffMember:
    """On call."""
    member = cast.staff(Role.NURSE)
    cast.on_call(member)
    return member


@pytest.fixture
def robin() -> Patient:
    """Somebody with an e-mail address."""
    return cast.patient(email="robin@person.example")


@pytest.fixture
def episode(robin: Patient) -> Episode:
    """Robin's, with a dose at noon."""
    found = follow.in_series(robin)
    follow.dose(found)
    return found


def _links() -> list[str]:
    return re.findall(r"http://localhost:8000(/q/\S+/)", str(mail.outbox[-1].body))


def _breaks(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(message: EmailMessage) -> None:
        raise SMTPServerDisconnected

    monkeypatch.setattr(EmailMessage, "send", fail)


def test_on_day_7_one_message_carries_both_links_and_says_nothing_of_health(
    episode: Episode, robin: Patient
) -> None:
    assert sending.send(DAY_7 - MINUTE) == 0
    assert sending.send(DAY_7) == 1
    assert sending.send(DAY_7 + 30 * MINUTE) == 0
    (message,) = mail.outbox
    assert message.to == [robin.email]
    assert len(_links()) == 2
    told = re.sub(r"/q/\S+", "", f"{message.subject} {message.body}").lower()  # secrets are chance
    for word in ("robin", "example", "dose", "ketamine", "depress", "phq", "gad", "mood", "record"):
        assert word not in told.replace("localhost", "")
    assert states(robin, DAY_7, "OUT-7D") == {"phq9": State.SENT, "gad7": State.SENT}


def test_the_link_that_was_sent_is_opened_answered_and_leaves_the_list(
    episode: Episode, robin: Patient
) -> None:
    sending.send(DAY_7)
    phone, link = Client(), _links()[0]
    with time_machine.travel(DAY_7 + HOUR, tick=False):
        phone.post(link, {"birth_date": robin.birth_date})
        assert State.OPENED in states(robin, DAY_7 + HOUR, "OUT-7D").values()
        (assignment,) = Assignment.objects.filter(tries__right=True)
        for item in range(1, 8):
            phone.post(f"{link}answer/?item=q{item}", {"answer": 1})
        phone.post(f"{link}review/")
    assert states(robin, DAY_7 + HOUR, "OUT-7D")[assignment.instrument] is State.ANSWERED
    lines = [each for group in follow.waiting_for_staff(Patient.objects.all(), DAY_7 + HOUR)
             for each in group.lines if each.item.row == "OUT-7D"]  # fmt: skip
    assert [line.item.ask for line in lines] == [
        {"phq9": "gad7", "gad7": "phq9"}[assignment.instrument]
    ]


@pytest.mark.parametrize(
    ("who", "task"),
    [
        ({"email": ""}, "No e-mail on record: call, and hand over the link"),
        ({"safe_contact": "Never at home."}, "Read how to reach them safely"),
    ],
)
def test_whom_no_message_may_reach_is_a_task_for_somebody(who: dict[str, str], task: str) -> None:
    person = cast.patient(**({"email": "someone@person.example"} | who))
    follow.dose(follow.in_series(person))
    assert sending.send(DAY_7) == 0
    groups = follow.waiting_for_staff(Patient.objects.all(), DAY_7)
    (group,) = [each for each in groups if each.first.item.row == "OUT-7D"]
    assert [each.startswith(task) for each in group.tasks] == [True]


def test_a_link_handed_over_by_hand_is_not_sent_again(
    episode: Episode, robin: Patient, nurse: StaffMember
) -> None:
    for instrument in ("phq9", "gad7"):
        actions.ask(
            patient=robin, instrument=instrument, closes_at=DAY_7 + DAY, by=nurse.user, at=DAY_7
        )
    assert sending.send(DAY_7) == 0
    assert set(states(robin, DAY_7, "OUT-7D").values()) == {State.HANDED_OVER}


def test_a_message_that_fails_is_tried_again_with_links_that_live_then_becomes_a_call(
    episode: Episode, robin: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        _breaks(broken)
        assert sending.send(DAY_7) == 0
        assert sending.send(DAY_7 + MINUTE) == 0
    assert set(DueItem.objects.filter(row="OUT-7D").values_list("attempts", "problem")) == {
        (1, "SMTPServerDisconnected")
    }
    assert sending.send(DAY_7 + 11 * MINUTE) == 1
    assert Client().get(_links()[0]).status_code == 200
    assert Assignment.objects.count() == 2


def test_after_three_failures_somebody_calls(
    episode: Episode, robin: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    _breaks(monkeypatch)
    for attempt in range(4):
        sending.send(DAY_7 + attempt * 11 * MINUTE)
    now = DAY_7 + HOUR
    assert set(DueItem.objects.filter(row="OUT-7D").values_list("attempts", flat=True)) == {3}
    groups = follow.waiting_for_staff(Patient.objects.all(), now)
    tasks = [task for group in groups for task in group.tasks]
    assert "The message could not be sent: call, and hand over the link" in tasks


def test_a_crash_between_the_link_and_the_message_loses_neither(
    episode: Episode, robin: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(message: EmailMessage) -> None:
        raise MemoryError

    with monkeypatch.context() as broken, pytest.raises(MemoryError):
        broken.setattr(EmailMessage, "send", dies)
        sending.send(DAY_7)
    assert sending.send(DAY_7 + 2 * MINUTE) == 1
    assert len(_links()) == 2


def test_without_wording_nothing_is_sent_and_staff_are_told_to_use_paper(
    episode: Episode, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(offers, "wording_for", lambda instrument: None)
    assert sending.send(DAY_7) == 0
    groups = follow.waiting_for_staff(Patient.objects.all(), DAY_7)
    assert any("own sheet" in task for group in groups for task in group.tasks)


@pytest.mark.parametrize("stage", [Stage.DIED, Stage.LOST])
def test_after_the_end_no_message_leaves(episode: Episode, stage: Stage) -> None:
    follow.end(episode, stage, NOON + DAY)
    assert sending.send(DAY_7) == 0
    assert sending.tell_missed(DAY_7) == 0
    assert mail.outbox == []


def test_one_who_dies_while_a_message_is_made_is_not_written_to(
    episode: Episode, monkeypatch: pytest.MonkeyPatch
) -> None:
    leased = sending._lease(DAY_7)
    follow.end(episode, Stage.DIED, DAY_7)
    monkeypatch.setattr(sending, "_lease", lambda now: leased)
    assert sending.send(DAY_7) == 0
    assert mail.outbox == []


def test_a_call_that_nobody_made_is_one_urgent_alert(episode: Episode, nurse: StaffMember) -> None:
    assert sending.tell_missed(NOON + 2 * DAY - MINUTE) == 0
    assert sending.tell_missed(NOON + 2 * DAY) == 1
    assert sending.tell_missed(NOON + 3 * DAY) == 0
    (alert,) = Alert.objects.all()
    assert (alert.code, alert.level, alert.owner) == ("check_in.missed", "urgent", nurse)


def test_a_dose_charted_days_late_raises_no_alarm(robin: Patient, nurse: StaffMember) -> None:
    follow.dose(follow.in_series(robin), NOON)
    DueItem.objects.update(made_at=NOON + 3 * DAY)
    assert sending.tell_missed(NOON + 4 * DAY) == 0


def test_the_calendar_turns_for_people_in_maintenance(episode: Episode, robin: Patient) -> None:
    follow.end(episode, Stage.MAINTENANCE, NOON + 9 * DAY)
    for day in (30, 60, 61):
        sending.turn_calendar(NOON + day * DAY)
    assert set(DueItem.objects.filter(row="OUT-M").values_list("anchor", flat=True)) == {
        "2026-04-13"
    }
    sending.turn_calendar(NOON + 75 * DAY)
    assert DueItem.objects.filter(row="OUT-M").count() == 4
