"""Which standing orders may be given by at a moment, and why another may not."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.utils import timezone

from clinic.people import access
from clinic.people.models import User
from clinic.people.roles import Role
from clinic.planning.models import StandingOrder
from kapstone.monitoring.pathways import Pathway, pathways

SIGNS = "sign_standing_order"
ENDS_SOON = timedelta(days=14)  # mark P
SIGNERS = (Role.PRESCRIBER, Role.MEDICAL_DIRECTOR)


class State(StrEnum):
    """How a version stands. Only one that is in force is shown at a chair."""

    IN_FORCE = "in force"
    TYPED = "typed, not signed"
    REPLACED = "replaced by a newer version"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    SIGNER = "its signer may not prescribe any more"
    STEP = "its step reads otherwise now"


WAITS = (State.TYPED, State.EXPIRED, State.SIGNER, State.STEP)


@dataclass(frozen=True, slots=True)
class Standing:
    """One version with how it stands."""

    order: StandingOrder
    state: State

    @property
    def signed_by(self) -> str:
        """Who answers for it; empty while nobody does."""
        return self.order.signature.by.name if _is_signed(self.order) else ""


@dataclass(frozen=True, slots=True)
class Served:
    """A step that asks for an order, with the newest of each series that was typed for it."""

    row: Pathway
    step: int
    orders: tuple[Standing, ...]

    @property
    def words(self) -> str:
        """The step as it reads now."""
        return self.row.steps[self.step - 1]


def steps() -> Iterator[tuple[Pathway, int]]:
    """Every step that a standing order may serve."""
    for row in pathways():
        for step in row.order_steps:
            yield row, step


def step_words(pathway_id: str, step: int) -> str:
    """A step that a standing order may serve, as it reads now; empty where there is none."""
    return next((row.steps[n - 1] for row, n in steps() if (row.id, n) == (pathway_id, step)), "")


def every(at: datetime, series: UUID | None = None) -> list[Standing]:
    """Each version that was known at a moment with how it stood then, the newest first."""
    return _as_of(_known(at, series), at)


def stood(since: datetime, now: datetime) -> list[Standing]:
    """What may be given by now, and what could be at an earlier moment."""
    known = _known(now)
    both = (*_as_of(known, now), *_as_of(known, since))
    return list({one.order.pk: one for one in both if one.state is State.IN_FORCE}.values())


def _known(at: datetime, series: UUID | None = None) -> list[StandingOrder]:
    found = StandingOrder.objects.filter(at__lte=at).select_related(
        "by", "signature__by__staff", "signature__licence", "withdrawal__by"
    )
    if series is not None:
        found = found.filter(series=series)
    return list(found.order_by("pathway", "step", "series", "-version"))


def _as_of(known: Iterable[StandingOrder], at: datetime) -> list[Standing]:
    orders = [each for each in known if each.at <= at]
    by_version = [each for each in reversed(orders) if _is_signed(each, at)]
    signed = {each.series: each.version for each in by_version}
    may = _able({each.signature.by for each in by_version}, at)
    return [Standing(each, _state(each, signed.get(each.series, 0), may, at)) for each in orders]


def in_force(at: datetime) -> list[Standing]:
    """What may be given by at a moment."""
    return [each for each in every(at) if each.state is State.IN_FORCE]


def served(at: datetime) -> list[Served]:
    """Every step that asks for an order: what is in force, and what was typed last beside it."""
    known = newest(at)
    return [
        Served(row, step, tuple(one for one in known if serves(one, row.id, step)))
        for row, step in steps()
    ]


def newest(at: datetime) -> list[Standing]:
    """Of each series the version in force, and the last one typed."""
    found: list[Standing] = []
    seen: set[UUID] = set()
    for one in every(at):
        if one.order.series not in seen or one.state is State.IN_FORCE:
            found.append(one)
        seen.add(one.order.series)
    return found


def to_see_to(at: datetime) -> list[Standing]:
    """What waits to be signed, what stands no more unwithdrawn, and what soon ends."""
    soon = timezone.localdate(at + ENDS_SOON)
    return [
        one
        for one in newest(at)
        if one.state in WAITS or (one.state is State.IN_FORCE and one.order.valid_until <= soon)
    ]


def serves(one: Standing, pathway_id: str, step: int) -> bool:
    """Whether it was typed for this step."""
    return (one.order.pathway, one.order.step) == (pathway_id, step)


def _is_signed(order: StandingOrder, at: datetime | None = None) -> bool:
    signature = getattr(order, "signature", None)
    return signature is not None and (at is None or signature.at <= at)


def _able(people: Iterable[User], at: datetime) -> frozenset[int]:
    """Of those who signed, who may still prescribe: role and licence looked at now."""
    return frozenset(user.pk for user in people if access.may(access.actor(user, at), SIGNS))


def _state(order: StandingOrder, signed: int, may: frozenset[int], at: datetime) -> State:
    withdrawal = getattr(order, "withdrawal", None)
    if withdrawal is not None and withdrawal.at <= at:
        return State.WITHDRAWN
    if order.version < signed:
        return State.REPLACED
    if order.valid_until < timezone.localdate(at):
        return State.EXPIRED
    if order.serves_words != step_words(order.pathway, order.step):
        return State.STEP
    if not _is_signed(order, at):
        return State.TYPED
    return State.IN_FORCE if order.signature.by.pk in may else State.SIGNER
