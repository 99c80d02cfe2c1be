"""Writes about standing orders: typed, signed, withdrawn. Each change is a new version."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from clinic.people import access, audit
from clinic.people.models import Licence, User
from clinic.planning import standing
from clinic.planning.actions.orders import NotSignable
from clinic.planning.models import StandingOrder, StandingSignature, StandingWithdrawal
from clinic.planning.standing import SIGNERS, SIGNS, State
from kapstone.eligibility import Medicine
from kapstone.errors import InvalidInput

KETAMINE = ("ketamine", "esketamine")
OWN_WAY = "A dose of it is ordered for one person, under Plan and order."


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingTyped:
    """What the clinic typed. after_version: the one that was changed, 0 for the first."""

    order_id: UUID
    series: UUID
    after_version: int
    pathway: str
    step: int
    drug: str
    dose: str
    route: str
    conditions: str
    valid_until: date


def refuse_ketamine(key: str, written: str) -> None:
    """No standing order is for ketamine, by any of its names. Raises InvalidInput."""
    known = set(Medicine(written).ingredients) & set(KETAMINE)
    if known or "ketamin" in written.casefold():
        raise InvalidInput(key, "names ketamine: no standing order is for it.", OWN_WAY)


@transaction.atomic
def type_standing_order(*, typed: StandingTyped, by: User, at: datetime) -> StandingOrder:
    """A new version, that nobody has signed. The one that was signed stands until this one is.

    Sent twice, it is kept once. Raises InvalidInput.
    """
    kept = StandingOrder.objects.filter(pk=typed.order_id).first()
    if kept is not None:
        return kept
    words = standing.step_words(typed.pathway, typed.step)
    if not words:
        raise InvalidInput("serves", "asks for no order.", "Choose one of the list.")
    for key in ("drug", "dose"):
        refuse_ketamine(key, getattr(typed, key))
    if typed.valid_until < timezone.localdate(at):
        raise InvalidInput("valid_until", "lies in the past.", "Give a day that is still to come.")
    last = _versions(typed.series)
    if (last.version if last else 0) != typed.after_version:
        raise InvalidInput("version", "was changed by somebody else meanwhile.", "Read it first.")
    told = ("series", "pathway", "step", "drug", "dose", "route", "conditions", "valid_until")
    made = StandingOrder.objects.create(
        id=typed.order_id,
        version=typed.after_version + 1,
        serves_words=words,
        by=by,
        at=at,
        **{key: getattr(typed, key) for key in told},
    )
    audit.record("type_standing_order", by=by, at=at, subject=made, version=made.version)
    return made


def _versions(series: UUID) -> StandingOrder | None:
    """The newest version, its series this writer's until the transaction ends."""
    held = StandingOrder.objects.select_for_update().filter(series=series)
    return max(held, key=lambda each: each.version, default=None)


@transaction.atomic
def sign_standing_order(*, order: StandingOrder, by: User, at: datetime) -> StandingSignature:
    """A prescriber answers for this version. Signed before, it changes nothing."""
    licence = _licence(by, at)
    last = _versions(order.series)
    known = StandingSignature.objects.filter(order=order).first()
    if known is not None:
        return known
    (now,) = [each for each in standing.every(at, order.series) if each.order.pk == order.pk]
    if last is None or last.pk != order.pk:
        raise NotSignable("A newer version was typed. Read and sign that one.")
    if now.state is not State.TYPED:
        raise NotSignable(f"This version cannot be signed: {now.state}. Type it anew.")
    made = StandingSignature.objects.create(order=order, by=by, licence=licence, at=at)
    audit.record("sign_standing_order", by=by, at=at, subject=order, version=order.version)
    return made


@transaction.atomic
def withdraw_standing_order(
    *, order: StandingOrder, reason: str, by: User, at: datetime
) -> StandingWithdrawal:
    """It is given by no more, at once. Said twice, the first stands."""
    if not reason.strip():
        raise InvalidInput("reason", "is missing.", "Say why it is withdrawn.")
    made, is_new = StandingWithdrawal.objects.get_or_create(
        order=order, defaults={"reason": reason.strip(), "by": by, "at": at}
    )
    if is_new:
        audit.record("withdraw_standing_order", by=by, at=at, subject=order, version=order.version)
    return made


def _licence(by: User, at: datetime) -> Licence:
    """The licence by which somebody prescribes here at this moment."""
    who = access.actor(by, at)
    kinds = [
        kind for role in SIGNERS if role in who.roles for kind in access.table().licences[role]
    ]
    held_now = Licence.objects.filter(
        staff=who.staff_id,
        kind__in=kinds,
        revoked_at__isnull=True,
        expires_on__gte=timezone.localdate(at),
    )
    found = held_now.order_by("-expires_on").first()
    if found is None or not access.may(who, SIGNS):
        raise NotSignable("Only a prescriber whose licence is in force signs a standing order.")
    return found
