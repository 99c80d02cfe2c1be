"""Whoever moves to other clocks is asked by them at once, and nothing that happened is undone."""

from datetime import UTC, datetime
from datetime import time as clock
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse
from pytest_django import Settings

from clinic.alerts import actions as alerts
from clinic.alerts.models import Alert
from clinic.measures import actions as measures
from clinic.measures import clocks, sending
from clinic.measures.causes import cause
from clinic.measures.models import Assignment, DueItem
from clinic.people import actions
from clinic.people.models import Patient, StaffMember
from clinic.people.roles import Role
from kapstone import schedule
from kapstone.pathway import Episode as Stage
from kapstone.risk import Trigger
from tests.clinic import cast
from tests.clinic.cast import NOON
from tests.clinic.measures import follow
from tests.clinic.measures.follow import DAY, DAY_7, HOUR, states

pytestmark = pytest.mark.django_db
NEW_YORK, PHOENIX, BERLIN = "America/New_York", "America/Phoenix", "Europe/Berlin"


@pytest.fixture
def desk() -> StaffMember:
    """Who corrects somebody's details."""
    return cast.staff(Role.FRONT_DESK)


def _moves(person: Patient, zone: str, desk: StaffMember, at: datetime) -> None:
    person.time_zone = zone
    actions.correct_identity(patient=person, changed=["time_zone"], by=desk.user, at=at)


def _day_7(person: Patient) -> DueItem:
    return DueItem.objects.get(patient=person, row="OUT-7D", ask="phq9")


@time_machine.travel(NOON + 2 * HOUR, tick=False)
def test_details_that_are_corrected_move_what_is_not_sent_yet(desk: StaffMember) -> None:
    """Else somebody who went west is woken at six by what was to come at nine."""
    person = cast.patient()
    follow.dose(follow.in_series(person))
    assert _day_7(person).opens_at == DAY_7
    client, page = cast.signed_in(desk), reverse("people:edit", args=[person.pk])
    form = client.get(page).context["form"]
    typed = {name: form[name].value() or "" for name in form.fields}
    assert client.post(page, typed | {"time_zone": "America/Los_Angeles"}).status_code == 302
    moved = _day_7(person)
    assert moved.opens_at == DAY_7 + 3 * HOUR and moved.zone == "America/Los_Angeles"
    call = DueItem.objects.get(patient=person, row="OUT-24")
    assert call.due_at == NOON + DAY, "hours after a dose are the same by any clock"


@pytest.mark.parametrize(
    ("dose", "zone", "hour"),
    [
        ((2026, 3, 1), "America/Denver", 15),  # the hour was left out that night
        ((2026, 10, 18), BERLIN, 8),  # the hour came twice that night
        ((2026, 10, 25), "America/Denver", 16),
    ],
)
def test_the_morning_after_a_night_on_which_the_clocks_change(
    dose: tuple[int, int, int], zone: str, hour: int, desk: StaffMember
) -> None:
    given = datetime(*dose, 17, tzinfo=UTC)
    person = cast.patient(time_zone=PHOENIX)
    follow.dose(follow.in_series(person), given)
    sunday = (given + 7 * DAY).date()
    assert _day_7(person).due_at == datetime.combine(sunday, clock(16), UTC)
    _moves(person, zone, desk, given + HOUR)
    assert _day_7(person).due_at == datetime.combine(sunday, clock(hour), UTC)
    assert _day_7(person).due_at.astimezone(ZoneInfo(zone)).hour == 9


@pytest.mark.hazard(10)
def test_what_is_overdue_by_the_change_is_missed_and_told_at_once(desk: StaffMember) -> None:
    """A silence of somebody at risk must not wait for a window that is no longer theirs."""
    person, moment = cast.patient(email=""), NOON + 9 * DAY + 8 * HOUR  # nine at night
    low = cause(Trigger.LOW_TIER)
    follow.dose(follow.in_series(person))
    alerts.raise_alert(low, patient=person, subject=person, by=None, at=NOON + HOUR)
    sending.tell_missed(moment)
    told = Alert.objects.filter(code="phq9.missed_at_risk").count()
    assert states(person, moment, "OUT-7D")["phq9"] is schedule.State.DUE
    _moves(person, BERLIN, desk, moment)
    assert states(person, moment, "OUT-7D")["phq9"] is schedule.State.MISSED
    sending.tell_missed(moment)
    sending.tell_missed(moment + DAY)
    assert Alert.objects.filter(code="phq9.missed_at_risk").count() == told + 1


