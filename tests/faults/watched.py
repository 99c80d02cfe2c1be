"""What a dangerous answer must call for, written again from protocol section 10.1.

Nothing here asks the clinic or its instruments: two writings of the same rules are compared.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from random import Random

Answers = Mapping[str, int]
Called = dict[str, str]  # level by code of the rule
LEVELS = ("immediate", "urgent", "review")
AT_ONCE = LEVELS[:2]


@dataclass(frozen=True)
class Watched:
    """A questionnaire with answers that nobody may miss. `highest`: of each item."""

    highest: Mapping[str, int]
    watched: tuple[str, ...]
    called: Callable[[Answers], Called]


def one_item(item: str, levels: Mapping[str, tuple[int, str]]) -> Callable[[Answers], Called]:
    """One watched item: rule → from which answer on, and how soon. Left out it is a review."""

    def called(answers: Answers) -> Called:
        if item not in answers:
            return {"si_unanswered": "review"}
        return {name: level for name, (least, level) in levels.items() if answers[item] >= least}

    return called


def columbia(recent: str, lifetime: tuple[str, ...]) -> Callable[[Answers], Called]:
    """A screener: q1 to q5 and behaviour. What is unanswered is never a no."""

    def called(answers: Answers) -> Called:
        yes = {item for item, value in answers.items() if value}
        asked = {"q1", "q2", "q6"}
        asked |= {"q3", "q4", "q5"} if "q2" in yes else set()
        asked |= {recent} if "q6" in yes else set()
        if yes & {"q4", "q5", recent}:
            return {"high": "immediate"}
        if asked - answers.keys():
            return {"incomplete": "urgent"}
        if yes & {"q3", *lifetime}:
            return {"moderate": "urgent"}
        return {"low": "review"} if yes & {"q1", "q2"} else {}

    return called


def own_check_in(answers: Answers) -> Called:
    """Our own questions of the moment: two of them watched, three more that may call somebody."""
    bother = answers.get("bother", 0)
    holds = {
        ("danger", "immediate"): answers.get("danger") == 1,
        ("thoughts", "urgent"): answers.get("thoughts") == 1,
        ("driven", "urgent"): answers.get("driven") == 1,
        ("bother_much", "urgent"): bother >= 8,
        ("bother_some", "review"): bother >= 5,
        ("urinary", "review"): answers.get("urinary") == 1,
        ("danger_unanswered", "review"): "danger" not in answers,
        ("thoughts_unanswered", "review"): "thoughts" not in answers,
    }
    return {name: level for (name, level), is_so in holds.items() if is_so}


def _numbered(count: int, highest: int) -> dict[str, int]:
    return {f"q{n}": highest for n in range(1, count + 1)}


_HAMD = _numbered(17, 4) | dict.fromkeys(["q4", "q5", "q6", "q12", "q13", "q14", "q16", "q17"], 2)
_MOMENT = dict.fromkeys(["mood", "anxiety", "sleep", "bother"], 10)
_MOMENT |= dict.fromkeys(["thoughts", "danger", "driven", "urinary"], 1)
_OFTEN = {"si_item": (1, "urgent"), "si_frequent": (2, "immediate")}
WATCHED = {
    "phq9": Watched(_numbered(9, 3), ("q9",), one_item("q9", _OFTEN)),
    "qids_sr16": Watched(
        _numbered(16, 3), ("q12",), one_item("q12", {"si1": (1, "urgent"), "si2": (2, "immediate")})
    ),
    "madrs": Watched(
        _numbered(10, 6),
        ("q10",),
        one_item("q10", {"si2": (2, "review"), "si4": (4, "immediate")}),
    ),
    "hamd17": Watched(
        _HAMD, ("q3",), one_item("q3", {"si1": (1, "review"), "si3": (3, "immediate")})
    ),
    "cssrs_screener": Watched(
        _numbered(6, 1) | {"q6r": 1},
        ("q1", "q2", "q3", "q4", "q5", "q6", "q6r"),
        columbia("q6r", ("q6",)),
    ),
    "cssrs_slc": Watched(_numbered(6, 1), ("q1", "q2", "q3", "q4", "q5", "q6"), columbia("q6", ())),
    "moment": Watched(_MOMENT, ("thoughts", "danger"), own_check_in),
}


def told_at_once(of: Watched, item: str, value: int) -> Called:
    """What one answer calls for as it is tapped: in itself, whatever the rest will be.

    All of it where the answer is watched, for the rest may never be sent.
    """
    told = of.called(dict.fromkeys(of.watched, 0) | {item: value})
    at_once = LEVELS if item in of.watched else AT_ONCE
    return {code: level for code, level in told.items() if level in at_once}


def most_urgent(levels: Iterable[str]) -> str | None:
    """The level by which somebody is told first."""
    return min(levels, key=LEVELS.index, default=None)


def draw(of: Watched, chance: Random, *, whole: bool = False) -> dict[str, int]:
    """A set of answers: watched ones often dangerous, each left out now and then."""
    found = {}
    for item, highest in of.highest.items():
        skipped = 0 if whole else 0.12 if item in of.watched else 0.05
        if chance.random() >= skipped:
            found[item] = chance.randint(0, highest)
    return found
