"""Writes about consent."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from clinic.alerts.actions import Cause, raise_alert
from clinic.episodes import actions as episodes
from clinic.episodes import queries as episode_queries
from clinic.episodes.models import Episode
from clinic.people import audit
from clinic.people.models import Patient, User
from clinic.planning import consenting, known, queries
from clinic.planning.actions.orders import stop_orders
from clinic.planning.actions.plans import locked_episode
from clinic.planning.consenting import Signing
from clinic.planning.models import Consent, ConsentReconfirmation, ConsentWithdrawal
from kapstone import pathway
from kapstone.errors import InvalidInput, KapstoneError
from kapstone.pathway import Need
from kapstone.risk import AlertLevel

HOLDS_FOR = timedelta(days=180)  # six months, never longer. Source: protocol CON-16, mark P

# Where an episode goes when consent is taken back.
_BACK_TO = {
    pathway.Episode.CONSENTED: pathway.Episode.PLANNED,
    pathway.Episode.PREPARED: pathway.Episode.PLANNED,
    pathway.Episode.IN_SERIES: pathway.Episode.PAUSED,
    pathway.Episode.MAINTENANCE: pathway.Episode.PAUSED,
}


class NoConsent(KapstoneError):
    """Consent was to be said again, and none holds."""


@transaction.atomic
def sign_consent(*, signing: Signing, by: User, at: datetime) -> Consent:
    """A person answers each item and types their name; `by` explained it.

    A refusal is kept too, and no consent holds then. Sent twice, it is kept once.
    """
    patient = signing.plan.patient
    episode = locked_episode(patient)
    kept = patient.consents.filter(pk=signing.consent_id).first()
    if kept is not None:
        return kept
    if queries.current_plan(patient) != signing.plan:
        problem = "is not the newest version."
        raise InvalidInput("plan", problem, "Open the page again and go through the changes.")
    consenting.check(signing)
    because = queries.why_no_consent(patient, at) if queries.last_consent(patient) else ""
    consent = _row(signing, because, by, at)
    consent.save(force_insert=True)
    _step_on(consent, episode, by=by, at=at)
    audit.record(
        "sign_consent", by=by, at=at, patient=patient, subject=consent, agreed=consent.agreed
    )
    return consent


def _row(signing: Signing, because: str, by: User, at: datetime) -> Consent:
    document = consenting.document(signing, by, at, because)
    capacity = signing.capacity
    return Consent(
        id=signing.consent_id,
        patient=signing.plan.patient,
        plan=signing.plan,
        text_version=signing.text_version,
        document=document,
        document_sha256=consenting.sha256(document),
        agreed=signing.agreed,
        has_capacity=capacity.whole,
        understands=capacity.understands,
        appreciates=capacity.appreciates,
        weighs=capacity.weighs,
        chooses=capacity.chooses,
        capacity_by=capacity.by or by,
        copy_given=signing.copy_given,
        language=signing.language.strip(),
        interpreter=signing.interpreter.strip(),
        interpreter_way=signing.interpreter_way,
        witness=signing.witness.strip(),
        witness_why=signing.witness_why,
        again_because=because,
        signed_name=signing.signed_name.strip(),
        explained_by=by,
        signed_at=at,
        expires_at=at + HOLDS_FOR,
    )


def _step_on(consent: Consent, episode: Episode, *, by: User, at: datetime) -> None:
    plan = consent.plan
    if not consent.agreed or episode.stage != pathway.Episode.PLANNED:
        return
    cleared = known.has_clearance(plan.patient, plan.product, plan.route, at)
    episodes.advance(
        episode=episode,
        to=pathway.Episode.CONSENTED,
        have={Need.CONSENT} | ({Need.CLEARANCE} if cleared else set()),
        by=by,
        at=at,
    )


@transaction.atomic
def withdraw_consent(
    *,
    patient: Patient,
    by: User,
    at: datetime,
    words: str = "",
    level: AlertLevel = AlertLevel.URGENT,
) -> ConsentWithdrawal:
    """A person takes their consent back, at any moment, also under the drug. Never refused.

    Orders that stand or wait are stopped, and the team is told.
    """
    withdrawal = ConsentWithdrawal.objects.create(patient=patient, at=at, by=by, words=words)
    episode = episode_queries.open_episode(patient)
    back_to = _BACK_TO.get(pathway.Episode(episode.stage)) if episode else None
    if episode is not None and back_to is not None:
        episodes.advance(
            episode=episode, to=back_to, have=set(), by=by, at=at, reason="Consent withdrawn."
        )
    stop_orders(patient=patient, reason="Consent was withdrawn.", by=by, at=at)
    audit.record("withdraw_consent", by=by, at=at, patient=patient, subject=withdrawal)
    cause = Cause(
        "consent.withdrawn",
        level,
        "Consent was withdrawn. No drug may be started, and orders are stopped. Speak with the "
        "person.",
    )
    raise_alert(cause, patient=patient, subject=withdrawal, by=by, at=at)
    return withdrawal


@transaction.atomic
def reconfirm_consent(
    *, patient: Patient, session_id: UUID, by: User, at: datetime
) -> ConsentReconfirmation:
    """Before any drug on the day, the person says again that they want it.

    Raises `NoConsent` where none holds: what was not given cannot be confirmed.
    """
    consent = queries.consent_in_force(patient, at)
    if consent is None:
        raise NoConsent(queries.why_no_consent(patient, at))
    row, is_new = ConsentReconfirmation.objects.get_or_create(
        consent=consent, session_id=session_id, defaults={"by": by, "at": at}
    )
    if is_new:
        audit.record("reconfirm_consent", by=by, at=at, patient=patient, subject=row)
    return row
