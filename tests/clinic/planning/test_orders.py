"""No dose above its hard limit, on an old weight, or without what must be on record, is signed."""

from datetime import datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from clinic.episodes import actions as episodes
from clinic.episodes.models import GivenDose, Series
from clinic.people.models import AuditEntry, Patient, StaffMember
from clinic.planning import actions, needs, queries
from clinic.planning.actions.orders import NotSignable
from clinic.planning.consenting import Reply
from clinic.planning.models import Order, Plan
from clinic.planning.ordering import Unit
from kapstone.dose import State
from kapstone.errors import InvalidInput
from kapstone.pathway import Episode as Stage
from kapstone.pathway import Need
from tests.clinic import cast
from tests.clinic.planning import ground
from tests.clinic.planning.conftest import Clear
from tests.clinic.planning.ground import NOW, Cleared

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)
WHY = "Tolerated before, no response at the usual dose."


@pytest.mark.hazard(2)
@pytest.mark.parametrize(("value", "unit"), [("0.5", Unit.MG_PER_KG), ("35", Unit.MG)])
def test_one_figure_gives_all_three(
    ready: Patient, prescriber: StaffMember, value: str, unit: Unit
) -> None:
    order = ground.order(ready, prescriber, value, unit=unit)
    order.refresh_from_db()
    assert (order.dose_mg, order.dose_mg_per_kg, order.volume_ml) == (
        Decimal("35"),
        Decimal("0.5"),
        Decimal("0.7"),
    )
    assert (order.soft_max_mg, order.hard_max_mg, order.first_max_mg) == (70, 105, None)
    assert order.limits["rule"] == "DOS-IM"
    assert order.weight_kg == 70
    assert order.weight_measured_at == NOW
    assert queries.order_in_force(ready, NOW) == order


def test_the_first_order_begins_the_series(ready: Patient, prescriber: StaffMember) -> None:
    ground.order(ready, prescriber, "0.5")
    assert Series.objects.get().planned_doses == 6
    assert ready.episodes.get().stage == Stage.IN_SERIES
    ground.order(ready, prescriber, "0.6", LATER)
    assert Series.objects.count() == 1
    assert AuditEntry.objects.filter(action="sign_order").count() == 2


def test_an_order_of_a_paused_series_resumes_it(ready: Patient, prescriber: StaffMember) -> None:
    ground.order(ready, prescriber, "0.5")
    ground.at_stage(ready, Stage.PAUSED)
    ground.order(ready, prescriber, "0.5", LATER)
    assert ready.episodes.get().stage == Stage.IN_SERIES
    assert Series.objects.count() == 1


# 70 kg, by muscle: lowest start 17.5 mg, soft limit 70 mg, hard limit 105 mg.
@pytest.mark.hazard(4)
@pytest.mark.parametrize(
    ("dose_mg", "state"),
    [
        ("17.5", State.WITHIN),
        ("17.49", State.NEEDS_RATIONALE),
        ("70", State.WITHIN),
        ("70.01", State.NEEDS_SECOND_SIGNATURE),
        ("105", State.NEEDS_SECOND_SIGNATURE),
        ("105.01", State.REFUSED),
        ("350", State.REFUSED),
    ],
)
def test_the_limits_decide_who_must_sign(
    ready: Patient, prescriber: StaffMember, dose_mg: str, state: State
) -> None:
    if state is State.REFUSED:
        with pytest.raises(NotSignable):
            ground.order(ready, prescriber, dose_mg, unit=Unit.MG, rationale=WHY)
        assert not Order.objects.exists()
        return
    order = ground.order(ready, prescriber, dose_mg, unit=Unit.MG, rationale=WHY)
    assert order.state == state
    waits = state is State.NEEDS_SECOND_SIGNATURE
    assert (queries.order_in_force(ready, NOW) is None) is waits
    assert (queries.waiting_order(ready) == order) is waits


@pytest.mark.parametrize("rationale", ["", "Because."])
def test_outside_the_usual_limits_a_rationale_is_needed(
    ready: Patient, prescriber: StaffMember, rationale: str
) -> None:
    with pytest.raises(InvalidInput, match="rationale"):
        ground.order(ready, prescriber, "10", unit=Unit.MG, rationale=rationale)


