"""A call that finds no page, or a list without the person, is a call that is not made."""

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from clinic.alerts.models import Alert
from clinic.episodes.models import Episode
from clinic.measures import actions
from clinic.measures.models import Answer, Assignment, CheckIn, DueItem
from clinic.people.models import Patient, StaffMember, User
from clinic.people.roles import Role
from kapstone.pathway import Episode as Stage
from tests.clinic import cast
from tests.clinic.cast import NOON
from tests.clinic.measures import follow
from tests.clinic.measures.follow import DAY, DAY_7, HOUR

pytestmark = pytest.mark.django_db
SPOKE = {
    "called_at": "2026-03-05T12:00",
    "reached": "yes",
    "said": "Slept well, a little dizzy.",
    "unwell": "yes",
    "unwell_words": "Dizzy until supper.",
    "thoughts": "no",
    "driven": "no",
    "escalate": "no",
}


@pytest.fixture
def robin() -> Patient:
    """Somebody with a phone."""
    return cast.patient(phone="+12025550123", email="robin@person.example")


@pytest.fixture
def nurse(robin: Patient) -> StaffMember:
    """On the team."""
    return cast.treats(cast.staff(Role.NURSE, "Nina Nurse"), robin)


@pytest.fixture
def episode(robin: Patient, nurse: StaffMember) -> Episode:
    """Robin's, with a dose at noon."""
    found = follow.in_series(robin)
    follow.dose(found)
    return found


def _page(robin: Patient) -> str:
    item = DueItem.objects.get(patient=robin, row="OUT-24")
    return reverse("measures:check_in", args=[robin.pk, item.pk])


def _today(member: StaffMember) -> str:
    return cast.signed_in(member).get(reverse("chart:today")).content.decode()


def test_today_shows_the_call_to_the_team_and_to_nobody_else(
    episode: Episode, robin: Patient, nurse: StaffMember
) -> None:
    other = cast.staff(Role.NURSE)
    with time_machine.travel(NOON + DAY, tick=False):
        assert _page(robin) in _today(nurse)
        assert "tel:+12025550123" in _today(nurse)
        assert robin.name not in _today(other)
        assert cast.signed_in(other).get(_page(robin)).status_code == 404
    with time_machine.travel(NOON + 3 * DAY, tick=False):
        assert "Missed" in _today(nurse)
        follow.end(episode, Stage.DIED, NOON + 3 * DAY)
        assert robin.name not in _today(nurse)


def test_a_person_without_phone_or_e_mail_is_a_task_all_the_same(nurse: StaffMember) -> None:
    nobody = cast.patient(given="Nobody", family="Reachable")
    cast.treats(nurse, nobody)
    follow.dose(follow.in_series(nobody))
    with time_machine.travel(NOON + DAY, tick=False):
        assert "No phone on record" in _today(nurse)
        page = cast.signed_in(nurse).get(_page(nobody)).content.decode()
        assert "No phone and no e-mail. Reach them in person" in page
    with time_machine.travel(DAY_7 + HOUR, tick=False):
        assert "No e-mail on record: call, and hand over the link" in _today(nurse)


def test_a_call_that_reached_them_is_kept_and_leaves_today(
    episode: Episode, robin: Patient, nurse: StaffMember
) -> None:
    with time_machine.travel(NOON + DAY + HOUR, tick=False):
        browser = cast.signed_in(nurse)
        page = browser.post(_page(robin), SPOKE, follow=True).content.decode()
        assert "Dizzy until supper." in page
        assert "Answered" in page
        assert "Check-ins after a dose" not in _today(nurse)
    (call,) = CheckIn.objects.all()
    assert (call.by, call.called_at) == (nurse.user, NOON + DAY)
    assert not Alert.objects.exists()


def test_a_try_is_kept_without_answers_and_the_call_stays(
    episode: Episode, robin: Patient, nurse: StaffMember
) -> None:
    with time_machine.travel(NOON + DAY + HOUR, tick=False):
        browser = cast.signed_in(nurse)
        page = browser.post(_page(robin), SPOKE | {"reached": "no"}, follow=True).content.decode()
        assert "Call again." in page
        assert "Check-ins after a dose" in _today(nurse)
        assert "Not reached" in browser.get(_page(robin)).content.decode()
    assert CheckIn.objects.get().said == ""


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"reached": ""}, "Say whether you reached them."),
        ({"thoughts": ""}, "This belongs to a call that reached them."),
        ({"said": ""}, "This belongs to a call that reached them."),
        ({"unwell_words": ""}, "Say what it was."),
        ({"escalate": "urgent"}, "Say what somebody is to do."),
        ({"called_at": "2026-03-09T12:00"}, "This is still to come."),
        ({"called_at": ""}, "This field is required."),
    ],
)
def test_what_a_call_leaves_out_is_asked_for_and_nothing_is_kept(
    episode: Episode, robin: Patient, nurse: StaffMember, changed: dict[str, str], said: str
) -> None:
    with time_machine.travel(NOON + DAY + HOUR, tick=False):
        answer = cast.signed_in(nurse).post(_page(robin), SPOKE | changed)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not CheckIn.objects.exists()


