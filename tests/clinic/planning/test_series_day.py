"""What came to wait after a session was booked must still be seen by whoever would start it."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clinic.calendar.actions import Slot, put_on_shift
from clinic.dosing import before, giving, readiness, stages
from clinic.dosing.kinds import Chart
from clinic.dosing.models import DosingSession
from clinic.episodes import actions as episodes
from clinic.episodes.models import GivenDose, SeriesDecision
from clinic.people.models import AuditEntry
from clinic.people.roles import Role
from clinic.planning import actions, needs, queries, spacing
from kapstone.pathway import Need
from tests.clinic import cast
from tests.clinic.planning import ground
from tests.clinic.planning.series_ground import WHY, day, decide, dosed, scored

pytestmark = pytest.mark.django_db

CONTINUE = SeriesDecision.Choice.CONTINUE
BETTER, AS_BEFORE = 0, 1


@pytest.fixture
def booked(robin_in_series, nurse) -> DosingSession:
    """A session booked while a score said that four doses had helped."""
    dosed(robin_in_series, 1, 4, 7, 10)
    scored(robin_in_series, nurse, day(24.5), BETTER)
    slot = Slot("Room 1", day(27), day(27.1))
    order = before.order(robin_in_series, day(25))
    assert order is not None
    seen = stages.Seen(alone_at=slot.starts_at)
    return stages.book_session(
        patient=robin_in_series, order=order, slot=slot, seen=seen, by=nurse.user, at=day(25)
    )


def _series(session: DosingSession, at: float) -> readiness.Item:
    items = readiness.judge(session, day(at)).items
    return next(one for one in items if one.id == readiness.SERIES)


@pytest.mark.hazard(3)
def test_a_decision_that_came_to_wait_holds_a_session_booked_before_it(
    booked, robin_in_series, nurse, prescriber
) -> None:
    """Else more of what does not help is given because the room was booked in time."""
    assert _series(booked, 26).held is readiness.Held.MET
    scored(robin_in_series, nurse, day(26), AS_BEFORE)
    item = _series(booked, 27)
    assert item.held is readiness.Held.UNMET
    assert "SER-05 after 4 doses" in item.words
    with pytest.raises(stages.Lacking, match="Series"):
        stages.make_ready(session=booked, by=nurse.user, at=day(27))
    told = Chart(uuid4(), "dose_start", day(27), {"dose_mg": 35})
    with pytest.raises(stages.Lacking, match="Series"):
        giving.start_dose(session=booked, chart=told, by=nurse.user, at=day(27))
    with time_machine.travel(day(27), tick=False):
        console = reverse("dosing:console", args=[robin_in_series.pk, booked.pk])
        page = cast.signed_in(nurse).get(console).content.decode()
    assert "Look at the series" in page
    decide(robin_in_series, prescriber, CONTINUE, day(27))
    assert _series(booked, 27).held is readiness.Held.MET


@pytest.mark.hazard(3)
def test_a_dose_that_was_given_all_the_same_is_charted(booked, robin_in_series, nurse) -> None:
    """Recording is never blocked, and the dose itself does not change what held it."""
    scored(robin_in_series, nurse, day(26), AS_BEFORE)
    told = Chart(uuid4(), "dose_start", day(27), {"dose_mg": 35}, note="Nobody had looked.")
    giving.chart_given_dose(session=booked, chart=told, by=nurse.user, at=day(27))
    booked.refresh_from_db()
    assert booked.deviation
    assert robin_in_series.episodes.get().doses.filter(session_id=booked.pk).exists()
    assert "SER-05 after 4 doses" in _series(booked, 27.1).words


def test_the_dose_of_a_session_does_not_stand_against_itself(booked, robin_in_series) -> None:
    """Else the list turns red at the first of the drug, and nobody reads it any more."""
    given = GivenDose(
        episode=robin_in_series.episodes.get(),
        session_id=booked.pk,
        product="RACEMIC",
        route="IM",
        dose_mg=35,
        started_at=day(27),
    )
    episodes.record_given_dose(dose=given, by=None, at=day(27))
    assert _series(booked, 27.01).held is readiness.Held.MET
    assert spacing.against(robin_in_series, spacing.wanted("RACEMIC", "IM", day(27.5)), day(27.5))


@pytest.mark.hazard(3)
def test_a_session_begun_earlier_than_it_was_booked_for_is_too_close(
    robin_in_series, nurse, prescriber
) -> None:
    dosed(robin_in_series, 1)
    session = stages.open_session(
        patient=robin_in_series, product="RACEMIC", route="IM", by=nurse.user, at=day(1.5)
    )
    assert "24 h" in _series(session, 1.5).words
    assert _series(session, 2.5).held is readiness.Held.UNMET
    asked = spacing.wanted("RACEMIC", "IM", day(2.5))
    actions.allow_closer(
        patient=robin_in_series, wanted=asked, rationale=WHY, by=prescriber.user, at=day(2)
    )
    found = _series(session, 2.5)
    assert found.held is readiness.Held.MET
    assert found.words == "2 days from another dose, where the plan says 3."


@pytest.mark.hazard(3)
def test_no_order_is_signed_while_the_series_waits(robin_in_series, prescriber) -> None:
    dosed(robin_in_series, 1, 4, 7, 10)
    plan = queries.current_plan(robin_in_series)
    assert plan is not None
    lacks = needs.before_order(plan, day(11))
    assert [each.need for each in lacks] == [Need.PRESCRIBER]
    assert "Non-response" not in lacks[0].words
    assert "SER-05 after 4 doses" in lacks[0].words
    with pytest.raises(needs.Lacking, match="SER-05"):
        ground.order(robin_in_series, prescriber, "0.5", at=day(11), last_ae_grade=0)
    decide(robin_in_series, prescriber, CONTINUE, day(11))
    assert needs.before_order(plan, day(11)) == []


def test_a_booking_closer_than_the_plan_is_said_first_and_must_be_seen(
    robin_in_series, nurse
) -> None:
    """No rule refuses two days; the plan that everybody agreed on says three."""
    dosed(robin_in_series, 1)
    for who in (nurse, cast.treats(cast.staff(Role.NURSE, "Otto Other"), robin_in_series)):
        put_on_shift(staff=who, starts_at=day(2), ends_at=day(5), by=None, at=day(2))
    typed = {"room": "Room 1", "starts_at": "2026-03-07T13:00", "minutes": "120"}
    where = reverse("dosing:book", args=[robin_in_series.pk])
    with time_machine.travel(day(2), tick=False):
        client = cast.signed_in(nurse)
        page = client.post(where, typed)
        assert page.status_code == 422
        assert "2 days from another dose, where the plan says 3." in page.content.decode()
        assert not DosingSession.objects.exists()
        other = {"close_at": (day(3) + timedelta(hours=2)).isoformat()}
        assert client.post(where, typed | other).status_code == 422
        seen = {"close_at": "2026-03-07T13:00:00-05:00"}
        assert client.post(where, typed | seen).status_code == 302
    assert DosingSession.objects.count() == 1
    assert AuditEntry.objects.filter(action="booked_close").count() == 1


def test_a_session_opened_closer_than_the_plan_says_so(robin_in_series, nurse) -> None:
    dosed(robin_in_series, 1)
    with time_machine.travel(day(3.1), tick=False):
        client = cast.signed_in(nurse)
        opened = client.post(reverse("dosing:open", args=[robin_in_series.pk]), follow=True)
    assert "where the plan says 3." in opened.content.decode()
    assert DosingSession.objects.count() == 1


def test_the_console_asks_few_questions_with_every_room_there(
    booked, robin_in_series, nurse
) -> None:
    """A slow console beside the chair: in its own tests stand-ins answer for these rooms."""
    console = reverse("dosing:console", args=[robin_in_series.pk, booked.pk])
    with time_machine.travel(day(27), tick=False):
        client = cast.signed_in(nurse)
        client.get(console)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(console).status_code == 200
    assert len(asked) <= 55
