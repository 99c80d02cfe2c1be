"""Which readings somebody marked as artefacts: one by its number, or a stretch of a stream.

A mark hides nothing. It reaches only what was charted before it: what a late device sends of that
stretch afterwards nobody has seen, and it counts as the person's.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from kapstone.monitoring.events import STREAMED, Event, Kind
from kapstone.monitoring.vitals import Reading, parameters


def readings(line: Sequence[Event]) -> list[Reading]:
    """The readings of a line that stands, those marked as artefacts.

    A sample of which one value is marked and another is not becomes two readings of one number.
    """
    marks = [one for one in line if one.kind is Kind.ARTEFACT]
    numbers = {one.marks_number for one in marks}
    stretches = [one for one in marks if one.marks_key]
    return [
        part
        for one in line
        if (reading := one.reading())
        for part in _parts(reading, reading.number in numbers, stretches)
    ]


def _parts(reading: Reading, whole: bool, stretches: Sequence[Event]) -> Iterator[Reading]:
    names = {name for one in stretches for name in marked_names(one, reading)}
    if whole or not names:
        yield replace(reading, artefact=True) if whole else reading
        return
    # Whether somebody is seated or on oxygen is said of both halves.
    flags = {name for name in reading.values if parameters()[name].channel is None}
    for kept, artefact in ((names | flags, True), (reading.values.keys() - names, False)):
        if values := {name: one for name, one in reading.values.items() if name in kept}:
            yield replace(reading, values=values, artefact=artefact)


def marked_names(mark: Event, reading: Reading) -> set[str]:
    """What of a reading a stretch marks: nothing, unless it is a sample that lies in it."""
    if mark.lasted_s is None or not reading.streamed or reading.number > mark.number:
        return set()
    began = mark.observed_at - timedelta(seconds=float(mark.lasted_s))
    if not began <= reading.observed_at <= mark.observed_at:
        return set()
    return set(STREAMED[mark.marks_key]) & reading.values.keys()
