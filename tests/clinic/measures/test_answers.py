"""A suicidal answer must reach a person on every path through the questionnaire."""

import itertools
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from clinic.alerts import queries as alerts
from clinic.measures import actions, queries
from clinic.measures.models import Assignment, QuestionnaireResponse
from clinic.people.models import Patient, StaffMember
from clinic.people.roles import Role
from tests.clinic import cast

pytestmark = pytest.mark.django_db

PHQ9 = [f"q{n}" for n in range(1, 10)]


@pytest.fixture
def nurse() -> StaffMember:
    """A nurse on call."""
    member = cast.staff(Role.NURSE)
    cast.on_call(member)
    return member


@pytest.fixture
def robin(nurse: StaffMember) -> Patient:
    """A person the nurse treats."""
    person = cast.patient()
    cast.treats(nurse, person)
    return person


def _ask(person: Patient, instrument: str = "phq9") -> tuple[Assignment, str]:
    return actions.ask(
        patient=person,
        instrument=instrument,
        closes_at=cast.NOON + timedelta(days=7),
        by=None,
        at=cast.NOON,
    )


def _codes(person: Patient) -> set[str]:
    return {item.alert.code for item in alerts.inbox(cast.NOON, person)}


@pytest.mark.hazard(10)
@pytest.mark.parametrize(
    ("answer", "codes"),
    [
        (0, set()),
        (1, {"phq9.si_item"}),
        (2, {"phq9.si_frequent"}),
        (3, {"phq9.si_frequent"}),
        (None, {"phq9.si_unanswered"}),
    ],
)
def test_item_9_alerts_by_its_answer(robin: Patient, answer: int | None, codes: set[str]) -> None:
    assignment, _ = _ask(robin)
    for item in PHQ9[:8]:
        actions.save_answer(assignment=assignment, item=item, value=0, at=cast.NOON)
    actions.save_answer(assignment=assignment, item="q9", value=answer, at=cast.NOON)
    actions.submit_answers(assignment=assignment, at=cast.NOON)
    assert _codes(robin) == codes


@pytest.mark.hazard(10)
@pytest.mark.parametrize("left_at", ["answered", "edited down", "edited to some", "skipped after"])
def test_an_answer_alerts_even_if_it_is_never_sent(robin: Patient, left_at: str) -> None:
    assignment, _ = _ask(robin)
    actions.save_answer(assignment=assignment, item="q9", value=3, at=cast.NOON)
    if left_at != "answered":
        value = {"edited down": 0, "edited to some": 1}.get(left_at)
        actions.save_answer(assignment=assignment, item="q9", value=value, at=cast.NOON)
    assert _codes(robin) == {"phq9.si_frequent"}


@pytest.mark.hazard(10)
@pytest.mark.parametrize("skipped", list(itertools.combinations(PHQ9[:8], 3))[::7])
def test_no_pattern_of_skipping_hides_item_9(robin: Patient, skipped: tuple[str, ...]) -> None:
    answers = {item: 3 for item in PHQ9 if item not in skipped}
    actions.enter_answers(
        patient=robin,
        instrument="phq9",
        answers=answers,
        observed_at=cast.NOON,
        by=cast.staff(Role.NURSE).user,
        at=cast.NOON,
    )
    assert "phq9.si_frequent" in _codes(robin)


def test_sending_twice_keeps_one_response_and_one_alert_each(robin: Patient) -> None:
    assignment, _ = _ask(robin)
    actions.save_answer(assignment=assignment, item="q9", value=2, at=cast.NOON)
    actions.submit_answers(assignment=assignment, at=cast.NOON)
    with pytest.raises(actions.LinkDead):
        actions.submit_answers(assignment=assignment, at=cast.NOON)
    assert QuestionnaireResponse.objects.count() == 1
    assert len(alerts.inbox(cast.NOON, robin)) == 1


