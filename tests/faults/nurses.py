"""Nurses who chart one thing after another, and send again what nobody answered."""

import random
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from tests.faults.ward import Ward

TAPS = ("goes_well", "tears", "dreamy", "far_away")
RESCUE = {"drug": "ondansetron", "amount": "4 mg", "by_route": "IV", "ordered_by": "Paula"}
AGAIN_AFTER_S = 0.2
PACE_S = 0.2  # without it a session would have thousands of lines: no person types so fast
GIVES_UP_AFTER_S = 60
TAKEN, REFUSED = 200, (409, 422)


@dataclass(frozen=True)
class Entry:
    """One event as it is sent, under an id that it keeps."""

    path: str
    told: dict[str, str]

    @property
    def id(self) -> str:
        """Its id."""
        return self.told["event_id"]


def entry(path: str, **told: str) -> Entry:
    """A new one."""
    return Entry(path, {"event_id": str(uuid4()), **told})


def day() -> Iterator[Entry]:
    """What a nurse charts beside an infusion: signs, taps, other drugs, pauses, stops."""
    while True:
        yield entry("chart/", kind="vitals", spo2=random.choice(["84", "91", "97"]), rr="14")
        yield entry("chart/", kind="note", word=random.choice(TAPS))
        yield entry("dose/part/", kind="dose_pause")
        yield entry("chart/", kind="rescue", **RESCUE)
        yield entry("chart/", kind="vitals", hr=str(random.randint(60, 130)), sbp="130", dbp="80")
        yield entry("dose/part/", kind="dose_rate", rate_ml_per_h="0")
        stop = entry("dose/part/", kind="dose_stop", dose_mg="30")
        yield stop
        yield entry("chart/", kind="withdrawn", replaces=stop.id, reason="It goes on.")


@dataclass
class Nurse(threading.Thread):
    """One of them, at one session. acknowledged: number by id; refused: ids that were not taken."""

    ward: Ward
    session: int
    number: int
    acknowledged: dict[str, int] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)
    told_s: list[float] = field(default_factory=list)
    enough: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        threading.Thread.__init__(self, daemon=True)

    __hash__ = threading.Thread.__hash__

    @property
    def answered(self) -> int:
        """How many entries are settled."""
        return len(self.acknowledged) + len(self.refused)

    def run(self) -> None:
        """Until it is enough; what was sent is sent again until somebody answers."""
        for each in day():
            if self.enough.is_set():
                return
            self.send(each)
            time.sleep(PACE_S)

    def send(self, each: Entry) -> None:
        """One entry, as often as it takes."""
        until = time.monotonic() + GIVES_UP_AFTER_S
        while time.monotonic() < until:
            status, body = self.ward.post(self.session, self.number, each.path, each.told)
            if self.heard(each, status, body):
                return
            time.sleep(AGAIN_AFTER_S)
        self.problems.append(f"nobody answered {each.told} for {GIVES_UP_AFTER_S} s")

    def heard(self, each: Entry, status: int, body: dict[str, Any]) -> bool:
        """Whether an answer is the last word on an entry."""
        if status == TAKEN:
            self.acknowledged[each.id] = body["number"]
        elif status in REFUSED:
            self.refused.add(each.id)
        elif status != 0 and status < 500:
            self.problems.append(f"{status}: {body}")
        elif status != 0 and "error" not in body:
            self.problems.append(f"{status} without a word a nurse could read: {body}")
        return 0 < status < 500


def plain(written: object) -> str:
    """An id as every database gives it."""
    return UUID(str(written)).hex
