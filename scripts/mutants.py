"""Changes one comparison or figure of the core at a time, and asks whether any test notices.

    python -m scripts.mutants [FILE ...] [--write] [--sample NUMBER] [--jobs NUMBER]

A file is named from src/kapstone: dose/rules.py, eligibility/content/screening.toml. Without one,
every module and table of the five rooms is tried, as part of `make soak`. Exit 1 while a change
goes unnoticed. Nothing on disk is changed: each mutant lives in a process of its own. Why this is
not mutmut, and what counts as noticed: docs/decisions/0009-mutants.md.
"""

import argparse
import os
import pickle
import sys
import tempfile
import time
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path

from scripts.changed import change
from scripts.changes import Mutant, mutants
from scripts.parts import ROOT, stamp
from scripts.reach import Asking, Chosen, Noting, fails, files, function_of, silence, warm_up

CORE = ROOT / "src" / "kapstone"
ROOMS = ("eligibility", "dose", "instruments", "monitoring", "adverse")
EQUIVALENT = ROOT / "scripts" / "equivalent_mutants.toml"
Key = tuple[str, str]
FIGURES = {  # the spec tables that hold a room's own tables, the quickest first
    "dose": ("tests/spec/test_dose_rows.py",),
    "eligibility": (
        *("tests/spec/test_fact_ranges.py", "tests/spec/test_eligibility_questions.py"),
        *("tests/spec/test_eligibility_equivalents.py", "tests/spec/test_eligibility_rows.py"),
        "tests/core/eligibility/test_eligibility_rules.py",
    ),
    "instruments": ("tests/spec/test_instrument_figures.py",),
    "monitoring": (
        *("tests/spec/test_monitoring_rows.py", "tests/spec/test_ageing.py"),
        *("tests/spec/test_alarms.py", "tests/spec/test_monitoring_schedules.py"),
        *("tests/spec/test_discharge.py", "tests/core/test_calling.py"),
        *("tests/core/test_monitoring_vitals.py", "tests/core/test_monitoring_follow.py"),
    ),
    "adverse": ("tests/spec/test_adverse_tables.py", "tests/core/test_adverse.py"),
}
FIRST = 100  # exit status of a child whose first file of tests noticed; the second's is one more


@dataclass
class Room:
    """The tests of one room: which reach a function, what each file takes, who noticed last."""

    name: str
    tests: dict[tuple[str, int], set[str]] = field(default_factory=dict)
    took_s: dict[str, float] = field(default_factory=dict)
    noticed: dict[Path, list[str]] = field(default_factory=lambda: defaultdict(list))

    def reaching(self, mutant: Mutant) -> set[str] | None:
        """The tests that reach the function of a mutant; None for all."""
        tests = self.tests.get(function_of(mutant.path, mutant.line), set())
        return None if "" in tests or not tests else tests

    def order(self, mutant: Mutant, chosen: set[str] | None) -> list[str]:
        """The files to ask: those first that noticed the last changes of the same file."""
        listed = dict.fromkeys([*self.noticed[mutant.path], *files(self.name)])
        with_tests = None if chosen is None else {test.partition("::")[0] for test in chosen}
        return [file for file in listed if with_tests is None or file in with_tests]

    def most_s(self, file: str) -> float:
        """A mutant that takes far longer than the code as it is goes on for ever."""
        return 20 + 10 * self.took_s.get(file, 4)


def forked(work: Callable[[], int]) -> int:
    """The id of a silent process that does some work and exits with what it returns."""
    child = os.fork()
    if child:
        return child
    silence()
    try:
        os._exit(work())
    finally:
        os._exit(1)


def ready(names: Sequence[str], *, reach: bool) -> dict[str, Room]:
    """The rooms; reach: each with what its tests reach, once they passed with nothing changed."""
    warm_up({file for name in names for file in files(name)})
    return {name: reached(name) if reach else Room(name) for name in names}


