"""The altered state by taps: what one charts, and the music that plays."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from clinic.dosing.kinds import NOTE, SCALE, Chart
from clinic.dosing.models import SessionEvent
from kapstone.errors import InvalidInput
from kapstone.monitoring import moaas, taps

OWN_WORDS = "note"  # what was seen, in words alone
LONGEST_NOTE = 300


def worded(told: Chart, offered: Iterable[taps.Group] | None = None) -> Chart:
    """A tap with its words from the table, and the few that were typed beside it.

    offered: the groups it may be of; without them all.

    Raises InvalidInput for a tap that is not offered, and for too many words.
    """
    word, typed = str(told.body.get("word", "")), told.note
    if len(typed) > LONGEST_NOTE:
        raise InvalidInput("note", "is too long.", f"At most {LONGEST_NOTE} characters.")
    if word == OWN_WORDS and typed:
        return told
    tap = taps.tap(word, offered)
    if tap is None:
        raise InvalidInput("word", f"is {word!r}.", "Tap what the console offers.")
    return replace(
        told, note=f"{tap.title}: {typed}" if typed not in ("", tap.title) else tap.title
    )


def by_scale(told: Chart) -> Chart:
    """A sedation score with the version of its scale. One shown by another numbering is refused."""
    version = moaas.scale().version
    if "moaas" not in told.body:
        return told
    if told.body.get(SCALE, version) != version:
        problem = "was another when this page was shown."
        raise InvalidInput("the MOAA/S scale", problem, "Load the page again.")
    return replace(told, body={**told.body, SCALE: version})


def line(rows: Iterable[SessionEvent]) -> list[taps.Tapped]:
    """The taps of a line that stand: what was taken back is none."""
    known = tuple(rows)
    replaced = {row.replaces_id for row in known}
    return [
        taps.Tapped(str(row.body.get("word", "")), row.observed_at, row.number)
        for row in known
        if row.kind == NOTE and row.pk not in replaced
    ]


def music(told: Sequence[taps.Tapped], rows: Sequence[SessionEvent]) -> SessionEvent | None:
    """The event that tells what plays now."""
    last = taps.music_now(told)
    return next((row for row in rows if last and row.number == last.number), None)
