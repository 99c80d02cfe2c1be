"""After a dose nobody may be forgotten, nobody asked for the dead, and no gap may be hidden."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from clinic.alerts.models import Alert
from clinic.episodes import course
from clinic.episodes.models import Episode
from clinic.measures import actions, due, follow_up
from clinic.measures.models import Assignment, CheckIn, DueItem, Told
from clinic.people import access, audit
from clinic.people.models import Patient, StaffMember
from clinic.people.roles import Role
from kapstone.pathway import Episode as Stage
from kapstone.risk import AlertLevel
from kapstone.schedule import State
from tests.clinic import cast
from tests.clinic.cast import NOON
from tests.clinic.measures import follow
from tests.clinic.measures.follow import DAY, DAY_7, HOUR, states

pytestmark = pytest.mark.django_db


@pytest.fixture
def nurse() -> StaffMember:
    """On call."""
    member = cast.staff(Role.NURSE)
    cast.on_call(member)
    return member


@pytest.fixture
def robin() -> Patient:
    """Somebody with an e-mail address and a phone."""
    return cast.patient(email="robin@person.example", phone="+12025550123")


@pytest.fixture
def episode(robin: Patient) -> Episode:
    """Robin's, in series."""
    return follow.in_series(robin)


def _enter(person: Patient, nurse: StaffMember, at: datetime, instrument: str = "phq9") -> None:
    actions.enter_answers(
        patient=person, instrument=instrument, answers={f"q{n}": 1 for n in range(1, 8)},
        observed_at=at, by=nurse.user, at=at,
    )  # fmt: skip


def _call(item: DueItem, nurse: StaffMember, at: datetime, **told: object) -> CheckIn:
    said = {"reached": True, "said": "Tired.", "unwell": "no", "thoughts": "no", "driven": "no"}
    call = CheckIn(item=item, called_at=at, **(said | told))
    return follow_up.record_check_in(call=call, by=nurse.user, at=at)


def _check_in() -> DueItem:
    return DueItem.objects.get(row="OUT-24", voided_at=None)


def test_a_dose_calls_for_a_check_in_and_questionnaires_at_their_hours(
    episode: Episode, robin: Patient
) -> None:
    follow.dose(episode)
    assert _check_in().due_at == NOON + DAY
    sevenths = DueItem.objects.filter(row="OUT-7D")
    assert {(item.ask, item.due_at) for item in sevenths} == {("phq9", DAY_7), ("gad7", DAY_7)}
    assert states(robin, NOON, "OUT-24") == {"check_in": State.AHEAD}
    assert states(robin, NOON + DAY, "OUT-24") == {"check_in": State.DUE}
    assert states(robin, NOON + 2 * DAY, "OUT-24") == {"check_in": State.MISSED}


def test_a_twin_is_asked_nothing(episode: Episode, robin: Patient) -> None:
    twin = cast.patient()
    follow.in_series(twin)
    follow.dose(episode)
    assert not DueItem.objects.filter(patient=twin).exclude(row="OUT-00").exists()
    assert [line for line in due.of_patient(twin, DAY_7) if line.state is State.DUE] == [
        line for line in due.of_patient(twin, DAY_7) if line.item.row == "OUT-00"
    ]


def test_two_doses_on_one_day_call_for_one_check_in(episode: Episode, robin: Patient) -> None:
    follow.dose(episode)
    follow.dose(episode, NOON + 5 * HOUR)
    assert _check_in().due_at == NOON + 29 * HOUR
    void = DueItem.objects.get(row="OUT-24", voided_at__isnull=False)
    assert void.why == "a new dose was given before it was due"
    lines = [
        line.state for line in due.of_patient(robin, NOON + 29 * HOUR) if line.item.row == "OUT-24"
    ]
    assert sorted(lines) == [State.DUE, State.NOT_APPLICABLE]


@pytest.mark.hazard(16)
def test_on_the_night_the_clocks_change_a_day_after_is_24_hours_after(episode: Episode) -> None:
    evening = datetime(2026, 3, 8, 1, tzinfo=UTC)  # eight in New York, before the clocks change
    follow.dose(episode, evening)
    assert _check_in().due_at == evening + timedelta(hours=24)
    seventh = DueItem.objects.filter(row="OUT-7D").first()
    assert seventh is not None
    assert seventh.due_at == datetime(2026, 3, 14, 13, tzinfo=UTC)  # the 7th there, nine o'clock


