"""The rows of content that planning and intake hold: the text of consent, spans and counts."""

from collections.abc import Iterator

from clinic.content.held import Room
from clinic.intake.deciding import CLEARANCE_LASTS
from clinic.planning.actions.consents import HOLDS_FOR
from clinic.planning.actions.orders import SHORTEST_RATIONALE
from clinic.planning.consent_text import text
from clinic.planning.models.plans import LEAST_SPACING_DAYS, MOST_SESSIONS
from clinic.planning.queries import BASELINE_AGE
from clinic.planning.renewal import TOLD_AHEAD
from kapstone import content
from kapstone.content import ContentRow

# id, words, figure, source, mark: as written beside each figure in its module
_FIGURES = (
    ("clearance", "A clearance lasts", CLEARANCE_LASTS, "protocol section 0.2 and 1", "P"),
    ("CON-16", "A consent lasts", HOLDS_FOR, "protocol CON-16", "P"),
    ("CON-16.ahead", "It is told before a consent runs out", TOLD_AHEAD, "protocol CON-16", "P"),
    ("IND-R1", "A baseline may be as old, at the order", BASELINE_AGE, "protocol IND-R1", "P"),
    ("rationale", "Letters of a rationale", SHORTEST_RATIONALE, "protocol section 0.2", "P"),
    ("SER-01.sessions", "Sessions of one series", MOST_SESSIONS, "protocol SER-01", "S"),
    ("SER-01.spacing", "Days between sessions", LEAST_SPACING_DAYS, "protocol SER-01", "P"),
)


def rooms() -> dict[str, Room]:
    """What they are called."""
    return {
        "consent": Room("Text of consent", text().sources),
        "plan": Room("Spans and counts of a plan", {}),
    }


def rows() -> Iterator[ContentRow]:
    """Each item of the consent, and each figure."""
    for item in text().items:
        yield content.row("consent", item.id, item.title, item)
    for named, words, figure, source, mark in _FIGURES:
        yield content.made("plan", named, words, {"value": figure}, (source,), mark)
