"""Writes about content: sign, withdraw, set a severity. Only a medical director does."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from clinic.content import held, queries
from clinic.content.models import SeverityChoice, Signature, Withdrawal
from clinic.people import access, audit
from clinic.people.models import Licence, User
from clinic.people.roles import Role
from kapstone.content import ContentRow
from kapstone.eligibility import allowed
from kapstone.errors import KapstoneError
from kapstone.findings import Severity

Key = tuple[str, str]


class NotSignable(KapstoneError):
    """Somebody who may not sign, or a row that is not what was shown."""


@transaction.atomic
def sign(*, shown: Mapping[Key, str], by: User, at: datetime) -> list[Signature]:
    """Sign rows as they were shown: room and id, with the hash. Signed before changes nothing.

    Raises `NotSignable`, and signs none, where one is not in force with this hash.
    """
    licence = _licence(by, at)
    rows = [_as_shown(key, digest) for key, digest in shown.items()]
    standing = set(
        Signature.objects.filter(withdrawal=None, digest__in=shown.values()).values_list(
            "digest", flat=True
        )
    )
    made = Signature.objects.bulk_create(
        Signature(
            room=row.room,
            row=row.id,
            digest=row.digest,
            shown=as_shown(row),
            by=by,
            licence=licence,
            at=at,
        )
        for row in rows
        if row.digest not in standing
    )
    named = [f"{each.room}/{each.row} {each.digest[:12]}" for each in made]
    audit.record("sign_content", by=by, at=at, rows=named)
    return made


def _as_shown(key: Key, digest: str) -> ContentRow:
    row = held.by_id().get(key)
    if row is None or row.digest != digest:
        raise NotSignable(f"{'/'.join(key)} changed since it was shown. Read it again.")
    if not row.to_sign:
        raise NotSignable(f"{'/'.join(key)} needs no signature: its mark is {row.mark}.")
    return row


def as_shown(row: ContentRow) -> dict[str, object]:
    """A row as a page shows it, to be kept beside its signature."""
    return {
        "words": row.words,
        "value": [list(pair) for pair in row.value],
        "source": list(row.source),
        "mark": row.mark,
    }


def _licence(by: User, at: datetime) -> Licence:
    """The licence by which somebody signs here at this moment."""
    who = access.actor(by, at)
    kinds = access.table().licences[Role.MEDICAL_DIRECTOR]
    held_now = Licence.objects.filter(
        staff=who.staff_id,
        kind__in=kinds,
        revoked_at__isnull=True,
        expires_on__gte=timezone.localdate(at),
    ).order_by("-expires_on")
    found = held_now.first()
    if found is None or not access.may(who, "sign_content"):
        raise NotSignable("Only a medical director whose licence is in force signs content.")
    return found


@transaction.atomic
def withdraw(*, signature: Signature, reason: str, by: User, at: datetime) -> Withdrawal:
    """A signature no longer stands. Said twice, the first stands."""
    _licence(by, at)
    made, is_new = Withdrawal.objects.get_or_create(
        signature=signature, defaults={"reason": reason, "by": by, "at": at}
    )
    if is_new:
        audit.record("withdraw_signature", by=by, at=at, subject=signature)
    return made


@transaction.atomic
def set_severity(
    *, row: ContentRow, severity: Severity, reason: str, by: User, at: datetime
) -> SeverityChoice:
    """This clinic gives a band another severity, no milder than its floor."""
    _licence(by, at)
    rule = queries.rule_of(row)
    if rule is None or severity not in allowed(rule):
        raise NotSignable(f"{row.id} may not be {severity} in a clinic.")
    before = SeverityChoice.objects.filter(digest=row.digest).order_by("-number").first()
    made = SeverityChoice.objects.create(
        row=row.id,
        digest=row.digest,
        number=before.number + 1 if before else 1,
        severity=severity,
        reason=reason,
        by=by,
        at=at,
    )
    audit.record("set_severity", by=by, at=at, subject=made, row=row.id, severity=str(severity))
    return made
