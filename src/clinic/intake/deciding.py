"""What a prescriber decides, and what new facts do to it.

Only a person clears. A clearance lapses by itself; it never comes back by itself.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from clinic.alerts.actions import Cause, raise_alert
from clinic.episodes import actions as episodes
from clinic.episodes import queries as episode_queries
from clinic.episodes.models import Episode
from clinic.intake import queries, screening
from clinic.intake.ceilings import Ceiling
from clinic.intake.models import (
    Clearance,
    ClearanceEvent,
    ClearanceEventKind,
    Override,
    OverrideEnd,
)
from clinic.people import audit
from clinic.people.models import Patient, User
from kapstone import pathway
from kapstone.eligibility import VERSION, Screening
from kapstone.errors import KapstoneError
from kapstone.findings import Finding, Severity
from kapstone.pathway import Need
from kapstone.risk import AlertLevel

CLEARANCE_LASTS = timedelta(days=90)  # Source: protocol section 0.2 and 1, mark P


class NotClearable(KapstoneError):
    """What stands in the way of a clearance; `reasons` in words."""

    def __init__(self, reasons: list[str]) -> None:
        self.reasons = reasons
        super().__init__(" ".join(reasons))


class NotOverridable(KapstoneError):
    """A finding that is not there, or that nobody may go on in spite of."""


@dataclass(frozen=True, slots=True)
class OverrideTerms:
    """Why a prescriber goes on, with what plan, and until when."""

    rationale: str
    mitigation: str
    expires_at: datetime


@transaction.atomic
def clear(*, patient: Patient, ceiling: Ceiling, note: str, by: User, at: datetime) -> Clearance:
    """A prescriber clears this person for one product, route and highest dose.

    Raises `NotClearable` while something is unknown, an ABSOLUTE finding stands, or a RELATIVE
    one has no override.
    """
    episode = episode_queries.open_episode(patient)
    run = screening.run(patient, at)
    held = queries.overrides(patient, at)
    reasons = obstacles(run, held) + ceiling.problems(run.facts)
    if episode is None:
        reasons.append("No episode of care is open.")
    if reasons or episode is None:
        raise NotClearable(reasons)
    end_clearance(patient=patient, reasons=["A newer clearance was given."], by=by, at=at)
    used = [cover for each in run.screening.findings if (cover := queries.covering(held, each))]
    made = Clearance.objects.create(
        patient=patient,
        episode=episode,
        product=str(run.facts["product"]),
        route=str(run.facts["route"]),
        dose_ceiling_mg_per_kg=ceiling.dose_mg_per_kg,
        dose_ceiling_mg=ceiling.dose_mg,
        note=note,
        cleared_at=at,
        expires_at=min([at + CLEARANCE_LASTS, *(override.expires_at for override in used)]),
        by=by,
        facts=run.facts,
        facts_digest=run.digest,
        screening=run.screening.as_json() | {"overridden": [each.rule for each in used]},
        version=run.screening.version,
    )
    _become_eligible(episode, by, at)
    audit.record("clear", by=by, at=at, patient=patient, subject=made)
    return made


def obstacles(run: screening.Run, held: list[Override]) -> list[str]:
    """What keeps a person from being cleared, in words; empty when nothing does."""
    unknown = [each.key for each in run.screening.unknown]
    words = [f"Not known yet: {', '.join(unknown)}."] if unknown else []
    for finding in run.screening.findings:
        if finding.severity is Severity.ABSOLUTE:
            words.append(f"{finding.code} is absolute: {finding.message}")
        elif finding.severity is Severity.RELATIVE and not queries.covering(held, finding):
            words.append(f"{finding.code} needs an override: {finding.message}")
    return words


def _become_eligible(episode: Episode, by: User, at: datetime) -> None:
    if episode.stage == pathway.Episode.REFERRED:
        episode = episodes.advance(
            episode=episode, to=pathway.Episode.SCREENING, have={Need.REFERRAL}, by=by, at=at
        )
    if episode.stage == pathway.Episode.SCREENING:
        episodes.advance(
            episode=episode, to=pathway.Episode.ELIGIBLE, have={Need.CLEARANCE}, by=by, at=at
        )


@transaction.atomic
def override(
    *,
    patient: Patient,
    rule: str,
    terms: OverrideTerms,
    by: User,
    at: datetime,
    today: Screening | None = None,
) -> Override:
    """A prescriber goes on in spite of one RELATIVE finding.

    `today`: the screening of a dosing day, with the signs of its session; the override ends with
    the day then, and holds only while those signs are the same.
    """
    finding = relative_finding(today or screening.run(patient, at).screening, rule)
    if terms.expires_at <= at:
        raise NotOverridable("The override must expire later than now.")
    if today is not None and terms.expires_at > end_of_day(at):
        raise NotOverridable("An override of the day ends with the day.")
    made = Override.objects.create(
        patient=patient,
        rule=finding.code,
        band=finding.band or "",
        because=dict(finding.because),
        rationale=terms.rationale.strip(),
        mitigation=terms.mitigation.strip(),
        made_at=at,
        expires_at=terms.expires_at,
        by=by,
        version=VERSION,
        of_day=None if today is None else timezone.localdate(at),
    )
    audit.record("override", by=by, at=at, patient=patient, subject=made, rule=finding.code)
    return made


def end_of_day(at: datetime) -> datetime:
    """The next midnight of the clinic."""
    tomorrow = timezone.localdate(at) + timedelta(days=1)
    return timezone.make_aware(datetime.combine(tomorrow, time()))


def relative_finding(found: Screening, rule: str) -> Finding:
    """The finding of this rule that a prescriber may override. Raises `NotOverridable`."""
    for finding in found.findings:
        if finding.code == rule and finding.overridable and "prescriber" in finding.overridable_by:
            return finding
    raise NotOverridable(f"{rule} has no finding that a prescriber may override.")


@transaction.atomic
def rescreen(*, patient: Patient, by: User | None, at: datetime) -> None:
    """Facts changed: overrides and clearances that stood on the old ones lapse."""
    _end_stale_overrides(patient, at)
    found = queries.last_clearance(patient)
    if found is None or at >= found.expires_at:
        return
    run = queries.run_for(found, at)
    reasons = queries.why_lapsed(found, run)
    if reasons:
        _lapse(found, run, reasons, by, at)
        return
    last = found.events.order_by("pk").last()
    stamp = last or found
    if stamp.facts_digest != run.digest:
        changed = screening.differences(stamp.facts, run.facts)
        _event(found, ClearanceEventKind.RESTAMPED, run, changed, by, at)


def _end_stale_overrides(patient: Patient, at: datetime) -> None:
    held = queries.overrides(patient, at)
    if not held:
        return
    findings = {each.code: each for each in screening.run(patient, at).screening.findings}
    for each in held:
        if each.rule not in findings or not screening.covers(each, findings[each.rule]):
            OverrideEnd.objects.create(
                override=each, at=at, why=f"What {each.rule} stood on has changed."
            )


def _event(
    found: Clearance,
    kind: ClearanceEventKind,
    run: screening.Run,
    reasons: list[str],
    by: User | None,
    at: datetime,
) -> None:
    event = ClearanceEvent.objects.create(
        clearance=found,
        kind=kind,
        at=at,
        by=by,
        reasons=reasons,
        facts=run.facts,
        facts_digest=run.digest,
        screening=run.screening.as_json(),
    )
    audit.record(f"clearance {kind}", by=by, at=at, patient=found.patient, subject=event)


def _lapse(
    found: Clearance, run: screening.Run, reasons: list[str], by: User | None, at: datetime
) -> None:
    _event(found, ClearanceEventKind.LAPSED, run, reasons, by, at)
    episode = found.episode
    episode.refresh_from_db()
    if episode.stage == pathway.Episode.ELIGIBLE:
        episodes.advance(
            episode=episode,
            to=pathway.Episode.SCREENING,
            have=set(),
            by=by,
            at=at,
            reason="The clearance lapsed.",
        )
    cause = Cause(
        "clearance.lapsed",
        AlertLevel.REVIEW,
        "A clearance lapsed: see eligibility for what changed.",
    )
    raise_alert(cause, patient=found.patient, subject=found, by=by, at=at)


@transaction.atomic
def end_clearance(*, patient: Patient, reasons: list[str], by: User, at: datetime) -> None:
    """The last clearance ends, with its reasons: a newer one was given, or care was ended."""
    found = queries.last_clearance(patient)
    if found is not None:
        _event(found, ClearanceEventKind.ENDED, queries.run_for(found, at), reasons, by, at)
