"""Whether an alarm is heard: what was done about it, one step after another.

A pause of the sound ends by itself, and at once when anything changes. Only a person's answer or
the alarm's own end makes it silent for good. Source: protocol 6.2, mark P.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from kapstone.errors import InvalidInput
from kapstone.monitoring.fields import table
from kapstone.monitoring.moments import utc


class Deed(StrEnum):
    """One thing that happens to an alarm that was raised."""

    PAUSED = "paused"  # a person paused its sound
    CHANGED = "changed"  # an alarm of this session was raised, or ended
    SEEN = "seen"  # a person says that they are acting
    RESOLVED = "resolved"  # a person says in words what they found and did
    ENDED = "ended"  # the fold no longer shows it


class Voice(StrEnum):
    """How an alarm stands."""

    SOUNDING = "sounding"
    PAUSED = "paused"
    ANSWERED = "answered"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Step:
    """A deed at a moment. pause: how long the sound is to rest; of no other deed."""

    deed: Deed
    at: datetime
    pause: timedelta = timedelta()

    def __post_init__(self) -> None:
        object.__setattr__(self, "at", utc("at", self.at))
        if (self.deed is Deed.PAUSED) != (timedelta() < self.pause <= pause_at_most()):
            most = int(pause_at_most().total_seconds())
            raise InvalidInput("pause", f"is {self.pause}.", f"Pause the sound for 1 to {most} s.")


def pause_at_most() -> timedelta:
    """The longest pause of a sound."""
    return timedelta(seconds=table("alarms").whole("audio_pause_max_s"))


def voice(steps: Iterable[Step], now: datetime) -> Voice:
    """How an alarm stands at `now`, its steps taken in the order given. Later ones do not count."""
    moment, stands, quiet_until = utc("now", now), Voice.SOUNDING, None
    for step in steps:
        if step.at > moment or stands is Voice.ENDED:
            continue
        if step.deed is Deed.ENDED:
            stands = Voice.ENDED
        elif step.deed in (Deed.SEEN, Deed.RESOLVED):
            stands = Voice.ANSWERED
        elif step.deed is Deed.PAUSED:
            quiet_until = step.at + step.pause
        else:
            quiet_until = None
    if stands is Voice.SOUNDING and quiet_until is not None and moment < quiet_until:
        return Voice.PAUSED
    return stands
