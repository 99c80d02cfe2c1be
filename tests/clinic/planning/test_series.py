"""More of a drug that does not help, or doses too close, must not be booked without a decision."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from clinic.calendar.actions import Slot
from clinic.dosing import before, stages
from clinic.dosing.models import DosingSession
from clinic.episodes import actions as episodes
from clinic.episodes.models import GivenDose, SeriesDecision
from clinic.intake import screening
from clinic.measures import actions as measures
from clinic.people.models import Patient, StaffMember
from clinic.people.roles import Role
from clinic.planning import actions, course, queries, spacing
from clinic.planning.actions.series import NothingWaits
from clinic.planning.models import Order, TakeHomeRequest
from kapstone import eligibility, pathway
from kapstone.errors import InvalidInput, KapstoneError
from kapstone.findings import Finding, Severity
from kapstone.pathway import Episode as Stage
from tests.clinic import cast
from tests.clinic.planning import ground
from tests.clinic.planning.ground import NOW

pytestmark = pytest.mark.django_db

WHY = "Talked through with the person and their family."
AFTER_4 = "SER-05 after 4 doses"
CONTINUE, CHANGE, PAUSE, END, CLOSER = SeriesDecision.Choice


def day(number: float) -> datetime:
    """So many days after the order."""
    return NOW + timedelta(days=number)


@pytest.fixture
def nurse(robin: Patient) -> StaffMember:
    return cast.treats(cast.staff(Role.NURSE, "Nan Nurse"), robin)


@pytest.fixture
def robin_in_series(ready: Patient, prescriber: StaffMember) -> Patient:
    """An order in force: the series has begun, with a score of 8 before it."""
    ground.order(ready, prescriber, "0.5")
    return ready


def dosed(person: Patient, *days: float) -> None:
    """Doses given on these days."""
    episode = person.episodes.get(ended_at__isnull=True)
    for number in days:
        dose = GivenDose(
            episode=episode,
            session_id=uuid4(),
            product="RACEMIC",
            route="IM",
            dose_mg=Decimal(35),
            started_at=day(number),
        )
        episodes.record_given_dose(dose=dose, by=None, at=day(number))


def scored(person: Patient, by: StaffMember, at: datetime, each: int) -> None:
    """A questionnaire with eight like answers: 1 is the score before the first dose."""
    answers = {f"q{n}": each for n in range(1, 9)} | {"q9": 0}
    measures.enter_answers(
        patient=person, instrument="phq9", answers=answers, observed_at=at, by=by.user, at=at
    )


def blocks(person: Patient, at: datetime, now: datetime | None = None) -> list[str]:
    """What stands against a dose, by rule."""
    found = spacing.against(person, spacing.wanted("RACEMIC", "IM", at), now or at)
    keys = [each.row.key for each in found.standings] + [each.key for each in found.holds]
    return [*(f"{each.severity} {each.band or each.code}" for each in found.findings), *keys]


def decide(person: Patient, by: StaffMember, choice: Any, at: datetime) -> SeriesDecision:
    return actions.decide_series(patient=person, choice=choice, rationale=WHY, by=by.user, at=at)


def test_a_series_follows_its_episode(robin_in_series, prescriber) -> None:
    series = robin_in_series.episodes.get().series.get()

    def status() -> str:
        series.refresh_from_db()
        return series.status

    def moved(to: Stage, at: float) -> None:
        episode = robin_in_series.episodes.get()
        episodes.advance(
            episode=episode, to=to, have=set(pathway.Need), by=None, at=day(at), reason="test"
        )

    assert status() == "ordered"
    moved(Stage.PAUSED, 0.1)
    assert status() == "held"
    moved(Stage.IN_SERIES, 0.2)
    assert status() == "ordered"
    dosed(robin_in_series, 1)
    assert status() == "under way"
    moved(Stage.PAUSED, 2)
    moved(Stage.IN_SERIES, 3)
    assert status() == "under way"
    moved(Stage.MAINTENANCE, 20)
    assert status() == "finished"
    assert course.of(robin_in_series).course.maintenance_since == day(20)


@pytest.mark.parametrize(
    ("doses", "pauses", "to", "status"),
    [
        ((), False, Stage.WITHDRAWN, "cancelled"),
        ((1,), False, Stage.WITHDRAWN, "stopped"),
        ((1,), False, Stage.COMPLETED, "finished"),
        ((1,), True, Stage.COMPLETED, "stopped"),
        ((), True, Stage.COMPLETED, "cancelled"),
    ],
)
def test_an_end_ends_the_series(robin_in_series, doses, pauses, to, status) -> None:
    dosed(robin_in_series, *doses)
    for stage in (Stage.PAUSED, to) if pauses else (to,):
        episode = robin_in_series.episodes.get()
        have = set(pathway.Need)
        episodes.advance(episode=episode, to=stage, have=have, by=None, at=day(9), reason="test")
    assert robin_in_series.episodes.get().series.get().status == status


@pytest.mark.parametrize(("each", "found"), [(1, [AFTER_4]), (0, []), (None, [AFTER_4])])
def test_whoever_is_not_helped_by_four_doses_waits_for_a_prescriber(
    robin_in_series, nurse, each, found
) -> None:
    dosed(robin_in_series, 1, 4, 7, 10)
    if each is not None:
        scored(robin_in_series, nurse, day(11), each)
    assert blocks(robin_in_series, day(13)) == found
    waiting = [one for one in course.waiting_everywhere(day(13)) if one.patient == robin_in_series]
    assert [one.row.key for each in waiting for one in each.standings] == found


def test_scores_of_an_answer_before_the_first_dose_are_the_baseline(robin_in_series, nurse) -> None:
    dosed(robin_in_series, 1)
    assert course.of(robin_in_series).course.readings == ()
    scored(robin_in_series, nurse, day(2), 0)
    (reading,) = course.of(robin_in_series).course.readings
    assert reading.improvement_percent == 100


def test_without_a_score_from_before_nothing_says_that_it_helps(clear, robin, prescriber) -> None:
    ground.at_stage(robin, Stage.SCREENING, Stage.ELIGIBLE)
    ground.plan(robin, prescriber)
    dosed(robin, 1, 4, 7, 10)
    scored(robin, prescriber, day(11), 0)
    assert blocks(robin, day(13)) == [AFTER_4]


def test_a_decision_lets_the_next_dose_be_booked(robin_in_series, prescriber) -> None:
    dosed(robin_in_series, 1, 4, 7, 10)
    with pytest.raises(InvalidInput, match="rationale"):
        actions.decide_series(
            patient=robin_in_series,
            choice=CONTINUE,
            rationale="Yes.",
            by=prescriber.user,
            at=day(11),
        )
    decision = decide(robin_in_series, prescriber, CONTINUE, day(11))
    assert decision.keys == [AFTER_4]
    assert "No score since dose 4" in decision.told[0]
    assert blocks(robin_in_series, day(13)) == []
    with pytest.raises(NothingWaits):
        decide(robin_in_series, prescriber, CONTINUE, day(12))
    with pytest.raises(IntegrityError), transaction.atomic():
        SeriesDecision.objects.update(rationale="Nothing.")


def test_a_change_stops_the_order_that_stands(robin_in_series, prescriber) -> None:
    dosed(robin_in_series, 1, 4, 7, 10)
    decide(robin_in_series, prescriber, CHANGE, day(11))
    assert queries.order_in_force(robin_in_series, day(11)) is None


@pytest.mark.parametrize(("choice", "stage"), [(PAUSE, Stage.PAUSED), (END, Stage.COMPLETED)])
def test_a_pause_and_an_end_move_care(robin_in_series, prescriber, choice, stage) -> None:
    dosed(robin_in_series, 1, 4, 7, 10)
    decide(robin_in_series, prescriber, choice, day(11))
    assert robin_in_series.episodes.get().stage == stage
    assert queries.order_in_force(robin_in_series, day(11)) is None


def test_nothing_is_decided_where_nothing_is_open(robin, prescriber) -> None:
    with pytest.raises(KapstoneError, match="No episode"):
        decide(robin, prescriber, CONTINUE, NOW)
    assert blocks(robin, NOW) == []
    assert not spacing.waits_now(robin, NOW)


def test_reassess_1_is_seen_ahead_and_waits_on_day_28(robin_in_series) -> None:
    dosed(robin_in_series, 1)
    assert blocks(robin_in_series, day(28.9), day(2)) == []
    assert blocks(robin_in_series, day(29), day(2)) == ["SER-04"]


@pytest.mark.hazard(3)
def test_closer_than_the_series_needs_a_prescribers_reason_for_one_dose(
    robin_in_series, prescriber
) -> None:
    dosed(robin_in_series, 1)
    gap = ["RELATIVE SER-01: gap"]
    assert blocks(robin_in_series, day(2.5)) == gap

    def allow(at: float) -> None:
        wanted = spacing.wanted("RACEMIC", "IM", day(at))
        actions.allow_closer(
            patient=robin_in_series, wanted=wanted, rationale=WHY, by=prescriber.user, at=day(1.5)
        )

    with pytest.raises(InvalidInput, match="cannot be allowed"):
        allow(1.9)
    with pytest.raises(InvalidInput, match="needs no permission"):
        allow(4)
    allow(2.5)
    assert blocks(robin_in_series, day(2.4)) == gap
    assert blocks(robin_in_series, day(2.5)) == []
    assert not spacing.waits_now(robin_in_series, day(2))
    dosed(robin_in_series, 2.5)
    assert blocks(robin_in_series, day(4)) == gap


@pytest.mark.hazard(3)
def test_a_fourth_dose_in_seven_days_is_allowed_by_nobody(robin_in_series, prescriber) -> None:
    dosed(robin_in_series, 1, 3, 5)
    assert blocks(robin_in_series, day(7))[0] == "ABSOLUTE GRD-01"
    with pytest.raises(InvalidInput, match="no fourth"):
        actions.allow_closer(
            patient=robin_in_series,
            wanted=spacing.wanted("RACEMIC", "IM", day(7)),
            rationale=WHY,
            by=prescriber.user,
            at=day(6),
        )


def _screened(monkeypatch: pytest.MonkeyPatch, *found: Finding) -> None:
    told = eligibility.Screening(eligibility.State.UNDER_REVIEW, found, (), "test")
    monkeypatch.setattr(screening, "run", lambda *_, **__: screening.Run({}, told))


def test_what_the_rules_find_holds_the_series_until_the_next_dose(
    robin_in_series, prescriber, monkeypatch
) -> None:
    liver = Finding("TOX-LFT", Severity.RELATIVE, "Liver.")
    _screened(monkeypatch, liver)
    assert blocks(robin_in_series, day(2)) == []  # nothing to hold before the first dose
    dosed(robin_in_series, 1)
    assert blocks(robin_in_series, day(4)) == ["SER-10 liver"]
    decide(robin_in_series, prescriber, CONTINUE, day(4))
    assert blocks(robin_in_series, day(4)) == []
    dosed(robin_in_series, 5)
    assert blocks(robin_in_series, day(8)) == ["SER-10 liver"]


def test_facts_that_cannot_be_read_hold_nothing_by_themselves(robin_in_series, monkeypatch) -> None:
    def unreadable(*_: object, **__: object) -> None:
        raise InvalidInput("age_y", "is no number.")

    monkeypatch.setattr(screening, "run", unreadable)
    dosed(robin_in_series, 1)
    assert blocks(robin_in_series, day(4)) == []


def test_urinary_symptoms_at_two_visits_running_hold_the_series(
    robin_in_series, monkeypatch
) -> None:
    _screened(monkeypatch)
    dosed(robin_in_series, 1)
    ground.tell(robin_in_series, "urinary_symptoms", ["urgency"], day(1))
    assert blocks(robin_in_series, day(4)) == []
    ground.tell(robin_in_series, "urinary_symptoms", ["urgency"], day(2))
    assert blocks(robin_in_series, day(4)) == ["SER-10 bladder"]
    ground.tell(robin_in_series, "urinary_symptoms", [], day(3))
    assert blocks(robin_in_series, day(4)) == []


def test_a_worse_suicide_screener_holds_the_series(
    robin_in_series, prescriber, monkeypatch
) -> None:
    _screened(monkeypatch)
    for at, said in ((0.5, 0), (2, 1)):
        if said:
            dosed(robin_in_series, 1)
        answers = {"q1": said, "q2": said, "q3": said, "q4": 0, "q5": 0, "q6": 0}
        if not said:
            answers = {"q1": 0, "q2": 0, "q6": 0}
        measures.enter_answers(
            patient=robin_in_series,
            instrument="cssrs_slc",
            answers=answers,
            observed_at=day(at),
            by=prescriber.user,
            at=day(at),
        )
    assert blocks(robin_in_series, day(4)) == ["SER-10 suicide screener worse"]


def url(name: str, person: Patient) -> str:
    return reverse(f"planning:{name}", args=[person.pk])


PROOF = {"proof-password": cast.PASSWORD}


def test_the_page_from_what_waits_to_what_was_decided(robin_in_series, prescriber, nurse) -> None:
    dosed(robin_in_series, 1, 4, 7, 10)
    with time_machine.travel(day(11), tick=False):
        desk, other = cast.signed_in(prescriber), cast.signed_in(nurse)
        for client in (desk, other):
            for where in (url("series", robin_in_series), "/today/"):
                assert "Non-response after 4 doses" in client.get(where).content.decode()
        assert "waits for a prescriber" in desk.get(_chart(robin_in_series)).content.decode()
        assert "A prescriber who treats this person" in _text(other, robin_in_series)
        sent = {"choice": "continue", "rationale": WHY}
        assert other.post(url("decide", robin_in_series), sent | PROOF).status_code in (403, 404)
        assert desk.post(url("decide", robin_in_series), sent).status_code == 403
        half = desk.post(url("decide", robin_in_series), PROOF)
        assert (half.status_code, "required" in half.content.decode()) == (422, True)
        short = desk.post(url("decide", robin_in_series), sent | {"rationale": "x"})
        assert "20 characters" in short.content.decode()
        page = desk.post(url("decide", robin_in_series), sent, follow=True).content.decode()
        assert "The decision is on record." in page
        assert WHY in page
        again = desk.post(url("decide", robin_in_series), sent, follow=True)
        assert "Nothing waits for a decision" in again.content.decode()
        assert "Non-response" not in desk.get("/today/").content.decode()


def test_the_page_allows_one_closer_dose(robin_in_series, prescriber) -> None:
    dosed(robin_in_series, 1)
    with time_machine.travel(day(1.5), tick=False):
        desk = cast.signed_in(prescriber)
        at = {"starts_at": "2026-03-07T00:00", "rationale": WHY} | PROOF
        page = desk.post(url("closer", robin_in_series), at, follow=True).content.decode()
        assert "One dose may be booked from then on." in page
        assert desk.post(url("closer", robin_in_series), {}).status_code == 422
        far = desk.post(url("closer", robin_in_series), at | {"starts_at": "2026-03-20T09:00"})
        assert "needs no permission" in far.content.decode()


def test_the_page_says_when_there_is_no_series(robin, prescriber) -> None:
    page = _text(cast.signed_in(prescriber), robin)
    assert "No series" in page
    assert "There is no take-home dose" in page


def test_maintenance_shows_the_default_taper(robin_in_series, prescriber) -> None:
    dosed(robin_in_series, 1)
    episodes.advance(
        episode=robin_in_series.episodes.get(),
        to=Stage.MAINTENANCE,
        have=set(pathway.Need),
        by=None,
        at=day(2),
    )
    with time_machine.travel(day(3), tick=False):
        page = _text(cast.signed_in(prescriber), robin_in_series)
    assert "Weekly" in page
    assert "Each month of maintenance" in page


def _text(client: Client, person: Patient) -> str:
    return client.get(url("series", person)).content.decode()


def _chart(person: Patient) -> str:
    return reverse("chart:chart", args=[person.pk])


def test_no_session_is_booked_or_opened_while_a_decision_waits(robin_in_series, nurse) -> None:
    """Through the pages: booking, and opening a session for now."""
    dosed(robin_in_series, 1, 4, 7, 10)
    with time_machine.travel(day(11), tick=False):
        client = cast.signed_in(nurse)
        typed = {"room": "Room 1", "starts_at": "2026-03-17T09:00", "minutes": "120"}
        page = client.post(reverse("dosing:book", args=[robin_in_series.pk]), typed)
        assert page.status_code == 422
        assert "A prescriber decides on dose or route." in page.content.decode()
        opened = client.post(reverse("dosing:open", args=[robin_in_series.pk]), follow=True)
        assert "No session is opened." in opened.content.decode()
    assert not DosingSession.objects.exists()


def test_a_booking_by_any_code_is_refused_too(robin_in_series, nurse) -> None:
    dosed(robin_in_series, 1, 3, 5)
    order = before.order(robin_in_series, day(6))
    assert order is not None
    slot = Slot("Room 1", day(6.5), day(6.6))
    with pytest.raises(stages.NotYet, match="no fourth") as refused:
        stages.book_session(
            patient=robin_in_series,
            order=order,
            slot=slot,
            seen_alone_at=None,
            by=nurse.user,
            at=day(6),
        )
    assert refused.value.against.refused


def test_a_dose_at_home_is_asked_for_answered_and_never_an_order(
    robin_in_series, prescriber, nurse
) -> None:
    client = cast.signed_in(nurse)
    asked = {"asked_by": "Their sister", "words": "Lozenges for the holidays.", "early": "on"}
    half = client.post(url("take_home", robin_in_series), asked)
    assert half.status_code == 422
    assert not TakeHomeRequest.objects.exists()
    orders = Order.objects.count()
    told = asked | {"answer": "There is none; a visit on Monday is offered."}
    page = client.post(url("take_home", robin_in_series), told, follow=True).content.decode()
    assert "Their sister" in page
    assert "early or lost supply (GRD-03): refused" in page
    assert Order.objects.count() == orders
    with pytest.raises(IntegrityError), transaction.atomic():
        TakeHomeRequest.objects.update(answer="Yes.")
