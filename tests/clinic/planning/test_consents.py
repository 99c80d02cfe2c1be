"""Nobody is dosed on a consent that was refused, taken back, outdated or for something else."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from clinic.people.models import AuditEntry, Patient, StaffMember
from clinic.people.roles import Role
from clinic.planning import actions, consenting, queries
from clinic.planning.actions.consents import NoConsent
from clinic.planning.consenting import ItemAnswer, Reply
from clinic.planning.models import Consent, ConsentReconfirmation, ConsentWithdrawal, Plan
from kapstone.errors import InvalidInput
from kapstone.pathway import Episode as Stage
from tests.clinic import cast
from tests.clinic.planning import ground
from tests.clinic.planning.ground import NOW

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


@pytest.mark.parametrize("reply", [Reply.AGREED, Reply.ASKED])
def test_a_signed_consent_holds_and_moves_the_episode_on(
    planned: Plan, robin: Patient, prescriber: StaffMember, reply: Reply
) -> None:
    kept = ground.consent(planned, prescriber, reply=reply)
    assert queries.consent_in_force(robin, NOW) == kept
    planned.episode.refresh_from_db()
    assert planned.episode.stage == Stage.CONSENTED


@pytest.mark.hazard(13)
def test_one_refused_item_is_kept_and_no_consent_holds(
    planned: Plan, robin: Patient, prescriber: StaffMember
) -> None:
    ground.consent(planned, prescriber, at=NOW - timedelta(days=1))
    whole = ground.signing(planned)
    refused = whole.answers | {"CON-05": ItemAnswer(Reply.REFUSED, "RE")}
    actions.sign_consent(signing=replace(whole, answers=refused), by=prescriber.user, at=NOW)
    assert Consent.objects.count() == 2
    assert queries.consent_in_force(robin, NOW) is None
    assert "refused" in queries.why_no_consent(robin, NOW)


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"signed_name": "Robin"}, "signed_name"),
        ({"signed_name": "Robin Someoneelse"}, "signed_name"),
        ({"capacity": replace(ground.CAPABLE, understands=False)}, "understands"),
        ({"capacity": replace(ground.CAPABLE, appreciates=False)}, "appreciates"),
        ({"capacity": replace(ground.CAPABLE, weighs=False)}, "weighs"),
        ({"capacity": replace(ground.CAPABLE, chooses=False)}, "chooses"),
        ({"language": " "}, "language"),
        ({"interpreter": "Ida Interpreter"}, "interpreter_way"),
        ({"interpreter_way": "phone"}, "interpreter_way"),
        ({"interpreter": "Ida Interpreter", "interpreter_way": "phone"}, "witness"),
        ({"cannot_sign": True}, "witness"),
        ({"clinic_asks_witness": True}, "witness"),
        ({"witness": "robin  EXAMPLE"}, "witness"),
        ({"interpreter": "Ida I", "interpreter_way": "phone", "witness": "Ida I"}, "witness"),
        ({"text_version": "0"}, "text"),
        ({"answers": {}}, "text"),
    ],
)
def test_what_is_no_signature_is_refused(
    planned: Plan, prescriber: StaffMember, change: dict[str, object], key: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        actions.sign_consent(
            signing=replace(ground.signing(planned), **change), by=prescriber.user, at=NOW
        )
    assert refused.value.key == key
    assert not Consent.objects.exists()


@pytest.mark.parametrize(
    "answer", [ItemAnswer(Reply.AGREED, " "), ItemAnswer(Reply.ASKED, "RE", " ")]
)
def test_each_item_needs_initials_and_a_question_its_words(
    planned: Plan, prescriber: StaffMember, answer: ItemAnswer
) -> None:
    whole = ground.signing(planned)
    signing = replace(whole, answers=whole.answers | {"CON-03": answer})
    with pytest.raises(InvalidInput, match="CON-03"):
        actions.sign_consent(signing=signing, by=prescriber.user, at=NOW)


def test_a_preferred_name_and_any_case_is_a_name(planned: Plan, robin: Patient) -> None:
    robin.preferred_name = "Rob"
    for written in ("rob  EXAMPLE", " Robin Example "):
        assert consenting.is_name_of(written, robin)


@pytest.mark.hazard(13)
@pytest.mark.parametrize(("days", "holds"), [(0, True), (179, True), (180, False), (400, False)])
def test_consent_ends_after_six_months(
    planned: Plan, robin: Patient, prescriber: StaffMember, days: int, holds: bool
) -> None:
    ground.consent(planned, prescriber)
    at = NOW + timedelta(days=days)
    assert (queries.consent_in_force(robin, at) is not None) is holds
    assert ("ran out on" in queries.why_no_consent(robin, at)) is not holds


@pytest.mark.hazard(13)
@pytest.mark.parametrize(
    ("stage", "goes_to"),
    [
        (Stage.CONSENTED, Stage.PLANNED),
        (Stage.PREPARED, Stage.PLANNED),
        (Stage.IN_SERIES, Stage.PAUSED),
        (Stage.MAINTENANCE, Stage.PAUSED),
    ],
)
@pytest.mark.parametrize("role", [Role.NURSE, Role.ASSISTANT, Role.THERAPIST])
def test_consent_is_taken_back_at_any_stage(
    planned: Plan,
    robin: Patient,
    prescriber: StaffMember,
    stage: Stage,
    goes_to: Stage,
    role: Role,
) -> None:
    ground.consent(planned, prescriber)
    walk = [Stage.PREPARED, Stage.IN_SERIES, Stage.MAINTENANCE]
    ground.at_stage(robin, *walk[: [Stage.CONSENTED, *walk].index(stage)])
    actions.withdraw_consent(patient=robin, by=cast.staff(role).user, at=LATER, words="Enough.")
    assert queries.consent_in_force(robin, LATER) is None
    assert queries.why_no_consent(robin, LATER) == "Consent was withdrawn."
    planned.episode.refresh_from_db()
    assert planned.episode.stage == goes_to
    again = ground.consent(planned, prescriber, at=LATER + timedelta(minutes=1))
    assert queries.consent_in_force(robin, again.signed_at) == again


@pytest.mark.hazard(13)
def test_orders_stop_with_the_consent_and_the_team_is_told(
    ready: Patient, prescriber: StaffMember
) -> None:
    """Else a signed order waits for the next hand that needs one."""
    ground.order(ready, prescriber, "0.5")
    assert queries.order_in_force(ready, LATER) is not None
    actions.withdraw_consent(patient=ready, by=prescriber.user, at=LATER, words="No more.")
    assert queries.order_in_force(ready, LATER) is None
    order = ready.orders.get()
    assert order.cancellation.reason == "Consent was withdrawn."
    alert = ready.alerts.get(code="consent.withdrawn")
    assert (alert.level, "No more." in alert.message) == ("urgent", False)
    found = queries.withdrawal_in_force(ready)
    assert found is not None
    assert found.at == LATER


def test_an_order_that_waits_for_its_second_signature_stops_too(
    ready: Patient, prescriber: StaffMember
) -> None:
    ground.order(ready, prescriber, "0.5")
    rationale = "Two doses before had no effect at all."
    waiting = ground.order(ready, prescriber, "1.1", at=LATER, rationale=rationale)
    assert queries.waiting_order(ready) == waiting
    actions.withdraw_consent(patient=ready, by=prescriber.user, at=LATER)
    assert all(queries.is_cancelled(each) for each in queries.orders(ready))
    assert queries.waiting_order(ready) is None


def test_a_consent_signed_anew_ends_the_withdrawal(
    planned: Plan, robin: Patient, prescriber: StaffMember
) -> None:
    ground.consent(planned, prescriber)
    actions.withdraw_consent(patient=robin, by=prescriber.user, at=LATER)
    ground.consent(planned, prescriber, at=LATER + timedelta(minutes=1))
    assert queries.withdrawal_in_force(robin) is None


def test_a_withdrawal_is_kept_even_where_nothing_was_signed(
    robin: Patient, prescriber: StaffMember
) -> None:
    actions.withdraw_consent(patient=robin, by=prescriber.user, at=NOW)
    assert ConsentWithdrawal.objects.count() == 1
    assert queries.why_no_consent(robin, NOW) == "There is no plan to consent to."


def test_only_the_newest_plan_can_be_signed(
    planned: Plan, robin: Patient, prescriber: StaffMember
) -> None:
    ground.plan(robin, prescriber, LATER, costs="More.")
    with pytest.raises(InvalidInput, match="newest"):
        ground.consent(planned, prescriber, at=LATER)


def test_a_double_tap_keeps_one_consent(planned: Plan, prescriber: StaffMember) -> None:
    once = ground.signing(planned)
    first = actions.sign_consent(signing=once, by=prescriber.user, at=NOW)
    assert actions.sign_consent(signing=once, by=prescriber.user, at=LATER) == first
    assert AuditEntry.objects.filter(action="sign_consent").count() == 1


def test_the_hash_is_of_what_was_signed(planned: Plan, prescriber: StaffMember) -> None:
    kept = Consent.objects.get(pk=ground.consent(planned, prescriber).pk)
    assert consenting.sha256(kept.document) == kept.document_sha256
    assert planned.costs in str(kept.document["items"])
    altered = kept.document | {"signed_name": "Somebody Else"}
    assert consenting.sha256(altered) != kept.document_sha256


@pytest.mark.hazard(13)
def test_consent_is_confirmed_again_for_one_session_only_while_it_holds(
    planned: Plan, robin: Patient, prescriber: StaffMember
) -> None:
    session_id = uuid4()

    def confirm() -> ConsentReconfirmation:
        return actions.reconfirm_consent(
            patient=robin, session_id=session_id, by=prescriber.user, at=LATER
        )

    with pytest.raises(NoConsent, match="Nothing has been signed"):
        confirm()
    ground.consent(planned, prescriber)
    assert confirm() == confirm() == ConsentReconfirmation.objects.get()
    actions.withdraw_consent(patient=robin, by=prescriber.user, at=LATER)
    with pytest.raises(NoConsent, match="withdrawn"):
        confirm()


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"has_capacity": False}, "needs_capacity"),
        ({"weighs": False}, "capacity_by_its_elements"),
        ({"capacity_by": None}, "capacity_by_its_elements"),
        ({"witness": "Somebody"}, "witness_says_why"),
        ({"witness_why": "hand"}, "witness_says_why"),
        ({"interpreter_way": "phone"}, "interpreter_is_witnessed"),
        ({"signed_name": ""}, "has_a_name"),
        ({"expires_at": NOW}, "expires_later"),
    ],
)
def test_the_database_refuses_half_a_consent(
    planned: Plan, prescriber: StaffMember, fields: dict[str, object], name: str
) -> None:
    row = ground.consent(planned, prescriber)
    row.pk, row._state.adding = uuid4(), True
    for key, value in fields.items():
        setattr(row, key, value)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        row.save(force_insert=True)


@pytest.mark.hazard(22)
def test_a_signed_consent_is_never_altered(planned: Plan, prescriber: StaffMember) -> None:
    ground.consent(planned, prescriber)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Consent.objects.update(agreed=True)
