"""A dose on one person's figures, for the wrong person, or without checks, must not start."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from clinic.alerts.models import Alert
from clinic.calendar.models import Shift
from clinic.dosing import before, dose_entry, giving, queries, readiness, stages
from clinic.dosing.dose_entry import EntryRefused, SaidIdentity
from clinic.dosing.kinds import Chart
from clinic.dosing.models import DoseCheck, DoseEntry, DosingSession, SessionStep
from clinic.people.models import AuditEntry
from clinic.people.roles import Role
from kapstone import pathway
from kapstone.dose import Entry, Outcome
from kapstone.errors import ForbiddenStep
from kapstone.pathway import Session
from tests.clinic import cast
from tests.clinic.dosing import scene
from tests.clinic.dosing.scene import MG_35, ROBIN, Scene, after


def _entry(dose_mg: object, weight_kg: object) -> Entry:
    return Entry(Decimal(str(dose_mg)), Decimal(str(weight_kg)))


@pytest.mark.hazard(4)
@pytest.mark.parametrize(
    ("first", "second", "outcome"),
    [
        (MG_35, MG_35, Outcome.AGREE),
        (_entry("35.00", 70), _entry(35, "70.0"), Outcome.AGREE),
        (_entry(350, 70), MG_35, Outcome.DIFFER),
        (MG_35, _entry(350, 70), Outcome.DIFFER),
        (_entry(350, 70), _entry(350, 70), Outcome.DIFFER),  # both wrong alike: the order says no
        (MG_35, _entry(35, 154), Outcome.DIFFER),
        (_entry("3.5", 70), _entry("3.5", 70), Outcome.DIFFER),
    ],
)
def test_only_two_entries_like_the_order_agree(
    im: Scene, first: Entry, second: Entry, outcome: Outcome
) -> None:
    im.chart("weight", after(2), weight_kg=70)
    assert im.enter(after(3), first, second) is outcome
    assert im.reload().two_people == (outcome is Outcome.AGREE)
    assert (dose_entry.check_in_force(im.session, after(3)) is not None) == im.session.two_people


def test_after_a_difference_both_type_again(im: Scene) -> None:
    im.chart("weight", after(2), weight_kg=70)
    im.enter(after(3), MG_35, _entry(36, 70))
    with pytest.raises(EntryRefused, match="No first entry waits"):
        dose_entry.enter_second(session=im.session, entry=MG_35, by=im.other.user, at=after(4))
    assert im.enter(after(5), MG_35, MG_35) is Outcome.AGREE
    assert DoseEntry.objects.count() == 4


def test_no_figure_leaves_the_entries(im: Scene) -> None:
    im.chart("weight", after(2), weight_kg=70)
    im.enter(after(3), _entry("37.77", 70), MG_35)
    told = [str(entry.detail) for entry in AuditEntry.objects.all()]
    told += [f"{row.body}{row.note}" for row in im.events()]
    assert not any("37.77" in text for text in told)


@pytest.mark.hazard(1)
@pytest.mark.parametrize(
    ("initials", "birth_year", "taken"),
    [
        ("RE", "1980", True),
        ("r.e.", " 1980 ", True),
        ("RE", "1981", False),
        ("ER", "1980", False),
        ("", "", False),
    ],
)
def test_the_first_says_again_whom_it_is_for(
    im: Scene, initials: str, birth_year: str, taken: bool
) -> None:
    im.chart("weight", after(2), weight_kg=70)
    told = SaidIdentity(initials, birth_year)
    if taken:
        dose_entry.enter_first(
            session=im.session, entry=MG_35, identity=told, by=im.nurse.user, at=after(3)
        )
    else:
        with pytest.raises(EntryRefused, match="whose console") as caught:
            dose_entry.enter_first(
                session=im.session, entry=MG_35, identity=told, by=im.nurse.user, at=after(3)
            )
        assert "1980" not in str(caught.value)


def _first(im: Scene) -> None:
    im.chart("weight", after(2), weight_kg=70)
    dose_entry.enter_first(
        session=im.session, entry=MG_35, identity=ROBIN, by=im.nurse.user, at=after(3)
    )


@pytest.mark.parametrize("role", [Role.THERAPIST, Role.TRAINEE, Role.MANAGER, Role.ASSISTANT])
def test_who_may_not_be_second(im: Scene, role: Role) -> None:
    _first(im)
    member = cast.treats(cast.staff(role), im.patient)
    with pytest.raises(EntryRefused, match="may not check"):
        dose_entry.enter_second(session=im.session, entry=MG_35, by=member.user, at=after(4))


def test_nobody_is_both(im: Scene) -> None:
    _first(im)
    with pytest.raises(EntryRefused, match="second person"):
        dose_entry.enter_second(session=im.session, entry=MG_35, by=im.nurse.user, at=after(4))
    with pytest.raises(IntegrityError), transaction.atomic():
        DoseEntry.objects.create(
            session=im.session,
            order_id=scene.ORDER_ID,
            attempt_number=1,
            place="second",
            by=im.nurse.user,
            dose_mg=35,
            weight_kg=70,
            at=after(4),
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        DoseCheck.objects.create(
            session=im.session,
            order_id=scene.ORDER_ID,
            dose_mg=35,
            weight_kg=70,
            hard_max_mg=70,
            first=im.nurse.user,
            second=im.nurse.user,
            at=after(4),
        )


def test_an_expired_licence_checks_nothing(im: Scene) -> None:
    _first(im)
    im.other.licences.update(revoked_at=cast.LONG_AGO)
    with pytest.raises(EntryRefused, match="licence"):
        dose_entry.enter_second(session=im.session, entry=MG_35, by=im.other.user, at=after(4))


def test_an_entry_needs_an_order_and_a_weight_of_today(
    im: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(EntryRefused, match="Weigh first"):
        im.enter(after(3), MG_35, MG_35)
    im.chart("weight", after(4), weight_kg=70)
    monkeypatch.setattr(before, "order", lambda patient, at: scene.ordered("IV"))
    with pytest.raises(EntryRefused, match="No signed order"):
        im.enter(after(5), MG_35, MG_35)


def test_a_new_order_or_weight_undoes_the_agreement(
    im: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    im.chart("weight", after(2), weight_kg=70)
    im.enter(after(3), MG_35, MG_35)
    im.chart("weight", after(4), weight_kg=71)
    assert dose_entry.check_in_force(im.session, after(4)) is None
    im.chart("weight", after(5), weight_kg=70)
    assert dose_entry.check_in_force(im.session, after(5)) is not None
    monkeypatch.setattr(before, "order", lambda p, at: scene.ordered(order_id=uuid4()))
    assert dose_entry.check_in_force(im.session, after(5)) is None


def test_a_second_entry_on_another_order_is_refused(
    im: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    _first(im)
    monkeypatch.setattr(before, "order", lambda p, at: scene.ordered(order_id=uuid4()))
    with pytest.raises(EntryRefused, match="order changed"):
        dose_entry.enter_second(session=im.session, entry=MG_35, by=im.other.user, at=after(4))


def test_everything_in_place_lets_a_dose_start(im: Scene) -> None:
    im.start()
    assert im.reload().phase == Session.DOSING
    given = queries.given(im.session)
    assert given is not None
    assert (given.dose_mg, given.started_at) == (35, after(15))
    assert not im.session.deviation


def _start(im: Scene, **body: object) -> None:
    told = Chart(uuid4(), "dose_start", after(20), {"dose_mg": 35} | body)
    giving.start_dose(session=im.session, chart=told, by=im.nurse.user, at=after(20))


@pytest.mark.hazard(13)
@pytest.mark.parametrize(
    ("room", "answer", "title"),
    [
        ("order", None, "Order"),
        ("is_cleared", False, "Clearance"),
        ("has_consent", False, "Consent, asked again"),
        ("screening_today", None, "Screening rules"),
    ],
)
def test_what_an_earlier_room_takes_back_stops_the_start(
    im: Scene, monkeypatch: pytest.MonkeyPatch, room: str, answer: object, title: str
) -> None:
    im.prepare()
    stages.make_ready(session=im.session, by=im.nurse.user, at=after(15))
    im.enter(after(16), MG_35, MG_35)
    monkeypatch.setattr(before, room, lambda *_: answer)
    with pytest.raises(stages.Lacking, match=title):
        _start(im)
    assert im.reload().phase == Session.READY
    assert queries.given(im.session) is None


@pytest.mark.hazard(13)
@pytest.mark.parametrize("item", ["DAY-01", "DAY-02", "DAY-04", "DAY-13", "CONSENT"])
def test_a_check_that_fails_later_stops_the_start(im: Scene, item: str) -> None:
    im.prepare()
    stages.make_ready(session=im.session, by=im.nurse.user, at=after(15))
    im.enter(after(16), MG_35, MG_35)
    im.chart("checked", after(17), item=item, result="FAIL")
    with pytest.raises(stages.Lacking):
        _start(im)


def test_without_two_entries_or_a_second_licensed_person_no_dose_starts(im: Scene) -> None:
    im.prepare()
    stages.make_ready(session=im.session, by=im.nurse.user, at=after(15))
    with pytest.raises(stages.Lacking, match="two people's dose entries"):
        _start(im)
    im.enter(after(16), MG_35, MG_35)
    Shift.objects.exclude(staff=im.nurse).delete()
    with pytest.raises(stages.Lacking, match="Second licensed person"):
        _start(im)


@pytest.mark.hazard(13)
def test_the_database_takes_only_the_steps_of_the_pathway(im: Scene) -> None:
    steps = {(str(a), str(b)) for a, row in pathway.SESSION.items() for b in row}
    for before_, after_ in ((str(a), str(b)) for a in Session for b in Session):
        row = SessionStep(session=im.session, before=before_, after=after_, at=after(1), by=None)
        if (before_, after_) in steps:
            row.save()
        else:
            with pytest.raises(IntegrityError), transaction.atomic():
                row.save()


@pytest.mark.hazard(13)
def test_the_database_holds_no_dose_without_two_people_or_a_deviation(im: Scene) -> None:
    for phase in ("dosing", "peak", "recovery", "discharged"):
        with pytest.raises(IntegrityError), transaction.atomic():
            DosingSession.objects.filter(pk=im.session.pk).update(phase=phase)


@pytest.mark.parametrize("prepared", [False, True])
def test_a_dose_already_given_is_charted_whatever_lacks(im: Scene, prepared: bool) -> None:
    if prepared:
        im.prepare()
        stages.make_ready(session=im.session, by=im.nurse.user, at=after(15))
    told = Chart(uuid4(), "dose_start", after(16), {"dose_mg": 50}, note="Given in the corridor")
    for _ in range(2):
        giving.chart_given_dose(session=im.session, chart=told, by=im.nurse.user, at=after(20))
    assert im.reload().deviation
    assert im.session.phase == Session.DOSING
    given = queries.given(im.session)
    assert given is not None and (given.dose_mg, given.started_at) == (50, after(16))
    assert Alert.objects.filter(code="dose.deviation").count() == 1


def test_more_than_two_people_checked_is_a_deviation(im: Scene) -> None:
    im.prepare()
    stages.make_ready(session=im.session, by=im.nurse.user, at=after(15))
    im.enter(after(16), MG_35, MG_35)
    _start(im, dose_mg=40)
    assert im.reload().deviation
    assert Alert.objects.filter(code="dose.deviation").exists()


def test_an_infusion_is_set_paused_and_stopped_early(iv: Scene) -> None:
    iv.start()

    def part(kind: str, minute: float, note: str = "", **body: object) -> None:
        told = Chart(uuid4(), kind, after(minute), body, note=note)
        for _ in range(2):
            giving.record_part(session=iv.session, chart=told, by=iv.nurse.user, at=after(minute))

    part("dose_rate", 16, rate_ml_per_h=60)
    part("dose_pause", 20)
    part("dose_resume", 22)
    part("dose_stop", 30, note="Asked to stop", dose_mg=12, early=True)
    given = queries.given(iv.session)
    assert given is not None
    assert (given.dose_mg, given.stopped_early) == (12, True)
    assert iv.reload().phase == Session.STOPPED_EARLY


def test_devices_count_as_the_line_says(devices: Scene) -> None:
    devices.prepare()
    stages.make_ready(session=devices.session, by=devices.nurse.user, at=after(15))
    devices.enter(after(16), _entry(56, 70), _entry(56, 70))
    for minute, act in ((17, giving.start_dose), (22, giving.record_part)):
        told = Chart(uuid4(), "device", after(minute), {})
        act(session=devices.session, chart=told, by=devices.nurse.user, at=after(minute))
    given = queries.given(devices.session)
    assert given is not None and given.dose_mg == 56
    assert (given.started_at, given.ended_at) == (after(17), after(22))


def test_no_part_before_a_start(iv: Scene) -> None:
    told = Chart(uuid4(), "dose_stop", after(1), {"dose_mg": 5})
    with pytest.raises(ForbiddenStep, match="No dose runs"):
        giving.record_part(session=iv.session, chart=told, by=iv.nurse.user, at=after(1))


def test_readiness_names_what_lacks_and_a_new_day_begins_again(im: Scene) -> None:
    lacking = {item.id for item in readiness.judge(im.session, after(0)).lacking}
    assert {"DAY-01", "DAY-02", "DAY-08", "DOS-W2", "CONSENT"} <= lacking
    assert "DAY-03" not in {item.id for item in readiness.judge(im.session, after(0)).items}
    im.prepare()
    assert readiness.judge(im.session, after(15)).ready
    assert not readiness.judge(im.session, after(24 * 60)).ready
