"""What became of an item: one state at each moment."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class State(StrEnum):
    """Where an item stands. Missed is counted and stays."""

    AHEAD = "not yet due"
    DUE = "due"
    SENT = "sent"
    HANDED_OVER = "handed over"
    OPENED = "opened"
    ANSWERED = "answered"
    MISSED = "missed"
    NOT_APPLICABLE = "not applicable"


@dataclass(frozen=True, slots=True)
class Window:
    """When an item may be answered: from opens_at up to closes_at, without an end where None."""

    opens_at: datetime
    closes_at: datetime | None

    def passed(self, at: datetime) -> bool:
        """Whether it is closed at a moment."""
        return self.closes_at is not None and at >= self.closes_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """What is on record of an item. sent_at: a server took the message; whether it arrived, nobody
    knows. voided_at: from then on it was not asked."""

    sent_at: datetime | None = None
    handed_over_at: datetime | None = None
    opened_at: datetime | None = None
    answered_at: datetime | None = None
    voided_at: datetime | None = None


def state(window: Window, happened: Happened, now: datetime) -> State:
    """The one state at a moment. An answer after the window closed leaves the item missed."""
    answered, voided = happened.answered_at, happened.voided_at
    if answered is not None and not window.passed(answered) and not (voided and answered >= voided):
        return State.ANSWERED
    if voided is not None and not window.passed(voided):
        return State.NOT_APPLICABLE
    if window.passed(now):
        return State.MISSED
    steps = (
        (happened.opened_at, State.OPENED),
        (happened.handed_over_at, State.HANDED_OVER),
        (happened.sent_at, State.SENT),
    )
    reached = next((name for at, name in steps if at is not None), State.DUE)
    return State.AHEAD if now < window.opens_at and reached is State.DUE else reached