def test_a_zone_nobody_knows_is_the_clinics(episode: Episode, robin: Patient) -> None:
    Patient.objects.filter(pk=robin.pk).update(time_zone="Nowhere/At all")
    follow.dose(episode)
    assert DueItem.objects.filter(row="OUT-7D", due_at=DAY_7).count() == 2


def test_a_corrected_dose_moves_what_is_due_and_doubles_nothing(episode: Episode) -> None:
    first = follow.dose(episode)
    follow.dose(episode, NOON - HOUR, session_id=first.session_id, replaces=first)
    assert _check_in().due_at == NOON + DAY - HOUR
    entries = audit.AuditEntry.objects.filter(action="keep_follow_up").count()
    course.changed(episode, None, NOON + HOUR)
    assert audit.AuditEntry.objects.filter(action="keep_follow_up").count() == entries


def test_what_the_calendar_asked_is_void_once_maintenance_pauses(episode: Episode) -> None:
    follow.dose(episode)
    follow.end(episode, Stage.MAINTENANCE, NOON)
    follow_up.keep_in_step(episode, None, NOON + 33 * DAY)
    follow_up.keep_in_step(episode, None, NOON + 64 * DAY)
    follow.end(episode, Stage.PAUSED, NOON + 64 * DAY)
    held = DueItem.objects.filter(row="OUT-M", ask="phq9").order_by("due_at")
    assert [item.why for item in held] == ["", follow_up.NO_LONGER]
    follow_up.keep_in_step(episode, None, NOON + 65 * DAY)
    assert DueItem.objects.get(pk=held[1].pk).voided_at == NOON + 64 * DAY


def test_an_answer_on_paper_within_the_window_counts_and_a_later_one_does_not(
    episode: Episode, robin: Patient, nurse: StaffMember
) -> None:
    follow.dose(episode)
    _enter(robin, nurse, DAY_7 + HOUR)
    _enter(robin, nurse, DAY_7 + 3 * DAY, "gad7")
    after = DAY_7 + 4 * DAY
    assert states(robin, after, "OUT-7D") == {"phq9": State.ANSWERED, "gad7": State.MISSED}
    assert [item.ask for item in due.missed(robin, after) if item.row == "OUT-7D"] == ["gad7"]


@pytest.mark.parametrize("stage", [Stage.DIED, Stage.LOST, Stage.WITHDRAWN, Stage.REFERRED_ON])
def test_an_ended_episode_cancels_what_is_due_and_hides_nothing_missed(
    episode: Episode, robin: Patient, stage: Stage
) -> None:
    follow.dose(episode)
    link, _ = actions.ask(
        patient=robin, instrument="phq9", closes_at=NOON + 20 * DAY, by=None, at=NOON
    )
    follow.end(episode, stage, NOON + 3 * DAY)
    now = NOON + 30 * DAY
    assert states(robin, now, "OUT-24") == {"check_in": State.MISSED}
    assert set(states(robin, now, "OUT-7D").values()) == {State.NOT_APPLICABLE}
    assert Assignment.objects.get(pk=link.pk).cancelled_at == NOON + 3 * DAY
    everybody = Patient.objects.all()
    assert not follow.waiting_for_staff(everybody, DAY_7)


def test_the_end_and_what_it_cancels_are_one_transaction(episode: Episode, robin: Patient) -> None:
    follow.dose(episode)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        follow.end(episode, Stage.LOST, NOON + HOUR)
        assert not DueItem.objects.filter(row="OUT-7D", voided_at=None).exists()
        raise ZeroDivisionError
    assert DueItem.objects.filter(row="OUT-7D", voided_at=None).count() == 2


def test_of_the_dead_nothing_is_asked(episode: Episode, robin: Patient) -> None:
    follow.end(episode, Stage.DIED, NOON)
    with pytest.raises(actions.NobodyToAsk):
        actions.ask(patient=robin, instrument="phq9", closes_at=DAY_7, by=None, at=NOON)


