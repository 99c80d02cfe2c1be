"""What can stand on the line: the kinds of the core, and those the room adds.

The body of an event holds the keys of `kapstone follow`; the core reads and refuses them. Its own
kinds and keys stand in the tables here. Nothing impossible is ever moved into range.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal, InvalidOperation
from uuid import UUID

from kapstone.errors import InvalidInput
from kapstone.monitoring.events import Event, Kind
from kapstone.monitoring.fields import Fields
from kapstone.monitoring.follow import COMMON, event_from

WEIGHT, CHECKED, NOTE = "weight", "checked", "note"
RATE, PAUSED, RESUMED = Kind.DOSE_RATE, Kind.DOSE_PAUSE, Kind.DOSE_RESUME
RESCUE = "rescue"  # another drug, ordered by a person and typed by one: nothing is ever offered
DEVIATION = "deviation"
CONSENT_WITHDRAWN = "consent_withdrawn"
TOUCH = "touch"  # each that is not medical. Source: protocol TCH-05
PRESENCE, HERE = "presence", "yes"  # who is in the room. Source: protocol THX-R1
OFFLINE = "offline"  # a console that lost the clinic, from when to when
MOUTH = "mouth"  # what was held there was spat out or swallowed. Source: protocol DOS-SL
# steps for an emergency: opened, one of them done, closed with an outcome. Source: protocol 6.3
STEPS_OPENED, STEP_DONE, STEPS_CLOSED = "steps_opened", "step_done", "steps_closed"
CONSENT_ITEM = "CONSENT"  # of the checklist
PASS, FAIL = "PASS", "FAIL"

OUTAGE = "outage"  # when the clinic itself was down; written by its loop
QUARANTINED = "quarantined"  # what a device said that cannot be
SCALE = "scale"  # the version by which a score is numbered
SOURCE = "source"  # what a reading that nobody measured came from
MONITOR_ID = "monitor"  # which of those connected to the session sent it
MONITOR, SCORER = SIMULATED_SOURCES = ("simulated monitor", "simulated nurse")

_STEPS = {"pathway": "text", "title": "text", "onset": "text"}
# kind → its keys, each with what it may hold
OWN: Mapping[str, Mapping[str, str]] = {
    WEIGHT: {"weight_kg": "number"},
    CHECKED: {"item": "text", "result": "text"},
    NOTE: {"word": "text"},
    RESCUE: {
        "drug": "text",
        "amount": "text",
        "by_route": "text",
        "ordered_by": "text",
        "under": "text",
        "under_id": "text",  # of a standing order: which version, in words
    },
    DEVIATION: {"dose_mg": "number"},
    CONSENT_WITHDRAWN: {},
    QUARANTINED: {"said": "text", "why": "text"},
    OUTAGE: {"since": "text", "until": "text"},
    TOUCH: {
        "touch": "text",
        "began": "text",
        "response": "text",
        "staff": "text",
        "name": "text",
        "agreed": "text",
    },
    PRESENCE: {"staff": "text", "name": "text", "seat": "text", "here": "text"},
    MOUTH: {"went": "text"},
    OFFLINE: {"until": "text", "console": "text"},
    STEPS_OPENED: _STEPS,
    STEP_DONE: {**_STEPS, "step": "text", "did": "text"},
    STEPS_CLOSED: {**_STEPS, "outcome": "text"},
}
NEEDED = {
    WEIGHT: ("weight_kg",),
    CHECKED: ("item", "result"),
    RESCUE: ("drug", "amount", "by_route", "ordered_by"),
    NOTE: ("word",),
    TOUCH: ("touch", "began", "response"),
    PRESENCE: ("staff", "name", "seat", "here"),
    MOUTH: ("went",),
    OUTAGE: ("since", "until"),
    OFFLINE: ("until", "console"),
    STEPS_OPENED: tuple(_STEPS),
    STEP_DONE: (*_STEPS, "step", "did"),
    STEPS_CLOSED: (*_STEPS, "outcome"),
}
# keys that the room adds to kinds of the core
ADDED: Mapping[str, tuple[str, ...]] = {
    Kind.DOSE_STOP: ("early",),
    Kind.DEVICE: ("lot", "serial"),
    Kind.ESCORT: ("who",),
    Kind.VITALS: (SOURCE,),
    Kind.SAMPLE: (SOURCE, MONITOR_ID),
    Kind.MOAAS: (SOURCE, SCALE),
    Kind.NRS: (SOURCE,),
}
RANGES = {
    "weight_kg": (Decimal(20), Decimal(350)),
    "dose_mg": (Decimal("0.01"), Decimal(1000)),
}
DEVICE_ONLY = frozenset({Kind.SAMPLE})


@dataclass(frozen=True, slots=True)
class Chart:
    """What somebody wants on the line. `id` is theirs: the same one again is the same event.

    clock_offset_s: how far the sending console's clock was ahead of the clinic's, where it was.
    waited: it waited on its device; its time is the device's, by what it last knew of the clinic's.
    """

    id: UUID
    kind: str
    observed_at: datetime
    body: Mapping[str, object]
    note: str = ""
    replaces: UUID | None = None
    reason: str = ""
    clock_offset_s: int | None = None
    waited: bool = False


@dataclass(frozen=True, slots=True)
class Placed:
    """An event's place on the line: its number, when it was true, what it stands in for."""

    number: int
    observed_at: datetime
    replaces: int | None = None


def core_event(kind: str, body: Mapping[str, object], placed: Placed) -> Event | None:
    """The event as the core folds it; None for a kind that is the room's alone.

    Raises InvalidInput for an unknown kind or key and for an impossible value.
    """
    if kind in OWN:
        _check_own(kind, body)
        return None
    if kind not in set(Kind):
        raise InvalidInput("kind", f"is {kind!r}.", "Chart what the console offers.")
    told = {key: value for key, value in body.items() if key not in ADDED.get(kind, ())}
    for key in COMMON:
        if key in told:
            raise InvalidInput(key, "is not a known key.", "It stands beside the body.")
    told |= {"t_min": 0, "kind": kind, "replaces": placed.replaces}
    event = event_from(Fields.read("", told), placed.number)
    return replace(event, observed_at=placed.observed_at)


def _check_own(kind: str, body: Mapping[str, object]) -> None:
    fields = Fields.read("", dict(body))
    fields.only(tuple(OWN[kind]))
    for key in NEEDED.get(kind, ()):
        if not fields.has(key):
            raise InvalidInput(key, "is missing.")
    if kind == CHECKED and body["result"] not in (PASS, FAIL):
        raise InvalidInput("result", f"is {body['result']!r}.", "Say PASS or FAIL.")
    for key, holds in OWN[kind].items():
        if not fields.has(key):
            continue
        if holds == "text":
            fields.text(key)
        else:
            low, high = RANGES[key]
            value = fields.number(key)
            if not low <= value <= high:
                raise InvalidInput(key, f"is {value}, not possible.", f"Give {low} to {high}.")


def number_from(key: str, written: str) -> int | float:
    """A number as typed, a comma or a point before its decimals. Raises InvalidInput."""
    try:
        number = Decimal(written.strip().replace(",", "."))
    except InvalidOperation:
        raise InvalidInput(key, f"is {written!r}, not a number.", "Type figures alone.") from None
    if not number.is_finite() or abs(number) > 100_000:
        raise InvalidInput(key, f"is {written!r}, not possible.")
    return int(number) if number == number.to_integral_value() else float(number)
