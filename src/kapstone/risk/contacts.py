"""The contacts that follow a suicide tier, and which of them stand once a newer tier comes.

Source: protocol section 10.1 (SUI-H, SUI-M), times mark P; a clinic may only shorten.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import zip_longest
from types import MappingProxyType

from kapstone.errors import InvalidInput
from kapstone.risk.tier import Tier

CONTACTS_VERSION = "suicide-contacts-1"

# Hours from the alert within which somebody speaks with the person again.
CONTACT_HOURS: Mapping[Tier, tuple[int, ...]] = MappingProxyType(
    {Tier.HIGH: (24, 72), Tier.MODERATE: (72,), Tier.LOW: ()}
)
Sooner = Mapping[tuple[Tier, int], int]


def read_sooner(written: str) -> Sooner:
    """A clinic's own times from ``HIGH.24=12,MODERATE.72=48``: tier, the protocol's hours, its own.

    Raises InvalidInput for a contact that the protocol does not ask for, no whole number of hours
    above 0, or more hours than the protocol's.
    """
    found: dict[tuple[Tier, int], int] = {}
    for part in filter(None, (each.strip() for each in written.split(","))):
        name, _, own = (each.strip() for each in part.partition("="))
        known = {
            f"{t}.{hours}": (t, hours) for t, all_of in CONTACT_HOURS.items() for hours in all_of
        }
        if name not in known:
            told = ", ".join(f"{each}=HOURS" for each in known)
            raise InvalidInput(name, "is no contact after a suicide tier.", f"Write {told}.")
        if not own.isdecimal() or int(own) == 0:
            raise InvalidInput(name, f"{own!r} is no time.", "Give hours, such as 12.")
        most = known[name][1]
        if int(own) > most:
            raise InvalidInput(name, "is later than the protocol's.", f"Give {most} or fewer.")
        found[known[name]] = int(own)
    return MappingProxyType(found)


def contacts_due(
    tier: Tier, raised_at: datetime, sooner: Sooner = MappingProxyType({})
) -> tuple[tuple[int, datetime], ...]:
    """The protocol's hours of each contact and when it is due, in UTC, the soonest first."""
    if raised_at.tzinfo is None:
        raise InvalidInput("raised_at", "has no time zone.", "Give an aware time.")
    at = raised_at.astimezone(UTC)
    due = (
        (hours, at + timedelta(hours=sooner.get((tier, hours), hours)))
        for hours in CONTACT_HOURS.get(tier, ())
    )
    return tuple(sorted(due, key=lambda each: each[1]))


def soonest(standing: Sequence[datetime], planned: Sequence[datetime]) -> tuple[datetime, ...]:
    """When contacts are due once those of a newer tier join those that stand, in order.

    The first of both is due when the sooner is, and so on: as many as the longer list has, and
    none later than it stood or was planned.
    """
    pairs = zip_longest(sorted(standing), sorted(planned))
    return tuple(min(each for each in pair if each is not None) for pair in pairs)