@pytest.mark.parametrize("bad", [{"q9": 4}, {"q9": -1}, {"q10": 1}, {"q9": True}])
def test_a_value_outside_the_sheet_keeps_nothing(robin: Patient, bad: dict[str, int]) -> None:
    from kapstone.errors import InvalidInput

    with pytest.raises(InvalidInput):
        actions.enter_answers(
            patient=robin,
            instrument="phq9",
            answers=bad,
            observed_at=cast.NOON,
            by=cast.staff(Role.NURSE).user,
            at=cast.NOON,
        )
    assert not QuestionnaireResponse.objects.exists()


@pytest.mark.hazard(23)
def test_a_link_opens_by_birth_date_and_closes_after_five_wrong_tries(robin: Patient) -> None:
    assignment, _ = _ask(robin)
    wrong = robin.birth_date + timedelta(days=1)
    for _ in range(5):
        assert not actions.redeem(assignment=assignment, birth_date=wrong, at=cast.NOON)
    with pytest.raises(actions.LinkDead):
        actions.redeem(assignment=assignment, birth_date=robin.birth_date, at=cast.NOON)
    assert queries.link_state(assignment, cast.NOON) is queries.LinkState.LOCKED


@time_machine.travel(cast.NOON, tick=False)
def test_a_person_answers_on_a_phone(robin: Patient, nurse: StaffMember) -> None:
    assignment, secret = _ask(robin)
    phone = Client()
    first = phone.get(reverse("measures:link", args=[secret]))
    assert robin.given_name not in first.content.decode()
    assert "PHQ" not in first.content.decode()
    answer = reverse("measures:answer", args=[secret])
    assert phone.get(answer).headers["Location"] == reverse("measures:link", args=[secret])
    phone.post(reverse("measures:link", args=[secret]), {"birth_date": robin.birth_date})
    where = answer
    for _ in range(10):
        phone.get(where)
        where = phone.post(where, {"answer": "1"}).headers["Location"]
    assert where == reverse("measures:review", args=[secret])
    assert phone.get(where).status_code == 200
    thanks = phone.post(where, follow=True).content.decode()
    assert "988" in thanks
    assert "Call me now" in thanks
    called = phone.post(reverse("measures:help", args=[secret]), follow=True).content.decode()
    assert "Keep your phone near" in called
    response = assignment.response
    assert response.scores["total"] == 9
    assert response.bands["total"] == "mild"
    assert _codes(robin) == {"phq9.si_item", "help"}
    assert phone.post(answer, {"answer": "0"}).headers["Location"].endswith(f"/q/{secret}/")
    today = cast.signed_in(nurse).get(reverse("chart:today")).content.decode()
    assert "Asked for help now" in today
    chart = cast.signed_in(nurse).get(reverse("chart:chart", args=[robin.pk])).content.decode()
    assert "Latest: <strong>9</strong> of 27, mild" in chart


@time_machine.travel(cast.NOON, tick=False)
def test_a_visit_ends_after_half_an_hour_and_opens_nothing_else(robin: Patient) -> None:
    _, secret = _ask(robin)
    _, other = _ask(robin, "gad7")
    phone = Client()
    phone.post(reverse("measures:link", args=[secret]), {"birth_date": robin.birth_date})
    assert phone.get(reverse("measures:answer", args=[secret])).status_code == 200
    assert phone.get(reverse("measures:answer", args=[other])).status_code == 302
    with time_machine.travel(cast.NOON + timedelta(minutes=30), tick=False):
        assert phone.get(reverse("measures:answer", args=[secret])).status_code == 302


def test_an_unknown_link_is_not_found(client: Client) -> None:
    assert client.get(reverse("measures:link", args=["nothing"])).status_code == 404


@pytest.mark.hazard(10)
def test_a_screener_is_not_called_incomplete_while_it_is_still_being_answered(
    robin: Patient,
) -> None:
    assignment, _ = _ask(robin, "cssrs_screener")
    for item, raised in (("q1", set()), ("q3", {"urgent"}), ("q4", {"urgent", "immediate"})):
        actions.save_answer(assignment=assignment, item=item, value=int(item != "q1"), at=cast.NOON)
        assert {each.alert.level for each in alerts.inbox(cast.NOON)} == raised