@pytest.mark.hazard(2)
def test_a_signature_is_for_the_figures_that_were_seen(
    ready: Patient, prescriber: StaffMember
) -> None:
    with pytest.raises(NotSignable, match="not those you saw"):
        ground.order(ready, prescriber, "0.5", seen="35 mg, 0.5 mg/kg")


@pytest.mark.hazard(3)
def test_a_new_weight_between_reading_and_signing_stops_the_signature(
    ready: Patient, prescriber: StaffMember
) -> None:
    plan = queries.current_plan(ready)
    assert plan is not None
    seen = ground.judged(plan, ground.typed("0.5", weight_basis="actual"), NOW).seen
    ground.tell(ready, "weight_today_kg", 72, LATER)
    with pytest.raises(NotSignable, match="not those you saw"):
        ground.order(ready, prescriber, "0.5", LATER, seen=seen, volume_ml=Decimal("0.72"))


@pytest.mark.hazard(3)
@pytest.mark.parametrize(
    ("weight_kg", "days", "asked"),
    [
        (154, 0, {"weight_kg"}),  # 70 kg, written in pounds
        (31.8, 0, {"weight_kg"}),  # halved once too often
        (72, 0, set()),
        (70, 31, {"weight_days_ago"}),
    ],
)
def test_a_weight_that_jumped_or_is_old_is_asked_again(
    ready: Patient, prescriber: StaffMember, weight_kg: float, days: int, asked: set[str]
) -> None:
    plan = queries.current_plan(ready)
    assert plan is not None
    ground.tell(ready, "weight_today_kg", weight_kg, LATER)
    at = LATER + timedelta(days=days)
    mg = {"unit": Unit.MG, "volume_ml": Decimal("0.7")}
    check = ground.judged(plan, ground.typed("35", weight_basis="actual", **mg), at).check
    assert {each.key for each in check.unknown} == asked
    if asked:
        with pytest.raises(NotSignable):
            ground.order(ready, prescriber, "35", at, **mg)


def test_without_a_weight_nothing_is_signed(
    clear: Clear, prescriber: StaffMember, robin: Patient
) -> None:
    other = cast.patient("Sam", "Other")
    ground.at_stage(other, Stage.SCREENING, Stage.ELIGIBLE)
    ground.consent(ground.plan(other, prescriber), prescriber)
    ground.at_stage(other, Stage.PREPARED)
    ground.rated(other, prescriber)
    with pytest.raises(NotSignable):
        ground.order(other, prescriber, "0.5")


@pytest.mark.hazard(4)
@pytest.mark.parametrize(("value", "is_signed"), [("0.75", True), ("0.76", False)])
def test_a_first_dose_stays_in_the_lower_half(
    ready: Patient, prescriber: StaffMember, value: str, is_signed: bool
) -> None:
    ground.tell(ready, "first_exposure", True, LATER)
    if is_signed:
        assert ground.order(ready, prescriber, value, LATER).first_max_mg == Decimal("52.5")
    else:
        with pytest.raises(NotSignable):
            ground.order(ready, prescriber, value, LATER, rationale=WHY)


def _given(person: Patient, dose_mg: str, route: str = "IM", at: datetime = NOW) -> None:
    dose = GivenDose(
        episode=person.episodes.get(),
        session_id=uuid4(),
        product="RACEMIC",
        route=route,
        dose_mg=Decimal(dose_mg),
        started_at=at,
    )
    episodes.record_given_dose(dose=dose, by=None, at=at)


@pytest.mark.parametrize(
    ("went", "state"),
    [
        ({}, State.INCOMPLETE),
        ({"last_ae_grade": 1, "last_bp_ok": True, "last_tolerated": True}, State.WITHIN),
        ({"last_ae_grade": 2, "last_bp_ok": True, "last_tolerated": True}, State.NEEDS_RATIONALE),
        ({"last_ae_grade": 0, "last_bp_ok": False, "last_tolerated": True}, State.NEEDS_RATIONALE),
    ],
)
def test_a_step_up_asks_how_the_last_dose_went(
    ready: Patient, went: dict[str, object], state: State
) -> None:
    plan = queries.current_plan(ready)
    assert plan is not None
    _given(ready, "30", at=NOW - timedelta(days=7))
    _given(ready, "35", at=NOW - timedelta(days=3))
    _given(ready, "20", route="IV", at=NOW - timedelta(days=1))
    assert ground.judged(plan, ground.typed("0.6", **went), NOW).check.state is state


