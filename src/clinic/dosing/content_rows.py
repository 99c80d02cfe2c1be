"""The rows of content that the dosing day holds: the list before the dose, and clocks of alarms."""

from collections.abc import Iterator

from clinic.content.held import Room
from clinic.dosing import checklist
from clinic.dosing.consoles import SILENT_AFTER
from clinic.dosing.escalation import A1_CALLS_AFTER, CLIMBS
from clinic.dosing.models.alarms import PAUSE_AT_MOST_S
from kapstone import content
from kapstone.content import ContentRow

_LADDER = "protocol 6.2"


def rooms() -> dict[str, Room]:
    """What they are called."""
    return {
        "day": Room("Before the dose: the list of the day", content.references("eligibility")),
        "alarm_clocks": Room("Clocks of an alarm in a session", {}),
    }


def rows() -> Iterator[ContentRow]:
    """Each line of the list, and each clock."""
    for line in checklist.rows():
        source = tuple(map(str, line["source"]))  # type: ignore[call-overload]  # of our own file
        yield content.made(
            "day", str(line["id"]), str(line["title"]), line, source, str(line["mark"])
        )
    for after, rung in CLIMBS:
        held = {"after": after}
        yield content.made("alarm_clocks", rung, f"Unanswered: {rung.label}", held, (_LADDER,), "P")
    clocks = {
        "A1": ("A1 unanswered calls the clinic after", A1_CALLS_AFTER),
        "silent": ("A console is called lost after", SILENT_AFTER),
        "pause": ("Sound is paused at most, in seconds", PAUSE_AT_MOST_S),
    }
    for named, (words, value) in clocks.items():
        yield content.made("alarm_clocks", named, words, {"value": value}, (_LADDER,), "P")
