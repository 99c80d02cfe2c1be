"""A referral comes in: by file, by command or by hand. One function takes every bundle."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import transaction

from clinic.episodes import actions as episodes
from clinic.interop import facts, persons
from clinic.interop.models import (
    LeftOver,
    LeftOverKind,
    Referral,
    SettledAs,
    Settlement,
    WaitingBundle,
)
from clinic.people import audit
from clinic.people.models import Patient, User
from kapstone import document, fhir
from kapstone.errors import InvalidInput
from kapstone.fhir.codemap import VERSION

LARGEST_BYTES = 5_000_000


class TakenAs(StrEnum):
    """What became of a bundle."""

    NEW_PERSON = "a new person"
    KNOWN_PERSON = "a person who is here already"
    SEEN_BEFORE = "a bundle that came in before"
    WAITING = "a bundle that waits for somebody to say whose it is"


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What became of a bundle, whose it is, and where it waits if that is not certain."""

    taken_as: TakenAs
    patient: Patient | None = None
    referral: Referral | None = None
    waiting: WaitingBundle | None = None


@dataclass(frozen=True, slots=True)
class Whose:
    """What a person said about whose bundle it is: this patient's, or nobody's here."""

    patient: Patient | None


def parse(data: bytes) -> fhir.Referral:
    """Read a bundle's bytes. Raises `InvalidInput` with the place; nothing is kept."""
    if len(data) > LARGEST_BYTES:
        raise InvalidInput(
            "the file", f"is larger than {LARGEST_BYTES // 1_000_000} MB.", "Send less at once."
        )
    return fhir.read_bundle(document.parse(data))


@transaction.atomic
def take_in(
    bundle_text: str, *, by: User | None, at: datetime, whose: Whose | None = None
) -> TakenIn:
    """A referral bundle came in: the person, the episode and every fact, or nothing at all.

    Without `whose`, a person who might be somebody here waits until somebody says so.
    """
    read = parse(bundle_text.encode())
    before = Referral.objects.filter(digest=read.digest).select_related("patient").first()
    if before is not None:
        WaitingBundle.objects.filter(digest=read.digest).delete()
        return TakenIn(TakenAs.SEEN_BEFORE, before.patient, before)
    patient = whose.patient if whose else persons.certain(read.person)
    if patient is None and whose is None and persons.possible(read.person):
        return _wait(bundle_text, read.digest, by=by, at=at)
    taken_as = TakenAs.KNOWN_PERSON if patient else TakenAs.NEW_PERSON
    patient = patient or persons.register(read.person, by=by, at=at)
    referral = _keep(read, bundle_text, patient, by=by, at=at)
    return TakenIn(taken_as, patient, referral)


def _wait(bundle_text: str, digest: str, *, by: User | None, at: datetime) -> TakenIn:
    waiting, made = WaitingBundle.objects.get_or_create(
        digest=digest, defaults={"bundle_text": bundle_text, "arrived_at": at, "by": by}
    )
    if made:
        audit.record("referral waits", by=by, at=at, subject=waiting)
    return TakenIn(TakenAs.WAITING, waiting=waiting)


def _keep(
    read: fhir.Referral, bundle_text: str, patient: Patient, *, by: User | None, at: datetime
) -> Referral:
    referral = Referral.objects.create(
        patient=patient,
        episode=episodes.open_episode(patient=patient, by=by, at=at),
        received_at=at,
        by=by,
        bundle_text=bundle_text,
        digest=read.digest,
        code_map_version=VERSION,
    )
    persons.keep_numbers(patient, read.person)
    doubts = facts.keep(read, patient, by=by, at=at)
    LeftOver.objects.bulk_create(
        [*_questions(read, referral), *_not_understood(read, referral)]
        + [_doubt(referral, path, reason) for path, reason in doubts]
    )
    WaitingBundle.objects.filter(digest=read.digest).delete()
    audit.record("take_in", by=by, at=at, patient=patient, subject=referral, digest=read.digest)
    return referral


def _questions(read: fhir.Referral, referral: Referral) -> list[LeftOver]:
    return [
        LeftOver(
            referral=referral,
            kind=LeftOverKind.QUESTION,
            resource_type=each.resource_type[:64],
            path=each.path[:300],
            system=each.coded.system[:300],
            code=each.coded.code[:200],
            display=each.coded.display,
            reason=each.reason,
        )
        for each in read.questions
    ]


def _not_understood(read: fhir.Referral, referral: Referral) -> list[LeftOver]:
    return [
        LeftOver(
            referral=referral,
            kind=LeftOverKind.NOT_UNDERSTOOD,
            resource_type=each.resource_type[:64],
            path=each.path[:300],
            reason=each.reason,
        )
        for each in read.not_understood
    ]


def _doubt(referral: Referral, path: str, reason: str) -> LeftOver:
    return LeftOver(
        referral=referral,
        kind=LeftOverKind.NOT_UNDERSTOOD,
        resource_type="",
        path=path[:300],
        reason=reason,
    )


@transaction.atomic
def settle(
    *, left_over: LeftOver, outcome: SettledAs, reason: str, by: User, at: datetime
) -> Settlement:
    """A left-over piece was asked about, or needs no answer. Said twice, the first stands."""
    if not reason.strip():
        raise InvalidInput(
            "reason", "is missing.", "Say what was answered, or why it is not needed."
        )
    row, is_new = Settlement.objects.get_or_create(
        left_over=left_over,
        defaults={"outcome": outcome, "reason": reason.strip(), "by": by, "at": at},
    )
    if is_new:
        patient = left_over.referral.patient
        audit.record("settle_left_over", by=by, at=at, patient=patient, subject=row)
    return row


@transaction.atomic
def take_in_typed(*, referral: Referral, by: User, at: datetime) -> Referral:
    """Somebody refers a person by telephone, letter or in the person's own name."""
    referral.episode = episodes.open_episode(patient=referral.patient, by=by, at=at)
    referral.received_at, referral.by = at, by
    referral.save(force_insert=True)
    audit.record("take_in_typed", by=by, at=at, patient=referral.patient, subject=referral)
    return referral