@pytest.mark.hazard(10)
def test_thoughts_of_suicide_and_what_staff_escalate_reach_somebody(
    episode: Episode, robin: Patient, nurse: StaffMember
) -> None:
    told = {"thoughts": "yes", "escalate": "immediate", "escalate_words": "Alone, has pills."}
    with time_machine.travel(NOON + DAY + HOUR, tick=False):
        cast.signed_in(nurse).post(_page(robin), SPOKE | told)
    assert dict(Alert.objects.values_list("code", "level")) == {
        "check_in.thoughts": "urgent",
        "check_in.escalated": "immediate",
    }


def test_a_twins_call_is_not_reached_through_another(
    episode: Episode, robin: Patient, nurse: StaffMember
) -> None:
    twin = cast.patient()
    cast.treats(nurse, twin)
    item = DueItem.objects.get(patient=robin, row="OUT-24")
    wrong = reverse("measures:check_in", args=[twin.pk, item.pk])
    assert cast.signed_in(nurse).get(wrong).status_code == 404


def test_the_persons_page_says_what_became_of_everything(
    episode: Episode, robin: Patient, nurse: StaffMember
) -> None:
    address = reverse("measures:after", args=[robin.pk])
    with time_machine.travel(DAY_7 + 5 * DAY, tick=False):
        page = cast.signed_in(nurse).get(address).content.decode()
    assert "10 asked so far, 10 missed" in page
    assert "their own zone" not in page
    fresh = cast.patient(given="Fresh", time_zone="Pacific/Auckland")
    cast.treats(nurse, fresh)
    page = cast.signed_in(nurse).get(reverse("measures:after", args=[fresh.pk])).content.decode()
    assert "Nothing is due" in page


def test_an_item_of_a_row_that_is_no_longer_asked_is_still_shown(
    episode: Episode, robin: Patient, nurse: StaffMember
) -> None:
    DueItem.objects.filter(row="OUT-24").update(row="OLD-1", title="As it was asked once")
    page = cast.signed_in(nurse).get(reverse("measures:after", args=[robin.pk]))
    assert "As it was asked once" in page.content.decode()


def test_who_was_asked_of_one_who_died_is_told(
    episode: Episode, robin: Patient, nurse: StaffMember
) -> None:
    follow.end(episode, Stage.DIED, NOON + HOUR)
    told = {"instrument": "phq9", "days": 7}
    page = cast.signed_in(nurse).post(reverse("measures:ask", args=[robin.pk]), told)
    assert "This person died. Nothing is asked any more." in page.content.decode()


def test_a_link_made_by_hand_dies_with_the_window_of_what_is_due(
    episode: Episode, robin: Patient, nurse: StaffMember
) -> None:
    told = {"instrument": "phq9", "days": 7}
    with time_machine.travel(DAY_7 + HOUR, tick=False):
        cast.signed_in(nurse).post(reverse("measures:ask", args=[robin.pk]), told)
    item = DueItem.objects.get(row="OUT-7D", ask="phq9")
    assert Assignment.objects.get().closes_at == item.closes_at


def _signed_in_as_patient(person: Patient) -> Client:
    person.user = User.objects.create_user(
        f"{person.given_name}@own.example".lower(), cast.PASSWORD, name=person.name
    )
    person.save(update_fields=["user"])
    browser = Client()
    browser.force_login(person.user)
    return browser


def test_a_patients_own_page_lists_what_waits_and_opens_it_without_killing_the_link(
    robin: Patient,
) -> None:
    assignment, secret = actions.ask(
        patient=robin, instrument="phq9", closes_at=DAY_7, by=None, at=NOON
    )
    with time_machine.travel(NOON + HOUR, tick=False):
        browser = _signed_in_as_patient(robin)
        page = browser.get(reverse("people:me")).content.decode()
        assert "Answer: PHQ-9" in page
        assert "988" in page
        opened = browser.post(reverse("measures:own", args=[assignment.pk]))
        answered = browser.post(f"{opened.headers['Location']}?item=q1", {"answer": 1})
        assert answered.status_code == 302
        assert Answer.objects.get().item == "q1"
        assert Client().get(reverse("measures:link", args=[secret])).status_code == 200
        # The address alone opens nothing: another browser is asked for the second fact.
        shut = Client().get(opened.headers["Location"])
        assert shut.status_code == 302
        other = _signed_in_as_patient(cast.patient(given="Other"))
        assert "Nothing waits" in other.get(reverse("people:me")).content.decode()
        assert other.post(reverse("measures:own", args=[assignment.pk])).status_code == 404
    with time_machine.travel(NOON + DAY, tick=False):
        assert Client().get(opened.headers["Location"]).status_code == 404
