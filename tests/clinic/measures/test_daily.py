"""Asked every day against somebody's wish, or not asked though they wish it, is not listening."""

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from clinic.episodes.models import Episode
from clinic.measures import daily, sending
from clinic.measures.models import DailyWish, DueItem
from clinic.people.models import Patient, StaffMember, User
from kapstone.pathway import Episode as Stage
from tests.clinic import cast
from tests.clinic.cast import NOON
from tests.clinic.measures import follow
from tests.clinic.measures.follow import DAY, HOUR

pytestmark = pytest.mark.django_db


@pytest.fixture
def wished(episode: Episode, robin: Patient, nurse: StaffMember) -> Patient:
    """Robin wishes it from the fifth day on."""
    daily.wish(patient=robin, wanted=True, by=nurse.user, at=NOON + 5 * DAY)
    return robin


def _days(person: Patient) -> list[str]:
    rows = DueItem.objects.filter(patient=person, row="MOM-DAY", voided_at=None)
    return list(rows.order_by("anchor").values_list("anchor", flat=True))


def test_whoever_wishes_it_is_asked_every_day_until_they_no_longer_do(
    wished: Patient, nurse: StaffMember
) -> None:
    sending.turn_calendar(NOON + 6 * DAY + 6 * HOUR)
    assert _days(wished) == ["2026-03-09", "2026-03-10"]
    assert daily.wish(patient=wished, wanted=True, by=nurse.user, at=NOON + 7 * DAY) is None
    daily.wish(patient=wished, wanted=False, by=nurse.user, at=NOON + 7 * DAY)
    sending.turn_calendar(NOON + 20 * DAY)
    assert _days(wished) == ["2026-03-09", "2026-03-10"]
    daily.wish(patient=wished, wanted=True, by=nurse.user, at=NOON + 9 * DAY)
    sending.turn_calendar(NOON + 9 * DAY + 6 * HOUR)
    assert _days(wished) == ["2026-03-09", "2026-03-10", "2026-03-13"]


def test_on_a_day_on_which_a_dose_calls_for_it_the_wish_asks_no_second_time(
    wished: Patient, episode: Episode
) -> None:
    follow.dose(episode, NOON + 6 * DAY)
    sending.turn_calendar(NOON + 8 * DAY)
    void = DueItem.objects.filter(row="MOM-DAY", voided_at__isnull=False)
    assert {item.anchor for item in void} == {"2026-03-10", "2026-03-11"}


def test_a_wish_ends_with_the_episode(wished: Patient, episode: Episode) -> None:
    follow.end(episode, Stage.DIED, NOON + 6 * DAY)
    sending.turn_calendar(NOON + 9 * DAY)
    assert _days(wished) == ["2026-03-09"]
    assert sending.send(NOON + 6 * DAY + 6 * HOUR) == 0


def test_a_wish_outside_an_episode_is_kept_and_asks_nothing(
    robin: Patient, nurse: StaffMember
) -> None:
    daily.wish(patient=robin, wanted=True, by=nurse.user, at=NOON)
    sending.turn_calendar(NOON + 3 * DAY)
    assert daily.is_wished(robin) and not _days(robin)


def test_a_wish_is_never_changed(wished: Patient) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        DailyWish.objects.update(wanted=False)


def test_a_broken_request_does_not_end_what_a_person_wished(
    wished: Patient, nurse: StaffMember
) -> None:
    page = cast.signed_in(nurse).post(
        reverse("measures:wish", args=[wished.pk]), {"wanted": "x"}, follow=True
    )
    assert "Nothing was changed (wanted)" in page.content.decode()
    assert daily.is_wished(wished)


def test_staff_and_the_person_say_it_on_their_pages(
    episode: Episode, robin: Patient, nurse: StaffMember
) -> None:
    robin.user = User.objects.create_user("robin@person.example", cast.PASSWORD, name="Robin")
    robin.save()
    with time_machine.travel(NOON + HOUR, tick=False):
        desk, own = cast.signed_in(nurse), Client()
        own.force_login(robin.user)
        page = desk.post(reverse("measures:wish", args=[robin.pk]), {"wanted": "yes"}, follow=True)
        assert "as wished" in page.content.decode()
        page = own.get(reverse("people:me")).content.decode()
        assert "Ask me no longer every day" in page
        page = own.post(reverse("measures:own_wish"), {"wanted": "no"}, follow=True)
        assert "Ask me every day" in page.content.decode()
    assert list(DailyWish.objects.order_by("pk").values_list("wanted", "by")) == [
        (True, nurse.user.pk),
        (False, robin.user.pk),
    ]