@pytest.mark.hazard(13)
def test_what_lacks_is_named(planned: Plan, prescriber: StaffMember, clear: Clear) -> None:
    clear(None)
    with pytest.raises(needs.Lacking) as lacking:
        ground.order(planned.patient, prescriber, "0.5")
    assert [lack.need for lack in lacking.value.lacks] == [
        Need.CLEARANCE,
        Need.CONSENT,
        Need.PREPARATION,
        Need.BASELINE,
    ]
    assert not Order.objects.exists()


@pytest.mark.hazard(13)
@pytest.mark.parametrize(
    ("found", "need"),
    [
        (None, Need.CLEARANCE),
        (Cleared(route="IV"), Need.CLEARANCE),
        (Cleared(dose_ceiling_mg_per_kg=Decimal("0.49")), Need.CLEARANCE),
        (Cleared(dose_ceiling_mg_per_kg=None, dose_ceiling_mg=Decimal("34.99")), Need.CLEARANCE),
        (Cleared(dose_ceiling_mg_per_kg=Decimal("0.5")), None),
        (Cleared(dose_ceiling_mg_per_kg=None, dose_ceiling_mg=Decimal("35")), None),
    ],
)
def test_the_clearance_covers_the_dose(
    ready: Patient, prescriber: StaffMember, clear: Clear, found: Cleared | None, need: Need | None
) -> None:
    clear(found)
    if need is None:
        assert ground.order(ready, prescriber, "0.5").dose_mg == 35
    else:
        with pytest.raises(needs.Lacking) as lacking:
            ground.order(ready, prescriber, "0.5")
        assert [lack.need for lack in lacking.value.lacks] == [need]


@pytest.mark.hazard(13)
def test_a_withdrawn_or_refused_consent_stops_the_order(
    ready: Patient, prescriber: StaffMember
) -> None:
    plan = queries.current_plan(ready)
    assert plan is not None
    ground.consent(plan, prescriber, at=LATER, reply=Reply.REFUSED)
    with pytest.raises(needs.Lacking, match="refused"):
        ground.order(ready, prescriber, "0.5", LATER)


@pytest.mark.parametrize(
    ("instrument", "items", "days", "is_found"),
    [
        ("phq9", 9, 0, True),
        ("phq9", 9, 14, True),
        ("phq9", 9, 15, False),
        ("phq9", 9, -1, False),
        ("phq9", 4, 0, False),  # half answered: no total
        ("gad7", 7, 0, False),  # not the scale of this indication
    ],
)
def test_the_baseline_matches_is_whole_and_is_recent(
    planned: Plan,
    prescriber: StaffMember,
    instrument: str,
    items: int,
    days: int,
    is_found: bool,
) -> None:
    at = NOW - timedelta(days=days)
    ground.rated(planned.patient, prescriber, at, instrument, items)
    assert (queries.baseline(planned, NOW) is not None) is is_found


def test_of_two_baselines_the_matching_scale_counts_and_of_those_the_newest(
    clear: Clear, robin: Patient, prescriber: StaffMember
) -> None:
    ground.at_stage(robin, Stage.SCREENING, Stage.ELIGIBLE)
    plan = ground.plan(robin, prescriber, indication_id="IND-06")
    ground.rated(robin, prescriber, NOW - timedelta(days=5), "gad7", 7)
    newest = ground.rated(robin, prescriber, NOW - timedelta(days=2), "gad7", 7)
    ground.rated(robin, prescriber, NOW)
    assert queries.baseline(plan, NOW) == newest


def test_no_order_without_a_plan(clear: Clear, robin: Patient, prescriber: StaffMember) -> None:
    ground.at_stage(robin, Stage.SCREENING, Stage.ELIGIBLE)
    with pytest.raises(NotSignable, match="no plan"):
        actions.sign_order(patient=robin, typed=ground.typed("0.5"), by=prescriber.user, at=NOW)


def test_a_double_tap_keeps_one_order(ready: Patient, prescriber: StaffMember) -> None:
    order_id = uuid4()
    first = ground.order(ready, prescriber, "0.5", order_id=order_id)
    assert ground.order(ready, prescriber, "0.5", order_id=order_id) == first
    assert Order.objects.count() == 1
