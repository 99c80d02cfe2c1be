"""Writes about content: sign, withdraw, set a severity or limit. Only a medical director does."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from clinic.content import hard_limits, held, queries
from clinic.content.models import LimitChoice, SeverityChoice, Signature, Withdrawal
from clinic.people import access, audit
from clinic.people.models import Licence, User
from clinic.people.roles import Role
from kapstone.content import ContentRow
from kapstone.dose import refuse_unless_lower
from kapstone.eligibility import allowed
from kapstone.errors import KapstoneError
from kapstone.findings import Severity
from kapstone.limits import Bound

Key = tuple[str, str]


class NotSignable(KapstoneError):
    """Somebody who may not sign, or a row that is not what was shown."""


@transaction.atomic
def sign(*, shown: Mapping[Key, str], by: User, at: datetime) -> list[Signature]:
    """Sign rows as they were shown: room and id, with the stamp. Signed before changes nothing.

    Raises `NotSignable`, and signs none, where one is not in force with this stamp.
    """
    licence = _licence(by, at)
    set_here = hard_limits.in_force()
    rows = [_as_shown(key, stamp, set_here) for key, stamp in shown.items()]
    standing = set(
        Signature.objects.filter(
            withdrawal=None, digest__in=[row.digest for row in rows]
        ).values_list("digest", flat=True)
    )
    made = Signature.objects.bulk_create(
        Signature(
            room=row.room,
            row=row.id,
            digest=row.digest,
            shown=as_shown(row, hard_limits.set_for(row, set_here)),
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


def _as_shown(key: Key, stamp: str, set_here: Mapping[str, LimitChoice]) -> ContentRow:
    row = held.by_id().get(key)
    if row is None or hard_limits.stamp(row, hard_limits.set_for(row, set_here)) != stamp:
        raise NotSignable(f"{'/'.join(key)} changed since it was shown. Read it again.")
    if not row.to_sign:
        raise NotSignable(f"{'/'.join(key)} needs no signature: its mark is {row.mark}.")
    return row


def as_shown(row: ContentRow, set_here: LimitChoice | None = None) -> dict[str, object]:
    """A row as a page shows it, to be kept beside its signature."""
    ranged = hard_limits.range_of(row) if set_here else None
    own = [["hard limit in this clinic", hard_limits.counts(ranged, set_here)]] if ranged else []
    return {
        "words": row.words,
        "value": [list(pair) for pair in row.value] + own,
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


@transaction.atomic
def set_limit(
    *, row: ContentRow, to: Bound | None, reason: str, by: User, at: datetime
) -> LimitChoice:
    """This clinic lowers the hard limit of a dose row; None goes back to the published one.

    The row is to be signed again. Set twice alike, it is kept once. Raises `InvalidInput` for a
    figure that is not below the published one.
    """
    _licence(by, at)
    ranged = hard_limits.range_of(row)
    if ranged is None:
        raise NotSignable(f"{row.id} has no hard limit that a clinic could lower.")
    before = LimitChoice.objects.filter(row=row.id).order_by("-number").first()
    if (before.bound if before else None) == to:
        if before is None:
            raise NotSignable(f"{row.id} stands as published.")
        return before
    if to is not None:
        refuse_unless_lower(ranged, to)
    made = LimitChoice.objects.create(
        row=row.id,
        number=before.number + 1 if before else 1,
        mg_per_kg=to.mg_per_kg if to else None,
        mg=to.mg if to else None,
        reason=reason,
        by=by,
        at=at,
    )
    said = f"The hard limit in this clinic was set: {hard_limits.words(made)}."
    for each in Signature.objects.filter(room=row.room, row=row.id, withdrawal=None):
        withdraw(signature=each, reason=said, by=by, at=at)
    audit.record("set_limit", by=by, at=at, subject=made, row=row.id, to=hard_limits.words(made))
    return made
