"""Sessions for `kapstone follow`, told by the clock on a wall, also where that clock changes."""

import csv
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from kapstone.monitoring.follow import replay
from kapstone.monitoring.vitals import parameters

Json = dict[str, object]
NEW_YORK, BERLIN = ZoneInfo("America/New_York"), ZoneInfo("Europe/Berlin")
NIGHTS = {
    "New York, spring: 02:00 becomes 03:00": datetime(2026, 3, 8, 1, 30, tzinfo=NEW_YORK),
    "New York, autumn: 02:00 becomes 01:00": datetime(2026, 11, 1, 1, 30, tzinfo=NEW_YORK),
    "New York, autumn, in the second 01:30": datetime(2026, 11, 1, 1, 30, tzinfo=NEW_YORK, fold=1),
    "Berlin, spring: 02:00 becomes 03:00": datetime(2026, 3, 29, 1, 59, 30, tzinfo=BERLIN),
    "Berlin, autumn: 03:00 becomes 02:00": datetime(2026, 10, 25, 2, 55, tzinfo=BERLIN),
    "half an hour off": datetime(2026, 4, 5, 1, 40, tzinfo=ZoneInfo("Australia/Lord_Howe")),
    "over midnight": datetime(2026, 3, 1, 23, 30, tzinfo=NEW_YORK),
    "over the end of a year": datetime(2026, 12, 31, 23, 59, 59, tzinfo=NEW_YORK),
}
STOPPED = ("IV", "SL")  # by these routes drug goes in until a stop


def table(name: str) -> list[dict[str, str]]:
    """A table of tests/spec."""
    with Path(__file__).with_name("spec").joinpath(name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def value_of(written: str) -> object:
    """What a cell says: yes, no, or a number."""
    return {"yes": True, "no": False}[written] if written in ("yes", "no") else float(written)


class Told:
    """A session's events, each `at_s` seconds after its first moment; `replay` asks at another."""

    def __init__(self, starts: datetime, product: str = "RACEMIC", route: str = "IM") -> None:
        self.starts, self.product, self.route = starts, product, route
        self.baseline: dict[str, object] = {"sbp": 120, "dbp": 80, "hr": 70, "spo2": 98}
        self.events: list[Json] = []

    def wall(self, at_s: float) -> str:
        """What the clock on the wall shows there, with its offset."""
        moment = self.starts.astimezone(UTC) + timedelta(seconds=at_s)
        return moment.astimezone(self.starts.tzinfo).isoformat()

    def add(self, at_s: float, kind: str, **told: object) -> None:
        self.events.append({"at": self.wall(at_s), "kind": kind, **told})

    def give(self, ran_s: float) -> None:
        """A dose from second 0 whose last part ends, or is given, at `ran_s`."""
        part = "device" if self.product == "ESKETAMINE" else "dose_start"
        self.add(0, part, dose_mg=28)
        if self.route in STOPPED:
            self.add(ran_s, "dose_stop", dose_mg=28)
        elif ran_s:
            self.add(ran_s, part, dose_mg=28)

    def chart(self, at_s: float, values: Mapping[str, object], *, streamed: bool = False) -> None:
        """Values by their keys, each kind of event by itself."""
        kinds = {one.key: one.kinds[-1 if streamed else 0] for one in parameters().values()}
        for kind in dict.fromkeys(kinds[key] for key in values):
            held = {key: one for key, one in values.items() if kinds[key] == kind}
            self.add(at_s, kind, **held)

    def case(self, charted: str) -> "Told":
        """A case of alarm_cases.csv: `60 sbp=180`, `0..9 ~spo2=89` streamed, `30 +panic`."""
        for part in charted.split("; "):
            when, *told = part.split()
            named = dict(one.removeprefix("~").split("=") for one in told if "=" in one)
            values = {key: value_of(one) for key, one in named.items()}
            if when == "base":
                self.baseline |= values
            elif when == "dose":
                self.route = told[0]
                self.add(0, "dose_start", dose_mg=28)
            elif not values:
                self.add(int(when), "symptom", symptom=told[0][1:], present=told[0][0] == "+")
            else:
                first, last = int(when.partition("..")[0]), int(when.rpartition("..")[2])
                for second in range(first, last + 1):
                    self.chart(second, values, streamed=told[0][0] == "~")
        return self

    def document(self, now_s: float) -> Json:
        return {
            "product": self.product,
            "route": self.route,
            "baseline": self.baseline,
            "starts_at": self.wall(0),
            "events": self.events,
            "now": self.wall(now_s),
        }

    def replay(self, now_s: float) -> Json:
        """What `kapstone follow` says of it at a moment."""
        return replay(self.document(now_s))
