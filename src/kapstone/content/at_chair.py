"""What is monitored at the chair, as rows that a clinic's director signs."""

from collections.abc import Iterator

from kapstone.content.row import ContentRow, given, made, row
from kapstone.monitoring import pathways as emergency
from kapstone.monitoring.alarms import alarm_rows
from kapstone.monitoring.criteria import criteria
from kapstone.monitoring.fields import table
from kapstone.monitoring.moaas import scale
from kapstone.monitoring.parts import second_parts
from kapstone.monitoring.pathways import pathways
from kapstone.monitoring.presence import presence_rows
from kapstone.monitoring.schedules import schedules
from kapstone.monitoring.streams import stream_rows
from kapstone.monitoring.taps import groups
from kapstone.monitoring.vitals import parameters


def rows() -> Iterator[ContentRow]:
    """Every row of the room that a clinic signs."""
    for alarm in alarm_rows():
        named = ".".join(filter(None, (alarm.rule, alarm.tier, alarm.band)))
        yield row("monitoring", named, alarm.title, alarm)
    for stream in stream_rows():
        yield row("monitoring", stream.id, stream.title, stream)
    for plan in schedules():
        named = f"{plan.id}.{plan.product}.{plan.route}"
        yield row("monitoring", named, f"Readings due: {plan.product} {plan.route}", plan)
    for each in criteria():
        named = f"{each.id}.{each.product}" if each.product else each.id
        yield row("monitoring", named, each.title, each)
    for steps in pathways():
        named = steps.id.replace("/", "-")  # it stands in an address
        yield row("monitoring", named, f"Steps: {steps.title}", steps)
    for rung in emergency.ladder():
        yield row("monitoring", f"call.{rung.tier}", f"Whom to call at {rung.tier}", rung)
    for part in second_parts():
        yield row("monitoring", part.id, f"A second part of a dose: {part.route}", part)
    for seat in presence_rows():
        yield row("monitoring", f"{seat.id}.{seat.band}", seat.title, seat)
    yield from _tapped()
    yield from _charted()


def _tapped() -> Iterator[ContentRow]:
    """The scale of sedation, and what one tap charts."""
    yield row("monitoring", scale().id, "MOAA/S as it is numbered here", scale())
    for group in groups():
        yield row("monitoring", f"taps.{group.id}", f"One tap charts: {group.title}", group)


def _charted() -> Iterator[ContentRow]:
    """When a reading is late or stale, and what is possible: figures of a whole table."""
    figures = {
        "schedules": ("late_min", "stale_intervals", "streamed_stale_s"),
        "parts": ("pause_chased_after_min", "amounts_differ_percent"),
    }
    for name, keys in figures.items():
        held = table(name)
        for key in keys:
            source, mark = (held.text("source"),), held.text("mark")
            yield made(
                "monitoring", key, key.replace("_", " "), {key: held.whole(key)}, source, mark
            )
    ranges = table("parameters")
    source, mark = (ranges.text("source"),), ranges.text("mark")
    for one in parameters().values():
        if one.low is not None:
            words = f"{one.label}: what is possible"
            yield made("monitoring", f"possible.{one.name}", words, given(one), source, mark)
