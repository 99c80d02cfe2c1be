"""The four ladders of urgency as they are shown: each step a word, a shape and a tone.

The tone only repeats what word and shape say. The ladders stay apart: severity is a rounded
pill, an alert's level a solid or square one, an alarm's tier carries its code.
"""

from dataclasses import dataclass

from kapstone.findings import Severity


@dataclass(frozen=True, slots=True)
class Look:
    """How one step of a ladder is drawn."""

    words: str
    tone: str
    icon: str
    square: bool = False
    solid: bool = False


LADDERS: dict[str, dict[str, Look]] = {
    "severity": {
        Severity.ABSOLUTE: Look("Absolute", "stop", "stop"),
        Severity.RELATIVE: Look("Relative", "warn", "warn"),
        Severity.CAUTION: Look("Caution", "care", "care"),
        Severity.INFO: Look("For information", "note", "note"),
    },
    "level": {
        "immediate": Look("Immediate", "stop", "bell", square=True, solid=True),
        "urgent": Look("Urgent", "warn", "clock", square=True, solid=True),
        "review": Look("Review", "note", "eye", square=True),
        "info": Look("Information", "quiet", "note", square=True),
    },
    "tier": {
        "A3": Look("A3 emergency", "stop", "bell", square=True, solid=True),
        "A2": Look("A2 prescriber now", "warn", "warn", square=True, solid=True),
        "A1": Look("A1 nurse acts", "care", "care", square=True),
    },
    "risk": {
        "HIGH": Look("Risk high", "stop", "stop"),
        "MODERATE": Look("Risk moderate", "warn", "warn"),
        "LOW": Look("Risk low", "care", "care"),
        "NONE": Look("No risk found", "good", "good"),
        "UNKNOWN": Look("Risk not known", "quiet", "unknown"),
    },
}


def look_of(ladder: str, value: object) -> Look:
    """How a value is drawn. One that the ladder does not hold is shown as it stands."""
    return LADDERS[ladder].get(str(value)) or Look(str(value), "quiet", "unknown")
