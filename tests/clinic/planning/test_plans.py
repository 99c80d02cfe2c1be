"""A plan names what will be consented to; a change of it must not keep an old consent alive."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from clinic.episodes.actions import NeedMissing
from clinic.people.models import AuditEntry, Patient, StaffMember
from clinic.planning import queries
from clinic.planning.actions.plans import NoEpisode
from clinic.planning.models import Plan
from kapstone.errors import ForbiddenStep, InvalidInput
from kapstone.pathway import Episode as Stage
from tests.clinic.planning import ground
from tests.clinic.planning.conftest import Clear
from tests.clinic.planning.ground import NOW, Cleared

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


def test_the_first_plan_moves_the_episode_on(planned: Plan, robin: Patient) -> None:
    assert queries.current_plan(robin) == planned
    assert planned.episode.stage == Stage.PLANNED
    assert AuditEntry.objects.filter(action="save_plan", patient=robin).count() == 1


@pytest.mark.hazard(13)
@pytest.mark.parametrize(
    "found", [None, Cleared(route="IV"), Cleared(product="ESKETAMINE", route="IN")]
)
def test_no_plan_without_a_clearance_for_its_product_and_route(
    clear: Clear, robin: Patient, prescriber: StaffMember, found: Cleared | None
) -> None:
    clear(found)
    ground.at_stage(robin, Stage.SCREENING, Stage.ELIGIBLE)
    with pytest.raises(NeedMissing, match="clearance"):
        ground.plan(robin, prescriber)
    assert not Plan.objects.exists()


def test_no_plan_before_screening_is_done(
    clear: Clear, robin: Patient, prescriber: StaffMember
) -> None:
    ground.at_stage(robin, Stage.SCREENING)
    with pytest.raises(ForbiddenStep, match="planned cannot follow screening"):
        ground.plan(robin, prescriber)


def test_no_plan_without_an_episode(clear: Clear, robin: Patient, prescriber: StaffMember) -> None:
    with pytest.raises(NoEpisode, match="referral"):
        ground.plan(robin, prescriber)


@pytest.mark.parametrize(
    ("fields", "key"),
    [
        ({"dose_model_id": "THX-03"}, "dose_model_id"),  # infusions, planned into a muscle
        ({"indication_id": "IND-08"}, "indication_id"),
        ({"indication_id": "IND-10"}, "rationale"),
        ({"indication_id": "IND-12", "rationale": "too short"}, "rationale"),
    ],
)
def test_a_plan_that_does_not_fit_is_refused(
    clear: Clear, robin: Patient, prescriber: StaffMember, fields: dict[str, object], key: str
) -> None:
    ground.at_stage(robin, Stage.SCREENING, Stage.ELIGIBLE)
    with pytest.raises(InvalidInput) as refused:
        ground.plan(robin, prescriber, **fields)
    assert refused.value.key == key
    assert not Plan.objects.exists()


def test_a_weak_indication_is_planned_with_a_written_reason(
    clear: Clear, robin: Patient, prescriber: StaffMember
) -> None:
    ground.at_stage(robin, Stage.SCREENING, Stage.ELIGIBLE)
    why = "Second opinion of 3 March agrees."
    assert ground.plan(robin, prescriber, indication_id="IND-11", rationale=why).rationale == why


def test_a_change_needs_a_reason_and_keeps_the_old_version(
    planned: Plan, robin: Patient, prescriber: StaffMember
) -> None:
    with pytest.raises(InvalidInput, match="reason"):
        ground.plan(robin, prescriber, LATER, reason=" ")
    changed = ground.plan(robin, prescriber, LATER, sessions=4)
    assert changed.replaces == planned
    assert queries.current_plan(robin) == changed
    assert list(queries.plan_versions(robin)) == [changed, planned]


def test_two_people_cannot_change_the_same_version(
    planned: Plan, robin: Patient, prescriber: StaffMember
) -> None:
    ground.plan(robin, prescriber, LATER)
    with pytest.raises(InvalidInput, match="somebody else"):
        ground.plan(robin, prescriber, LATER, replaces=planned, reason="I saw the first.")


@pytest.mark.hazard(13)
@pytest.mark.parametrize("stage", [Stage.CONSENTED, Stage.PREPARED, Stage.IN_SERIES, Stage.PAUSED])
@pytest.mark.parametrize(
    ("fields", "holds"),
    [({"sessions": 4, "goals": "Work again."}, True), ({"dose_model_id": "THX-01"}, False)],
)
def test_a_new_dose_model_ends_the_consent_and_a_new_goal_does_not(
    planned: Plan,
    robin: Patient,
    prescriber: StaffMember,
    stage: Stage,
    fields: dict[str, object],
    holds: bool,
) -> None:
    ground.consent(planned, prescriber)
    walk = [Stage.PREPARED, Stage.IN_SERIES, Stage.PAUSED]
    ground.at_stage(robin, *walk[: [Stage.CONSENTED, *walk].index(stage)])
    changed = ground.plan(robin, prescriber, LATER, **fields)
    assert (queries.consent_in_force(robin, LATER) is not None) is holds
    assert changed.episode.stage == (stage if holds else Stage.PLANNED)


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"sessions": 0}, "sessions_in_range"),
        ({"sessions": 9}, "sessions_in_range"),
        ({"spacing_days": 1}, "spacing_in_range"),
        ({"spacing_days": 91}, "spacing_in_range"),
    ],
)
def test_the_database_holds_the_ranges_of_a_plan(
    clear: Clear, robin: Patient, prescriber: StaffMember, fields: dict[str, object], name: str
) -> None:
    ground.at_stage(robin, Stage.SCREENING, Stage.ELIGIBLE)
    with pytest.raises(IntegrityError, match=name):
        ground.plan(robin, prescriber, **fields)


def test_the_database_allows_one_first_plan_and_no_change_without_reason(planned: Plan) -> None:
    for fields, name in (
        ({"replaces": None}, "one_first_plan|UNIQUE|unique"),
        ({"replaces": planned, "reason": ""}, "change_has_reason"),
    ):
        row = Plan.objects.get(pk=planned.pk)
        row.pk = None
        row._state.adding = True
        for key, value in fields.items():
            setattr(row, key, value)
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            row.save(force_insert=True)


@pytest.mark.hazard(22)
def test_a_kept_plan_is_never_altered(planned: Plan) -> None:
    for change in (
        lambda: Plan.objects.update(sessions=2),
        lambda: Plan.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()