def reached(name: str) -> Room:
    """A room with what its tests reach. Ends the program where one fails with nothing changed."""
    with tempfile.TemporaryDirectory() as folder:
        noted = Path(folder, "room")

        def work() -> int:
            room, noting = Room(name), Noting()
            for file in files(name):
                start = time.process_time()
                if fails([file], [noting], 1200):
                    noted.write_text(file)
                    return 1
                room.took_s[file] = time.process_time() - start
            noted.write_bytes(pickle.dumps((dict(noting.tests), room.took_s)))
            return 0

        if os.waitstatus_to_exitcode(os.waitpid(forked(work), 0)[1]) != 0:
            raise SystemExit(f"Mend first, nothing is changed: {noted.read_text()}")
        return Room(name, *pickle.loads(noted.read_bytes()))  # noqa: S301  # our own child wrote it


def asked(mutant: Mutant, order: Sequence[str], chosen: set[str] | None, room: Room) -> int:
    """0 where every test passes, else which of the files noticed, from `FIRST`."""
    change(mutant)
    copies = mutant.path.name == "page.py"
    first = [(order[0], mutant.row)] if mutant.row else []  # the tests that name its row
    for file, named in [*first, *((file, "") for file in order)]:
        if fails([file], [Chosen(chosen, copies=copies, named=named)], room.most_s(file)):
            return FIRST + order.index(file)
    return 0


def unnoticed(
    tried: Iterable[Mutant], rooms: Mapping[str, Room], jobs: int, *, every: bool = False
) -> Iterator[Mutant]:
    """The mutants that no test notices. every: all tests of the room are asked."""
    running: dict[int, tuple[Mutant, list[str]]] = {}
    waiting = iter(tried)
    while True:
        for mutant in islice(waiting, jobs - len(running)):
            room = rooms[room_of(mutant)]
            chosen = None if every else room.reaching(mutant)
            order = room.order(mutant, chosen)
            child = forked(partial(asked, mutant, order, chosen, room))
            running[child] = mutant, order
        if not running:
            return
        child, status = os.wait()
        mutant, order = running.pop(child)
        code = os.waitstatus_to_exitcode(status)
        if code == 0:
            yield mutant
        elif code >= FIRST:
            rooms[room_of(mutant)].noticed[mutant.path].insert(0, order[code - FIRST])


def missed_by_figures(tried: Sequence[Mutant]) -> list[Mutant]:
    """The mutants that are left once the spec tables were asked about those of tables.

    One process that has everything imported stands for all of a room, so that this is quick.
    """
    left = [mutant for mutant in tried if mutant.path.suffix == ".py"]
    for room, asked in FIGURES.items():
        own = [each for each in tried if each.path.suffix != ".py" and room_of(each) == room]
        with tempfile.TemporaryDirectory() as folder:
            said = Path(folder, "missed")
            child = forked(partial(asked_in_turn, asked, own, said))
            if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 0:
                raise SystemExit(f"Mend first, these cannot be asked: {' '.join(asked)}")
            left += [own[int(place)] for place in said.read_text().split()]
    return left


def asked_in_turn(files: Sequence[str], tried: Sequence[Mutant], said: Path) -> int:
    asking = Asking(tried, change)
    failed = fails(files, [asking], 3600)
    said.write_text(" ".join(map(str, asking.missed)))
    return int(failed)


def failing_anyway(rooms: Mapping[str, Room]) -> list[str]:
    """Of the files that noticed something, those that fail with nothing changed."""
    noticed = {file for room in rooms.values() for held in room.noticed.values() for file in held}
    plugin, found = Chosen(None, copies=False), []
    for file in sorted(noticed):
        child = forked(partial(fails, [file], [plugin], 600))
        if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 0:
            found.append(file)
    return found


def paths(named: Sequence[str]) -> list[Path]:
    """The files that are tried: those named, else every module and table of the rooms."""
    every = (path for room in ROOMS for path in sorted((CORE / room).rglob("*")))
    found = [CORE / each for each in named] or every
    return [path for path in found if path.suffix in (".py", ".toml", ".json")]


