"""A link that stays open, opens for somebody else, or ends in an error page loses an answer."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from clinic.alerts.actions import take_step
from clinic.alerts.models import Alert, StepKind
from clinic.measures import actions, queries
from clinic.measures.models import Answer, Assignment, QuestionnaireResponse
from clinic.measures.queries import LinkState
from clinic.people.models import Patient
from clinic.people.roles import Role
from kapstone.pathway import Episode as Stage
from tests.clinic import cast
from tests.clinic.measures import follow

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


@pytest.fixture
def robin() -> Patient:
    """A person with a nurse on call."""
    cast.on_call(cast.staff(Role.NURSE))
    return cast.patient()


def _ask(person: Patient, instrument: str = "phq9") -> tuple[Assignment, str]:
    return actions.ask(
        patient=person, instrument=instrument, closes_at=cast.NOON + WEEK, by=None, at=cast.NOON
    )


def _at(name: str, secret: str) -> str:
    return reverse(f"measures:{name}", args=[secret])


def _opened(person: Patient, secret: str) -> Client:
    phone = Client()
    phone.post(_at("link", secret), {"birth_date": person.birth_date})
    return phone


@pytest.mark.hazard(23)
@time_machine.travel(cast.NOON, tick=False)
def test_somebody_else_with_the_link_sees_nothing_and_is_shut_out_after_five_tries(
    robin: Patient,
) -> None:
    assignment, secret = _ask(robin)
    other = Client()
    for _ in range(4):
        page = other.post(_at("link", secret), {"birth_date": "1990-01-01"})
        assert "does not match" in page.content.decode()
        assert robin.family_name not in page.content.decode()
    other.post(_at("link", secret), {"birth_date": "1990-01-01"})
    page = other.post(_at("link", secret), {"birth_date": robin.birth_date})
    assert "This link is locked" in page.content.decode()
    for step in ("answer", "review", "thanks"):
        assert other.get(_at(step, secret)).headers["Location"] == _at("link", secret)
    assert not Answer.objects.exists()
    assert queries.link_state(assignment, cast.NOON) is LinkState.LOCKED


@pytest.mark.hazard(23)
@time_machine.travel(cast.NOON, tick=False)
def test_a_new_link_kills_the_old_one_unlocks_and_keeps_the_answers(robin: Patient) -> None:
    nurse = cast.staff(Role.NURSE)
    assignment, old = _ask(robin)
    actions.save_answer(assignment=assignment, item="q1", value=2, at=cast.NOON)
    for _ in range(5):
        actions.redeem(assignment=assignment, birth_date=None, at=cast.NOON)
    later = cast.NOON + timedelta(minutes=1)
    new = actions.renew_link(assignment=assignment, closes_at=later + WEEK, by=nurse.user, at=later)
    assert Client().get(_at("link", old)).status_code == 404
    with time_machine.travel(later, tick=False):
        assert "Welcome back" in Client().get(_at("link", new)).content.decode()
        page = _opened(robin, new).get(_at("answer", new)).content.decode()
    assert "Question 2 of 10" in page


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("cancelled", "no longer needed"),
        ("closed", "This link has ended"),
        ("not_yet", "opens later"),
        ("answered", "This was sent"),
    ],
)
def test_a_link_that_opens_nothing_says_why_and_whom_to_call(
    robin: Patient, state: str, words: str
) -> None:
    assignment, secret = _ask(robin)
    seen_at = cast.NOON
    if state == "cancelled":
        actions.cancel_assignment(
            assignment=assignment, by=cast.staff(Role.NURSE).user, at=cast.NOON
        )
    elif state == "answered":
        actions.submit_answers(assignment=assignment, at=cast.NOON)
    else:
        seen_at += WEEK if state == "closed" else -timedelta(minutes=1)
    with time_machine.travel(seen_at, tick=False):
        page = Client().get(_at("link", secret)).content.decode()
    assert words in page
    assert "988" in page


@time_machine.travel(cast.NOON, tick=False)
def test_two_tabs_that_both_send_end_calmly_and_keep_one_response(robin: Patient) -> None:
    _, secret = _ask(robin)
    phone = _opened(robin, secret)
    first = phone.post(_at("review", secret))
    second = phone.post(_at("review", secret), follow=True)
    assert first.headers["Location"] == _at("thanks", secret)
    assert "This was sent" in second.content.decode()
    assert QuestionnaireResponse.objects.count() == 1


@pytest.mark.parametrize("step", ["answer", "review"])
@time_machine.travel(cast.NOON, tick=False)
def test_a_link_that_dies_between_reading_and_writing_is_no_error_page(
    robin: Patient, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, secret = _ask(robin)
    phone = _opened(robin, secret)

    def dead(**_: object) -> None:
        raise actions.LinkDead

    monkeypatch.setattr(actions, "save_answer", dead)
    monkeypatch.setattr(actions, "submit_answers", dead)
    answer = phone.post(_at(step, secret), {"answer": "1"})
    assert answer.headers["Location"] == _at("link", secret)


def test_each_answer_prolongs_the_visit_and_a_late_one_is_asked_again(robin: Patient) -> None:
    assignment, secret = _ask(robin)
    with time_machine.travel(cast.NOON, tick=False) as clock:
        phone = _opened(robin, secret)
        for item in ("q1", "q2"):
            clock.shift(timedelta(minutes=29))
            phone.post(f"{_at('answer', secret)}?item={item}", {"answer": "1"})
        clock.shift(timedelta(minutes=30))
        late = phone.post(f"{_at('answer', secret)}?item=q3", {"answer": "1"}, follow=True)
        assert "Earlier answers are kept" in late.content.decode()
        assert queries.latest_answers(assignment) == {"q1": 1, "q2": 1}
        phone.post(_at("link", secret), {"birth_date": robin.birth_date})
        assert "Question 3 of 10" in phone.get(_at("answer", secret)).content.decode()


@time_machine.travel(cast.NOON, tick=False)
def test_help_can_be_asked_for_in_the_middle_and_the_questions_go_on(robin: Patient) -> None:
    _, secret = _ask(robin)
    phone = _opened(robin, secret)
    page = phone.post(_at("help", secret), follow=True).content.decode()
    assert "Keep your phone near" in page
    assert "Go on with the questions" in page
    (alert,) = Alert.objects.filter(code="help")
    phone.post(_at("help", secret))
    assert Alert.objects.filter(code="help").count() == 1
    nurse = alert.owner
    assert nurse is not None
    take_step(alert=alert, kind=StepKind.CONTACTED, by=nurse, at=cast.NOON)
    phone.post(_at("help", secret))  # they spoke, and it is bad again: somebody is told again
    assert Alert.objects.filter(code="help").count() == 2


@pytest.mark.parametrize("state", ["open", "locked", "closed", "died"])
@time_machine.travel(cast.NOON, tick=False)
def test_help_is_called_from_the_door_of_any_link_and_names_nobody(
    robin: Patient, state: str
) -> None:
    assignment, secret = _ask(robin)
    if state == "locked":
        for _ in range(5):
            actions.redeem(assignment=assignment, birth_date=None, at=cast.NOON)
    if state == "died":
        follow.end(follow.in_series(robin), Stage.DIED, cast.NOON)
    with time_machine.travel(cast.NOON + (WEEK if state == "closed" else 0 * WEEK), tick=False):
        door = Client().get(_at("link", secret)).content.decode()
        assert "I need help now: call me" in door
        page = Client().post(_at("help", secret), follow=True).content.decode()
    assert robin.family_name not in page
    assert ("Keep your phone near" in page) == (state != "died")
    told = Alert.objects.filter(code="help", message__contains="before the date of birth")
    assert told.exists() == (state != "died")


@time_machine.travel(cast.NOON, tick=False)
def test_with_nobody_on_duty_the_page_says_when_the_clinic_opens() -> None:
    person = cast.patient()
    _, secret = _ask(person)
    phone = _opened(person, secret)
    phone.post(f"{_at('answer', secret)}?item=q9", {"answer": "2"})
    page = phone.post(_at("review", secret), follow=True).content.decode()
    assert "Nobody is on duty at this moment" in page
    assert "opens Thursday at 09:00" in page


@time_machine.travel(cast.NOON, tick=False)
def test_an_item_may_be_skipped_changed_and_no_other_item_is_asked(robin: Patient) -> None:
    assignment, secret = _ask(robin)
    phone = _opened(robin, secret)
    where = f"{_at('answer', secret)}?item=q1"
    assert "Choose one of these" in phone.post(where, {"answer": ""}).content.decode()
    phone.post(where, {"answer": "skip"})
    assert queries.latest_answers(assignment) == {}
    assert 'value="skip"' in phone.get(where).content.decode()
    phone.post(where, {"answer": "3"})
    assert queries.latest_answers(assignment) == {"q1": 3}
    gone = phone.get(f"{_at('answer', secret)}?item=q77")
    assert gone.headers["Location"] == _at("review", secret)