def test_what_was_missed_stays_missed_for_whoever_goes_west(desk: StaffMember) -> None:
    """Asked again, it would leave every count of what was missed."""
    person, after = cast.patient(), DAY_7 + 2 * DAY + 16 * HOUR
    follow.dose(follow.in_series(person))
    assert states(person, after, "OUT-7D")["phq9"] is schedule.State.MISSED
    _moves(person, "Pacific/Honolulu", desk, after)
    assert states(person, after, "OUT-7D")["phq9"] is schedule.State.MISSED
    assert _day_7(person).zone == NEW_YORK


def test_an_answer_stays_an_answer(desk: StaffMember) -> None:
    """Given at nine in New York it lies before nine in Los Angeles: it must not be lost."""
    person, later = cast.patient(), DAY_7 + 12 * DAY
    episode = follow.in_series(person)
    follow.dose(episode)
    measures.enter_answers(
        patient=person, instrument="phq9", answers={"q1": 1}, observed_at=DAY_7 + HOUR / 2,
        by=desk.user, at=DAY_7 + HOUR / 2,
    )  # fmt: skip
    _moves(person, "America/Los_Angeles", desk, DAY_7 + HOUR)
    assert states(person, later, "OUT-7D")["phq9"] is schedule.State.ANSWERED
    follow.dose(episode, later)  # the next event asks the clock again
    assert DueItem.objects.get(row="OUT-7D", ask="phq9", closes_at__lt=later).opens_at == DAY_7


def test_a_link_that_was_sent_or_handed_over_keeps_its_window(desk: StaffMember) -> None:
    """Else the link dies while the page still waits for its answer, or outlives it."""
    sent = cast.patient("Sam", email="s@person.example")
    handed, held_back = cast.patient("Hana"), cast.patient("Lee")
    for person in (sent, handed, held_back):
        follow.dose(follow.in_series(person))
    DueItem.objects.filter(patient=sent, row="OUT-7D").update(sent_at=DAY_7)
    _ask(handed, desk)
    for person in (sent, handed, held_back):
        _moves(person, "America/Los_Angeles", desk, DAY_7 + HOUR / 2)
    assert [_day_7(each).opens_at for each in (sent, handed)] == [DAY_7, DAY_7]
    assert _day_7(held_back).opens_at == DAY_7 + 3 * HOUR


def _ask(person: Patient, desk: StaffMember) -> None:
    """A link that lives, as somebody who asks by hand makes it."""
    Assignment.objects.create(
        patient=person, instrument="phq9", instrument_version="1", link_hash=person.pk.hex,
        link_made_at=DAY_7, opens_at=DAY_7, closes_at=DAY_7 + DAY, made_at=DAY_7,
        made_by=desk.user,
    )  # fmt: skip


def test_a_day_of_the_calendar_does_not_come_twice(desk: StaffMember) -> None:
    """Late in the clinic's afternoon it is tomorrow in Tokyo: each month would be asked again."""
    person = cast.patient()
    late = NOON + 5 * HOUR
    follow.end(follow.in_series(person), Stage.MAINTENANCE, late)
    sending.turn_calendar(late + 40 * DAY)
    _moves(person, "Asia/Tokyo", desk, late + 40 * DAY)
    months = DueItem.objects.filter(patient=person, row="OUT-M", ask="phq9")
    assert [(each.anchor, each.voided_at) for each in months] == [("2026-04-04", None)]
    sending.turn_calendar(late + 70 * DAY)
    newest = months.latest("due_at")
    assert (newest.anchor, newest.zone) == ("2026-05-04", "Asia/Tokyo")
    assert newest.due_at == datetime(2026, 5, 4, 0, tzinfo=UTC), "nine in Tokyo"


def test_whoever_lives_by_the_clinics_clock_follows_it(
    desk: StaffMember, settings: Settings
) -> None:
    """A clinic whose zone is put right has people on record whose own is no zone at all."""
    person, other = cast.patient(time_zone="Unknown/Place"), cast.patient("Sam")
    for each in (person, other):
        follow.dose(follow.in_series(each))
    assert _day_7(person).opens_at == DAY_7
    settings.TIME_ZONE = "America/Denver"
    sending.turn_calendar(NOON + DAY)
    assert _day_7(person).opens_at == DAY_7 + 2 * HOUR
    assert _day_7(other).opens_at == DAY_7


def test_a_zone_that_cannot_be_followed_is_not_kept(
    desk: StaffMember, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = cast.patient()
    follow.dose(follow.in_series(person))
    monkeypatch.setattr(clocks, "items", lambda *given: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        _moves(person, BERLIN, desk, NOON)
    assert Patient.objects.get().time_zone == NEW_YORK


def test_nobody_in_care_means_nothing_to_move(desk: StaffMember) -> None:
    person = cast.patient()
    _moves(person, BERLIN, desk, NOON)
    assert not DueItem.objects.exists()