def equivalent() -> dict[tuple[str, str], str]:
    """The changes that alter nothing, by file and change, each with its reason."""
    rows = tomllib.loads(EQUIVALENT.read_text(encoding="utf-8")).get("mutant", [])
    return {(row["file"], row["what"]): row["why"] for row in rows}


def room_of(mutant: Mutant) -> str:
    return mutant.path.relative_to(CORE).parts[0]


def key(mutant: Mutant) -> tuple[str, str]:
    """The name of a change among the equivalent ones."""
    return mutant.path.relative_to(CORE).as_posix(), mutant.what


def told(mutant: Mutant) -> str:
    return f"{key(mutant)[0]}:{mutant.line}: {mutant.what}"


def page(tried: Sequence[Mutant], left: Sequence[Mutant], excused: Mapping[Key, str]) -> str:
    """The record of one run: how many by package, what alters nothing, what nobody noticed."""
    rows = []
    for room in sorted({room_of(mutant) for mutant in tried}):
        own = [mutant for mutant in tried if room_of(mutant) == room]
        of_code = sum(mutant.path.suffix == ".py" for mutant in own)
        alike = sum(key(mutant) in excused for mutant in own)
        missed = sum(room_of(mutant) == room for mutant in left)
        noticed = len(own) - alike - missed
        rows.append(
            f"| {room} | {of_code} | {len(own) - of_code} | {noticed} | {alike} | {missed} |"
        )
    head = "| package | code | tables | noticed | equivalent | unnoticed |"
    reasons = [f"- `{file}`: `{what}`: {why}" for (file, what), why in sorted(excused.items())]
    missing = [f"- unnoticed: `{told(mutant)}`" for mutant in left]
    parts = ["# mutants", "", stamp(), "", head, "| --- | --- | --- | --- | --- | --- |", *rows, ""]
    return "\n".join([*parts, *missing, "Equivalent, each with its reason:", "", *reasons]) + "\n"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("files", nargs="*", help="such as dose/rules.py; all without one")
    parser.add_argument("--write", action="store_true", help="keep docs/evidence/mutants.md")
    parser.add_argument("--sample", type=int, default=0, help="try so many alone, evenly spread")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="at a time")
    return parser.parse_args()


def main() -> int:
    options = arguments()
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    os.chdir(ROOT)
    start, excused = time.monotonic(), equivalent()
    tried = [mutant for path in paths(options.files) for mutant in mutants(path)]
    if options.sample:
        tried = tried[:: -(-len(tried) // options.sample)]
    rooms = ready(sorted({room_of(mutant) for mutant in tried}), reach=not options.sample)
    print(f"{len(tried)} to try, ready in {time.monotonic() - start:.0f} s", flush=True)
    doubtful = []
    for mutant in unnoticed(missed_by_figures(tried), rooms, options.jobs):
        print(f"asked again of every test: {told(mutant)}", flush=True)
        doubtful.append(mutant)
    missed = list(unnoticed(doubtful, rooms, options.jobs, every=True))
    left = [mutant for mutant in missed if key(mutant) not in excused]
    wrong = {key(mutant) for mutant in tried} & excused.keys() - {key(mutant) for mutant in missed}
    gone: set[Key] = set()
    if not (options.files or options.sample):
        gone = excused.keys() - {key(mutant) for mutant in tried}
    for mutant in left:
        print(f"unnoticed: {told(mutant)}")
    for file, what in sorted(gone):
        print(f"equivalent, but there is no such change: {file}: {what}")
    for file, what in sorted(wrong):
        print(f"noticed, so not equivalent: {file}: {what}")
    anyway = failing_anyway(rooms) if options.sample else []
    for file in anyway:
        print(f"fails with nothing changed: {file}")
    print(f"{len(left)} of {len(tried)} unnoticed, {time.monotonic() - start:.0f} s", flush=True)
    if options.write:
        (ROOT / "docs" / "evidence" / "mutants.md").write_text(page(tried, left, excused), "utf-8")
    return int(bool(left or wrong or gone or anyway))


if __name__ == "__main__":
    sys.exit(main())
