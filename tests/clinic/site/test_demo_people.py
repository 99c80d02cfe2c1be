"""A demo with a room left empty, or a stage nobody stands at, shows half of what the clinic is."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from django.conf import settings as django_settings
from django.db import transaction
from django.utils import timezone
from pytest_django import DjangoDbBlocker, Settings

from clinic.alerts import ladder, queries
from clinic.alerts.models import Alert, Delivery
from clinic.dosing import actions, escalation, lines, screen, stretches, words
from clinic.dosing import queries as dosing
from clinic.dosing.kinds import MONITOR, SCORER, SOURCE, Chart
from clinic.dosing.models import DischargeStep, DosingSession, SessionEvent
from clinic.episodes import queries as episodes
from clinic.episodes.models import Episode
from clinic.intake import queries as intake
from clinic.intake import screening
from clinic.measures import queries as measures
from clinic.measures.models import Assignment, QuestionnaireResponse
from clinic.measures.queries import LinkState, link_state
from clinic.people import audit
from clinic.people.models import Patient, RoleGrant
from clinic.people.queries import namesakes
from clinic.people.roles import Role
from clinic.pharmacy import queries as pharmacy
from clinic.planning import actions as planning_actions
from clinic.planning import queries as planning
from clinic.planning import renewal
from clinic.planning import waiting as series_waiting
from clinic.site import demo, live
from clinic.site.seeds.patients import BEFORE, IN_CARE_LONG
from clinic.site.seeds.person import team
from clinic.site.seeds.places import Place
from clinic.site.storage import mark
from clinic.therapy import queries as therapy
from kapstone import pathway, synth
from kapstone.synth.monitor import climbing_rise
from tests.clinic import cast
from tests.clinic.measures import follow
from tests.clinic.site import thirty
from tests.clinic.site.thirty import at, people, stage

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
NOW, MINUTE = cast.NOON, timedelta(minutes=1)


@pytest.fixture(scope="module", autouse=True)
def _filled(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The whole demo, filled once; each test works in a part of this transaction."""
    patch = pytest.MonkeyPatch.context()
    with django_db_blocker.unblock(), transaction.atomic(), patch as patched:
        patched.setattr(django_settings, "DEMO", True)
        patched.setattr(mark, "kind", lambda connection: mark.Kind.DEMO)
        for fill in demo.SEEDS:
            fill(NOW)
        patched.undo()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def running(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The demo with its own database."""
    settings.DEMO = True
    monkeypatch.setattr(mark, "kind", lambda connection: mark.Kind.DEMO)


def test_everybody_is_invented_and_the_inbox_has_work() -> None:
    everybody = Patient.objects.all()
    assert everybody.count() == 30
    assert all(person.synthetic for person in everybody)
    assert {row.role for row in RoleGrant.objects.all()} == set(Role) - {Role.PATIENT}
    inbox = queries.inbox(NOW)
    assert {item.alert.level for item in inbox} == {"immediate", "urgent", "review"}
    assert {item.overdue for item in inbox} == {True, False}
    assert not all(item.heard for item in inbox)
    assert Alert.objects.count() > len(inbox), "older alerts are closed"
    assert not Delivery.objects.filter(sent_at=None).exists()
    states = {link_state(each, NOW) for each in Assignment.objects.all()}
    assert {LinkState.OPEN, LinkState.LOCKED, LinkState.ANSWERED} <= states
    assert QuestionnaireResponse.objects.filter(entered_by__isnull=False).exists()
    assert not QuestionnaireResponse.objects.filter(observed_at__gt=NOW).exists()
    assert ladder.climb(NOW) > 0, "the loop has something to do"


@pytest.mark.parametrize(
    ("place", "held"),
    [
        (Place.REFERRED, "referred"),
        (Place.ASKING, "screening"),
        (Place.FACT_MISSING, "screening"),
        (Place.NOT_ELIGIBLE, "not eligible"),
        (Place.CLEARED, "eligible"),
        (Place.PLANNED, "planned"),
        (Place.CONSENTED, "consented"),
        (Place.PREPARED, "prepared"),
        (Place.SPRAYED, "in series"),
        (Place.ORDER_LAPSED, "planned"),
        (Place.STRONGER, "in series"),
        (Place.BOOKED, "in series"),
        (Place.PAUSED, "paused"),
        (Place.MAINTENANCE, "maintenance"),
        (Place.COMPLETED, "completed"),
    ],
)
def test_somebody_stands_at_each_place(place: Place, held: str) -> None:
    assert {stage(each) for each in at(place)} == {held}


def test_those_who_left_left_in_every_way_drawn() -> None:
    ended = [stage(each) for each in (*at(Place.ENDED_BEFORE), *at(Place.ENDED_EARLY))]
    assert set(ended) == {"declined", "referred on", "died", "withdrawn", "lost to follow-up"}


def test_screening_says_what_each_place_says() -> None:
    [waits], [refused] = at(Place.FACT_MISSING), at(Place.NOT_ELIGIBLE)
    unknown = screening.run(waits, NOW).screening.unknown
    assert [each.key for each in unknown] == ["dx.aneurysm.history"]
    found = screening.run(refused, NOW).screening.findings
    assert [each.code for each in found if each.severity == "ABSOLUTE"] == ["SCR-002"]
    [cleared] = at(Place.CLEARED)
    assert [each.rule for each in intake.overrides(cleared, NOW)] == ["SCR-007"]
    assert intake.clearance(cleared, NOW)
    assert any(row.instrument == "phq9" for row in measures.responses(cleared))


def test_orders_hold_and_lapse_and_a_spray_was_walked_away_from() -> None:
    [ordered], [lapsed] = at(Place.SPRAYED), at(Place.ORDER_LAPSED)
    spray = planning.order_in_force(ordered, NOW)
    assert spray is not None and (spray.product, spray.devices) == ("ESKETAMINE", 2)
    assert [dose.route for dose in episodes.given_doses(ordered)] == ["IN", "IN"]
    assert ordered.duties.filter(row="DIS-13.prescriber", settled_at=None).exists()
    assert planning.orders(lapsed).exists()
    assert planning.order_in_force(lapsed, NOW) is None
    assert intake.clearance(lapsed, NOW), "cleared for the new route"


def test_one_whole_day_with_the_spray_stands_before_the_one_that_was_left() -> None:
    """Devices with their lots, their rest, 40 minutes, two hours, the door, and the form's days."""
    [sprayed] = at(Place.SPRAYED)
    whole, left = sprayed.sessions.order_by("opened_at")
    assert (whole.phase, left.phase) == ("discharged", "left against advice")
    thirty.is_whole_spray_day(whole, NOW)


def test_a_hard_experience_was_charted_by_taps_and_touch_kept_to_what_was_agreed() -> None:
    [began] = SessionEvent.objects.filter(kind="steps_opened", body__pathway="PATH-CE")
    thirty.is_hard_and_eased(began.session)


def test_dosing_days_went_in_every_way() -> None:
    [booked], [held], [paused] = at(Place.BOOKED), at(Place.HELD), at(Place.PAUSED)
    today = dosing.open_session(booked)
    assert today is not None and today.phase == "scheduled"
    assert today.appointment and today.appointment.starts_at > NOW
    assert {"held", "cancelled"} <= set(
        held.sessions.filter(phase="cancelled").values_list("steps__after", flat=True)
    )
    stopped = episodes.given_doses(paused).last()
    assert stopped is not None and stopped.stopped_early
    assert planning.why_no_consent(paused, NOW) == "Consent was withdrawn."
    assert DosingSession.objects.filter(deviation=True).count() == 1
    steps = Counter(DischargeStep.objects.values_list("kind", flat=True))
    assert steps["proposed"] == steps["signed"] > 10
    nights = [
        session
        for session in DosingSession.objects.filter(phase="discharged")
        if (given := dosing.given(session)) and len(_days(session, given.started_at)) > 1
    ]
    assert len(nights) == 1, "one session ran past midnight"


def _days(session: DosingSession, since: object) -> set[object]:
    moments = session.events.filter(observed_at__gte=since).values_list("observed_at", flat=True)
    return {timezone.localdate(moment) for moment in moments}


def test_doses_and_scores_are_those_drawn() -> None:
    today, known = timezone.localdate(NOW), people()
    drawn_now = synth.people(2026, 30, today, ("RACEMIC",))
    long_ago = synth.people(2026, 30, today - BEFORE, ("RACEMIC",))[IN_CARE_LONG]
    for drawn in (*drawn_now[:IN_CARE_LONG], long_ago, *drawn_now[IN_CARE_LONG + 1 :]):
        doses = episodes.given_doses(known[drawn.number]).filter(product="RACEMIC")
        given = [(timezone.localdate(dose.started_at), dose.route) for dose in doses]
        wanted = [(dose.on, dose.route) for dose in drawn.doses]
        assert given == wanted[: len(given)]
        assert len(wanted) - len(given) <= 1, "only a dose of this very day may be to come"
        rows = [row for row in measures.responses(known[drawn.number]) if row.instrument == "phq9"]
        totals = {timezone.localdate(row.observed_at): row.scores["total"] for row in rows}
        for score in drawn.scores:
            if score.instrument == "phq9" and score.on < today:
                assert totals[score.on] == score.total


def test_a_consent_runs_out_next_week_and_a_series_waits() -> None:
    everybody = Patient.objects.all()
    found = renewal.everywhere(everybody, NOW).found
    soon = [each for each in found if "runs out" in each.words]
    assert [each.patient for each in soon] == [people()[IN_CARE_LONG]]
    assert any(
        standing.row.id == "SER-04"
        for each in series_waiting.everywhere(everybody, NOW).found
        for standing in each.standings
    )


def test_what_waits_today_waits() -> None:
    owed = [each.patient for each in therapy.integration_due_everywhere(NOW)]
    assert people()[1] in owed or people()[2] in owed
    rows, sums = pharmacy.register()
    assert [each.difference_mg for each in pharmacy.differences(rows, sums)] == [-5]
    assert pharmacy.open_draws() == pharmacy.uncovered(sums) == []
    waits = [one.first.item for one in follow.waiting_for_staff(Patient.objects.all(), NOW)]
    assert {item.patient for item in waits if item.ask == "check_in"} == {people()[3]}
    assert not queries.open_alerts().filter(code="consent.withdrawn").exists()
    assert not people()[4].phone
    assert people()[2] in namesakes(people()[1])


def test_the_trail_holds_and_nothing_lies_ahead() -> None:
    assert list(audit.faults()) == []
    assert not SessionEvent.objects.filter(recorded_at__gt=NOW).exists()


def test_two_sessions_run_and_the_monitor_reads_once_a_minute(running: None) -> None:
    assert live.keep(NOW) == 2
    quiet_and_climbing = list(dosing.live_sessions(NOW).filter(simulated=True))
    assert len(quiet_and_climbing) == 2
    assert {stretches.count(lines.read(session)) for session in quiet_and_climbing} == {0, 8}
    live.keep(NOW + 0.1 * MINUTE)
    counts = [session.events.count() for session in quiet_and_climbing]
    live.keep(NOW + 0.9 * MINUTE)
    live.keep(NOW + MINUTE)
    after = [session.events.count() for session in quiet_and_climbing]
    assert [new - old for old, new in zip(counts, after, strict=True)] == [1, 1]
    for session in quiet_and_climbing:
        newest = session.events.filter(kind="vitals").order_by("number").last()
        assert newest is not None
        assert newest.body[SOURCE] == MONITOR
        assert newest.by is None
        shown = screen.build(session, NOW + MINUTE)
        told = {vital.name: vital.source for vital in shown.vitals if vital.words}
        assert told["systolic_mmhg"] == MONITOR
        assert told["moaas_score"] == SCORER
        assert MONITOR in screen.panel(session, NOW + MINUTE)


def test_one_pressure_climbs_until_somebody_is_called_and_all_go_home(running: None) -> None:
    live.keep(NOW)
    climbing = next(one for one in live._days(NOW) if one.course.rise == climbing_rise())
    for minute in range(1, 152, 6):
        live.keep(NOW + minute * MINUTE)
    rules = set(climbing.session.alarms.values_list("rule", "tier"))
    assert {("ALM-BP1", "A1"), ("ALM-BP2", "A2")} <= rules
    told = Alert.objects.filter(patient=climbing.patient, code__startswith="ALM-BP2").get()
    assert told.message.startswith("Simulated session, A2")
    assert dosing.given(climbing.session) is not None
    climbing.session.refresh_from_db()
    assert climbing.session.phase == "discharged"
    assert escalation.watch(NOW + 150 * MINUTE) >= 0
    assert live.keep(NOW + 151 * MINUTE) == 2, "the next two have begun"


def test_what_broke_off_with_the_demo_is_ended_and_said(running: None) -> None:
    live.keep(NOW)
    before = list(dosing.live_sessions(NOW).filter(simulated=True))
    later = NOW + timedelta(hours=5)
    assert live.keep(later) == 2
    for session in before:
        session.refresh_from_db()
        assert session.phase == "transferred"
        assert "Ended by the demo" in session.steps.last().reason
        assert not session.patient.alerts.filter(code="dose-unknown").exists()
    assert not {*before} & {*dosing.live_sessions(later).filter(simulated=True)}


def test_what_a_visitor_withdrew_is_not_dosed(running: None) -> None:
    in_series = Episode.objects.filter(stage=str(pathway.Episode.IN_SERIES))
    for episode in in_series:
        by = team().therapist.user
        planning_actions.withdraw_consent(patient=episode.patient, by=by, at=NOW)
    assert live.keep(NOW) == 0


def test_something_a_visitor_charted_does_not_keep_a_session_for_ever(running: None) -> None:
    live.keep(NOW)
    one = next(iter(live._days(NOW)))
    late = NOW + 235 * MINUTE
    read = Chart(uuid4(), "vitals", late, {"sbp": 120, "dbp": 80})
    actions.record(session=one.session, chart=read, by=one.nurse, at=late)
    live.keep(NOW + 240 * MINUTE)
    one.session.refresh_from_db()
    assert one.session.phase == "transferred"
    assert words.session(one.session) == "Simulated session"