@pytest.mark.hazard(10)
@pytest.mark.parametrize(
    ("told", "codes"),
    [
        ({}, {}),
        ({"thoughts": Told.YES}, {"check_in.thoughts": "urgent"}),
        ({"thoughts": Told.NOT_ASKED}, {"check_in.thoughts_not_asked": "review"}),
        ({"driven": Told.YES}, {"check_in.driven": "urgent"}),
        ({"unwell": Told.YES, "unwell_words": "Headache."}, {}),
    ],
)
def test_what_is_said_in_a_call_reaches_somebody(
    episode: Episode,
    robin: Patient,
    nurse: StaffMember,
    told: dict[str, str],
    codes: dict[str, str],
) -> None:
    follow.dose(episode)
    _call(_check_in(), nurse, NOON + DAY, **told)
    assert dict(Alert.objects.values_list("code", "level")) == codes
    assert states(robin, NOON + 9 * DAY, "OUT-24") == {"check_in": State.ANSWERED}


def test_staff_escalate_to_whom_they_want_and_how_soon(
    episode: Episode, nurse: StaffMember
) -> None:
    follow.dose(episode)
    call = CheckIn(item=_check_in(), called_at=NOON + DAY, reached=False)
    wanted = follow_up.Escalation(AlertLevel.IMMEDIATE, "The mother says she is gone.")
    follow_up.record_check_in(call=call, by=nurse.user, at=NOON + DAY, escalate=wanted)
    (alert,) = Alert.objects.all()
    assert (alert.level, alert.owner) == ("immediate", nurse)
    assert "The mother says she is gone." in alert.message


def test_a_try_leaves_the_check_in_due_and_a_late_call_leaves_it_missed(
    episode: Episode, robin: Patient, nurse: StaffMember
) -> None:
    follow.dose(episode)
    nothing = {"said": "", "unwell": "", "thoughts": "", "driven": ""}
    _call(_check_in(), nurse, NOON + DAY, reached=False, **nothing)
    assert states(robin, NOON + DAY, "OUT-24") == {"check_in": State.DUE}
    _call(_check_in(), nurse, NOON + 3 * DAY)
    assert states(robin, NOON + 3 * DAY, "OUT-24") == {"check_in": State.MISSED}


@pytest.mark.parametrize(
    "wrong",
    [
        {"said": ""},
        {"thoughts": ""},
        {"reached": False},
        {"unwell": "yes"},
        {"called_at": NOON + 2 * DAY},
    ],
)
def test_the_database_keeps_no_call_that_says_nothing(
    episode: Episode, nurse: StaffMember, wrong: dict[str, object]
) -> None:
    follow.dose(episode)
    said = {"reached": True, "said": "Tired.", "unwell": "no", "thoughts": "no", "driven": "no"}
    told = {"called_at": NOON + DAY, "recorded_at": NOON + DAY, "by": nurse.user} | said | wrong
    with pytest.raises(IntegrityError), transaction.atomic():
        CheckIn.objects.create(item=_check_in(), **told)


def test_a_call_is_never_changed(episode: Episode, nurse: StaffMember) -> None:
    follow.dose(episode)
    call = _call(_check_in(), nurse, NOON + DAY)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        CheckIn.objects.filter(pk=call.pk).update(said="Nothing.")


@pytest.mark.parametrize(
    "wrong",
    [
        {"closes_at": NOON - DAY},
        {"due_at": NOON - 9 * DAY},
        {"voided_at": NOON},
        {"why": "because"},
    ],
)
def test_the_database_keeps_no_item_without_a_window_or_a_reason(
    episode: Episode, wrong: dict[str, object]
) -> None:
    follow.dose(episode)
    with pytest.raises(IntegrityError), transaction.atomic():
        DueItem.objects.filter(row="OUT-24").update(**wrong)


def test_a_list_holds_whom_one_treats_and_nobody_else(episode: Episode, robin: Patient) -> None:
    treating = cast.treats(cast.staff(Role.NURSE, "Nina Nurse"), robin)
    other = cast.staff(Role.NURSE, "Otto Other")
    director = cast.staff(Role.MEDICAL_DIRECTOR)
    front = cast.staff(Role.FRONT_DESK)
    duty = cast.staff(Role.THERAPIST)
    cast.on_call(duty)
    for member in (treating, other, director, front, duty):
        who = access.actor(member.user, NOON)
        reached = set(access.reach(who, "record_check_in"))
        assert reached == ({robin} if access.may(who, "record_check_in", robin) else set())
    assert not access.may(access.actor(other.user, NOON), "record_check_in", robin)
