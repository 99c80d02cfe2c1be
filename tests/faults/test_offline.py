"""The network goes away beside a chair: what was typed arrives once, at its time, as its typist's.

The network is cut on the wire, or swallows all it is given, or the server is killed: nothing is
emulated in the browser. Meanwhile tabs are loaded again, closed, doubled and killed at random.
"""

import json
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.faults.clinics import RunningClinic, with_tables
from tests.faults.tablets import WAYS, Tablet, read

pytestmark = pytest.mark.fault
SERVE = ("tests.faults.offline_clinic", "serve")
AT_ONCE = {2: 2, 6: 3, 50: 5}  # tablets side by side
TIME_OFF_S = 2.5  # what reading a clock before and after a tap may miss
NOTICED_S = 12


def outages(count: int, chance: random.Random) -> list[float]:
    """Seconds of each: 60, 120, or 5 s to 10 min with five of 10 min."""
    if count < 50:
        return [{2: 60.0, 6: 120.0}[count]] * count
    return [600.0] * 5 + [5 * 60 ** chance.random() for _ in range(count - 5)]


@dataclass
class Lane:
    """One tablet and the outages that it meets, one after another."""

    tablet: Tablet
    outages: list[tuple[float, str, bool]]
    noticed: int = 0
    ends: float = 0

    def step(self) -> None:
        """One act, until every outage is over and everything was sent."""
        lasts_s, way, two_nurses = self.outages[0]
        if not self.ends:
            self.tablet.note()
            self.tablet.lose(way)
            self.ends = time.monotonic() + lasts_s
            self.noticed += lasts_s > NOTICED_S
        elif time.monotonic() < self.ends:
            self.tablet.act()
        else:
            self._over(way, two_nurses)

    def _over(self, way: str, two_nurses: bool) -> None:
        tablet = self.tablet
        first = tablet.nurse
        if two_nurses:
            tablet.sign_in(1 - first)
        tablet.find(way)
        tablet.one_tab()
        if two_nurses:  # the second nurse works on; what the first typed goes on waiting
            tablet.note()
            tablet.sign_in(first)
            tablet.one_tab()
        tablet.drained()
        self.outages.pop(0)
        self.ends = 0


def _make(clinic: RunningClinic) -> dict[str, object]:
    made = subprocess.run(
        [sys.executable, "-m", SERVE[0], "make"],
        cwd=clinic.home,
        env=clinic.environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    told: dict[str, object] = json.loads(made.stdout.splitlines()[-1])
    return told


def _lane(
    stack: ExitStack, browser: Browser, home: Path, number: int, outages_s: list[float]
) -> Lane:
    home.mkdir()
    clinic = stack.enter_context(RunningClinic(with_tables(home), SERVE))
    tablet = Tablet(clinic, _make(clinic), browser, random.Random(number))
    met = [
        (lasts_s, WAYS[(number + turn) % 3], (number + turn) % 2 == 1)
        for turn, lasts_s in enumerate(outages_s)
    ]
    return Lane(stack.enter_context(tablet.used()), met)


def check(lane: Lane, home: Path) -> None:
    """The log beside the database."""
    rows = read(home)
    held: dict[str, list[tuple[float, int, int]]] = {}
    for kind, says, at, number, by in rows:
        if kind in ("vitals", "note"):
            held.setdefault(says, []).append((at, number, by))
    typed = {entry.says: entry for entry in lane.tablet.typed}
    assert held.keys() <= typed.keys(), "somebody charted what nobody typed"
    lost = [entry for entry in typed.values() if entry.acknowledged and entry.says not in held]
    doubled = {says: found for says, found in held.items() if len(found) > 1}
    assert (lost, doubled) == ([], {})
    users = lane.tablet.place["users"]
    for says, [(at, _, by)] in held.items():
        entry = typed[says]
        assert by == users[entry.nurse], (entry, "stands under another's name")
        assert entry.began - TIME_OFF_S <= at <= entry.ended + TIME_OFF_S, (entry, at)
    for nurse in (0, 1):
        sent = [held[e.says][0][1] for e in typed.values() if e.nurse == nurse and e.says in held]
        assert sent == sorted(sent), "the order of typing is not the order of the line"
    assert sum(kind == "offline" for kind, *_ in rows) >= lane.noticed


@pytest.mark.hazard(18)
@pytest.mark.counts(small=2, middle=6, full=50)
def test_a_browser_that_loses_the_clinic_loses_and_doubles_nothing(
    browser: Browser,
    tmp_path: Path,
    fault_count: int,
    record_property: Callable[[str, object], None],
) -> None:
    """A reading that is gone, or stands twice or as another's, misleads whoever reads it."""
    chance = random.Random(fault_count)
    todo = outages(fault_count, chance)
    count = AT_ONCE[fault_count]
    with ExitStack() as stack:
        lanes = [
            _lane(stack, browser, tmp_path / str(number), number, todo[number::count])
            for number in range(count)
        ]
        while waiting := [lane for lane in lanes if lane.outages]:
            for lane in waiting:
                lane.step()
        for lane in lanes:
            check(lane, lane.tablet.clinic.home)
    typed = [entry for lane in lanes for entry in lane.tablet.typed]
    did = sum((Counter(lane.tablet.did) for lane in lanes), Counter())
    acknowledged = sum(entry.acknowledged for entry in typed)
    assert acknowledged > 5 * fault_count
    told = ", ".join(f"{name} {times}" for name, times in sorted(did.items()))
    record_property(
        "shown",
        f"{fault_count} outages, {sum(todo):.0f} s in all, on {count} tablets side by side; "
        f"{acknowledged} entries acknowledged: 0 lost, 0 doubled, 0 under another's name or at "
        f"another time, in the order of typing. What was done meanwhile: {told}.",
    )
